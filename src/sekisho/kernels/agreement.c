/* How two pictures lie on each other: the similarity that most pairs of alike points agree on. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FARTHEST_TURN 0.5f /* how far the turns and scales of two pairs may lie apart, as a share */

typedef struct {
    float from[2], to[2]; /* the place in the item and in the work */
    float map[4];         /* turn, scale and mirroring that this pair alone asks for, row by row */
    float weight;
    int32_t item, work;   /* numbers of the points */
} Pair;

int64_t sekisho_pairs_agree(const Pair *pairs, int64_t count, float within, uint8_t *agrees, float *weight);
void sekisho_pairs_votes(const Pair *pairs, const int64_t *bounds, int64_t groups, float within, float *weights);
int64_t sekisho_pairs_fit(const Pair *pairs, int64_t count, const double *affine, float within, uint8_t *agrees);

static int alike(const float *a, const float *b) {
    float apart = 0, size = 0;
    for (int k = 0; k < 4; k++) {
        apart += (a[k] - b[k]) * (a[k] - b[k]);
        size += a[k] * a[k];
    }
    return apart < FARTHEST_TURN * FARTHEST_TURN * size;
}

/* Mark the pairs that agree with the one that most weight agrees with; each point of the work and of the item counts once. Returns its place. */
int64_t sekisho_pairs_agree(const Pair *pairs, int64_t count, float within, uint8_t *agrees, float *weight) {
    int64_t best = -1;
    float most = 0;
    int32_t items = 0, works = 0, least = INT32_MAX;
    for (int64_t i = 0; i < count; i++) {
        if (pairs[i].item >= items) items = pairs[i].item + 1;
        if (pairs[i].work >= works) works = pairs[i].work + 1;
        if (pairs[i].work < least) least = pairs[i].work;
    }
    const int64_t first = items - (int64_t)least; /* numbers of a work's points lie close together */
    *weight = 0;
    int64_t *seen = count ? malloc(sizeof(int64_t) * (size_t)(first + works)) : NULL;
    if (seen == NULL) return -1;
    for (int64_t i = 0; i < first + works; i++) seen[i] = -1;
    for (int64_t round = 0; round <= count - (agrees == NULL); round++) { /* the last round marks the best again, where that is asked */
        const int64_t i = round < count ? round : best;
        if (i < 0) break;
        const Pair *one = pairs + i;
        float sum = 0;
        for (int64_t j = 0; j < count; j++) {
            const Pair *other = pairs + j;
            const float dx = other->from[0] - one->from[0], dy = other->from[1] - one->from[1];
            const float x = one->to[0] + one->map[0] * dx + one->map[1] * dy - other->to[0];
            const float y = one->to[1] + one->map[2] * dx + one->map[3] * dy - other->to[1];
            const float far = sqrtf(dx * dx + dy * dy) * sqrtf(fabsf(one->map[0] * one->map[3] - one->map[1] * one->map[2]));
            const float slack = within + 0.12f * far; /* one pair's turn and scale are not exact */
            if (round == count) agrees[j] = 0;
            if (x * x + y * y > slack * slack || !alike(one->map, other->map)) continue;
            if (seen[other->item] == round || seen[first + other->work] == round) continue;
            seen[other->item] = seen[first + other->work] = round;
            sum += other->weight;
            if (round == count) agrees[j] = 1;
        }
        if (round < count && sum > most) {
            most = sum;
            best = i;
        }
    }
    free(seen);
    *weight = most;
    return best;
}

/* For each group of pairs (from bounds[g] up to bounds[g + 1]) the weight that `sekisho_pairs_agree` finds. */
void sekisho_pairs_votes(const Pair *pairs, const int64_t *bounds, int64_t groups, float within, float *weights) {
    for (int64_t g = 0; g < groups; g++) sekisho_pairs_agree(pairs + bounds[g], bounds[g + 1] - bounds[g], within, NULL, weights + g);
}

/* Mark the pairs that lie within `within` of where `affine` (two rows of three) lays them, each point once; returns how many. */
int64_t sekisho_pairs_fit(const Pair *pairs, int64_t count, const double *affine, float within, uint8_t *agrees) {
    int64_t found = 0;
    const float map[4] = {(float)affine[0], (float)affine[1], (float)affine[3], (float)affine[4]};
    for (int64_t i = 0; i < count; i++) {
        const Pair *one = pairs + i;
        const float x = map[0] * one->from[0] + map[1] * one->from[1] + (float)affine[2] - one->to[0];
        const float y = map[2] * one->from[0] + map[3] * one->from[1] + (float)affine[5] - one->to[1];
        agrees[i] = x * x + y * y <= within * within && alike(map, one->map);
        for (int64_t j = 0; j < i && agrees[i]; j++)
            if (agrees[j] && (pairs[j].item == one->item || pairs[j].work == one->work)) agrees[i] = 0;
        found += agrees[i];
    }
    return found;
}
