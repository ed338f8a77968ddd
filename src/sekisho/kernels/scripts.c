/* Counts the scripts of texts: one pass over UTF-8, one row of counts for each text. */

#include <stdint.h>

enum { KANA, KANJI, HANGUL, LATIN, CYRILLIC, OTHER, DIGIT, REST, CHARACTERS, WORDS, COUNTS };

static int script_of_two(uint32_t point) {
    if (point < 0xC0 || point == 0xD7 || point == 0xF7) return REST;
    if (point < 0x2B0) return LATIN;
    if (point < 0x370) return REST;
    if (point >= 0x400 && point < 0x530) return CYRILLIC;
    return OTHER;
}

static int script_of_three(uint32_t point) {
    if (point >= 0x3041 && point < 0x3100) return point == 0x30FB ? REST : KANA;
    if ((point >= 0x4E00 && point < 0xA000) || (point >= 0x3400 && point < 0x4DC0) || point == 0x3005 || (point >= 0xF900 && point < 0xFB00)) return KANJI;
    if ((point >= 0xAC00 && point < 0xD7A4) || (point >= 0x1100 && point < 0x1200 ) || (point >= 0x3131 && point < 0x318F)) return HANGUL;
    if (point >= 0x1E00 && point < 0x1F00) return LATIN;
    if (point >= 0xFF66 && point < 0xFF9E) return KANA;
    if ((point >= 0xFF21 && point < 0xFF3B) || (point >= 0xFF41 && point < 0xFF5B)) return LATIN;
    if (point >= 0xFF10 && point < 0xFF1A) return DIGIT;
    if (point < 0x2000 || (point >= 0xA4D0 && point < 0xAC00) || (point >= 0xFB00 && point < 0xFE00)) return OTHER;
    return REST;
}

static int script_of(const uint8_t *at, const uint8_t *end, int *length) {
    uint8_t lead = *at;
    *length = 1;
    if (lead < 0x80) {
        uint8_t lower = lead | 0x20;
        return lower >= 'a' && lower <= 'z' ? LATIN : lead >= '0' && lead <= '9' ? DIGIT : REST;
    }
    if (lead >= 0xC2 && lead < 0xE0 && at + 1 < end) {
        *length = 2;
        return script_of_two((lead & 0x1Fu) << 6 | (at[1] & 0x3Fu));
    }
    if (lead >= 0xE0 && lead < 0xF0 && at + 2 < end) {
        *length = 3;
        return script_of_three((lead & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu));
    }
    if (lead >= 0xF0 && lead < 0xF5 && at + 3 < end) {
        *length = 4;
        return (lead & 7) == 0 && at[1] >= 0xA0 && at[1] < 0xB4 ? KANJI : REST;
    }
    return REST;
}

/* Text i is text[bounds[i]] up to text[bounds[i + 1]]; its counts go to counts[i * COUNTS]. */
void sekisho_scripts(const uint8_t *text, const int64_t *bounds, int64_t texts, int64_t *counts);
void sekisho_scripts(const uint8_t *text, const int64_t *bounds, int64_t texts, int64_t *counts) {
    for (int64_t i = 0; i < texts; i++, counts += COUNTS) {
        const uint8_t *at = text + bounds[i], *end = text + bounds[i + 1];
        int in_word = 0, length;
        for (int k = 0; k < COUNTS; k++) counts[k] = 0;
        for (; at < end; at += length) {
            int script = script_of(at, end, &length);
            int word = script >= LATIN && script <= DIGIT;
            counts[script]++;
            counts[CHARACTERS]++;
            counts[WORDS] += word && !in_word;
            in_word = word;
        }
    }
}
