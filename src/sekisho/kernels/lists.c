/* Which of many described points resemble those that are asked for: lists by two-part words (Babenko and Lempitsky 2012), nearest words first. */
#include <stdint.h>
#include <stdlib.h>

#define WORDS 256     /* in each of the two parts */
#define NEAREST 8     /* words of each part that are tried together */
#define DIMENSIONS 32 /* of a description, four bits each */

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDEST __attribute__((target_clones("avx2", "default")))
#else
#define WIDEST
#endif

int64_t sekisho_lists_search(const int16_t *asked, const float *first, const float *second, int64_t count, const uint32_t *starts,
                             const uint8_t *codes, int32_t within, int64_t visits, int64_t room, int32_t *whose, int64_t *places,
                             int32_t *apart);

static void nearest(const float *distances, int32_t *words) {
    float kept[NEAREST];
    int32_t got = 0;
    for (int32_t w = 0; w < WORDS; w++) {
        if (got == NEAREST && distances[w] >= kept[NEAREST - 1]) continue;
        int32_t at = got < NEAREST ? got++ : NEAREST - 1;
        for (; at > 0 && kept[at - 1] > distances[w]; at--) {
            kept[at] = kept[at - 1];
            words[at] = words[at - 1];
        }
        kept[at] = distances[w];
        words[at] = w;
    }
}

/* The squared distance in sixteenths of a step; `asked` is finer than the codes by that much. */
static inline int32_t distance(const int16_t *asked, const uint8_t *code) {
    int32_t sum = 0;
    for (int32_t k = 0; k < DIMENSIONS / 2; k++) {
        const int32_t a = asked[k] - ((code[k] & 15) * 16 + 8), b = asked[k + DIMENSIONS / 2] - ((code[k] >> 4) * 16 + 8);
        sum += a * a + b * b;
    }
    return sum >> 4;
}

/* The codes within `within` of each asked description in the lists of its nearest words, after `visits` codes no further list is opened.
 * `first` and `second` hold the distances to the words of each part. Returns how many were found, at most `room`. */
WIDEST int64_t sekisho_lists_search(const int16_t *asked, const float *first, const float *second, int64_t count, const uint32_t *starts,
                             const uint8_t *codes, int32_t within, int64_t visits, int64_t room, int32_t *whose, int64_t *places,
                             int32_t *apart) {
    int64_t found = 0;
    for (int64_t q = 0; q < count; q++) {
        int32_t a[NEAREST], b[NEAREST], done[NEAREST] = {0}; /* done[i]: how many of b were tried with a[i] */
        const float *one = first + q * WORDS, *other = second + q * WORDS;
        nearest(one, a);
        nearest(other, b);
        for (int64_t seen = 0, tried = 0; seen < visits && tried < NEAREST * NEAREST / 2; tried++) {
            int32_t best = -1;
            float least = 0;
            for (int32_t i = 0; i < NEAREST; i++) {
                if (done[i] == NEAREST || (i > 0 && done[i] >= done[i - 1])) continue;
                const float sum = one[a[i]] + other[b[done[i]]];
                if (best < 0 || sum < least) {
                    best = i;
                    least = sum;
                }
            }
            if (best < 0) break;
            const uint32_t *list = starts + a[best] * WORDS + b[done[best]++];
            for (uint32_t place = list[0]; place < list[1] && found < room; place++, seen++) {
                const int32_t d = distance(asked + q * DIMENSIONS, codes + (int64_t)place * (DIMENSIONS / 2));
                if (d > within) continue;
                whose[found] = (int32_t)q;
                places[found] = place;
                apart[found++] = d;
            }
        }
    }
    return found;
}
