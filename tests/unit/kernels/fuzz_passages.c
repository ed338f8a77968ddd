/* Feeds random and hostile bytes, and damaged search files, to passages.c; built with sanitizers by test_passages_kernel.py. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 32, POINTS = 0x110000, LONGEST = 600, WORKS = 4096 };

typedef struct {
    const uint16_t *codes;
    int64_t count;
    const uint32_t *buckets;
    int64_t bucket_count;
    const uint32_t *entries;
    int64_t entry_count, step, position_bits;
} segment;

int64_t sekisho_fold(const uint8_t *, int64_t, const uint16_t *, uint16_t *, uint32_t *, int64_t *);
void sekisho_seeds(const uint16_t *, int64_t, int64_t, uint64_t *);
int64_t sekisho_scan(const segment *, const uint16_t *, int64_t, int64_t, const int64_t *, int64_t *, int64_t);

static uint64_t state = 88172645463325252u;
static uint64_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Random bytes, kana with brackets in any order, and a few letters over and over. */
static void fill(uint8_t *text, int64_t bytes) {
    const char *pieces[] = {"あ", "漢", "《", "》", "（", "）", "［", "＃", "］", "ab", "(", ")", "\xf4\x9f", "\xed\xa0\x80", "字の"};
    uint64_t kind = next() % 3;
    for (int64_t at = 0; at < bytes;) {
        const char *piece = pieces[next() % 15];
        int64_t size = (int64_t)strlen(piece);
        if (kind == 0 || size > bytes - at) {
            text[at++] = (uint8_t)next();
        } else {
            memcpy(text + at, kind == 1 ? piece : "あ", kind == 1 ? (size_t)size : 3 > bytes - at ? (size_t)(bytes - at) : 3);
            at += kind == 1 ? size : 3;
        }
    }
}

/* Folds exactly `bytes` bytes into buffers of exactly the promised size. */
static int64_t folded(const uint16_t *table, int64_t bytes, uint16_t **codes) {
    uint8_t *text = malloc((size_t)bytes + 1);
    uint32_t *offsets = malloc(sizeof *offsets * ((size_t)bytes + 1));
    uint16_t *all = malloc(sizeof *all * ((size_t)bytes + 1 + 2 * MARGIN));
    int64_t points;
    text = realloc(text, bytes ? (size_t)bytes : 1);
    fill(text, bytes);
    int64_t count = sekisho_fold(text, bytes, table, all, offsets, &points);
    *codes = all;
    free(text);
    free(offsets);
    return count;
}

/* Search files of plausible shape whose numbers may be anything. */
static void scan(const uint16_t *codes, int64_t count) {
    uint16_t *works = calloc(WORKS + 2 * MARGIN, sizeof *works);
    uint32_t buckets[2 * 17], entries[64];
    int64_t found[7 * 8], limits[2] = {next() % 2 ? 26 : 0, next() % 2 ? 56 : 0};
    for (int64_t at = 0; at + count + 1 < WORKS; at += count + 1) memcpy(works + MARGIN + at, codes + MARGIN, (size_t)count * sizeof *works);
    for (int i = 0; i < 34; i++) buckets[i] = i % 2 ? UINT32_MAX : next() % 3 ? (uint32_t)(i * 2) : (uint32_t)next();
    for (int i = 0; i < 64; i++) entries[i] = (uint32_t)next();
    for (int i = 0; i < 64; i += 2) entries[i] = (uint32_t)next() << 10 | (uint32_t)(next() % (WORKS / 4));
    segment all = {works + MARGIN, WORKS, buckets, 16, entries, 64, 4, 10};
    int64_t number = sekisho_scan(&all, codes + MARGIN, 0, count, limits, found, 8);
    if (number < 0 || number > 8) abort();
    free(works);
}

int main(int argc, char **argv) {
    uint16_t *table = malloc(POINTS * sizeof *table);
    FILE *file = argc > 2 ? fopen(argv[1], "rb") : NULL;
    if (!file || fread(table, sizeof *table, POINTS, file) != POINTS) return 2;
    fclose(file);
    for (long round = atol(argv[2]); round > 0; round--) {
        uint16_t *codes;
        int64_t count = folded(table, (int64_t)(next() % LONGEST), &codes);
        uint64_t *hashes = malloc(sizeof *hashes * (size_t)(count + 1));
        sekisho_seeds(codes + MARGIN, count, 1 + (int64_t)(next() % 4), hashes);
        scan(codes, count);
        free(hashes);
        free(codes);
    }
    free(table);
    return 0;
}
