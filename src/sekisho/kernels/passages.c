/* Finds passages of registered works in a text: fold, then seed, then extend.

   A text is folded to 16-bit codes of its letters and digits (see fold.bin). Codes from 0x2E80 on are "dense": kana, kanji, Hangul, a character
   says much; below it stand alphabets. A seed is the run of 8 codes (13 where the first is not dense) that starts at a position. The works hold
   one seed in a few, the text is asked at every position. A seed that both share is extended to both sides over small errors, and what earns
   enough points is a passage.

   Code 0 stands between works and never in a text, so a run of equal codes ends at a work's border by itself. The caller lays 32 zero codes
   before and after all works, and 32 codes 0xFFFF before and after the text. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DENSE = 0x2E80, DENSE_SEED = 8, SPARSE_SEED = 13, MARGIN = 32 };
enum { RUBY_LIMIT = 24, NOTE_LIMIT = 96 };

/* ---- fold ---------------------------------------------------------------------------------------------------------------------------- */

static uint32_t continuation(const uint8_t **at, const uint8_t *end, uint32_t point, int bytes) {
    while (bytes-- > 0 && *at < end && (**at & 0xC0) == 0x80) point = point << 6 | (*(*at)++ & 0x3F);
    return point;
}

/* The next code point; a stray byte counts as one. */
static uint32_t next_point(const uint8_t **at, const uint8_t *end) {
    uint32_t lead = *(*at)++;
    if (lead < 0x80) return lead;
    if (lead >= 0xE0 && lead < 0xF0) return continuation(at, end, lead & 0x0F, 2);
    if (lead >= 0xC0 && lead < 0xE0) return continuation(at, end, lead & 0x1F, 1);
    uint32_t point = lead >= 0xF0 && lead < 0xF5 ? continuation(at, end, lead & 0x07, 3) : 0xFFFD;
    return point < 0x110000 ? point : 0xFFFD;
}

static int is_kana(uint16_t code) { return (code >= 0x3041 && code <= 0x309F) || code == 0x30FC; }
static int is_kanji(uint16_t code) { return code == 0x3005 || (code >= 0x3400 && code < 0xA000) || code >= 0xE000; }

/* A reading or an editor's note that stands in brackets within the text: what has been folded since it opened is taken back when it closes. */
typedef struct {
    int64_t reading, note; /* how many codes stood there when it opened, or -1 */
    uint32_t previous;     /* the code point before */
} brackets;

static int64_t closed(int64_t opened, int64_t count, int64_t limit) { return opened >= 0 && count - opened <= limit ? opened : count; }

static int64_t bracket(brackets *state, uint32_t point, const uint16_t *codes, int64_t count) {
    switch (point) {
    case 0x300A: /* 《 */
        state->reading = count;
        break;
    case 0xFF08: /* （ */
    case '(':
        state->reading = count > 0 && is_kanji(codes[count - 1]) ? count : -1;
        break;
    case 0x300B: /* 》 */
    case 0xFF09: /* ） */
    case ')':
        count = closed(state->reading, count, RUBY_LIMIT);
        state->reading = -1;
        break;
    case 0xFF03: /* ＃ after ［ */
        if (state->previous == 0xFF3B) state->note = count;
        break;
    case 0xFF3D: /* ］ */
        count = closed(state->note, count, NOTE_LIMIT);
        state->note = -1;
        break;
    }
    return count;
}

/* Folds UTF-8 text. `offsets` (code points from the start) needs room for `bytes`, `framed` for the codes between two margins. Returns the number
   of codes; `points` gets the number of code points. */
int64_t sekisho_fold(const uint8_t *text, int64_t bytes, const uint16_t *table, uint16_t *framed, uint32_t *offsets, int64_t *points);
int64_t sekisho_fold(const uint8_t *text, int64_t bytes, const uint16_t *table, uint16_t *framed, uint32_t *offsets, int64_t *points) {
    const uint8_t *at = text, *end = text + bytes;
    uint16_t *codes = framed + MARGIN;
    brackets state = {-1, -1, 0};
    int64_t count = 0;
    uint32_t offset = 0;
    for (; at < end; offset++) {
        if (*at < 0x80 && *at != '(' && state.reading < 0) { /* most of an English text, without a jump that depends on it */
            codes[count] = table[*at];
            offsets[count] = offset;
            count += table[*at] != 0;
            state.previous = *at++;
            continue;
        }
        uint32_t point = next_point(&at, end);
        uint16_t code = table[point];
        codes[count] = code;
        offsets[count] = offset;
        if (code) {
            count++;
            if (state.reading >= 0 && !is_kana(code)) state.reading = -1;
        } else {
            count = bracket(&state, point, codes, count);
        }
        state.previous = point;
    }
    for (int i = 0; i < MARGIN; i++) framed[i] = codes[count + i] = 0xFFFF;
    *points = offset;
    return count;
}

/* ---- seed ---------------------------------------------------------------------------------------------------------------------------- */

static uint64_t four(const uint16_t *codes) {
    uint64_t word;
    memcpy(&word, codes, sizeof word);
    return word;
}

static int is_dense(uint16_t code) { return code >= DENSE; }
static int seed_length(const uint16_t *codes) { return is_dense(*codes) ? DENSE_SEED : SPARSE_SEED; }

static uint64_t seed_hash(const uint16_t *codes) {
    uint64_t rest = four(codes + 8) * UINT64_C(0x165667B19E3779F9) ^ four(codes + SPARSE_SEED - 4) * UINT64_C(0xD6E8FEB86659FD93);
    uint64_t second = four(codes + 4) * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = four(codes) * UINT64_C(0xC2B2AE3D27D4EB4F) ^ (second << 32 | second >> 32) ^ (is_dense(*codes) ? 0 : rest);
    hash = (hash ^ hash >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
    return hash ^ hash >> 32;
}

/* The hash of the seed at every `step`-th position; 0 where it would reach past `count` or says too little (fewer than four different codes). */
void sekisho_seeds(const uint16_t *codes, int64_t count, int64_t step, uint64_t *hashes);

static int says_little(const uint16_t *codes) {
    int length = seed_length(codes), different = 0;
    uint64_t marks = 0; /* four of them are four different codes: nearly every seed is told by that */
    for (int i = 0; i < length; i++) marks |= UINT64_C(1) << ((codes[i] * UINT32_C(0x9E3779B1)) >> 26);
    for (int i = 0; i < 3; i++) marks &= marks - 1;
    if (marks) return 0;
    for (int i = 0; i < length; i++) {
        int seen = 0;
        for (int j = 0; j < i; j++) seen |= codes[i] == codes[j];
        different += !seen;
    }
    return different < 4;
}

static int holds_border(const uint16_t *codes) {
    int length = seed_length(codes), zero = 0;
    for (int i = 0; i < length; i++) zero |= codes[i] == 0;
    return zero;
}

void sekisho_seeds(const uint16_t *codes, int64_t count, int64_t step, uint64_t *hashes) {
    for (int64_t at = 0; at < count; at += step) {
        int short_of = at + seed_length(codes + at) > count;
        *hashes++ = short_of || holds_border(codes + at) || says_little(codes + at) ? 0 : seed_hash(codes + at);
    }
}

/* ---- extend -------------------------------------------------------------------------------------------------------------------------- */

/* Points count double: an equal pair is 2; a difference costs COST, less the codes it uses up (a replaced pair 2, a lost or added code 1). */
enum { COST = 4, GIVE_UP = 20, BAND = 16, WIDTH = 2 * BAND + 3, MIDDLE = BAND + 1, NOWHERE = -(1 << 30) };

typedef struct {
    int64_t text, work, differences, points; /* codes used up on both sides, and what they earned */
} reach;

static int64_t equal_run(const uint16_t *text, const uint16_t *work, int64_t direction) {
    int64_t run = 0;
    while (text[run * direction] == work[run * direction] && text[run * direction] != 0xFFFF) run++;
    return run;
}

static int64_t largest(int64_t a, int64_t b, int64_t c) { return a > b ? (a > c ? a : c) : (b > c ? b : c); }

/* One more difference on every diagonal of `last` between low and high. Diagonal k has used up k - MIDDLE more codes of the work than of the text. */
static void one_more(const uint16_t *text, const uint16_t *work, int64_t direction, const int64_t *last, int64_t *far, int low, int high) {
    for (int k = low; k <= high; k++) {
        int64_t at = largest(last[k] + 1, last[k - 1], last[k + 1] + 1), there = at + k - MIDDLE;
        int past = at < 0 || there < 0 || (at > 0 && text[(at - 1) * direction] == 0xFFFF) || (there > 0 && work[(there - 1) * direction] == 0);
        far[k] = past ? NOWHERE : at + equal_run(text + at * direction, work + there * direction, direction);
    }
}

/* Furthest-reaching paths over 0, 1, 2 ... differences within a band, each given up where it falls GIVE_UP behind the best. Stops at the best when
   that has wandered half a band away, so that the caller can lay a new band around it. */
static reach extend_in_band(const uint16_t *text, const uint16_t *work, int64_t direction) {
    int64_t paths[2][WIDTH];
    for (int k = 0; k < WIDTH; k++) paths[0][k] = paths[1][k] = NOWHERE;
    int64_t run = equal_run(text, work, direction);
    paths[0][MIDDLE] = run;
    reach best = {run, run, 0, 2 * run};
    int low = MIDDLE, high = MIDDLE;
    for (int64_t differences = 1; low <= high; differences++) {
        int64_t *last = paths[(differences - 1) & 1], *far = paths[differences & 1];
        low = low > 1 ? low - 1 : 1;
        high = high < WIDTH - 2 ? high + 1 : WIDTH - 2;
        one_more(text, work, direction, last, far, low, high);
        far[low - 1] = far[high + 1] = NOWHERE;
        for (int k = low; k <= high; k++) {
            int64_t points = 2 * far[k] + k - MIDDLE - COST * differences;
            if (points > best.points) best = (reach){far[k], far[k] + k - MIDDLE, differences, points};
            if (points + GIVE_UP < best.points) far[k] = NOWHERE;
        }
        while (low <= high && far[low] == NOWHERE) low++;
        while (low <= high && far[high] == NOWHERE) high--;
        if (best.differences == differences && llabs(best.work - best.text) >= BAND / 2) break;
    }
    return best;
}

static reach extend(const uint16_t *text, const uint16_t *work, int64_t direction) {
    reach all = {0, 0, 0, 0}, more;
    do {
        more = extend_in_band(text + all.text * direction, work + all.work * direction, direction);
        all = (reach){all.text + more.text, all.work + more.work, all.differences + more.differences, all.points + more.points};
    } while (more.differences);
    return all;
}

/* ---- scan ---------------------------------------------------------------------------------------------------------------------------- */

typedef struct {
    const uint16_t *codes; /* the works, each followed by zero codes */
    int64_t count;
    const uint32_t *buckets; /* two numbers each: where its entries start, and a 32-bit filter of them; one bucket more than there are */
    int64_t bucket_count;
    const uint32_t *entries; /* position / step in the low `position_bits`, above it as much of the hash as there is room for */
    int64_t entry_count;
    int64_t step;
    int64_t position_bits;
} sekisho_segment;

typedef struct {
    int64_t text_start, text_end, work_start, work_end, differences, points, asked; /* points as counted here: double */
} sekisho_passage;

typedef struct {
    int64_t dense, sparse; /* points asked for where all codes are dense, and where none is */
} sekisho_limits;

enum { BLOCK = 256, PENDING = 1024, ENOUGH = 64, REMEMBERED = 512, DIFFERENT = 10, NEAR = 16, NEAR_EQUAL_DENSE = 5, NEAR_EQUAL_SPARSE = 7 };

static const uint64_t LANES = UINT64_C(0x0001000100010001);

typedef struct {
    int64_t text, work;
} seed;

typedef struct {
    const sekisho_segment *segment;
    const uint16_t *text;
    sekisho_limits limits;
    sekisho_passage *found;
    int64_t found_count, capacity;
    int64_t tried_diagonal[REMEMBERED], tried_until[REMEMBERED]; /* diagonals walked in vain, and how far */
    seed pending[PENDING];
    int64_t pending_count;
} search;

static uint64_t bucket_of(uint64_t hash, uint64_t buckets) { return (hash >> 32) * buckets >> 32; }
static uint32_t filter_of(uint64_t hash) { return UINT32_C(1) << (hash & 31) | UINT32_C(1) << (hash >> 5 & 31); }

/* True where one of the last passages found already explains the seed. */
static int explained(const search *s, seed at) {
    for (int64_t i = s->found_count; i-- > 0 && i + 32 > s->found_count;) {
        const sekisho_passage *p = &s->found[i];
        if (at.text < p->text_start || at.text >= p->text_end || at.work < p->work_start || at.work >= p->work_end) continue;
        return 1;
    }
    return 0;
}

/* 1 in each of the four 16-bit lanes of `word` that is not 0. */
static uint64_t lanes_set(uint64_t word) { return (((word & LANES * 0x7FFF) + LANES * 0x7FFF) | word) >> 15 & LANES; }

static int equal_near(const uint16_t *text, const uint16_t *work) {
    uint64_t different = 0;
    for (int i = 0; i < NEAR; i += 4) different += lanes_set(four(text + i) ^ four(work + i));
    return NEAR - (int)(different * LANES >> 48);
}

/* A cheap look at what stands beside the seed, also shifted by one code: most chance seeds end here. */
static int promising(const uint16_t *text, const uint16_t *work) {
    int length = seed_length(text), best = 0;
    for (int shift = -1; shift <= 1; shift++) {
        int after = equal_near(text + length, work + length + shift), before = equal_near(text - NEAR, work - NEAR - shift);
        best = after > best ? after : best;
        best = before > best ? before : best;
    }
    return best >= (is_dense(*text) ? NEAR_EQUAL_DENSE : NEAR_EQUAL_SPARSE);
}

static int64_t points_asked(const search *s, int64_t start, int64_t end) {
    int64_t dense = 0;
    for (int64_t i = start; i < end; i++) dense += is_dense(s->text[i]);
    return 2 * (dense * s->limits.dense + (end - start - dense) * s->limits.sparse) / (end - start);
}

/* Endless repetition and tables of figures earn points without saying anything. */
static int says_enough(const uint16_t *codes, int64_t count) {
    uint16_t different[DIFFERENT];
    int known = 0;
    for (int64_t i = 0; i < count; i++) {
        int seen = 0;
        for (int j = 0; j < known; j++) seen |= codes[i] == different[j];
        if (seen) continue;
        if (known == DIFFERENT) return 1;
        different[known++] = codes[i];
    }
    return 0;
}

static int same_seed(const uint16_t *text, const uint16_t *work) {
    uint64_t different = (four(text) ^ four(work)) | (four(text + 4) ^ four(work + 4));
    uint64_t further = (four(text + 8) ^ four(work + 8)) | (four(text + SPARSE_SEED - 4) ^ four(work + SPARSE_SEED - 4));
    return (different | (is_dense(*text) ? 0 : further)) == 0;
}

static void try_seed(search *s, seed at) {
    const uint16_t *text = s->text + at.text, *work = s->segment->codes + at.work;
    int64_t length = seed_length(text), diagonal = at.work - at.text;
    if (!same_seed(text, work) || explained(s, at)) return;
    int64_t slot = diagonal & (REMEMBERED - 1);
    if (s->tried_diagonal[slot] == diagonal && at.text < s->tried_until[slot]) return;
    if (!promising(text, work)) return;
    reach after = extend(text + length, work + length, 1), before = extend(text - 1, work - 1, -1);
    sekisho_passage p = {at.text - before.text, at.text + length + after.text, at.work - before.work, at.work + length + after.work,
                         before.differences + after.differences, 2 * length + before.points + after.points, 0};
    s->tried_diagonal[slot] = diagonal;
    s->tried_until[slot] = p.text_end;
    p.asked = points_asked(s, p.text_start, p.text_end);
    if (p.points < p.asked || !says_enough(s->text + p.text_start, p.text_end - p.text_start)) return;
    if (s->found_count < s->capacity) s->found[s->found_count++] = p;
}

static void try_pending(search *s) {
    for (int64_t i = 0; i < s->pending_count; i++) try_seed(s, s->pending[i]);
    s->pending_count = 0;
}

/* Lays by the places of one bucket whose part of the hash fits; they are tried together, once their codes had time to arrive. */
static void look_up(search *s, int64_t text, uint64_t hash) {
    const sekisho_segment *segment = s->segment;
    const uint32_t *bucket = segment->buckets + 2 * bucket_of(hash, (uint64_t)segment->bucket_count);
    uint32_t tag = (uint32_t)hash >> segment->position_bits, places = (UINT32_C(1) << segment->position_bits) - 1;
    for (int64_t i = bucket[0]; i < bucket[2] && i < segment->entry_count; i++) {
        if (segment->entries[i] >> segment->position_bits != tag) continue;
        int64_t work = (int64_t)(segment->entries[i] & places) * segment->step;
        if (work >= segment->count) continue;
        __builtin_prefetch(segment->codes + work - NEAR);
        __builtin_prefetch(segment->codes + work + NEAR);
        if (s->pending_count == PENDING) try_pending(s);
        s->pending[s->pending_count++] = (seed){text, work};
    }
}

/* Asks for one block of positions in rounds, each of which fetches the memory that the next one reads. */
static void scan_block(search *s, int64_t start, int64_t end) {
    const sekisho_segment *segment = s->segment;
    uint64_t hashes[BLOCK], buckets = (uint64_t)segment->bucket_count;
    int passed[BLOCK], passed_count = 0, count = (int)(end - start);
    for (int i = 0; i < count; i++) {
        hashes[i] = seed_hash(s->text + start + i);
        __builtin_prefetch(segment->buckets + 2 * bucket_of(hashes[i], buckets));
    }
    for (int i = 0; i < count; i++) {
        const uint32_t filter = filter_of(hashes[i]);
        passed[passed_count] = i;
        passed_count += (segment->buckets[2 * bucket_of(hashes[i], buckets) + 1] & filter) == filter;
    }
    for (int i = 0; i < passed_count; i++) __builtin_prefetch(segment->entries + segment->buckets[2 * bucket_of(hashes[passed[i]], buckets)]);
    for (int i = 0; i < passed_count; i++) look_up(s, start + passed[i], hashes[passed[i]]);
    if (s->pending_count >= ENOUGH) try_pending(s);
}

/* Finds the passages of `segment` that have a seed between `start` and `end` of the folded `text`; they may reach beyond. Returns how many (at most
   `capacity`), in the order of their seeds; -1 when there is no memory. */
int64_t sekisho_scan(const sekisho_segment *segment, const uint16_t *text, int64_t start, int64_t end, const sekisho_limits *limits,
                     sekisho_passage *found, int64_t capacity);
int64_t sekisho_scan(const sekisho_segment *segment, const uint16_t *text, int64_t start, int64_t end, const sekisho_limits *limits,
                     sekisho_passage *found, int64_t capacity) {
    search *s = malloc(sizeof *s);
    if (!s) return -1;
    s->segment = segment;
    s->text = text;
    s->limits = *limits;
    s->found = found;
    s->capacity = capacity;
    s->found_count = s->pending_count = 0;
    memset(s->tried_diagonal, 0, sizeof s->tried_diagonal);
    memset(s->tried_until, 0, sizeof s->tried_until);
    for (; start < end && segment->entry_count; start += BLOCK) scan_block(s, start, start + BLOCK < end ? start + BLOCK : end);
    try_pending(s);
    int64_t result = s->found_count;
    free(s);
    return result;
}
