/* Path patterns of RFC 9309 as the kernels keep them, and programs: patterns in the order in which the first that matches decides. */
#ifndef SEKISHO_PATTERNS_H
#define SEKISHO_PATTERNS_H

#include <stdint.h>

/* A pattern is kept percent-normalised, its wildcards as `*`; plain asterisks and dollars are encoded, so they cannot be taken for others. */
typedef struct {
    uint64_t head, mask; /* the first octets after the slash, and which of them count */
    uint64_t needs;      /* the kinds of octets that a target must hold; the three highest bits say how to compare */
    uint32_t text;       /* where its octets lie */
    uint16_t size;
    uint16_t outcome; /* what it decides; 0 is the same as no match */
} Rule;

#define WILD (1ull << 63)     /* has a wildcard, or more octets than the head */
#define ANCHORED (1ull << 62) /* must end where the target ends */
#define EXTENSION (1ull << 61) /* is what the path must end with before its query, capitals taken for small letters */
#define KINDS (EXTENSION - 1)

enum End { OPEN, AT_END, WITH_EXTENSION }; /* how a pattern ends */

typedef struct {
    uint64_t bloom; /* of the three octets after the slash, of the rules that fix them */
    uint32_t rules; /* where its rules begin: all in order, then once more those that fix fewer than three octets */
    uint32_t count, open;
    uint32_t crawl; /* 1 when it is silent about /robots.txt (RFC 9309 section 2.2.2) */
} Program;

/* A target as programs are asked: percent-normalised, beginning with a slash. */
typedef struct {
    const uint8_t *text;
    int64_t size;
    uint64_t head;
    uint64_t kinds; /* 0 until somebody asks */
    uint64_t bloom;
} Target;

int64_t sekisho_normalise(const uint8_t *raw, int64_t size, int32_t target, uint8_t *out);
Rule rule_of(const uint8_t *text, uint32_t at, uint16_t size, enum End end, uint16_t outcome);
uint64_t bloom_of(uint64_t head);
Target target_of(const uint8_t *text, int64_t size);
uint16_t decided(const Program *program, const Rule *rules, const uint8_t *texts, Target *target);

#endif
