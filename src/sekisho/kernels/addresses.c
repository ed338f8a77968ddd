/* Addresses: one pass over a column of URLs that finds authority and path of every regularly spelled one.
 *
 * The readable twin is sekisho.addresses.taken_apart. What is spelled oddly is only marked; the real URL parser takes it from there.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"

#define BLOCK 128       /* rows whose look-ups overlap */
#define NONE (-1)       /* null: no address */
#define ODD (-2)        /* spelled oddly: ask the URL parser */
#define LONGEST (1 << 20)

enum { TO_NORMALISE = 1, BARE = 2 }; /* marks of a row: its path needs normalising; it begins with ?, or there is none */

enum { LETTER = 1, DIGIT = 2, HYPHEN = 4, DOT = 8, END = 16, COLON = 32, CAPITAL = 64 };
static const uint8_t KIND[256] = {
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1,
    ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
    ['A'] = 64, ['B'] = 64, ['C'] = 64, ['D'] = 64, ['E'] = 64, ['F'] = 64, ['G'] = 64, ['H'] = 64, ['I'] = 64, ['J'] = 64, ['K'] = 64, ['L'] = 64,
    ['M'] = 64, ['N'] = 64, ['O'] = 64, ['P'] = 64, ['Q'] = 64, ['R'] = 64, ['S'] = 64, ['T'] = 64, ['U'] = 64, ['V'] = 64, ['W'] = 64, ['X'] = 64,
    ['Y'] = 64, ['Z'] = 64, ['_'] = 1, ['0'] = 2, ['1'] = 2, ['2'] = 2, ['3'] = 2, ['4'] = 2, ['5'] = 2, ['6'] = 2, ['7'] = 2, ['8'] = 2, ['9'] = 2,
    ['-'] = 4, ['.'] = 8, ['/'] = 16, ['?'] = 16, ['#'] = 16, [':'] = 32,
};

typedef uint8_t Octets __attribute__((vector_size(16)));

/* The distinct authorities met so far, numbered in order of appearance. */
typedef struct {
    uint64_t hash;
    uint32_t start, size; /* of its name */
    int32_t plain;        /* 1 when the name is canonical as it stands, 0 when the URL parser has to say what it is */
} Authority;

typedef struct {
    Authority *found;
    int64_t count, room;
    uint32_t *slots; /* number + 1, or 0 */
    uint64_t mask;
    uint8_t *names;
    int64_t used, capacity;
} Authorities;

/* The name of the authority of one URL: in the URL itself where it stands there as it should, else in `spelled`. */
typedef struct {
    const uint8_t *text;
    uint64_t hash;
    uint32_t size;
    int32_t plain;
} Name;

Authorities *sekisho_authorities_new(void);
void sekisho_authorities_free(Authorities *all);
int32_t sekisho_authority(Authorities *all, const uint8_t *name, int64_t size, int32_t plain);
int64_t sekisho_authorities_count(const Authorities *all);
const uint8_t *sekisho_authorities_name(const Authorities *all, int64_t number, int64_t *size);
void sekisho_authorities_counted(const int32_t *codes, const uint8_t *kept, int64_t rows, int64_t *all, int64_t *good);
int64_t sekisho_authorities_since(const Authorities *all, int64_t first, int64_t room, int64_t *offsets, uint8_t *names, int32_t *plain);
int64_t sekisho_addresses(Authorities *all, const Strings *urls, int32_t *codes, uint32_t *starts, uint32_t *sizes, uint8_t *marks);

Authorities *sekisho_authorities_new(void) {
    Authorities *all = calloc(1, sizeof *all);
    if (all == NULL) return NULL;
    all->mask = 1023;
    all->slots = calloc(all->mask + 1, sizeof *all->slots);
    if (all->slots == NULL) {
        free(all);
        return NULL;
    }
    return all;
}

void sekisho_authorities_free(Authorities *all) {
    if (all == NULL) return;
    free(all->found);
    free(all->slots);
    free(all->names);
    free(all);
}

static int grown(Authorities *all) {
    uint64_t mask = all->mask * 2 + 1;
    uint32_t *slots = calloc(mask + 1, sizeof *slots);
    if (slots == NULL) return 0;
    for (int64_t i = 0; i < all->count; i++) {
        uint64_t at = all->found[i].hash & mask;
        while (slots[at]) at = (at + 1) & mask;
        slots[at] = (uint32_t)i + 1;
    }
    free(all->slots);
    all->slots = slots;
    all->mask = mask;
    return 1;
}

static int with_room(void **array, int64_t *room, int64_t needed, size_t width) {
    if (needed <= *room) return 1;
    int64_t wanted = needed * 2 > 1024 ? needed * 2 : 1024;
    void *more = realloc(*array, (size_t)wanted * width);
    if (more == NULL) return 0;
    *array = more;
    *room = wanted;
    return 1;
}

/* Whether two names of at least eight octets are the same. */
static inline int equal(const uint8_t *one, const uint8_t *other, uint32_t size) {
    uint64_t a, b;
    for (uint32_t i = 0; i + 8 <= size; i += 8) {
        memcpy(&a, one + i, 8);
        memcpy(&b, other + i, 8);
        if (a != b) return 0;
    }
    memcpy(&a, one + size - 8, 8);
    memcpy(&b, other + size - 8, 8);
    return a == b;
}

/* The number of a name (of at least eight octets: it begins with a scheme), which is added when it is new; -1 when memory is short. */
static int32_t numbered(Authorities *all, const uint8_t *name, uint32_t size, uint64_t hash, int32_t plain) {
    uint64_t at = hash & all->mask;
    for (; all->slots[at]; at = (at + 1) & all->mask) {
        const Authority *seen = &all->found[all->slots[at] - 1];
        if (seen->hash == hash && seen->size == size && equal(all->names + seen->start, name, size)) return (int32_t)all->slots[at] - 1;
    }
    if (all->count >= INT32_MAX - 1 || all->used + size > UINT32_MAX) return -1;
    if (!with_room((void **)&all->found, &all->room, all->count + 1, sizeof *all->found)) return -1;
    if (!with_room((void **)&all->names, &all->capacity, all->used + size, 1)) return -1;
    memcpy(all->names + all->used, name, size);
    all->found[all->count] = (Authority){hash, (uint32_t)all->used, size, plain};
    all->used += size;
    all->slots[at] = (uint32_t)++all->count;
    if ((uint64_t)all->count * 2 > all->mask && !grown(all)) return -1;
    return (int32_t)all->count - 1;
}

int32_t sekisho_authority(Authorities *all, const uint8_t *name, int64_t size, int32_t plain) {
    if (size < 8 || size > UINT32_MAX) return -1;
    return numbered(all, name, (uint32_t)size, hash_of(name, size), plain);
}

/* Names from number `first` on into offsets and names; how many bytes they take, nothing written when that is more than `room`. */
int64_t sekisho_authorities_since(const Authorities *all, int64_t first, int64_t room, int64_t *offsets, uint8_t *names, int32_t *plain) {
    if (first >= all->count) return 0;
    int64_t base = all->found[first].start, size = all->used - base;
    if (size > room) return size;
    for (int64_t i = first; i < all->count; i++) {
        offsets[i - first] = all->found[i].start - base;
        plain[i - first] = all->found[i].plain;
    }
    offsets[all->count - first] = size;
    memcpy(names, all->names + base, (size_t)size);
    return size;
}

int64_t sekisho_authorities_count(const Authorities *all) { return all->count; }

/* The name of one authority, and its size. */
const uint8_t *sekisho_authorities_name(const Authorities *all, int64_t number, int64_t *size) {
    *size = all->found[number].size;
    return all->names + all->found[number].start;
}

/* Count rows by their authorities: all of them, and those that are kept. */
void sekisho_authorities_counted(const int32_t *codes, const uint8_t *kept, int64_t rows, int64_t *all, int64_t *good) {
    for (int64_t i = 0; i < rows; i++) {
        if (codes[i] < 0) continue;
        all[codes[i]]++;
        good[codes[i]] += kept[i];
    }
}

/* Where the host of an http or https URL begins, 0 when it is none. */
static int64_t scheme(const uint8_t *url, int64_t size) {
    if (size < 8 || (url[0] | 0x20) != 'h' || (url[1] | 0x20) != 't' || (url[2] | 0x20) != 't' || (url[3] | 0x20) != 'p') return 0;
    if (url[4] == ':') return url[5] == '/' && url[6] == '/' ? 7 : 0;
    return (url[4] | 0x20) == 's' && url[5] == ':' && url[6] == '/' && url[7] == '/' ? 8 : 0;
}

/* Whether a host is its own name: no empty or encoded label, and nothing at its end that a URL parser reads as a number (an IPv4 address). */
static int plainly_named(const uint8_t *host, int64_t size) {
    int64_t label = 0, digits = 1;
    for (int64_t i = 0; i < size; i++) {
        if (host[i] == '.') {
            if (i == label) return 0;
            label = i + 1;
            digits = 1;
        } else if (KIND[host[i]] != DIGIT) {
            digits = 0;
        }
        if (i == label + 3 && memcmp(host + label, "xn--", 4) == 0) return 0;
    }
    return label < size && !digits && !(host[label] == '0' && label + 1 < size && host[label + 1] == 'x');
}

/* The name of an authority that is not written as it should be: capitals, a port, a last dot. */
static void spelled_out(const uint8_t *url, int64_t from, int64_t to, Name *name, uint8_t *out) {
    int64_t length = 0, colon = 0, port = 0;
    for (int64_t i = 0; i < to; i++) {
        if (url[i] == ':' && i >= from) colon = length;
        out[length++] = KIND[url[i]] == CAPITAL ? url[i] | 0x20 : url[i];
    }
    int64_t end = colon ? colon : length;
    if (end > from + 1 && out[end - 1] == '.') end--;
    name->plain = plainly_named(out + from, end - from);
    if (colon) {
        int64_t digits = length - colon - 1;
        for (int64_t i = colon + 1; i < length; i++) port = digits <= 5 ? port * 10 + out[i] - '0' : 1 << 20;
        if (port > 65535 || digits == 0 || out[colon + 1] == '0') name->plain = 0;
        if (name->plain && port != (from == 8 ? 443 : 80)) {
            memmove(out + end, out + colon, (size_t)(length - colon));
            end += length - colon;
        }
    }
    name->text = out;
    name->size = (uint32_t)(name->plain ? end : length);
}

static int capital_scheme(const uint8_t *url, int64_t from) {
    return !(url[0] & url[1] & url[2] & url[3] & (from == 8 ? url[4] : 0x20) & 0x20);
}

static inline int any(Octets octets) {
    uint64_t halves[2];
    memcpy(halves, &octets, 16);
    return (halves[0] | halves[1]) != 0;
}

/* The place of the first octet that is set; 16 when none is. */
static inline int64_t first_of(Octets octets) {
    uint64_t halves[2];
    memcpy(halves, &octets, 16);
    if (halves[0]) return __builtin_ctzll(halves[0]) >> 3;
    return halves[1] ? 8 + (__builtin_ctzll(halves[1]) >> 3) : 16;
}

/* Where a host of small letters, digits, single dots and single hyphens ends that begins at url[from]; 0 when it is anything else.
 * Most are that; a last label that begins with a letter is no number, and without two hyphens in a row no label is encoded. */
static int64_t usual_host(const uint8_t *url, int64_t from, int64_t size) {
    int64_t to = from;
    for (;; to += 16) {
        Octets c, before;
        if (to + 16 > size || to - from >= 64) return 0;
        memcpy(&c, url + to, 16);
        memcpy(&before, url + to - 1, 16);
        Octets mark = (Octets)(c == '.') | (Octets)(c == '-');
        Octets usual = ((Octets)(c >= 'a') & (Octets)(c <= 'z')) | ((Octets)(c >= '0') & (Octets)(c <= '9')) | mark;
        Octets doubled = mark & (Octets)(c == before);
        int64_t stop = first_of(~usual), twice = first_of(doubled);
        if (twice < stop) return 0;
        if (stop == 16) continue;
        to += stop;
        break;
    }
    int64_t label = to - 1;
    if (KIND[url[to]] != END || to == from || url[from] == '.' || url[label] == '.') return 0;
    while (label > from && url[label - 1] != '.') label--;
    return url[label] >= 'a' ? to : 0;
}

/* The same for any authority made of what may stand in one; 0 when a character does not belong there. */
static int64_t any_authority(const uint8_t *url, int64_t from, int64_t size, Name *name, uint8_t *out) {
    int64_t to = from, limit = size < LONGEST_AUTHORITY - 1 ? size : LONGEST_AUTHORITY - 1;
    uint8_t kinds = 0, kind, before = DOT;
    for (; to < limit && (kind = KIND[url[to]]) != END; to++) {
        if (kind == 0 || ((kinds & COLON) && kind != DIGIT)) return 0;
        kinds |= kind;
        before = kind;
    }
    if (to == from || (to == limit && limit < size)) return 0;
    name->text = url;
    name->size = (uint32_t)to;
    if (kinds & (CAPITAL | COLON) || before == DOT || capital_scheme(url, from)) spelled_out(url, from, to, name, out);
    else name->plain = plainly_named(url + from, to - from);
    return to;
}

/* The name of the authority that begins at url[from], and where it ends; 0 when a character does not belong there. */
static int64_t authority(const uint8_t *url, int64_t from, int64_t size, Name *name, uint8_t *out) {
    int64_t to = capital_scheme(url, from) ? 0 : usual_host(url, from, size);
    *name = (Name){url, 0, (uint32_t)to, 1};
    if (to == 0) to = any_authority(url, from, size, name, out);
    name->hash = hash_of(name->text, name->size);
    return to;
}

enum { BROKEN = 1, ENCODED = 2, FRAGMENT = 4, HIDDEN = 8, QUOTE = 16, PERCENT = 32, WIDE = 128 };

typedef struct {
    Octets broken, encoded, percent, fragment, hidden, quote, all;
} Findings;

/* Look at sixteen octets of a path and the one before them. */
static inline void look(const uint8_t *p, Findings *found) {
    Octets c, before;
    memcpy(&c, p, 16);
    memcpy(&before, p - 1, 16);
    found->broken |= (Octets)(c <= 0x20) | (Octets)(c == '\\');
    found->percent |= (Octets)(c == '%');
    found->encoded |= ((Octets)(c >= 0x7B) & (Octets)(c != '~')) | (Octets)(c == '"') | (Octets)(c == '<') |
                      (Octets)(c == '>') | (Octets)(c == '^') | (Octets)(c == '`') | (Octets)(c == '*') | (Octets)(c == '$');
    found->fragment |= (Octets)(c == '#');
    found->hidden |= (Octets)(c == '.') & (Octets)(before == '/');
    found->quote |= (Octets)(c == '\'');
    found->all |= c;
}

/* What is in a path, as flags; the octet before it is read too. */
static uint8_t seen(const uint8_t *path, int64_t size) {
    Findings found = {0};
    if (size < 16) {
        uint8_t padded[17];
        memset(padded, 'a', 17);
        memcpy(padded, path - 1, (size_t)size + 1);
        look(padded + 1, &found);
    } else {
        for (int64_t i = 0; i + 16 <= size; i += 16) look(path + i, &found);
        look(path + size - 16, &found);
    }
    Octets wide = found.all & 0x80;
    return (uint8_t)(any(found.broken) * BROKEN | any(found.encoded) * ENCODED | any(found.percent) * PERCENT | any(found.fragment) * FRAGMENT | any(found.hidden) * HIDDEN |
                     any(found.quote) * QUOTE | any(wide) * WIDE);
}

/* Whether one or two dots, plain or encoded, make a whole segment of the path: those a URL parser resolves. */
static int dot_segment(const uint8_t *p, const uint8_t *end) {
    for (; p < end && (p = memchr(p, '/', (size_t)(end - p))) != NULL; p++) {
        const uint8_t *q = p + 1;
        int dots = 0;
        for (; dots < 3; dots++) {
            if (q < end && *q == '.') q++;
            else if (end - q >= 3 && q[0] == '%' && q[1] == '2' && (q[2] | 0x20) == 'e') q += 3;
            else break;
        }
        if ((dots == 1 || dots == 2) && (q == end || KIND[*q] == END)) return 1;
    }
    return 0;
}

/* Whether octets are UTF-8 as Unicode defines it (table 3-7). */
int32_t sekisho_is_utf8(const uint8_t *p, int64_t size) {
    const uint8_t *end = p + size;
    while (p < end) {
        uint8_t lead = *p++;
        if (lead < 0x80) continue;
        int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || end - p < more) return 0;
        uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80, high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (*p < low || *p > high) return 0;
        for (int i = 1; i < more; i++)
            if ((p[i] & 0xC0) != 0x80) return 0;
        p += more;
    }
    return 1;
}

/* Find the path of a URL whose authority ends at `at`; 0 when its spelling is odd. */
static int path_of(const uint8_t *url, int64_t at, int64_t size, uint32_t *length, uint8_t *mark) {
    const uint8_t *path = url + at, *end = url + size;
    uint8_t found = at < size ? seen(path, size - at) : 0;
    if (found & (BROKEN | QUOTE)) return 0;
    if ((found & (HIDDEN | PERCENT)) && dot_segment(path, end)) return 0;
    if ((found & WIDE) && !sekisho_is_utf8(path, size - at)) return 0;
    if (found & FRAGMENT) end = memchr(path, '#', (size_t)(end - path));
    *length = (uint32_t)(end - path);
    *mark = (uint8_t)(((found & (ENCODED | PERCENT)) ? TO_NORMALISE : 0) | (path == end || *path != '/' ? BARE : 0));
    return 1;
}

int64_t sekisho_addresses(Authorities *all, const Strings *urls, int32_t *codes, uint32_t *starts, uint32_t *sizes, uint8_t *marks) {
    static _Thread_local uint8_t spelled[BLOCK][LONGEST_AUTHORITY];
    Name names[BLOCK];
    int64_t odd = 0;
    for (int64_t from = 0; from < urls->rows; from += BLOCK) {
        int64_t rows = urls->rows - from < BLOCK ? urls->rows - from : BLOCK;
        for (int64_t i = 0; i < rows; i++) {
            int64_t row = from + i, size, at;
            const uint8_t *url = string_at(urls, row, &size);
            codes[row] = url == NULL ? NONE : ODD;
            starts[row] = sizes[row] = marks[row] = 0;
            if (url == NULL || size > LONGEST || (at = scheme(url, size)) == 0) continue;
            at = authority(url, at, size, &names[i], spelled[i]);
            if (at == 0 || !path_of(url, at, size, &sizes[row], &marks[row])) continue;
            starts[row] = (uint32_t)at;
            codes[row] = 0;
            __builtin_prefetch(&all->slots[names[i].hash & all->mask]);
        }
        /* three rounds, so that what one row waits for in memory is fetched while others are looked at */
        for (int64_t i = 0; i < rows; i++)
            if (codes[from + i] == 0 && (codes[from + i] = (int32_t)all->slots[names[i].hash & all->mask]) > 0)
                __builtin_prefetch(&all->found[codes[from + i] - 1]);
        for (int64_t i = 0; i < rows; i++)
            if (codes[from + i] > 0) __builtin_prefetch(all->names + all->found[codes[from + i] - 1].start);
        for (int64_t i = 0; i < rows; i++) {
            int64_t row = from + i;
            odd += codes[row] == ODD;
            if (codes[row] < 0) continue;
            codes[row] = numbered(all, names[i].text, names[i].size, names[i].hash, names[i].plain);
            if (codes[row] < 0) return -1;
        }
    }
    return odd;
}
