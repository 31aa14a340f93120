/*
 * The search, once for each kind of processor. Who includes it defines SEARCH and COMPARE, the names
 * of the two functions, and, in terms of `push` of run.inc.h,
 *
 *     static inline void near_in(Run *run, Table table, Probe probe, uint32_t first, uint32_t last);
 */
#include "settle.inc.h"

static inline Table table_of(const Segment *segment, uint32_t number)
{
    return (Table){segment->starts[number], segment->fingerprints[number], segment->rows, number};
}

/* A bucket so long that the query may give up in the middle of it. */
static void __attribute__((noinline)) probe_long(Run *run, Table table, Probe probe, uint32_t first,
                                                 uint32_t last)
{
    while (first < last && run->status == OK && !has_given_up(run, probe.query)) {
        uint32_t end = last - first > PIECE ? first + PIECE : last;
        near_in(run, table, probe, first, end);
        first = end;
    }
}

static inline void probe_bucket(Run *run, Table table, Probe probe, uint32_t bucket)
{
    uint32_t first = table.starts[bucket], last = table.starts[bucket + 1];
    if (UNLIKELY(first > last || last > table.rows))
        run->status = DAMAGED;
    else if (UNLIKELY(last - first > PIECE))
        probe_long(run, table, probe, first, last);
    else
        near_in(run, table, probe, first, last);
}

#include "scattered.inc.h"

#include "grouped.inc.h"

static int search_in_groups(Run *run, uint32_t count)
{
    Groups groups = {.bits = group_bits_for(run->segment)};
    groups.begins = malloc((((size_t)1 << groups.bits) + 2) * sizeof *groups.begins);
    groups.members = malloc(count * sizeof *groups.members);
    int ready = groups.begins != NULL && groups.members != NULL;
    if (ready)
        search_grouped(run, count, &groups);
    free(groups.begins);
    free(groups.members);
    return ready ? run->status : NO_MEMORY;
}

static int search_run(Run *run, uint32_t count)
{
    /* Going through whole tables pays from about an eighth of their buckets on (measured). */
    size_t probes = (size_t)count * (run->radius ? run->segment->bucket_bits + 1 : 1);
    if (probes * 8 < (size_t)1 << run->segment->bucket_bits || count < 16)
        search_scattered(run, count);
    else
        run->status = search_in_groups(run, count);
    if (run->status == OK)
        compare_all(run, count);
    return run->status;
}

int SEARCH(const Segment *segment, const Query *queries, size_t count, int max_distance,
           Matches *matches)
{
    Run *run = malloc(sizeof *run);
    uint32_t *near = calloc(count + 1, sizeof *near);
    int status = NO_MEMORY;
    if (run != NULL && near != NULL) {
        run->segment = segment;
        run->queries = queries;
        run->max_distance = max_distance;
        run->radius = max_distance / TABLES;
        run->status = OK;
        run->pending = 0;
        run->matches = matches;
        run->near = near;
        run->most_near = LEAST_NEAR + segment->rows / ROWS_FOR_EACH_NEAR;
        status = search_run(run, (uint32_t)count);
    }
    free(near);
    free(run);
    return status;
}

int COMPARE(const Loose *loose, const Query *queries, size_t count, int max_distance,
            Matches *matches)
{
    for (size_t first = 0; first < loose->rows; first += ROWS_AT_A_TIME) {
        size_t end = first + ROWS_AT_A_TIME < loose->rows ? first + ROWS_AT_A_TIME : loose->rows;
        for (size_t q = 0; q < count; q++)
            if (compare_rows(loose, first, end, queries + q, (uint32_t)q, max_distance, matches))
                return NO_MEMORY;
    }
    return OK;
}

#undef SEARCH
#undef COMPARE
