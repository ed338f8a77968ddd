/* Cites from robots.txt the lines that refuse one of the tokens asked, or everybody, with the lines that say whom.
 *
 * The readable twin is sekisho.hosts.citing.refusals.
 */
#include <stdio.h>
#include <string.h>

#include "columns.h"
#include "robots_lines.h"

#define MOST_LINES 20
#define MOST_OCTETS 2048

int64_t sekisho_table_cited(Table *table, const Strings *bodies, int64_t *wheres, int64_t *quotes);

static int is_heard(const Table *table, const Group *group) {
    for (int64_t t = 0; t < table->token_count; t++)
        if (has_token(group, t)) return 1;
    return group->star;
}

static int is_refusal(const Table *table, const Robots *robots, const Line *line) {
    return line->key == DISALLOW && is_path(line) && is_heard(table, &robots->groups[CRAWL][line->group[CRAWL]]);
}

/* Whether a line is cited: it refuses, or it says to whom lines below it in its group do. */
static int is_cited(const Table *table, const Robots *robots, int64_t place) {
    const Line *line = &robots->lines[place];
    if (line->key != AGENT) return is_refusal(table, robots, line);
    for (int64_t i = place + 1; i < robots->count && robots->lines[i].group[CRAWL] == line->group[CRAWL]; i++)
        if (is_refusal(table, robots, &robots->lines[i])) return 1;
    return 0;
}

static int cite_line(Table *table, const Line *line, int64_t cited, int64_t room) {
    char number[16];
    const uint8_t *text = line->text;
    int64_t size = line->text_size;
    int length = snprintf(number, sizeof number, cited > 0 ? ", %u" : "%u", line->number);
    while (size > 0 && (*text == ' ' || (*text >= '\t' && *text <= '\r'))) text++, size--;
    while (size > 0 && (text[size - 1] == ' ' || (text[size - 1] >= '\t' && text[size - 1] <= '\r'))) size--;
    if (!put(&table->wheres, number, length) || (cited > 0 && room > 0 && !put(&table->quotes, "\n", 1))) return 0;
    room -= cited > 0;
    return room <= 0 || put(&table->quotes, text, size < room ? size : room);
}

static int cite_body(Table *table, const Robots *robots) {
    int64_t cited = 0, start = table->quotes.size;
    uint32_t group = 0, spoken = UINT32_MAX; /* agents of a group that refuses nothing are passed over together */
    for (int64_t i = 0; i < robots->count; i++) {
        const Line *line = &robots->lines[i];
        group = line->group[CRAWL];
        if (line->key == AGENT ? spoken == group || !is_cited(table, robots, i) : !is_refusal(table, robots, line)) {
            if (line->key == AGENT) spoken = group;
            continue;
        }
        if (cited == MOST_LINES) return put(&table->wheres, ", ...", 5);
        if (!cite_line(table, line, cited++, MOST_OCTETS - (table->quotes.size - start))) return 0;
    }
    return 1;
}

/* For each body the numbers of the lines and their words; -1 when memory is short. */
int64_t sekisho_table_cited(Table *table, const Strings *bodies, int64_t *wheres, int64_t *quotes) {
    table->wheres.size = table->quotes.size = 0;
    wheres[0] = quotes[0] = 0;
    for (int64_t row = 0; row < bodies->rows; row++) {
        Robots robots;
        int64_t size;
        const uint8_t *body = string_at(bodies, row, &size);
        if (body != NULL && (!robots_read(table, body, size, &robots) || !cite_body(table, &robots))) return -1;
        wheres[row + 1] = table->wheres.size;
        quotes[row + 1] = table->quotes.size;
    }
    return bodies->rows;
}
