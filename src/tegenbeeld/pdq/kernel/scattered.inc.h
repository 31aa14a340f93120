/* Few queries: each bucket comes from memory, so ask for it well ahead. */

enum {
    /* How far ahead bucket starts and fingerprints are asked for, in (table, query) steps. */
    AHEAD_STARTS = 4,
    AHEAD_FINGERPRINTS = 2,
};

static inline uint32_t bucket_of(const Run *run, uint32_t table, uint32_t query)
{
    return (uint32_t)run->queries[query].substrings[table] >>
           (SUBSTRING_BITS - run->segment->bucket_bits);
}

static inline void ask_starts(const Run *run, uint32_t table, uint32_t query)
{
    const uint32_t *starts = run->segment->starts[table];
    uint32_t bucket = bucket_of(run, table, query);
    __builtin_prefetch(starts + bucket);
    if (run->radius == 0)
        return;
    /* Sixteen starts share a line: flips of the lowest four bits are near. */
    for (uint32_t bit = 4; bit < run->segment->bucket_bits; bit++)
        __builtin_prefetch(starts + (bucket ^ 1u << bit));
}

static inline void ask_bucket(const Run *run, uint32_t table, uint32_t bucket)
{
    const uint32_t *starts = run->segment->starts[table];
    const uint16_t *fingerprints = run->segment->fingerprints[table];
    const char *at = (const char *)(fingerprints + starts[bucket]);
    const char *end = (const char *)(fingerprints + starts[bucket + 1]);
    /* Longer buckets are left to the processor's own prefetching. */
    if (end > at + 512)
        end = at + 512;
    for (at = (const char *)((uintptr_t)at & ~(uintptr_t)63); at < end; at += 64)
        __builtin_prefetch(at);
}

static inline void ask_fingerprints(const Run *run, uint32_t table, uint32_t query)
{
    uint32_t bucket = bucket_of(run, table, query);
    ask_bucket(run, table, bucket);
    if (run->radius == 0)
        return;
    for (uint32_t bit = 0; bit < run->segment->bucket_bits; bit++)
        ask_bucket(run, table, bucket ^ 1u << bit);
}

static void probe_query(Run *run, uint32_t number, uint32_t query)
{
    Table table = table_of(run->segment, number);
    uint32_t bucket = bucket_of(run, number, query);
    uint16_t following = run->queries[query].substrings[(number + 1) % TABLES];
    Probe probe = {query, following, (uint16_t)(2 * run->radius + 1)};
    probe_bucket(run, table, probe, bucket);
    if (run->radius == 0)
        return;
    probe.limit--;
    for (uint32_t bit = 0; bit < run->segment->bucket_bits; bit++)
        probe_bucket(run, table, probe, bucket ^ 1u << bit);
}

static void search_scattered(Run *run, uint32_t count)
{
    size_t steps = (size_t)TABLES * count;
    for (size_t step = 0; step < steps + AHEAD_STARTS && run->status == OK; step++) {
        size_t ahead = step;
        if (ahead < steps)
            ask_starts(run, (uint32_t)(ahead % TABLES), (uint32_t)(ahead / TABLES));
        ahead = step - AHEAD_STARTS + AHEAD_FINGERPRINTS;
        if (ahead < steps)
            ask_fingerprints(run, (uint32_t)(ahead % TABLES), (uint32_t)(ahead / TABLES));
        ahead = step - AHEAD_STARTS;
        if (ahead < steps)
            probe_query(run, (uint32_t)(ahead % TABLES), (uint32_t)(ahead / TABLES));
    }
    settle(run);
}
