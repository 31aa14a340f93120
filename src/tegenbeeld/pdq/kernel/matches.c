/* What was found: a list that grows, its order, and the nearest of each query. */
#include "index.h"

#include <stdlib.h>

enum { FEW = 48, FIRST_ROOM = 64, FIRST_MARK = 1 << 16 };

static inline size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* queries: how many will be asked. most: how many matches are kept of each, the nearest. */
Matches matches_none(size_t queries, size_t most)
{
    return (Matches){.queries = queries, .most = most, .mark = larger(FIRST_MARK, queries)};
}

void matches_free(Matches *matches)
{
    free(matches->items);
    free(matches->bounds);
}

/* ---- Order ---- */

static void sort_few(Match *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        Match moved = items[i];
        size_t at = i;
        for (; at > 0 && is_before(&moved, &items[at - 1]); at--)
            items[at] = items[at - 1];
        items[at] = moved;
    }
}

/* Where the ascending run that begins at `first` ends. */
static size_t run_end(const Match *items, size_t first, size_t count)
{
    size_t end = first + 1;
    while (end < count && items[end - 1].key <= items[end].key)
        end++;
    return end < count ? end : count;
}

static void merge(const Match *left, const Match *middle, const Match *end, Match *into)
{
    const Match *right = middle;
    while (left < middle && right < end)
        *into++ = right->key < left->key ? *right++ : *left++;
    while (left < middle)
        *into++ = *left++;
    while (right < end)
        *into++ = *right++;
}

/*
 * Keys of one distance. Each bucket gives them in order, so there are a few long runs, and merging
 * two and two of them is quick; the result lies in `items`.
 */
static void sort_keys(Match *items, size_t count, Match *scratch)
{
    Match *from = items, *into = scratch;
    while (run_end(from, 0, count) < count) {
        for (size_t first = 0; first < count;) {
            size_t middle = run_end(from, first, count);
            size_t end = middle < count ? run_end(from, middle, count) : count;
            merge(from + first, from + middle, from + end, into + first);
            first = end;
        }
        Match *merged = into;
        into = from;
        from = merged;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
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
            sort_keys(items + first, ends[distance] - first, scratch);
        first = ends[distance];
    }
}

static int sort_many(Matches *matches)
{
    size_t *ends = calloc(matches->queries + 1, sizeof *ends);
    Match *sorted = malloc(matches->count * sizeof *sorted);
    if (ends == NULL || sorted == NULL) {
        free(ends);
        free(sorted);
        return NO_MEMORY;
    }
    for (size_t i = 0; i < matches->count; i++)
        ends[matches->items[i].query + 1]++;
    for (size_t i = 1; i <= matches->queries; i++)
        ends[i] += ends[i - 1];
    for (size_t i = 0; i < matches->count; i++)
        sorted[ends[matches->items[i].query]++] = matches->items[i];
    for (size_t query = 0, first = 0; query < matches->queries; query++) {
        sort_query(sorted + first, ends[query] - first, matches->items);
        first = ends[query];
    }
    free(ends);
    free(matches->items);
    matches->items = sorted;
    matches->room = matches->count;
    return OK;
}

/* ---- The nearest of each query ---- */

/* Of a sorted list: each match once, and at most so many of a query. */
static void keep_nearest(Matches *matches)
{
    Match *items = matches->items;
    size_t kept = 0, of_query = 0;
    for (size_t i = 0; i < matches->count; i++) {
        const Match match = items[i];
        int another = kept == 0 || items[kept - 1].query != match.query;
        if (!another && items[kept - 1].key == match.key)
            continue;
        of_query = another ? 1 : of_query + 1;
        if (of_query > matches->most)
            continue;
        items[kept++] = match;
        if (matches->bounds != NULL && of_query == matches->most)
            matches->bounds[match.query] = match;
    }
    matches->count = kept;
}

static int add_bounds(Matches *matches)
{
    matches->bounds = malloc(matches->queries * sizeof(Match));
    if (matches->bounds == NULL)
        return NO_MEMORY;
    for (size_t query = 0; query < matches->queries; query++)
        matches->bounds[query] = (Match){UINT64_MAX, (uint32_t)query, UINT16_MAX};
    return OK;
}

/* By query, distance and key; no more than `most` of each query. */
int matches_sort(Matches *matches)
{
    if (matches->count <= FEW)
        sort_few(matches->items, matches->count);
    else if (sort_many(matches) != OK)
        return NO_MEMORY;
    if (matches->repeated || matches->most < matches->count)
        keep_nearest(matches);
    return OK;
}

/* Make place for one match more. What is too many goes first, if that is worth a sort. */
int matches_make_room(Matches *matches)
{
    if (matches->most != SIZE_MAX && matches->count >= matches->mark) {
        if ((matches->bounds == NULL && add_bounds(matches) != OK) || matches_sort(matches) != OK)
            return NO_MEMORY;
        matches->mark = larger(matches->mark, 2 * matches->count);
        if (matches->count < matches->room)
            return OK;
    }
    size_t room = matches->room ? 2 * matches->room : FIRST_ROOM;
    if (room > SIZE_MAX / sizeof(Match))
        return NO_MEMORY;
    Match *items = realloc(matches->items, room * sizeof(Match));
    if (items == NULL)
        return NO_MEMORY;
    matches->items = items;
    matches->room = room;
    return OK;
}
