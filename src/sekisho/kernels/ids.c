/* Row ids as text: a prefix and the number of the row. The readable twin is f"{prefix}{row}". */
#include <stdint.h>
#include <string.h>

int64_t sekisho_ids(const uint8_t *prefix, int64_t size, const int64_t *rows, int64_t count, int32_t *offsets, uint8_t *out);

/* Write the ids of rows (none negative) one after the other; offsets get one entry more than there are rows. Gives back the octets written. */
int64_t sekisho_ids(const uint8_t *prefix, int64_t size, const int64_t *rows, int64_t count, int32_t *offsets, uint8_t *out) {
    int64_t at = 0;
    for (int64_t i = 0; i < count; i++) {
        uint8_t digits[20], *first = digits + 20;
        uint64_t number = (uint64_t)rows[i];
        do *--first = (uint8_t)('0' + number % 10);
        while ((number /= 10) > 0);
        offsets[i] = (int32_t)at;
        memcpy(out + at, prefix, (size_t)size);
        memcpy(out + at + size, first, (size_t)(digits + 20 - first));
        at += size + (digits + 20 - first);
    }
    offsets[count] = (int32_t)at;
    return at;
}
