/* Path patterns: percent-normalising, and comparing a target with a program of patterns.
 *
 * The readable twin is sekisho.formats.path_pattern. No comparison goes back: the time grows with the target, not with the wildcards.
 */
#include "patterns.h"

#include <stdlib.h>
#include <string.h>

#define SHORT 64 /* a piece of this many octets is looked for octet by octet */

enum { PLAIN = 1, UNRESERVED = 2 }; /* may stand in an address; is never written encoded */
#define U (PLAIN | UNRESERVED)
static const uint8_t OCTET[256] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['('] = 1, [')'] = 1, ['*'] = 1, ['+'] = 1, [','] = 1, ['-'] = U, ['.'] = U, ['/'] = 1,
    ['0'] = U, ['1'] = U, ['2'] = U, ['3'] = U, ['4'] = U, ['5'] = U, ['6'] = U, ['7'] = U, ['8'] = U, ['9'] = U, [':'] = 1, [';'] = 1, ['='] = 1, ['?'] = 1,
    ['@'] = 1, ['A'] = U, ['B'] = U, ['C'] = U, ['D'] = U, ['E'] = U, ['F'] = U, ['G'] = U, ['H'] = U, ['I'] = U, ['J'] = U, ['K'] = U, ['L'] = U, ['M'] = U,
    ['N'] = U, ['O'] = U, ['P'] = U, ['Q'] = U, ['R'] = U, ['S'] = U, ['T'] = U, ['U'] = U, ['V'] = U, ['W'] = U, ['X'] = U, ['Y'] = U, ['Z'] = U, ['['] = 1,
    [']'] = 1, ['_'] = U, ['a'] = U, ['b'] = U, ['c'] = U, ['d'] = U, ['e'] = U, ['f'] = U, ['g'] = U, ['h'] = U, ['i'] = U, ['j'] = U, ['k'] = U, ['l'] = U,
    ['m'] = U, ['n'] = U, ['o'] = U, ['p'] = U, ['q'] = U, ['r'] = U, ['s'] = U, ['t'] = U, ['u'] = U, ['v'] = U, ['w'] = U, ['x'] = U, ['y'] = U, ['z'] = U,
    ['~'] = U,
};

static int hex(uint8_t c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint8_t *encoded(uint8_t *out, uint8_t octet) {
    static const uint8_t DIGITS[] = "0123456789ABCDEF";
    *out++ = '%';
    *out++ = DIGITS[octet >> 4];
    *out++ = DIGITS[octet & 15];
    return out;
}

/* Write `raw` percent-normalised (room for three times its size) and give back the size; in a `target` plain asterisks and dollars are encoded too. */
int64_t sekisho_normalise(const uint8_t *raw, int64_t size, int32_t target, uint8_t *out) {
    const uint8_t *end = raw + size, *start = out;
    while (raw < end) {
        uint8_t octet = *raw++;
        int high, low;
        if (octet == '%' && end - raw >= 2 && (high = hex(raw[0])) >= 0 && (low = hex(raw[1])) >= 0) {
            octet = (uint8_t)(high << 4 | low);
            raw += 2;
            if (OCTET[octet] & UNRESERVED) *out++ = octet;
            else out = encoded(out, octet);
        } else if (!OCTET[octet] || (target && (octet == '*' || octet == '$'))) {
            out = encoded(out, octet);
        } else {
            *out++ = octet;
        }
    }
    return out - start;
}

/* The kind of an octet as a bit: letters and marks of an address have their own, capitals share. The slash, in every target, has none. */
static uint64_t kind_of(uint8_t c) {
    static const char MARKS[] = ".-_?=&%+,:;~@!()";
    if (c >= 'a' && c <= 'z') return 1ull << (c - 'a');
    if (c >= '0' && c <= '9') return 1ull << (26 + c - '0');
    if (c >= 'A' && c <= 'Z') return 1ull << (36 + (c - 'A') % 8);
    const char *mark = c ? strchr(MARKS, c) : NULL;
    return mark ? 1ull << (44 + (mark - MARKS)) : 0;
}

static uint64_t KIND_OF[256]; /* kind_of as a table; filled more than once it stays the same */

static uint64_t kinds_of(const uint8_t *text, int64_t size) {
    uint64_t found = 0;
    if (KIND_OF['a'] == 0)
        for (int c = 0; c < 256; c++) KIND_OF[c] = kind_of((uint8_t)c);
    for (int64_t i = 0; i < size; i++) found |= KIND_OF[text[i]];
    return found;
}

static uint64_t loaded(const uint8_t *text, int64_t size) {
    uint64_t word = 0;
    memcpy(&word, text, (size_t)(size < 8 ? size : 8));
    return word;
}

Rule rule_of(const uint8_t *text, uint32_t at, uint16_t size, enum End end, uint16_t outcome) {
    if (end == WITH_EXTENSION) return (Rule){0, 0, WILD | EXTENSION, at, size, outcome};
    int anchored = end == AT_END;
    const uint8_t *star = memchr(text, '*', size);
    int64_t fixed = star ? star - text : size;
    int64_t head = fixed > 0 ? fixed - 1 : 0;
    int wild = head > 8 || anchored || (star != NULL && star != text + size - 1) || fixed == 0;
    Rule rule = {0, 0, kinds_of(text, size) & KINDS, at, size, outcome};
    if (head > 0) {
        rule.head = loaded(text + 1, head);
        rule.mask = head >= 8 ? ~0ull : (1ull << (8 * head)) - 1;
    }
    rule.needs |= (wild ? WILD : 0) | (anchored ? ANCHORED : 0);
    return rule;
}

uint64_t bloom_of(uint64_t head) { return 1ull << (((head & 0xFFFFFF) * 0x9E3779B97F4A7C15u) >> 58); }

Target target_of(const uint8_t *text, int64_t size) {
    uint64_t head = size >= 9 ? 0 : loaded(text + 1, size - 1);
    if (size >= 9) memcpy(&head, text + 1, 8);
    return (Target){text, size, head, 0, bloom_of(head)};
}

/* Where a long piece first lies in a text, or NULL; in time that grows with both together (Knuth, Morris, Pratt). */
static const uint8_t *found_long(const uint8_t *text, const uint8_t *end, const uint8_t *piece, int64_t size) {
    static _Thread_local uint16_t back[UINT16_MAX + 1];
    back[0] = 0;
    for (int64_t i = 1, k = 0; i < size; i++) {
        while (k > 0 && piece[i] != piece[k]) k = back[k - 1];
        if (piece[i] == piece[k]) k++;
        back[i] = (uint16_t)k;
    }
    int64_t k = 0;
    for (; text < end; text++) {
        while (k > 0 && *text != piece[k]) k = back[k - 1];
        if (*text == piece[k]) k++;
        if (k == size) return text - size + 1;
    }
    return NULL;
}

static const uint8_t *found(const uint8_t *text, const uint8_t *end, const uint8_t *piece, int64_t size) {
    if (size == 0) return text;
    if (size > SHORT) return found_long(text, end, piece, size);
    for (const uint8_t *last = end - size; text <= last; text++) {
        text = memchr(text, piece[0], (size_t)(last - text + 1));
        if (text == NULL) return NULL;
        if (memcmp(text, piece, (size_t)size) == 0) return text;
    }
    return NULL;
}

/* Whether a pattern covers a target: each piece between wildcards is looked for once, from where the one before it ended. */
static int covers(const Rule *rule, const uint8_t *pattern, const Target *target) {
    const uint8_t *text = target->text, *end = text + target->size, *stop = pattern + rule->size;
    const uint8_t *star = memchr(pattern, '*', rule->size);
    int64_t first = (star ? star : stop) - pattern;
    if (target->size < first || memcmp(text, pattern, (size_t)first) != 0) return 0;
    text += first;
    if (star == NULL) return !(rule->needs & ANCHORED) || text == end;
    while (star != NULL) {
        const uint8_t *piece = star + 1;
        star = memchr(piece, '*', (size_t)(stop - piece));
        int64_t size = (star ? star : stop) - piece;
        if (star == NULL && rule->needs & ANCHORED) return end - text >= size && memcmp(end - size, piece, (size_t)size) == 0;
        text = found(text, end, piece, size);
        if (text == NULL) return 0;
        text += size;
    }
    return 1;
}

/* Whether the path of a target ends with an extension, which is in small letters. */
static int extends(const Rule *rule, const uint8_t *extension, const Target *target) {
    const uint8_t *query = memchr(target->text, '?', (size_t)target->size);
    const uint8_t *end = query ? query : target->text + target->size, *text = end - rule->size;
    if (text < target->text) return 0;
    for (int64_t i = 0; i < rule->size; i++) {
        uint8_t c = text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i];
        if (c != extension[i]) return 0;
    }
    return 1;
}

/* What the first rule that covers the target decides; 0 when none does. */
uint16_t decided(const Program *program, const Rule *rules, const uint8_t *texts, Target *target) {
    int keyed = (program->bloom & target->bloom) != 0;
    const Rule *rule = rules + program->rules + (keyed ? 0 : program->count);
    const Rule *last = rule + (keyed ? program->count : program->open);
    for (; rule < last; rule++) {
        if ((rule->head ^ target->head) & rule->mask) continue;
        if (!(rule->needs & WILD)) return rule->outcome;
        if (target->kinds == 0) target->kinds = kinds_of(target->text, target->size) | WILD;
        if (rule->needs & ~target->kinds & KINDS) continue;
        if ((rule->needs & EXTENSION ? extends : covers)(rule, texts + rule->text, target)) return rule->outcome;
    }
    return 0;
}
