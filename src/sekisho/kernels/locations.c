/* Locations: for every row the site it lies on, and a signature of which rules of that site's files cover its path.
 *
 * Rows of equal signature are answered alike; what the answer is, the readers on the shelf say once for each. The host table is read-only memory.
 * The readable twin is sekisho.locations.Locations, which asks the readers address by address.
 */
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "patterns.h"

#define BLOCK 32 /* rows whose look-ups overlap */
#define NOWHERE (-1)
#define BY_ADDRESS (-2) /* the readers have to be asked about this very address */
#define UNSEEN 0        /* the site of authorities of which nothing was observed */
#define SHORT_OF_MEMORY (-1)
#define NOTHING INT64_MIN /* no moment of capture */
#define NO_RECORD (-1)

enum { TO_NORMALISE = 1, BARE = 2 };             /* marks of rows */
enum { UNCOMPILED = 1, ANSWERS = 2, DATED = 4 }; /* flags of sites */

/* What was observed at one authority, as it counts on the day of use. */
typedef struct {
    uint32_t shape;             /* the signature of a row that no rule covers */
    uint32_t programs, count;   /* where its programs are listed */
    uint32_t dates, date_count; /* of observations that count for what was captured since; the sites that hold between them follow */
    uint32_t later;             /* the first of those sites: for what was captured before all dates */
    uint32_t flags;
    int32_t record; /* the number of its record, NO_RECORD or SEVERAL */
} Site;

typedef struct {
    const uint32_t *slots; /* of authorities: number + 1, or 0 */
    uint64_t slot_mask;
    const int64_t *name_starts;
    const uint8_t *names;
    const uint32_t *site_of; /* by authority */
    const Site *sites;
    const uint32_t *programs;
    const int64_t *dates;
    const Program *program;
    const Rule *rules;
    const uint8_t *texts;
    const uint64_t *answers; /* hashes of addresses that were answered, or 0 */
    uint64_t answer_mask;
} HostTable;

/* Signatures by how they come about: the one before, the step, and which rule decided there. */
typedef struct {
    uint32_t before, row;
    uint16_t step, decided;
    uint32_t site;
} Step;

typedef struct {
    Step *steps;
    uint32_t *slots;
    uint64_t mask;
    int64_t first, count, room; /* signatures below `first` are shapes */
} Signatures;

typedef struct {
    const Strings *urls;
    const uint32_t *starts, *sizes;
    const uint8_t *marks;
    const int64_t *captured; /* or NULL */
    const int32_t *codes;    /* of authorities */
    const int32_t *sites;    /* by authority: its site */
    const uint64_t *hashes;  /* by authority, of its name */
} Rows;

typedef struct {
    uint8_t *bytes;
    int64_t room;
} Scratch;

void sekisho_locations_name_hashes(const Strings *names, uint64_t *hashes);
void sekisho_locations_resolve(const HostTable *table, const Strings *names, const uint64_t *hashes, int32_t *sites);
Signatures *sekisho_signatures_new(int64_t shapes);
void sekisho_signatures_free(Signatures *all);
int64_t sekisho_signatures_since(const Signatures *all, int64_t first, Step *out);
int64_t sekisho_locations(const HostTable *table, Signatures *all, const Rows *rows, int32_t *sites, int32_t *signatures, int32_t *records);
int64_t sekisho_locations_hashes(const Rows *rows, uint64_t *hashes);
void sekisho_locations_answers(const uint64_t *hashes, int64_t count, uint64_t *answers, uint64_t mask);
void sekisho_locations_slots(const Strings *names, uint32_t *slots, uint64_t mask);

/* The hash of each name of an authority. */
void sekisho_locations_name_hashes(const Strings *names, uint64_t *hashes) {
    for (int64_t row = 0; row < names->rows; row++) {
        int64_t size = 0;
        const uint8_t *name = string_at(names, row, &size);
        hashes[row] = hash_of(name, size);
    }
}

/* The site of each authority by its name. */
void sekisho_locations_resolve(const HostTable *table, const Strings *names, const uint64_t *hashes, int32_t *sites) {
    for (int64_t row = 0; row < names->rows; row++) {
        int64_t size = 0;
        const uint8_t *name = string_at(names, row, &size);
        sites[row] = UNSEEN;
        for (uint64_t at = hashes[row] & table->slot_mask; table->slots[at]; at = (at + 1) & table->slot_mask) {
            uint32_t known = table->slots[at] - 1;
            int64_t start = table->name_starts[known];
            if (table->name_starts[known + 1] - start != size || memcmp(table->names + start, name, (size_t)size) != 0) continue;
            sites[row] = (int32_t)table->site_of[known];
            break;
        }
    }
}

Signatures *sekisho_signatures_new(int64_t shapes) {
    Signatures *all = calloc(1, sizeof *all);
    if (all == NULL) return NULL;
    all->first = shapes;
    all->mask = 4095;
    all->slots = calloc(all->mask + 1, sizeof *all->slots);
    if (all->slots == NULL) {
        free(all);
        return NULL;
    }
    return all;
}

void sekisho_signatures_free(Signatures *all) {
    if (all == NULL) return;
    free(all->steps);
    free(all->slots);
    free(all);
}

/* Signatures from number `first` on, counted without the shapes; how many there are in all, nothing written when `out` is NULL. */
int64_t sekisho_signatures_since(const Signatures *all, int64_t first, Step *out) {
    if (out != NULL && all->count > first) memcpy(out, all->steps + first, (size_t)(all->count - first) * sizeof *out);
    return all->count;
}

static uint64_t step_hash(uint32_t before, uint16_t step, uint16_t decided) {
    uint64_t hash = ((uint64_t)before << 32 | (uint64_t)step << 16 | decided) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 31;
}

static int spread(Signatures *all) {
    uint64_t mask = all->mask * 2 + 1;
    uint32_t *slots = calloc(mask + 1, sizeof *slots);
    if (slots == NULL) return 0;
    for (int64_t i = 0; i < all->count; i++) {
        const Step *step = &all->steps[i];
        uint64_t at = step_hash(step->before, step->step, step->decided) & mask;
        while (slots[at]) at = (at + 1) & mask;
        slots[at] = (uint32_t)i + 1;
    }
    free(all->slots);
    all->slots = slots;
    all->mask = mask;
    return 1;
}

/* The signature after one more step; it is added when it is new. SHORT_OF_MEMORY when it cannot be. */
static int64_t stepped(Signatures *all, Step next) {
    uint64_t at = step_hash(next.before, next.step, next.decided) & all->mask;
    for (; all->slots[at]; at = (at + 1) & all->mask) {
        const Step *known = &all->steps[all->slots[at] - 1];
        if (known->before == next.before && known->step == next.step && known->decided == next.decided) return all->first + all->slots[at] - 1;
    }
    if (all->count == all->room) {
        int64_t room = all->room ? all->room * 2 : 1024;
        Step *steps = realloc(all->steps, (size_t)room * sizeof *steps);
        if (steps == NULL) return SHORT_OF_MEMORY;
        all->steps = steps;
        all->room = room;
    }
    all->steps[all->count] = next;
    all->slots[at] = (uint32_t)++all->count;
    if ((uint64_t)all->count * 2 > all->mask && !spread(all)) return SHORT_OF_MEMORY;
    return all->first + all->count - 1;
}

/* The site that holds for what was captured at a moment. */
static uint32_t dated(const HostTable *table, uint32_t number, int64_t captured) {
    const Site *site = &table->sites[number];
    if (!(site->flags & DATED) || captured == NOTHING) return number;
    uint32_t passed = 0;
    while (passed < site->date_count && table->dates[site->dates + passed] <= captured) passed++;
    return site->later + passed;
}

/* The path and query of a row as programs are asked; 0 when memory is short. */
static int asked_for(const Rows *rows, int64_t row, Scratch *scratch, Target *target) {
    int64_t size, length = rows->sizes[row];
    const uint8_t *path = string_at(rows->urls, row, &size) + rows->starts[row];
    if (rows->marks[row]) {
        if (length * 3 + 1 > scratch->room) {
            uint8_t *bytes = realloc(scratch->bytes, (size_t)(length * 6 + 4096));
            if (bytes == NULL) return 0;
            *scratch = (Scratch){bytes, length * 6 + 4096};
        }
        int64_t bare = rows->marks[row] & BARE ? 1 : 0;
        scratch->bytes[0] = '/';
        length = bare + sekisho_normalise(path, length, 1, scratch->bytes + bare);
        path = scratch->bytes;
    }
    *target = target_of(path, length);
    return 1;
}

static uint64_t answer_hash(uint64_t authority, const Target *target) {
    uint64_t hash = authority ^ hash_of(target->text, target->size) * 0x9E3779B97F4A7C15u;
    return hash ? hash : 1;
}

static int was_answered(const HostTable *table, uint64_t authority, const Target *target) {
    uint64_t hash = answer_hash(authority, target);
    for (uint64_t at = hash & table->answer_mask; table->answers[at]; at = (at + 1) & table->answer_mask)
        if (table->answers[at] == hash) return 1;
    return 0;
}

static int is_robots_txt(const Target *target) { return target->size == 11 && memcmp(target->text, "/robots.txt", 11) == 0; }

/* The signature of one row at its site. */
static int64_t signature(const HostTable *table, Signatures *all, const Rows *rows, int64_t row, uint32_t number, Scratch *scratch) {
    const Site *site = &table->sites[number];
    int64_t found = site->shape;
    Target target;
    if (site->flags & UNCOMPILED) return BY_ADDRESS;
    if (site->count == 0 && !(site->flags & ANSWERS)) return found;
    if (!asked_for(rows, row, scratch, &target)) return INT64_MIN;
    if (site->flags & ANSWERS && was_answered(table, rows->hashes[rows->codes[row]], &target)) return BY_ADDRESS;
    for (uint32_t i = 0; i < site->count; i++) {
        const Program *program = &table->program[table->programs[site->programs + i]];
        uint16_t outcome = program->crawl && is_robots_txt(&target) ? 0 : decided(program, table->rules, table->texts, &target);
        if (outcome == 0) continue;
        found = stepped(all, (Step){(uint32_t)found, (uint32_t)row, (uint16_t)i, outcome, number});
        if (found < 0) return INT64_MIN;
    }
    return found;
}

/* Fetch ahead what a block of rows will read, one hop a round; the barrier keeps compilers from taking this for doing nothing. */
static void prefetch(const HostTable *table, const int32_t *sites, int64_t rows) {
    for (int64_t i = 0; i < rows; i++)
        if (sites[i] >= 0) __builtin_prefetch(&table->sites[sites[i]]);
    for (int64_t i = 0; i < rows; i++)
        if (sites[i] >= 0) __builtin_prefetch(&table->programs[table->sites[sites[i]].programs]);
    for (int64_t i = 0; i < rows; i++)
        if (sites[i] >= 0 && table->sites[sites[i]].count) __builtin_prefetch(&table->program[table->programs[table->sites[sites[i]].programs]]);
    for (int64_t i = 0; i < rows; i++) {
        if (sites[i] < 0 || table->sites[sites[i]].count == 0) continue;
        const Program *program = &table->program[table->programs[table->sites[sites[i]].programs]];
        __builtin_prefetch(&table->rules[program->rules]);
        __builtin_prefetch(&table->rules[program->rules + program->count]);
    }
    __asm__ volatile("" ::: "memory");
}

/* Fill in site, signature and record of every row: NOWHERE without an authority. */
int64_t sekisho_locations(const HostTable *table, Signatures *all, const Rows *rows, int32_t *sites, int32_t *signatures, int32_t *records) {
    Scratch scratch = {NULL, 0};
    int64_t failed = 0, count = rows->urls->rows;
    for (int64_t from = 0; from < count && !failed; from += BLOCK) {
        int64_t block = count - from < BLOCK ? count - from : BLOCK;
        for (int64_t row = from; row < from + block; row++) {
            sites[row] = rows->codes[row] < 0 ? NOWHERE : rows->sites[rows->codes[row]];
            if (sites[row] < 0) continue;
            if (rows->captured != NULL) sites[row] = (int32_t)dated(table, (uint32_t)sites[row], rows->captured[row]);
            int64_t size;
            __builtin_prefetch(string_at(rows->urls, row, &size) + rows->starts[row]);
        }
        prefetch(table, sites + from, block);
        for (int64_t row = from; row < from + block && !failed; row++) {
            int64_t found = sites[row] < 0 ? sites[row] : signature(table, all, rows, row, (uint32_t)sites[row], &scratch);
            failed = found == INT64_MIN || found > INT32_MAX;
            signatures[row] = (int32_t)found;
            records[row] = sites[row] < 0 ? NO_RECORD : table->sites[sites[row]].record;
        }
    }
    free(scratch.bytes);
    return failed ? SHORT_OF_MEMORY : count;
}

/* The hash of each row's address, 0 where there is none: equal addresses have equal hashes. */
int64_t sekisho_locations_hashes(const Rows *rows, uint64_t *hashes) {
    Scratch scratch = {NULL, 0};
    int64_t row = 0;
    for (; row < rows->urls->rows; row++) {
        Target target;
        hashes[row] = 0;
        if (rows->codes[row] < 0) continue;
        if (!asked_for(rows, row, &scratch, &target)) break;
        hashes[row] = answer_hash(rows->hashes[rows->codes[row]], &target);
    }
    free(scratch.bytes);
    return row == rows->urls->rows ? row : SHORT_OF_MEMORY;
}

/* Fill the set of the addresses that were answered, more than half of it left empty. */
void sekisho_locations_answers(const uint64_t *hashes, int64_t count, uint64_t *answers, uint64_t mask) {
    for (int64_t i = 0; i < count; i++) {
        uint64_t at = hashes[i] & mask;
        while (answers[at] && answers[at] != hashes[i]) at = (at + 1) & mask;
        answers[at] = hashes[i];
    }
}

/* Fill the table by which authorities are found by their names, more than half of it left empty. */
void sekisho_locations_slots(const Strings *names, uint32_t *slots, uint64_t mask) {
    for (int64_t row = 0; row < names->rows; row++) {
        int64_t size = 0;
        const uint8_t *name = string_at(names, row, &size);
        uint64_t at = hash_of(name, size) & mask;
        while (slots[at]) at = (at + 1) & mask;
        slots[at] = (uint32_t)row + 1;
    }
}
