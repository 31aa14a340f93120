/* What was found: a list that grows, and its order. */
#include "index.h"

#include <stdlib.h>

enum { FEW = 48 };

int matches_add(Matches *matches, uint64_t key, uint32_t query, uint32_t distance)
{
    if (UNLIKELY(matches->count == matches->room)) {
        size_t room = matches->room ? 2 * matches->room : 64;
        if (room > SIZE_MAX / sizeof(Match))
            return NO_MEMORY;
        Match *items = realloc(matches->items, room * sizeof(Match));
        if (items == NULL)
            return NO_MEMORY;
        matches->items = items;
        matches->room = room;
    }
    matches->items[matches->count++] = (Match){key, query, (uint16_t)distance};
    return OK;
}

static int before(const Match *a, const Match *b)
{
    if (a->query != b->query)
        return a->query < b->query;
    if (a->distance != b->distance)
        return a->distance < b->distance;
    return a->key < b->key;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t left = ((const Match *)a)->key, right = ((const Match *)b)->key;
    return (left > right) - (left < right);
}

static void sort_few(Match *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        Match moved = items[i];
        size_t at = i;
        for (; at > 0 && before(&moved, &items[at - 1]); at--)
            items[at] = items[at - 1];
        items[at] = moved;
    }
}

/* Keys of one distance: mostly in order already, as segments are. */
static void sort_keys(Match *items, size_t count)
{
    size_t ordered = 1;
    while (ordered < count && items[ordered - 1].key <= items[ordered].key)
        ordered++;
    if (ordered < count)
        qsort(items, count, sizeof *items, compare_keys);
}

/* The matches of one query. Counting puts even a cluster of millions in order quickly. */
static void sort_query(Match *items, size_t count, Match *scratch)
{
    size_t ends[MAX_DISTANCE + 2] = {0};
    if (count <= FEW) {
        sort_few(items, count);
        return;
    }
    memcpy(scratch, items, count * sizeof *items);
    for (size_t i = 0; i < count; i++)
        ends[scratch[i].distance + 1]++;
    for (size_t distance = 1; distance <= MAX_DISTANCE; distance++)
        ends[distance] += ends[distance - 1];
    for (size_t i = 0; i < count; i++)
        items[ends[scratch[i].distance]++] = scratch[i];
    for (size_t distance = 0, first = 0; distance <= MAX_DISTANCE; distance++) {
        if (ends[distance] > first)
            sort_keys(items + first, ends[distance] - first);
        first = ends[distance];
    }
}

/* By query, distance and key. */
int matches_sort(Matches *matches, size_t queries)
{
    if (matches->count <= FEW) {
        sort_few(matches->items, matches->count);
        return OK;
    }
    size_t *ends = calloc(queries + 1, sizeof *ends);
    Match *sorted = malloc(matches->count * sizeof *sorted);
    if (ends == NULL || sorted == NULL) {
        free(ends);
        free(sorted);
        return NO_MEMORY;
    }
    for (size_t i = 0; i < matches->count; i++)
        ends[matches->items[i].query + 1]++;
    for (size_t i = 1; i <= queries; i++)
        ends[i] += ends[i - 1];
    for (size_t i = 0; i < matches->count; i++)
        sorted[ends[matches->items[i].query]++] = matches->items[i];
    for (size_t query = 0, first = 0; query < queries; query++) {
        sort_query(sorted + first, ends[query] - first, matches->items);
        first = ends[query];
    }
    free(ends);
    free(matches->items);
    matches->items = sorted;
    matches->room = matches->count;
    return OK;
}
