/* Compiles robots.txt: for every token asked, the programs that decide where it may go, and the shape of all else that the file says.
 *
 * The readable twin is sekisho.signals.robots_groups (and robots._intents for doubts): what is compiled only groups addresses that the readers
 * on the shelf answer alike. A shape holds for each kind of token: whether it is named, the places of its programs, the extensions' lines.
 */
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "robots_lines.h"

#define MOST_PROGRAMS 1024
#define MOST_PATHS 64       /* of Content-Usage lines */
#define SHORT_OF_MEMORY (-1)
#define NOT_COMPILED (-2)   /* the readers have to be asked address by address */
#define NO_GROUPS 16
#define MENTIONS_DIRECTIVE 32
#define FOR_EVERYBODY 64
#define NOBODY_ASKED UINT16_MAX /* what the group for everybody says where each token asked has a group of its own */

/* What one kind of token hears of a file: numbers of programs in the file's list and of its extension lines, 0 for none. */
typedef struct {
    uint16_t uses, named, crawl, malformed, expired, extension;
} Hearing;

typedef struct {
    Table *table;
    Robots robots;
    uint16_t flags;
    uint32_t programs[MOST_PROGRAMS];
    int64_t program_count;
    Hearing hearings[MOST_TOKENS + 1];
    int64_t hearing_count;
    uint32_t paths[MOST_PATHS];
    int64_t path_count;
    int32_t failed; /* SHORT_OF_MEMORY or NOT_COMPILED, once something went wrong */
} File;

int64_t sekisho_table_robots(Table *table, const Strings *bodies, const uint8_t *flags, int32_t *files);

/* A group of lines as one token sees it: those that call the token, or those for everybody when `token` is negative. */
static int speaks(const File *file, enum View view, uint32_t group, int64_t token) {
    const Group *found = &file->robots.groups[view][group];
    return token < 0 ? found->star : has_token(found, token);
}

static int is_named(const File *file, int64_t token) {
    for (int64_t g = 0; g < file->robots.group_count[CRAWL]; g++)
        if (has_token(&file->robots.groups[CRAWL][g], token)) return 1;
    return 0;
}

/* ---- programs ---- */

/* Add a pattern to the drafts: normalised, a final dollar taken as the end, other dollars as themselves, needless asterisks at its end dropped. */
static void draft(File *file, const uint8_t *raw, int64_t size, uint16_t outcome) {
    Blob *drafts = &file->table->scratch[4], *texts = &file->table->scratch[5], *plain = &file->table->scratch[6];
    uint32_t anchored = size > 0 && raw[size - 1] == '$';
    plain->size = 0;
    if (!more(plain, size * 3) || !more(texts, size * 9)) {
        file->failed = SHORT_OF_MEMORY;
        return;
    }
    int64_t length = sekisho_normalise(raw, size - anchored, 0, plain->bytes);
    Draft one = {(uint32_t)texts->size, (uint32_t)(length + anchored), 0, outcome, anchored ? AT_END : OPEN};
    while (!anchored && length > 1 && plain->bytes[length - 1] == '*') length--;
    if (!anchored && length == 1 && plain->bytes[0] == '*') plain->bytes[0] = '/'; /* every target begins with a slash */
    for (int64_t i = 0; i < length; i++) {
        if (plain->bytes[i] == '$') put(texts, "%24", 3);
        else put(texts, &plain->bytes[i], 1);
    }
    int64_t written = texts->size - one.at;
    one.size = (uint16_t)written;
    if (written > UINT16_MAX || !put(drafts, &one, sizeof one)) file->failed = written > UINT16_MAX ? NOT_COMPILED : SHORT_OF_MEMORY;
}

static _Thread_local const uint8_t *compared; /* the texts of the drafts being sorted */

/* The longest first, what permits before what refuses (RFC 9309 section 2.2.2), then by the text, so that equal programs are equal. */
static int precedence(const void *a, const void *b) {
    const Draft *one = a, *other = b;
    if (one->octets != other->octets) return one->octets > other->octets ? -1 : 1;
    if (one->outcome != other->outcome) return one->outcome < other->outcome ? -1 : 1;
    if (one->end != other->end) return one->end < other->end ? -1 : 1;
    if (one->size != other->size) return one->size < other->size ? -1 : 1;
    return memcmp(compared + one->at, compared + other->at, one->size);
}

/* The place in the file's list of the program that the drafts make; 0 when nothing they say makes a difference. */
static uint16_t program(File *file, int crawl) {
    Table *table = file->table;
    Draft *drafts = (Draft *)(void *)table->scratch[4].bytes;
    int64_t count = table->scratch[4].size / (int64_t)sizeof *drafts, kept = 0;
    if (file->failed || count == 0) return 0;
    compared = table->scratch[5].bytes;
    qsort(drafts, (size_t)count, sizeof *drafts, precedence);
    for (int64_t i = 0; i < count; i++) {
        if (kept > 0 && precedence(&drafts[kept - 1], &drafts[i]) == 0) continue;
        drafts[kept++] = drafts[i];
        if (drafts[i].end == OPEN && drafts[i].size == 1 && compared[drafts[i].at] == '/') break; /* it covers everything */
    }
    while (kept > 0 && drafts[kept - 1].outcome == 0) kept--;
    if (kept == 0) return 0;
    int64_t number = program_of(table, drafts, kept, compared, crawl);
    if (number < 0) {
        file->failed = SHORT_OF_MEMORY;
        return 0;
    }
    for (int64_t i = 0; i < file->program_count; i++)
        if (file->programs[i] == (uint32_t)number) return (uint16_t)(i + 1);
    if (file->program_count == MOST_PROGRAMS) {
        file->failed = NOT_COMPILED;
        return 0;
    }
    file->programs[file->program_count++] = (uint32_t)number;
    return (uint16_t)file->program_count;
}

static void no_drafts(File *file) { file->table->scratch[4].size = file->table->scratch[5].size = 0; }

static uint16_t crawl_program(File *file, int64_t token) {
    no_drafts(file);
    for (int64_t i = 0; i < file->robots.count && !file->failed; i++) {
        const Line *line = &file->robots.lines[i];
        if ((line->key == ALLOW || line->key == DISALLOW) && is_path(line) && speaks(file, CRAWL, line->group[CRAWL], token))
            draft(file, line->value, line->size, line->key == DISALLOW);
    }
    return program(file, 1);
}

/* Path and query of a value that names a whole address (sekisho.formats.path_pattern.raw_target). */
static void path_in(const uint8_t **value, int64_t *size) {
    int64_t at = 0, rest = 0;
    for (; at < *size && rest == 0; at++) {
        if (*size - at >= 3 && memcmp(*value + at, "://", 3) == 0) rest = at + 3;
        else if (memchr("/?;#", (*value)[at], 4) != NULL) break;
    }
    if (rest == 0 && *size >= 2 && memcmp(*value, "//", 2) == 0) rest = 2;
    while (rest < *size && memchr("/?;", (*value)[rest], 3) == NULL) rest++;
    *value += rest;
    *size -= rest;
}

static int names_an_address(const Line *line) {
    for (int64_t i = 0; i + 3 <= line->size; i++)
        if (memcmp(line->value + i, "://", 3) == 0) return 1;
    return 0;
}

/* Draft what a refusal that misses the grammar means: its value as a path. */
static void draft_meant(File *file, const Line *line) {
    const uint8_t *value = line->value;
    int64_t size = line->size;
    int address = names_an_address(line);
    if (address && !sekisho_is_utf8(value, size)) file->failed = NOT_COMPILED;
    if (address) path_in(&value, &size);
    if (size > 0 && (value[0] == '/' || (value[0] == '*' && !address))) {
        draft(file, value, size, 1);
        return;
    }
    Blob *path = &file->table->scratch[7];
    path->size = 0;
    if (put(path, "/", 1) && put(path, value, size)) draft(file, path->bytes, path->size, 1);
    else file->failed = SHORT_OF_MEMORY;
}

/* The program of the lines that mean to refuse but miss the grammar, with the one key or the other (sekisho.signals.robots._intents). */
static uint16_t doubts(File *file, int64_t token, enum Key key) {
    no_drafts(file);
    for (int64_t i = 0; i < file->robots.count && !file->failed; i++) {
        const Line *line = &file->robots.lines[i];
        uint32_t group = line->group[USE];
        if (line->key != key || line->size == 0) continue;
        int orphan = token < 0 && !file->robots.groups[USE][group].anybody;
        if (orphan || (speaks(file, USE, group, token) && (key == REFUSES || !is_path(line)))) draft_meant(file, line);
    }
    return program(file, 0);
}

/* ---- extensions ---- */

static int is_extension(enum Key key) { return key == USAGE || key == SIGNAL || key == LICENSE || key == ALLOWS; }

/* Whether a License names a plain address: then which one it is makes no difference to the facts. */
static int plain_address(const Line *line) {
    int64_t start = line->size > 8 && memcmp(line->value, "https://", 8) == 0 ? 8 : line->size > 7 && memcmp(line->value, "http://", 7) == 0 ? 7 : 0;
    if (start == 0 || line->value[start] == '/' || line->value[start] == '.') return 0;
    for (int64_t i = start; i < line->size; i++) {
        uint8_t c = line->value[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/')) return 0;
        if (c == '.' && line->value[i - 1] == '/') return 0;
    }
    return 1;
}

/* Write the extension lines that a token hears; 1 when there are any. */
static int extension_lines(File *file, int64_t token, Blob *out) {
    int found = 0;
    for (int orphans = 1; orphans >= 0; orphans--) {
        for (int64_t i = 0; i < file->robots.count; i++) {
            const Line *line = &file->robots.lines[i];
            int outside = !file->robots.groups[USE][line->group[USE]].agents;
            if (!is_extension(line->key) || outside != orphans || (!outside && !speaks(file, USE, line->group[USE], token))) continue;
            uint8_t head[2] = {(uint8_t)('0' + line->key), (uint8_t)(outside ? 'o' : 'g')};
            int plain = line->key == LICENSE && plain_address(line);
            if (!put(out, head, 2) || !put(out, plain ? (const uint8_t *)"/" : line->value, plain ? 1 : line->size) || !put(out, "\n", 1)) {
                file->failed = SHORT_OF_MEMORY;
                return 0;
            }
            found = 1;
        }
    }
    return found;
}

/* The number, from 1, of what a token hears of the extensions among the contents met in this file; 0 for nothing. */
static uint16_t extension(File *file, int64_t token, uint16_t *contents) {
    Blob *held = &file->table->scratch[8], *fresh = &file->table->scratch[9];
    fresh->size = 0;
    if (!extension_lines(file, token, fresh)) return 0;
    uint16_t number = 1;
    for (int64_t at = 0; at < held->size; number++) {
        uint32_t size;
        memcpy(&size, held->bytes + at, sizeof size);
        if (size == fresh->size && memcmp(held->bytes + at + sizeof size, fresh->bytes, size) == 0) return number;
        at += (int64_t)sizeof size + size;
    }
    uint32_t size = (uint32_t)fresh->size;
    if (!put(held, &size, sizeof size) || !put(held, fresh->bytes, fresh->size)) file->failed = SHORT_OF_MEMORY;
    return *contents = number;
}

/* A program of its own for each path of a Content-Usage line, so that it is known which of them cover a target. */
static void usage_paths(File *file) {
    for (int64_t i = 0; i < file->robots.count && !file->failed; i++) {
        const Line *line = &file->robots.lines[i];
        if (line->key != USAGE || line->size == 0 || line->value[0] != '/') continue;
        int64_t size = 0;
        while (size < line->size && line->value[size] != ' ' && line->value[size] != '\t') size++;
        no_drafts(file);
        draft(file, line->value, size, 1);
        if (file->path_count == MOST_PATHS) file->failed = NOT_COMPILED;
        else file->paths[file->path_count++] = program(file, 0);
    }
}

static int mentions_directive(const uint8_t *body, int64_t size) {
    for (const uint8_t *p = body; size >= 8 && (p = memchr(p, '2', (size_t)(body + size - 7 - p))) != NULL; p++)
        if (memcmp(p, "2019/790", 8) == 0) return 1;
    return 0;
}

/* ---- files ---- */

/* Give every token a number such that those with equal numbers are called by the same groups of both views; -1 is left for tokens not named. */
static void classified(const File *file, int64_t *classes) {
    static _Thread_local int64_t parted[MOST_TOKENS], part[MOST_TOKENS];
    for (int64_t t = 0; t < file->table->token_count; t++) classes[t] = is_named(file, t) ? 0 : -1;
    for (int view = 0; view < VIEWS; view++) {
        for (int64_t g = 0; g < file->robots.group_count[view]; g++) {
            const Group *group = &file->robots.groups[view][g];
            int64_t parts = 0;
            for (int64_t t = 0; t < file->table->token_count; t++) {
                if (classes[t] < 0 || !has_token(group, t)) continue;
                int64_t p = 0;
                while (p < parts && parted[p] != classes[t]) p++;
                if (p == parts) {
                    parted[parts] = classes[t];
                    part[parts++] = t + 1 + (g + 1) * (MOST_TOKENS + 1) + view * (file->robots.group_count[0] + 2) * (MOST_TOKENS + 1);
                }
                classes[t] = part[p];
            }
        }
    }
}

static void heard(File *file, Hearing hearing) { /* once */
    for (int64_t i = 0; i < file->hearing_count; i++)
        if (memcmp(&file->hearings[i], &hearing, sizeof hearing) == 0) return;
    file->hearings[file->hearing_count++] = hearing;
}

static Hearing hearing_of(File *file, int64_t token, uint16_t *contents) {
    return (Hearing){0, token >= 0, crawl_program(file, token), doubts(file, token, DISALLOW), doubts(file, token, REFUSES), extension(file, token, contents)};
}

/* What every token hears; tokens that the same groups call hear the same. */
static void hearings(File *file, uint16_t *contents) {
    int64_t classes[MOST_TOKENS], count = file->table->token_count;
    Hearing of_class[MOST_TOKENS], general = {0};
    int extended = 0, unnamed = 0;
    classified(file, classes);
    for (int64_t i = 0; i < file->robots.count; i++) extended |= is_extension(file->robots.lines[i].key);
    for (int64_t t = 0; t < count; t++) unnamed |= classes[t] < 0;
    if (extended || unnamed) general = hearing_of(file, -1, contents);
    general.uses = NOBODY_ASKED;
    if (extended && !unnamed) heard(file, general);
    for (int64_t t = 0; t < count && !file->failed; t++) {
        int64_t like = 0;
        while (like < t && classes[like] != classes[t]) like++;
        of_class[t] = classes[t] < 0 ? general : like < t ? of_class[like] : hearing_of(file, t, contents);
        of_class[t].uses = file->table->tokens[t].uses;
        heard(file, of_class[t]);
    }
}

static uint16_t has_group_for_everybody(const File *file) {
    for (int64_t g = 0; g < file->robots.group_count[USE]; g++)
        if (file->robots.groups[USE][g].star) return FOR_EVERYBODY;
    return 0;
}

/* The number of the compiled file; negative when it is not compiled. */
static int32_t compiled(Table *table, const uint8_t *body, int64_t size, uint8_t flags) {
    static _Thread_local File file;
    uint16_t contents = 0;
    file.table = table;
    file.flags = flags;
    file.program_count = file.hearing_count = file.path_count = file.failed = 0;
    table->scratch[8].size = 0;
    if (!robots_read(table, body, size, &file.robots)) return SHORT_OF_MEMORY;
    hearings(&file, &contents);
    usage_paths(&file);
    if (file.robots.group_count[CRAWL] == 1 && !file.robots.groups[CRAWL][ORPHANS].members) file.flags |= NO_GROUPS;
    if (contents > 0 && mentions_directive(body, size)) file.flags |= MENTIONS_DIRECTIVE;
    if (contents > 0) file.flags |= has_group_for_everybody(&file);
    if (file.failed) return file.failed;
    Blob *shape = &table->scratch[10];
    uint16_t head[4] = {file.flags, (uint16_t)file.hearing_count, contents, (uint16_t)file.path_count};
    shape->size = 0;
    if (!put(shape, head, sizeof head) || !put(shape, file.hearings, file.hearing_count * (int64_t)sizeof(Hearing)) ||
        !put(shape, file.paths, file.path_count * (int64_t)sizeof *file.paths) || !put(shape, table->scratch[8].bytes, table->scratch[8].size))
        return SHORT_OF_MEMORY;
    return (int32_t)sekisho_table_file(table, shape->bytes, shape->size, file.programs, file.program_count);
}

/* Compile bodies (null ones are skipped) under flags that say what was wrong with each; files gets their numbers, NOT_COMPILED for some. */
int64_t sekisho_table_robots(Table *table, const Strings *bodies, const uint8_t *flags, int32_t *files) {
    for (int64_t row = 0; row < bodies->rows; row++) {
        int64_t size;
        const uint8_t *body = string_at(bodies, row, &size);
        files[row] = NOT_COMPILED;
        if (body != NULL) files[row] = compiled(table, body, size, flags[row]);
        if (files[row] == SHORT_OF_MEMORY) return SHORT_OF_MEMORY;
    }
    return bodies->rows;
}
