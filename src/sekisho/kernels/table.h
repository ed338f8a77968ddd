/* The table of files under construction: distinct programs, shapes and files, each kept once. */
#ifndef SEKISHO_TABLE_H
#define SEKISHO_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "patterns.h"

typedef struct {
    uint8_t *bytes;
    int64_t size, room;
} Blob;

/* Values of any size, numbered in the order in which they were first put in. */
typedef struct {
    Blob values;
    Blob starts; /* int64_t each, one more than there are values */
    uint32_t *slots;
    uint64_t mask;
    int64_t count;
} Pool;

typedef struct {
    const uint8_t *name; /* lower case */
    int64_t size;
    uint8_t uses;  /* tokens whose refusal refuses the same uses have the same number */
    uint8_t whole; /* holds characters that no product token holds: only the whole line calls it */
} Token;

typedef struct Table {
    Blob names;
    Token *tokens;
    int64_t token_count;
    Blob texts;   /* the octets of all patterns */
    Blob rules;   /* Rule each */
    Blob program; /* Program each */
    Pool programs;
    Pool shapes; /* what a file says apart from where its rules lie */
    Pool files;  /* uint32_t each: its shape, then its programs */
    Blob wheres, quotes; /* what the lines that refuse are cited as */
    Blob scratch[11];
} Table;

/* A rule on its way into a program. */
typedef struct {
    uint32_t at;     /* of its text in the scratch that comes with it */
    uint32_t octets; /* its length for precedence (RFC 9309 section 2.2.2) */
    uint16_t size;
    uint16_t outcome;
    uint32_t end; /* enum End */
} Draft;

int more(Blob *blob, int64_t needed);
int put(Blob *blob, const void *bytes, int64_t size);
int64_t pooled(Pool *pool, const void *value, int64_t size);
int64_t sekisho_table_file(Table *table, const uint8_t *shape, int64_t size, const uint32_t *programs, int64_t count);
int64_t program_of(Table *table, const Draft *drafts, int64_t count, const uint8_t *texts, int crawl);

#endif
