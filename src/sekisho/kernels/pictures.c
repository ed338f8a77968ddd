/* Pictures: one area-averaged grid out of many pixels, and the search among 256-bit codes.
 *
 * The readable twins are sekisho.fingerprints.picture.averaged and sekisho.fingerprints.codes.nearest_by_definition.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 4   /* a code is 256 bits in four words */
#define FORMS 8   /* a picture and its seven turned and mirrored forms */

/* The popcount instruction is on every x86-64 of the last fifteen years but not in the baseline that a wheel is compiled for:
 * the loader picks at run time. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define FASTEST __attribute__((target_clones("arch=icelake-server", "popcnt", "default")))
#else
#define FASTEST
#endif

void sekisho_picture_average(const uint8_t *gray, int64_t width, int64_t height, int64_t side, float *grid);
int64_t sekisho_codes_scan(const uint64_t *codes, int64_t count, const uint64_t *forms, int32_t *best, int32_t most, int64_t room, int64_t *ids,
                           int32_t *distances, int32_t *turns);
void sekisho_codes_bands(const uint64_t *codes, int64_t count, int32_t bands, int32_t bits, uint32_t *starts, uint32_t *ids);
int64_t sekisho_codes_lookup(const uint64_t *codes, const uint64_t *forms, int32_t bands, int32_t bits, const uint32_t *starts,
                             const uint32_t *ids, const uint32_t *masks, int32_t probes, int32_t flips, int32_t most, int64_t room,
                             int64_t *found, int32_t *distances, int32_t *turns);

/* Fill grid (side x side, row by row) with the mean gray of each cell, pixels on a border counted by the part that lies inside. */
void sekisho_picture_average(const uint8_t *gray, int64_t width, int64_t height, int64_t side, float *grid) {
    float *columns = malloc(sizeof(float) * (size_t)side);
    uint16_t *sums = malloc(sizeof(uint16_t) * (size_t)width); /* of at most 256 rows of bytes */
    memset(grid, 0, sizeof(float) * (size_t)(side * side));
    if (columns == NULL || sums == NULL) {
        free(columns);
        free(sums);
        return;
    }
    const double cell_height = (double)height / (double)side, cell_width = (double)width / (double)side;
    int64_t row = 0;
    while (row < height) {
        /* rows that lie in one cell alone are added as integers first: that is the whole picture but a row here and there */
        int64_t cell = (int64_t)((double)row / cell_height);
        if (cell >= side) cell = side - 1;
        int64_t end = row;
        while (end < height && (double)end + 1 <= cell_height * (double)(cell + 1) && end - row < 256) end++;
        int whole = end > row;
        if (!whole) end = row + 1;
        memset(sums, 0, sizeof(uint16_t) * (size_t)width);
        for (int64_t y = row; y < end; y++) {
            const uint8_t *line = gray + y * width;
            for (int64_t x = 0; x < width; x++) sums[x] = (uint16_t)(sums[x] + line[x]);
        }
        for (int64_t c = 0; c < side; c++) {
            double from = cell_width * (double)c, to = from + cell_width, sum = 0;
            int64_t first = (int64_t)from, last = (int64_t)to;
            if (last >= width) last = width - 1;
            if (first == last) {
                sum = (to - from) * sums[first];
            } else {
                uint64_t inner = 0;
                for (int64_t x = first + 1; x < last; x++) inner += sums[x];
                double right = to - (double)last;
                sum = ((double)(first + 1) - from) * sums[first] + (double)inner + (right > 1 ? 1 : right) * sums[last];
            }
            columns[c] = (float)sum;
        }
        if (whole) {
            for (int64_t c = 0; c < side; c++) grid[cell * side + c] += columns[c];
        } else { /* one row shared by two or more cells */
            for (int64_t r = cell; r < side && cell_height * (double)r < (double)(row + 1); r++) {
                double top = cell_height * (double)r, bottom = top + cell_height;
                double part = (bottom < (double)(row + 1) ? bottom : (double)(row + 1)) - (top > (double)row ? top : (double)row);
                for (int64_t c = 0; c < side; c++) grid[r * side + c] += (float)part * columns[c];
            }
        }
        row = end;
    }
    const float area = (float)(cell_width * cell_height);
    for (int64_t i = 0; i < side * side; i++) grid[i] /= area;
    free(columns);
    free(sums);
}

static inline int32_t distance(const uint64_t *a, const uint64_t *b) {
    return __builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) + __builtin_popcountll(a[2] ^ b[2]) +
           __builtin_popcountll(a[3] ^ b[3]);
}

/* The distance of each code to the nearest of the eight forms, into best (distance * 8 + form); then the `room` nearest within `most`,
 * nearest first, earlier codes first where equal. Returns how many. */
FASTEST int64_t sekisho_codes_scan(const uint64_t *codes, int64_t count, const uint64_t *forms, int32_t *best, int32_t most, int64_t room,
                                   int64_t *ids, int32_t *distances, int32_t *turns) {
    int64_t tally[257] = {0};
    for (int64_t i = 0; i < count; i++) {
        int32_t least = 257 * FORMS;
        for (int32_t f = 0; f < FORMS; f++) {
            int32_t d = distance(codes + i * WORDS, forms + f * WORDS) * FORMS + f;
            if (d < least) least = d;
        }
        best[i] = least;
        tally[least / FORMS]++;
    }
    int64_t total = 0, slots[258];
    for (int32_t d = 0; d <= 256; d++) {
        slots[d] = total;
        total += d <= most ? tally[d] : 0;
    }
    for (int64_t i = 0; i < count; i++) {
        int32_t d = best[i] / FORMS;
        if (d > most || slots[d] >= room) continue;
        ids[slots[d]] = i;
        distances[slots[d]] = d;
        turns[slots[d]++] = best[i] % FORMS;
    }
    return total < room ? total : room;
}

static inline uint32_t band_of(const uint64_t *code, int32_t band, int32_t bits) {
    int32_t at = band * bits, word = at >> 6, shift = at & 63;
    uint64_t low = code[word] >> shift;
    if (shift + bits > 64) low |= code[word + 1] << (64 - shift);
    return (uint32_t)(low & ((1ull << bits) - 1));
}

/* For each band of `bits` bits: starts (2^bits + 1 of them) into ids, which lists the codes by the value of that band. */
void sekisho_codes_bands(const uint64_t *codes, int64_t count, int32_t bands, int32_t bits, uint32_t *starts, uint32_t *ids) {
    const int64_t values = 1ll << bits;
    for (int32_t b = 0; b < bands; b++) {
        uint32_t *from = starts + (int64_t)b * (values + 1), *list = ids + (int64_t)b * count;
        memset(from, 0, sizeof(uint32_t) * (size_t)(values + 1));
        for (int64_t i = 0; i < count; i++) from[band_of(codes + i * WORDS, b, bits) + 1]++;
        for (int64_t v = 0; v < values; v++) from[v + 1] += from[v];
        for (int64_t i = 0; i < count; i++) list[from[band_of(codes + i * WORDS, b, bits)]++] = (uint32_t)i;
        memmove(from + 1, from, sizeof(uint32_t) * (size_t)values);
        from[0] = 0;
    }
}

/* The codes within `most` of one of the eight forms of which some band differs from the form's by one of `masks` (nothing among them):
 * with every mask of up to k bits, by the pigeonhole rule, all codes within (k + 1) * bands - 1. Unordered, each (code, form) once;
 * returns how many, at most `room`. */
FASTEST int64_t sekisho_codes_lookup(const uint64_t *codes, const uint64_t *forms, int32_t bands, int32_t bits, const uint32_t *starts,
                                     const uint32_t *ids, const uint32_t *masks, int32_t probes, int32_t flips, int32_t most, int64_t room,
                                     int64_t *found, int32_t *distances, int32_t *turns) {
    const int64_t values = 1ll << bits, count = (int64_t)starts[values];
    int64_t got = 0;
    for (int32_t f = 0; f < FORMS; f++) {
        const uint64_t *form = forms + f * WORDS;
        for (int32_t b = 0; b < bands; b++) {
            const uint32_t *from = starts + (int64_t)b * (values + 1), *list = ids + (int64_t)b * count;
            const uint32_t value = band_of(form, b, bits);
            /* three passes ahead of the one that reads: each asks the memory for what the next one needs */
            for (int32_t p = 0; p < probes; p++) __builtin_prefetch(from + (value ^ masks[p]));
            for (int32_t p = 0; p < probes; p++) __builtin_prefetch(list + from[value ^ masks[p]]);
            for (int32_t p = 0; p < probes; p++)
                for (uint32_t k = from[value ^ masks[p]]; k < from[(value ^ masks[p]) + 1]; k++)
                    __builtin_prefetch(codes + (int64_t)list[k] * WORDS);
            for (int32_t p = 0; p < probes; p++) {
                for (uint32_t k = from[value ^ masks[p]]; k < from[(value ^ masks[p]) + 1]; k++) {
                    const uint64_t *code = codes + (int64_t)list[k] * WORDS;
                    const int32_t d = distance(code, form);
                    if (d > most) continue;
                    int32_t seen = 0; /* an earlier band has met this code already */
                    for (int32_t e = 0; e < b && !seen; e++)
                        seen = __builtin_popcount(band_of(code, e, bits) ^ band_of(form, e, bits)) <= flips;
                    if (seen || got == room) continue;
                    found[got] = list[k];
                    distances[got] = d;
                    turns[got++] = f;
                }
            }
        }
    }
    return got;
}
