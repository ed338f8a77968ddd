/* Arrow's columns of strings as the kernels see them, and what the kernels of addresses share. */
#ifndef SEKISHO_COLUMNS_H
#define SEKISHO_COLUMNS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LONGEST_AUTHORITY 320 /* a scheme, 253 octets of a host, a port, and some more */

/* A slice of an Arrow string column: `first` is where it begins in the buffers; offsets are of 4 octets, or of 8 when `wide`. */
typedef struct {
    const void *offsets;
    const uint8_t *data;
    const uint8_t *valid; /* a bit a row, or NULL when no row is null */
    int64_t first, rows;
    int64_t wide;
} Strings;

int32_t sekisho_is_utf8(const uint8_t *bytes, int64_t size);

static inline uint64_t mixed(uint64_t a, uint64_t b) {
    a = (a ^ b) * 0x9E3779B97F4A7C15u;
    return a ^ (a >> 29);
}

static inline uint64_t hash_of(const uint8_t *bytes, int64_t size) {
    uint64_t hash = (uint64_t)size, word;
    for (; size >= 8; size -= 8, bytes += 8) {
        memcpy(&word, bytes, 8);
        hash = mixed(hash, word);
    }
    if (size > 0) {
        word = 0;
        memcpy(&word, bytes, (size_t)size);
        hash = mixed(hash, word);
    }
    return mixed(hash, hash >> 32);
}

/* A row's octets and their number, NULL for a null row. */
static inline const uint8_t *string_at(const Strings *column, int64_t row, int64_t *size) {
    int64_t at = column->first + row, start, end;
    if (column->valid != NULL && !(column->valid[at >> 3] >> (at & 7) & 1)) return NULL;
    if (column->wide) {
        start = ((const int64_t *)column->offsets)[at];
        end = ((const int64_t *)column->offsets)[at + 1];
    } else {
        start = ((const int32_t *)column->offsets)[at];
        end = ((const int32_t *)column->offsets)[at + 1];
    }
    *size = end - start;
    return column->data + start;
}

#endif
