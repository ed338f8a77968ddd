/* A robots.txt as lines and groups, in its two views: what a crawler reads, and what the extensions read. */
#ifndef SEKISHO_ROBOTS_LINES_H
#define SEKISHO_ROBOTS_LINES_H

#include "table.h"

#define MOST_TOKENS 256
#define ORPHANS 0 /* the group of the lines before all groups */

enum Key { OTHER, AGENT, ALLOW, DISALLOW, REFUSES, ALLOWS, USAGE, SIGNAL, LICENSE };
enum View { CRAWL, USE, VIEWS };

typedef struct {
    const uint8_t *value, *text;
    uint32_t size, text_size, number;
    enum Key key;
    uint32_t group[VIEWS];
} Line;

/* Whom the User-agent lines of a group call. */
typedef struct {
    uint64_t tokens[MOST_TOKENS / 64];
    uint8_t star, anybody, agents, members;
} Group;

typedef struct {
    const Line *lines;
    int64_t count;
    const Group *groups[VIEWS];
    int64_t group_count[VIEWS];
} Robots;

int robots_read(Table *table, const uint8_t *body, int64_t size, Robots *robots);

static inline int has_token(const Group *group, int64_t token) { return (int)(group->tokens[token >> 6] >> (token & 63) & 1); }

static inline int is_path(const Line *line) { return line->size > 0 && (line->value[0] == '/' || line->value[0] == '*'); }

#endif
