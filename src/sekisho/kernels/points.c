/* Points of a picture that are found again after scaling, turning and redrawing, and what the strokes around them look like.
 *
 * Blobs and corners are extrema of differences of Gaussians (Lowe 2004). What is described around them are directions of strokes without their
 * polarity: light on dark and dark on light are the same, so that a colour shift or a redrawing in lines leaves the description as it is.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LEVELS 5       /* Gaussian levels of an octave: two scales at which extrema are looked for */
#define FIRST 1.6f     /* blur of the first level of an octave, in its own pixels */
#define GIVEN 0.6f     /* blur that a picture is taken to have already */
#define STEP 1.41421356f
#define LATTICE 16     /* samples along a side of a described patch */
#define CELLS 4
#define DIRECTIONS 6
#define TURNS 18       /* histogram of directions over half a turn */
#define MOST_TAPS 24
#define PI 3.14159265f

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define WIDEST __attribute__((target_clones("avx2", "default")))
#else
#define WIDEST
#endif

typedef struct {
    float x, y;    /* in pixels of the picture */
    float sigma;   /* blur at which it stands out, in pixels of the picture */
    float height;  /* how much it stands out */
    int32_t octave, level;
} Point;

int64_t sekisho_points_pyramid_size(int64_t width, int64_t height, int64_t octaves);
void sekisho_points_pyramid(const float *gray, int64_t width, int64_t height, int64_t octaves, float *pyramid);
int64_t sekisho_points_find(const float *pyramid, int64_t width, int64_t height, int64_t octaves, float least, float roundness, int64_t room,
                            Point *points);
int64_t sekisho_points_turns(const float *pyramid, int64_t width, int64_t height, const Point *points, int64_t count, int64_t each, float share,
                             int32_t *whose, float *angles);
void sekisho_points_describe(const float *pyramid, int64_t width, int64_t height, const Point *points, int64_t count, const float *angles,
                             float *described);

int64_t sekisho_points_pyramid_size(int64_t width, int64_t height, int64_t octaves) {
    int64_t size = 0;
    for (int64_t o = 0; o < octaves; o++) size += LEVELS * (width >> o) * (height >> o);
    return size;
}

static const float *octave_of(const float *pyramid, int64_t width, int64_t height, int64_t octave) {
    return pyramid + sekisho_points_pyramid_size(width, height, octave);
}

/* Blur by a Gaussian, edges repeated; `spare` is as large as the picture. */
WIDEST static void blur(const float *from, int64_t width, int64_t height, float sigma, float *spare, float *to) {
    float taps[MOST_TAPS + 1], sum = 0;
    int64_t reach = (int64_t)ceilf(2.5f * sigma);
    if (reach > MOST_TAPS) reach = MOST_TAPS;
    for (int64_t t = 0; t <= reach; t++) {
        taps[t] = expf(-(float)(t * t) / (2 * sigma * sigma));
        sum += t ? 2 * taps[t] : taps[t];
    }
    for (int64_t t = 0; t <= reach; t++) taps[t] /= sum;
    for (int64_t y = 0; y < height; y++) {
        float *row = spare + y * width;
        const float *middle = from + y * width;
        for (int64_t x = 0; x < width; x++) row[x] = taps[0] * middle[x];
        for (int64_t t = 1; t <= reach; t++) {
            const float *above = from + (y - t < 0 ? 0 : y - t) * width, *below = from + (y + t >= height ? height - 1 : y + t) * width;
            const float tap = taps[t];
            for (int64_t x = 0; x < width; x++) row[x] += tap * (above[x] + below[x]);
        }
    }
    float *line = malloc(sizeof(float) * (size_t)(width + 2 * reach));
    if (line == NULL) return;
    for (int64_t y = 0; y < height; y++) {
        const float *row = spare + y * width;
        float *out = to + y * width;
        memcpy(line + reach, row, sizeof(float) * (size_t)width);
        for (int64_t t = 0; t < reach; t++) {
            line[t] = row[0];
            line[reach + width + t] = row[width - 1];
        }
        for (int64_t x = 0; x < width; x++) out[x] = taps[0] * line[x + reach];
        for (int64_t t = 1; t <= reach; t++) {
            const float *left = line + reach - t, *right = line + reach + t;
            const float tap = taps[t];
            for (int64_t x = 0; x < width; x++) out[x] += tap * (left[x] + right[x]);
        }
    }
    free(line);
}

/* Fill `pyramid`: for each octave LEVELS pictures, each blurred more; the next octave begins with the third, halved. */
void sekisho_points_pyramid(const float *gray, int64_t width, int64_t height, int64_t octaves, float *pyramid) {
    float *spare = malloc(sizeof(float) * (size_t)(width * height));
    if (spare == NULL) return;
    blur(gray, width, height, sqrtf(FIRST * FIRST - GIVEN * GIVEN), spare, pyramid);
    float *base = pyramid;
    for (int64_t o = 0; o < octaves; o++) {
        const int64_t w = width >> o, h = height >> o;
        float sigma = FIRST;
        for (int64_t level = 1; level < LEVELS; level++, sigma *= STEP) /* blurs add as squares: from sigma to STEP sigma takes sigma */
            blur(base + (level - 1) * w * h, w, h, sigma, spare, base + level * w * h);
        float *next = base + LEVELS * w * h;
        const int64_t nw = width >> (o + 1), nh = height >> (o + 1);
        if (o + 1 < octaves)
            for (int64_t y = 0; y < nh; y++)
                for (int64_t x = 0; x < nw; x++) next[y * nw + x] = base[2 * w * h + 2 * y * w + 2 * x];
        base = next;
    }
    free(spare);
}

static int is_extreme(const float *below, const float *here, const float *above, int64_t at, int64_t w, float value) {
    const float *planes[3] = {below, here, above};
    for (int p = 0; p < 3; p++)
        for (int64_t dy = -1; dy <= 1; dy++)
            for (int64_t dx = -1; dx <= 1; dx++) {
                if (p == 1 && dx == 0 && dy == 0) continue;
                const float other = planes[p][at + dy * w + dx];
                if (value > 0 ? other >= value : other <= value) return 0;
            }
    return 1;
}

/* Where the top of a parabola through three values lies, from -0.5 to 0.5. */
static float top_of(float before, float here, float after) {
    const float bend = before - 2 * here + after;
    const float at = fabsf(bend) < 1e-12f ? 0 : 0.5f * (before - after) / bend;
    return at < -0.5f ? -0.5f : at > 0.5f ? 0.5f : at;
}

/* The extrema of at least `least` that are no mere edges: the ratio of the bends of the surface there is below `roundness`. Returns how many. */
WIDEST int64_t sekisho_points_find(const float *pyramid, int64_t width, int64_t height, int64_t octaves, float least, float roundness, int64_t room,
                                   Point *points) {
    float *differences = malloc(sizeof(float) * (size_t)((LEVELS - 1) * width * height));
    int64_t found = 0;
    if (differences == NULL) return 0;
    const float limit = (roundness + 1) * (roundness + 1) / roundness;
    for (int64_t o = 0; o < octaves; o++) {
        const int64_t w = width >> o, h = height >> o, size = w * h;
        const float *levels = octave_of(pyramid, width, height, o);
        for (int64_t i = 0; i < (LEVELS - 1) * size; i++) differences[i] = levels[i + size] - levels[i];
        for (int64_t level = 1; level < LEVELS - 2; level++) {
            const float *here = differences + level * size, *below = here - size, *above = here + size;
            for (int64_t y = 4; y < h - 4; y++)
                for (int64_t x = 4; x < w - 4; x++) {
                    const int64_t at = y * w + x;
                    const float value = here[at];
                    if (fabsf(value) < least || found == room) continue;
                    if (value > 0 ? here[at - 1] >= value || here[at + 1] >= value : here[at - 1] <= value || here[at + 1] <= value) continue;
                    if (!is_extreme(below, here, above, at, w, value)) continue;
                    const float across = here[at - 1] - 2 * value + here[at + 1], down = here[at - w] - 2 * value + here[at + w];
                    const float both = (here[at + w + 1] - here[at + w - 1] - here[at - w + 1] + here[at - w - 1]) / 4;
                    const float trace = across + down, determinant = across * down - both * both;
                    if (determinant <= 0 || trace * trace > limit * determinant) continue;
                    const float scale = (float)(1ll << o), blurred = FIRST * powf(STEP, (float)level + top_of(below[at], value, above[at]));
                    points[found++] = (Point){.x = ((float)x + top_of(here[at - 1], value, here[at + 1])) * scale,
                                              .y = ((float)y + top_of(here[at - w], value, here[at + w])) * scale,
                                              .sigma = blurred * scale,
                                              .height = fabsf(value),
                                              .octave = (int32_t)o,
                                              .level = (int32_t)level};
                }
        }
    }
    free(differences);
    return found;
}

static inline float sample(const float *plane, int64_t w, int64_t h, float x, float y) {
    if (x < 0) x = 0;
    if (y < 0) y = 0;
    if (x > (float)(w - 1)) x = (float)(w - 1);
    if (y > (float)(h - 1)) y = (float)(h - 1);
    int64_t left = (int64_t)x, top = (int64_t)y;
    if (left > w - 2) left = w > 1 ? w - 2 : 0;
    if (top > h - 2) top = h > 1 ? h - 2 : 0;
    const float fx = x - (float)left, fy = y - (float)top;
    const float *at = plane + top * w + left;
    const int64_t right = w > 1, down = h > 1 ? w : 0;
    return (at[0] * (1 - fx) + at[right] * fx) * (1 - fy) + (at[down] * (1 - fx) + at[down + right] * fx) * fy;
}

/* A square of side x side grays around a point, `step` blurs apart and turned by `angle`. */
static void patch_of(const float *pyramid, int64_t width, int64_t height, const Point *point, float angle, float step, int64_t side, float *patch) {
    const int64_t o = point->octave, w = width >> o, h = height >> o;
    const float *plane = octave_of(pyramid, width, height, o) + point->level * w * h;
    const float scale = 1 / (float)(1ll << o), apart = step * point->sigma * scale;
    const float across = cosf(angle) * apart, down = sinf(angle) * apart, middle = (float)(side - 1) / 2;
    for (int64_t v = 0; v < side; v++)
        for (int64_t u = 0; u < side; u++) {
            const float a = (float)u - middle, b = (float)v - middle;
            patch[v * side + u] = sample(plane, w, h, point->x * scale + a * across - b * down, point->y * scale + a * down + b * across);
        }
}

/* Up to `each` directions in which the strokes around each point run, those of at least `share` of the strongest; angles in 0..pi. */
int64_t sekisho_points_turns(const float *pyramid, int64_t width, int64_t height, const Point *points, int64_t count, int64_t each, float share,
                             int32_t *whose, float *angles) {
    enum { SIDE = 13 };
    int64_t found = 0;
    float patch[SIDE * SIDE];
    for (int64_t i = 0; i < count; i++) {
        float votes[TURNS] = {0}, smooth[TURNS], most = 0;
        patch_of(pyramid, width, height, points + i, 0, 0.75f, SIDE, patch);
        for (int64_t v = 1; v < SIDE - 1; v++)
            for (int64_t u = 1; u < SIDE - 1; u++) {
                const float across = patch[v * SIDE + u + 1] - patch[v * SIDE + u - 1], down = patch[(v + 1) * SIDE + u] - patch[(v - 1) * SIDE + u];
                const float a = (float)(u - SIDE / 2), b = (float)(v - SIDE / 2);
                float turn = atan2f(down, across) / PI;
                if (turn < 0) turn += 1;
                const float at = turn * TURNS, weight = sqrtf(across * across + down * down) * expf(-(a * a + b * b) / 14);
                const int64_t first = (int64_t)at % TURNS;
                const float part = at - floorf(at);
                votes[first] += (1 - part) * weight;
                votes[(first + 1) % TURNS] += part * weight;
            }
        for (int64_t t = 0; t < TURNS; t++) {
            smooth[t] = 0.25f * votes[(t + TURNS - 1) % TURNS] + 0.5f * votes[t] + 0.25f * votes[(t + 1) % TURNS];
            if (smooth[t] > most) most = smooth[t];
        }
        for (int64_t told = 0; told < each; told++) {
            int64_t best = -1;
            for (int64_t t = 0; t < TURNS; t++) {
                const float before = smooth[(t + TURNS - 1) % TURNS], after = smooth[(t + 1) % TURNS];
                if (smooth[t] < before || smooth[t] <= after || smooth[t] < share * most) continue;
                int64_t stronger = 0;
                for (int64_t s = 0; s < TURNS; s++) {
                    const int peak = smooth[s] >= smooth[(s + TURNS - 1) % TURNS] && smooth[s] > smooth[(s + 1) % TURNS];
                    stronger += peak && (smooth[s] > smooth[t] || (smooth[s] == smooth[t] && s < t));
                }
                if (stronger == told) best = t;
            }
            if (best < 0) break;
            whose[found] = (int32_t)i;
            angles[found++] = ((float)best + top_of(smooth[(best + TURNS - 1) % TURNS], smooth[best], smooth[(best + 1) % TURNS])) * PI / TURNS;
        }
    }
    return found;
}

/* How much of each sample of the lattice lies in each cell, in a soft window. */
static void shares_of_cells(float shares[CELLS][LATTICE]) {
    const float cell = (float)LATTICE / CELLS;
    for (int64_t c = 0; c < CELLS; c++)
        for (int64_t u = 0; u < LATTICE; u++) {
            const float from_cell = fabsf((float)u + 0.5f - ((float)c + 0.5f) * cell) / cell, from_middle = ((float)u + 0.5f) / LATTICE - 0.5f;
            shares[c][u] = from_cell < 1 ? (1 - from_cell) * expf(-2 * from_middle * from_middle) : 0;
        }
}

/* For each point CELLS x CELLS x DIRECTIONS sums of strokes, in the frame turned by its angle. */
WIDEST void sekisho_points_describe(const float *pyramid, int64_t width, int64_t height, const Point *points, int64_t count, const float *angles,
                                    float *described) {
    enum { SIDE = LATTICE + 2, SAMPLES = LATTICE * LATTICE };
    float shares[CELLS][LATTICE], patch[SIDE * SIDE], size[SAMPLES], c[SAMPLES], s[SAMPLES], strokes[SAMPLES];
    shares_of_cells(shares);
    for (int64_t i = 0; i < count; i++) {
        patch_of(pyramid, width, height, points + i, angles[i], 0.75f, SIDE, patch);
        for (int64_t v = 0; v < LATTICE; v++)
            for (int64_t u = 0; u < LATTICE; u++) {
                const float *at = patch + (v + 1) * SIDE + u + 1;
                const float across = at[1] - at[-1], down = at[SIDE] - at[-SIDE];
                const float square = across * across + down * down + 1e-12f;
                size[v * LATTICE + u] = sqrtf(square);
                c[v * LATTICE + u] = (across * across - down * down) / square; /* of twice the direction */
                s[v * LATTICE + u] = 2 * across * down / square;
            }
        for (int64_t d = 0; d < DIRECTIONS; d++) {
            const float turn = 2 * PI * (float)d / DIRECTIONS, along = cosf(turn), aside = sinf(turn);
            for (int64_t k = 0; k < SAMPLES; k++) {
                const float agrees = c[k] * along + s[k] * aside;
                strokes[k] = agrees > 0 ? size[k] * agrees * agrees : 0;
            }
            for (int64_t a = 0; a < CELLS; a++) {
                float row[LATTICE] = {0};
                for (int64_t v = 0; v < LATTICE; v++)
                    for (int64_t u = 0; u < LATTICE; u++) row[u] += shares[a][v] * strokes[v * LATTICE + u];
                for (int64_t b = 0; b < CELLS; b++) {
                    float sum = 0;
                    for (int64_t u = 0; u < LATTICE; u++) sum += shares[b][u] * row[u];
                    described[((i * CELLS + a) * CELLS + b) * DIRECTIONS + d] = sum;
                }
            }
        }
    }
}
