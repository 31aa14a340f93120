/*
 * What the files of the kernel share. It does what ../index/reference.py does, faster.
 *
 * Nothing read from a segment is trusted: bucket starts and row numbers are checked before use, so
 * that a damaged file gives an error and never a read outside of it.
 */
#ifndef TEGENBEELD_INDEX_H
#define TEGENBEELD_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if SIZE_MAX < UINT64_MAX
#error "The kernel counts bytes of segments in 64 bits."
#endif

enum { TABLES = 16, SUBSTRING_BITS = 16, WORDS = 4, MAX_DISTANCE = 31 };

enum status { OK = 0, NO_MEMORY = -1, DAMAGED = -2 };

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* A segment. Little-endian, as the file; see spec/index.md. */
typedef struct {
    uint32_t rows;
    uint32_t bucket_bits;
    uint32_t id_bytes;
    const uint64_t *keys;
    const uint64_t *words;
    const uint8_t *dead;
    const uint32_t *starts[TABLES];
    const uint16_t *fingerprints[TABLES];
    const uint8_t *ids[TABLES];
} Segment;

/* Hashes without tables. */
typedef struct {
    size_t rows;
    const uint64_t *keys;
    const uint64_t *words;
    const uint8_t *dead;
} Loose;

typedef struct {
    uint64_t words[WORDS];
    uint16_t substrings[TABLES];
} Query;

typedef struct {
    uint64_t key;
    uint32_t query;
    uint16_t distance;
} Match;

/* What was found. It grows as it needs to, but to no more than a few times `queries * most`. */
typedef struct {
    Match *items;
    size_t count;
    size_t room;
    size_t queries;
    /* The nearest that are kept of each query; SIZE_MAX for all. */
    size_t most;
    /* From this count on, what is too many goes before the list grows. */
    size_t mark;
    /* For each query the last that was kept when some went; NULL while none did. */
    Match *bounds;
    /* Whether a match may be here twice. */
    int repeated;
} Matches;

Matches matches_none(size_t queries, size_t most);
void matches_free(Matches *matches);
int matches_make_room(Matches *matches);
int matches_sort(Matches *matches);

/* By query, distance and key. */
static inline int is_before(const Match *a, const Match *b)
{
    if (a->query != b->query)
        return a->query < b->query;
    if (a->distance != b->distance)
        return a->distance < b->distance;
    return a->key < b->key;
}

/* Tell whether a match may be among the nearest of its query. */
static inline int matches_wants(const Matches *matches, uint64_t key, uint32_t query,
                                uint32_t distance)
{
    const Match match = {key, query, (uint16_t)distance};
    return matches->bounds == NULL || is_before(&match, &matches->bounds[query]);
}

static inline int matches_add(Matches *matches, uint64_t key, uint32_t query, uint32_t distance)
{
    if (!matches_wants(matches, key, query, distance))
        return OK;
    if (UNLIKELY(matches->count == matches->room) && matches_make_room(matches) != OK)
        return NO_MEMORY;
    matches->items[matches->count++] = (Match){key, query, (uint16_t)distance};
    return OK;
}

/* Adds every match of the queries in a segment. One for each kind of processor. */
typedef int Search(const Segment *, const Query *, size_t count, int max_distance, Matches *);
typedef int Compare(const Loose *, const Query *, size_t count, int max_distance, Matches *);
Search search_generic, search_avx2, search_avx512;
Compare compare_generic, compare_avx2, compare_avx512;

typedef struct {
    const char *name;
    Search *search;
    Compare *compare;
} Kernel;

Kernel choose_kernel(const char *wanted);

int build_table(const uint64_t *words, size_t rows, uint32_t table, uint32_t bucket_bits,
                uint32_t id_bytes, uint32_t *starts, uint16_t *fingerprints, uint8_t *ids);

static inline uint16_t substring(const uint64_t *words, uint32_t number)
{
    return (uint16_t)(words[number / 4] >> (48 - 16 * (number % 4)));
}

static inline int is_dead(const uint8_t *dead, size_t row)
{
    /* Another thread may set bits meanwhile: one more or one less is both right. */
    return *(const volatile uint8_t *)(dead + row / 8) >> (row % 8) & 1;
}

#endif
