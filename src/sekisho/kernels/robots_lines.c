/* Reads robots.txt into lines and groups (RFC 9309 section 2.2.1), misspellings forgiven that Google's parser forgives.
 *
 * The readable twin is sekisho.formats.robots_lines, and sekisho.signals.robots_groups.names for whom a line calls.
 */
#include "robots_lines.h"

#include <string.h>

#include "columns.h"

#define LINE_OCTETS 16663

void sekisho_robots_plain(const Strings *bodies, int64_t limit, uint8_t *plain);

static int blank(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; }

static int same(const uint8_t *text, int64_t size, const char *word, int64_t length) {
    if (size < length) return 0;
    for (int64_t i = 0; i < length; i++)
        if (lower(text[i]) != (uint8_t)word[i]) return 0;
    return 1;
}

static void stripped(const uint8_t **text, int64_t *size) {
    while (*size > 0 && blank(**text)) ++*text, --*size;
    while (*size > 0 && blank((*text)[*size - 1])) --*size;
}

static enum Key key_of(const uint8_t *text, int64_t size) {
    static const struct { const char *word; enum Key key; int whole; } WORDS[] = {
        {"allow", ALLOW, 1}, {"disallow", DISALLOW, 1}, {"content-usage", USAGE, 1}, {"content-signal", SIGNAL, 1}, {"license", LICENSE, 1},
        {"allowaitraining", ALLOWS, 1}, {"disallowaitraining", REFUSES, 1}, {"user-agent", AGENT, 0}, {"useragent", AGENT, 0},
        {"user agent", AGENT, 0}, {"disallow", DISALLOW, 0}, {"dissallow", DISALLOW, 0}, {"dissalow", DISALLOW, 0}, {"disalow", DISALLOW, 0},
        {"diasllow", DISALLOW, 0}, {"disallaw", DISALLOW, 0},
    };
    static const char FIRST[] = "aAdDcClLuU";
    if (size == 0 || memchr(FIRST, text[0], sizeof FIRST - 1) == NULL) return OTHER;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        int64_t length = (int64_t)strlen(WORDS[i].word);
        if ((!WORDS[i].whole || size == length) && same(text, size, WORDS[i].word, length)) return WORDS[i].key;
    }
    return OTHER;
}

/* Take key and value out of one line; 0 when it has none or its key is nobody's. */
static int line_of(const uint8_t *raw, int64_t size, Line *line) {
    if (size > LINE_OCTETS) size = LINE_OCTETS;
    line->text = raw;
    line->text_size = (uint32_t)size;
    const uint8_t *comment = memchr(raw, '#', (size_t)size), *key = raw, *value;
    int64_t content = comment ? comment - raw : size, length;
    stripped(&key, &content);
    const uint8_t *colon = content > 0 ? memchr(key, ':', (size_t)content) : NULL;
    if (colon != NULL) {
        value = colon + 1;
        length = content - (colon + 1 - key);
        content = colon - key;
    } else { /* two words and nothing else: the colon was forgotten */
        int64_t first = 0, second;
        while (first < content && !blank(key[first])) first++;
        value = key + first;
        length = content - first;
        stripped(&value, &length);
        for (second = 0; second < length && !blank(value[second]); second++) {}
        if (length == 0 || second < length) return 0;
        content = first;
    }
    stripped(&key, &content);
    stripped(&value, &length);
    line->key = key_of(key, content);
    line->value = value;
    line->size = (uint32_t)length;
    return line->key != OTHER;
}

static int in_product(uint8_t c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

/* Add to a group whom a User-agent line calls: everybody, a product token, or a token with other characters in it by the whole line. */
static void called(const Table *table, const Line *line, Group *group) {
    const uint8_t *value = line->value;
    int64_t size = line->size, product = 0;
    if (size > 0 && value[0] == '*' && (size == 1 || blank(value[1]))) {
        group->star = group->anybody = 1;
        return;
    }
    while (product < size && in_product(lower(value[product]))) product++;
    group->anybody |= product > 0;
    for (int64_t i = 0; i < table->token_count; i++) {
        const Token *token = &table->tokens[i];
        int64_t wanted = token->whole ? size : product;
        if (wanted == token->size && wanted > 0 && same(value, wanted, (const char *)token->name, wanted)) group->tokens[i >> 6] |= 1ull << (i & 63);
    }
}

/* Put a line into its group of one view; a new group begins with the first User-agent line after a member. */
static int grouped(const Table *table, Blob *groups, Line *line, enum View view, int member) {
    static const Group EMPTY;
    Group *last = (Group *)(void *)(groups->bytes + groups->size) - 1;
    if (line->key == AGENT) {
        if (last->members || groups->size == (int64_t)sizeof *last) {
            if (!put(groups, &EMPTY, sizeof EMPTY)) return 0;
            last = (Group *)(void *)(groups->bytes + groups->size) - 1;
        }
        last->agents = 1;
        called(table, line, last);
    } else if (member) {
        last->members = 1;
    }
    line->group[view] = (uint32_t)(groups->size / (int64_t)sizeof *last) - 1;
    return 1;
}

/* Read a body into the table's scratch; 0 when memory is short. */
int robots_read(Table *table, const uint8_t *body, int64_t size, Robots *robots) {
    static const Group EMPTY;
    Blob *lines = &table->scratch[1], *groups[VIEWS] = {&table->scratch[2], &table->scratch[3]};
    const uint8_t *end = body + size, *next;
    lines->size = groups[CRAWL]->size = groups[USE]->size = 0;
    if (!put(groups[CRAWL], &EMPTY, sizeof EMPTY) || !put(groups[USE], &EMPTY, sizeof EMPTY)) return 0;
    for (uint32_t number = 1; body < end; number++, body = next) {
        const uint8_t *stop = body;
        while (stop < end && *stop != '\n' && *stop != '\r') stop++;
        next = stop + (stop < end) + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n');
        Line line = {.number = number};
        if (!line_of(body, stop - body, &line)) continue;
        if (!grouped(table, groups[CRAWL], &line, CRAWL, line.key == ALLOW || line.key == DISALLOW)) return 0;
        if (!grouped(table, groups[USE], &line, USE, 1) || !put(lines, &line, sizeof line)) return 0;
    }
    *robots = (Robots){(const Line *)(const void *)lines->bytes, lines->size / (int64_t)sizeof(Line), {NULL}, {0}};
    for (int view = 0; view < VIEWS; view++) {
        robots->groups[view] = (const Group *)(const void *)groups[view]->bytes;
        robots->group_count[view] = groups[view]->size / (int64_t)sizeof(Group);
    }
    return 1;
}

/* For each body 1 when it is plain text within `limit` octets: then nothing has to be done to it before its lines are read. */
void sekisho_robots_plain(const Strings *bodies, int64_t limit, uint8_t *plain) {
    for (int64_t row = 0; row < bodies->rows; row++) {
        int64_t size = 0, start = 0;
        const uint8_t *body = string_at(bodies, row, &size);
        while (start < size && blank(body[start])) start++;
        plain[row] = body == NULL || size == 0 ||
                     (size <= limit && body[0] < 0xEF && (start == size || body[start] != '<') && memchr(body, 0, (size_t)size) == NULL &&
                      sekisho_is_utf8(body, size));
    }
}
