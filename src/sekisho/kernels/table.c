/* The table of files: pools in which equal programs, shapes and files are kept once, and how a program is laid out. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "columns.h"

Table *sekisho_table_new(const uint8_t *names, const int64_t *offsets, const uint8_t *uses, const uint8_t *whole, int64_t count);
void sekisho_table_free(Table *table);
int64_t sekisho_table_program(Table *table, const Draft *drafts, int64_t count, const uint8_t *texts);
int64_t sekisho_table_size(const Table *table, int32_t part);
void sekisho_table_copy(const Table *table, int32_t part, uint8_t *out);

int more(Blob *blob, int64_t needed) {
    if (blob->size + needed <= blob->room) return 1;
    int64_t room = (blob->size + needed) * 2 > 256 ? (blob->size + needed) * 2 : 256;
    uint8_t *bytes = realloc(blob->bytes, (size_t)room);
    if (bytes == NULL) return 0;
    blob->bytes = bytes;
    blob->room = room;
    return 1;
}

int put(Blob *blob, const void *bytes, int64_t size) {
    if (!more(blob, size)) return 0;
    if (size > 0) memcpy(blob->bytes + blob->size, bytes, (size_t)size);
    blob->size += size;
    return 1;
}

static const uint8_t *value_at(const Pool *pool, int64_t number, int64_t *size) {
    const int64_t *starts = (const int64_t *)(const void *)pool->starts.bytes;
    *size = starts[number + 1] - starts[number];
    return pool->values.bytes + starts[number];
}

static int spread(Pool *pool) {
    uint64_t mask = pool->slots ? pool->mask * 2 + 1 : 1023;
    uint32_t *slots = calloc(mask + 1, sizeof *slots);
    if (slots == NULL) return 0;
    for (int64_t i = 0; i < pool->count; i++) {
        int64_t size;
        const uint8_t *value = value_at(pool, i, &size);
        uint64_t at = hash_of(value, size) & mask;
        while (slots[at]) at = (at + 1) & mask;
        slots[at] = (uint32_t)i + 1;
    }
    free(pool->slots);
    pool->slots = slots;
    pool->mask = mask;
    return 1;
}

/* The number of a value, which is put in when it is new; -1 when memory is short. */
int64_t pooled(Pool *pool, const void *value, int64_t size) {
    if ((pool->slots == NULL || (uint64_t)pool->count * 2 > pool->mask) && !spread(pool)) return -1;
    uint64_t at = hash_of(value, size) & pool->mask;
    for (; pool->slots[at]; at = (at + 1) & pool->mask) {
        int64_t held;
        const uint8_t *known = value_at(pool, pool->slots[at] - 1, &held);
        if (held == size && memcmp(known, value, (size_t)size) == 0) return pool->slots[at] - 1;
    }
    int64_t start = pool->values.size, end = start + size;
    if (pool->count == 0 && !put(&pool->starts, &start, sizeof start)) return -1;
    if (!put(&pool->starts, &end, sizeof end) || !put(&pool->values, value, size)) return -1;
    pool->slots[at] = (uint32_t)++pool->count;
    return pool->count - 1;
}

Table *sekisho_table_new(const uint8_t *names, const int64_t *offsets, const uint8_t *uses, const uint8_t *whole, int64_t count) {
    Table *table = calloc(1, sizeof *table);
    if (table == NULL) return NULL;
    table->tokens = calloc((size_t)(count > 0 ? count : 1), sizeof *table->tokens);
    if (table->tokens == NULL || !put(&table->names, names, offsets[count])) {
        sekisho_table_free(table);
        return NULL;
    }
    for (int64_t i = 0; i < count; i++)
        table->tokens[i] = (Token){table->names.bytes + offsets[i], offsets[i + 1] - offsets[i], uses[i], whole[i]};
    table->token_count = count;
    return table;
}

static void emptied(Pool *pool) {
    free(pool->values.bytes);
    free(pool->starts.bytes);
    free(pool->slots);
}

void sekisho_table_free(Table *table) {
    if (table == NULL) return;
    free(table->names.bytes);
    free(table->tokens);
    free(table->texts.bytes);
    free(table->rules.bytes);
    free(table->program.bytes);
    emptied(&table->programs);
    emptied(&table->shapes);
    emptied(&table->files);
    free(table->wheres.bytes);
    free(table->quotes.bytes);
    for (size_t i = 0; i < sizeof table->scratch / sizeof *table->scratch; i++) free(table->scratch[i].bytes);
    free(table);
}

static int is_open(const Rule *rule) { return (rule->mask & 0xFFFFFF) != 0xFFFFFF; }

/* Lay a new program out: its rules in order, then once more those that fix fewer than three octets. */
static int laid(Table *table, const Draft *drafts, int64_t count, const uint8_t *texts, int crawl) {
    Program program = {0, (uint32_t)(table->rules.size / (int64_t)sizeof(Rule)), (uint32_t)count, 0, (uint32_t)crawl};
    for (int64_t i = 0; i < count; i++) {
        Rule rule = rule_of(texts + drafts[i].at, (uint32_t)table->texts.size, drafts[i].size, (enum End)drafts[i].end, drafts[i].outcome);
        if (!put(&table->texts, texts + drafts[i].at, drafts[i].size) || !put(&table->rules, &rule, sizeof rule)) return 0;
        if (!is_open(&rule)) program.bloom |= bloom_of(rule.head);
    }
    if (!more(&table->rules, count * (int64_t)sizeof(Rule))) return 0;
    for (int64_t i = 0; i < count; i++) {
        const Rule *rule = (const Rule *)(const void *)table->rules.bytes + program.rules + i;
        if (is_open(rule)) program.open++, put(&table->rules, rule, sizeof *rule);
    }
    return put(&table->program, &program, sizeof program);
}

/* The number of the program of these rules in their order, counted from 1; -1 when memory is short or the texts exceed 4 GiB. */
int64_t program_of(Table *table, const Draft *drafts, int64_t count, const uint8_t *texts, int crawl) {
    Blob *key = &table->scratch[0];
    key->size = 0;
    if (!put(key, &(uint8_t){(uint8_t)crawl}, 1)) return -1;
    for (int64_t i = 0; i < count; i++) {
        uint32_t head[2] = {drafts[i].outcome, drafts[i].end << 16 | drafts[i].size};
        if (!put(key, head, sizeof head) || !put(key, texts + drafts[i].at, drafts[i].size)) return -1;
    }
    int64_t known = table->programs.count, number = pooled(&table->programs, key->bytes, key->size);
    if (number != known) return number < 0 ? -1 : number + 1;
    if (table->texts.size + key->size > UINT32_MAX || !laid(table, drafts, count, texts, crawl)) return -1;
    return number + 1;
}

int64_t sekisho_table_program(Table *table, const Draft *drafts, int64_t count, const uint8_t *texts) {
    return program_of(table, drafts, count, texts, 0);
}

/* The number of the file of this shape and these programs (counted from 1); -1 when memory is short. */
int64_t sekisho_table_file(Table *table, const uint8_t *shape, int64_t size, const uint32_t *programs, int64_t count) {
    Blob *key = &table->scratch[0];
    int64_t number = pooled(&table->shapes, shape, size);
    uint32_t first = (uint32_t)number;
    key->size = 0;
    if (number < 0 || !put(key, &first, sizeof first) || !put(key, programs, count * (int64_t)sizeof *programs)) return -1;
    return pooled(&table->files, key->bytes, key->size);
}

static const Blob *part_of(const Table *table, int32_t part) {
    const Blob *parts[] = {&table->texts,         &table->rules,        &table->program,     &table->shapes.values,
                           &table->shapes.starts, &table->files.values, &table->files.starts,
                           &table->wheres,        &table->quotes};
    return parts[part];
}

/* How many bytes a part of the finished table has: texts, rules, programs, shapes and their starts, files and their starts, citations. */
int64_t sekisho_table_size(const Table *table, int32_t part) { return part_of(table, part)->size; }

void sekisho_table_copy(const Table *table, int32_t part, uint8_t *out) {
    const Blob *blob = part_of(table, part);
    if (blob->size > 0) memcpy(out, blob->bytes, (size_t)blob->size);
}
