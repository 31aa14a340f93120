/*
 * The search, once for each kind of processor. Who includes it defines SEARCH and COMPARE, the names
 * of the two functions, and
 *
 *     static inline void near_in(Run *run, Table table, Probe probe, uint32_t first, uint32_t last);
 *
 * in terms of `push`. The declarations that it needs come with NEEDS_DECLARATIONS.
 */
#ifdef NEEDS_DECLARATIONS
#undef NEEDS_DECLARATIONS

enum {
    PENDING = 1024,
    WIDEST = 32,
    /* A block of fingerprints that stays in the first-level cache. Found by measuring. */
    BLOCK_BYTES = 32 << 10,
    MOST_GROUP_BITS = 10,
    /* How far ahead bucket starts and fingerprints are asked for, in (table, query) steps. */
    AHEAD_STARTS = 4,
    AHEAD_FINGERPRINTS = 2,
};

/* A place in a table whose fingerprint is near: to be compared in full. */
typedef struct {
    uint32_t place;
    uint32_t query;
    uint32_t table;
} Candidate;

/* One table, by value: the compiler then keeps it in registers. */
typedef struct {
    const uint32_t *starts;
    const uint16_t *fingerprints;
    uint32_t rows;
    uint32_t number;
} Table;

/* What is looked for in a bucket. */
typedef struct {
    uint32_t query;
    uint16_t fingerprint;
    uint16_t limit;
} Probe;

typedef struct {
    const Segment *segment;
    const Query *queries;
    int max_distance;
    int radius;
    int status;
    uint32_t pending;
    Matches *matches;
    Candidate candidates[PENDING];
    uint32_t rows[PENDING];
} Run;

static void settle(Run *run);

static inline void push(Run *run, uint32_t table, uint32_t query, uint32_t place, uint32_t mask)
{
    const Segment *segment = run->segment;
    const uint8_t *ids = segment->ids[table];
    do {
        uint32_t at = place + (uint32_t)__builtin_ctz(mask);
        __builtin_prefetch(ids + (size_t)at * segment->id_bytes);
        run->candidates[run->pending++] = (Candidate){at, query, table};
        mask &= mask - 1;
    } while (mask);
    if (run->pending > PENDING - WIDEST)
        settle(run);
}

#else

static inline int apart(const uint64_t *a, const uint64_t *b)
{
    return __builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
           __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]);
}

/* Several tables may find a hash. Tell whether this is the first that does. */
static int is_first(const Run *run, const Query *query, const uint64_t *words, uint32_t table)
{
    int distance[TABLES];
    for (uint32_t t = 0; t < TABLES; t++)
        distance[t] = __builtin_popcount((uint32_t)(query->substrings[t] ^ substring(words, t)));
    for (uint32_t t = 0; t < table; t++)
        if (distance[t] <= run->radius &&
            distance[t] + distance[(t + 1) % TABLES] <= 2 * run->radius + 1)
            return 0;
    return distance[table] <= run->radius &&
           distance[table] + distance[(table + 1) % TABLES] <= 2 * run->radius + 1;
}

static inline uint32_t row_at(const Segment *segment, uint32_t table, uint32_t place)
{
    uint32_t row;
    /* For ids of three bytes this reads one byte of what follows: the next section or padding. */
    memcpy(&row, segment->ids[table] + (size_t)place * segment->id_bytes, sizeof row);
    return segment->id_bytes == 3 ? row & 0xffffff : row;
}

/* Compare what is pending in full: first ask memory for all hashes, then look at them. */
static void __attribute__((noinline)) settle(Run *run)
{
    const Segment *segment = run->segment;
    for (uint32_t i = 0; i < run->pending; i++) {
        Candidate candidate = run->candidates[i];
        uint32_t row = row_at(segment, candidate.table, candidate.place);
        if (UNLIKELY(row >= segment->rows)) {
            run->status = DAMAGED;
            run->pending = 0;
            return;
        }
        run->rows[i] = row;
        __builtin_prefetch(segment->words + (size_t)row * WORDS);
    }
    for (uint32_t i = 0; i < run->pending; i++) {
        Candidate candidate = run->candidates[i];
        const Query *query = run->queries + candidate.query;
        const uint64_t *words = segment->words + (size_t)run->rows[i] * WORDS;
        int distance = apart(query->words, words);
        if (LIKELY(distance > run->max_distance))
            continue;
        if (!is_first(run, query, words, candidate.table) || is_dead(segment->dead, run->rows[i]))
            continue;
        if (matches_add(run->matches, segment->keys[run->rows[i]], candidate.query,
                        (uint32_t)distance))
            run->status = NO_MEMORY;
    }
    run->pending = 0;
}

static inline Table table_of(const Segment *segment, uint32_t number)
{
    return (Table){segment->starts[number], segment->fingerprints[number], segment->rows, number};
}

static inline void probe_bucket(Run *run, Table table, Probe probe, uint32_t bucket)
{
    uint32_t first = table.starts[bucket], last = table.starts[bucket + 1];
    if (UNLIKELY(first > last || last > table.rows)) {
        run->status = DAMAGED;
        return;
    }
    near_in(run, table, probe, first, last);
}

/* ---- Few queries: each bucket comes from memory, so ask for it well ahead. ---- */

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

/* ---- Many queries: go through each table once, a block at a time. ---- */

/* What one table needs of a query. */
typedef struct {
    uint32_t query;
    uint16_t substring;
    uint16_t following;
} Member;

/* Queries of one table, those of a group (the leading bits of their bucket) together. */
typedef struct {
    uint32_t bits;
    uint32_t *begins;
    Member *members;
} Groups;

static void group_queries(const Run *run, uint32_t table, uint32_t count, Groups *groups)
{
    uint32_t shift = SUBSTRING_BITS - groups->bits, next = (table + 1) % TABLES;
    uint32_t *begins = groups->begins;
    memset(begins, 0, (((size_t)1 << groups->bits) + 2) * sizeof *begins);
    for (uint32_t q = 0; q < count; q++)
        begins[(run->queries[q].substrings[table] >> shift) + 2]++;
    for (uint32_t g = 2; g < (1u << groups->bits) + 2; g++)
        begins[g] += begins[g - 1];
    for (uint32_t q = 0; q < count; q++) {
        const uint16_t *substrings = run->queries[q].substrings;
        Member member = {q, substrings[table], substrings[next]};
        groups->members[begins[(member.substring >> shift) + 1]++] = member;
    }
}

/* A part of the next block, to be in the cache when its turn comes. */
typedef struct {
    const char *at;
    const char *end;
} Stream;

static inline Stream stream_of(const Segment *segment, uint32_t table, uint32_t group,
                               uint32_t group_bits)
{
    uint32_t width = segment->bucket_bits - group_bits;
    if (group >= 1u << group_bits)
        return (Stream){NULL, NULL};
    const uint16_t *fingerprints = segment->fingerprints[table];
    uint32_t first = segment->starts[table][group << width];
    uint32_t last = segment->starts[table][(group + 1) << width];
    if (first > last || last > segment->rows)
        return (Stream){NULL, NULL};
    return (Stream){(const char *)(fingerprints + first), (const char *)(fingerprints + last)};
}

static inline void pull(Stream *stream, size_t lines)
{
    for (; lines > 0 && stream->at < stream->end; lines--, stream->at += 64)
        __builtin_prefetch(stream->at, 0, 2);
}

static void search_group(Run *run, uint32_t number, uint32_t group, const Groups *groups)
{
    const Segment *segment = run->segment;
    const Table table = table_of(segment, number);
    uint32_t shift = SUBSTRING_BITS - segment->bucket_bits;
    uint32_t low_bits = segment->bucket_bits - groups->bits;
    uint16_t most = (uint16_t)(2 * run->radius + 1);
    Stream next = stream_of(segment, number, group + 1, groups->bits);
    uint32_t own = groups->begins[group + 1] - groups->begins[group];
    size_t share = (size_t)(next.end - next.at) / 64 / (own + 1) + 1;
    for (uint32_t i = groups->begins[group]; i < groups->begins[group + 1]; i++) {
        Member member = groups->members[i];
        uint32_t bucket = (uint32_t)member.substring >> shift;
        pull(&next, share);
        probe_bucket(run, table, (Probe){member.query, member.following, most}, bucket);
        if (run->radius == 0)
            continue;
        Probe probe = {member.query, member.following, (uint16_t)(most - 1)};
        for (uint32_t bit = 0; bit < low_bits; bit++)
            probe_bucket(run, table, probe, bucket ^ 1u << bit);
    }
    pull(&next, (size_t)-1);
    if (run->radius == 0)
        return;
    /* Queries of other groups that a flip of a leading bit brings here. */
    for (uint32_t bit = 0; bit < groups->bits; bit++) {
        uint32_t other = group ^ 1u << bit, flip = 1u << (low_bits + bit);
        for (uint32_t i = groups->begins[other]; i < groups->begins[other + 1]; i++) {
            Member member = groups->members[i];
            Probe probe = {member.query, member.following, (uint16_t)(most - 1)};
            probe_bucket(run, table, probe, ((uint32_t)member.substring >> shift) ^ flip);
        }
    }
}

static void search_grouped(Run *run, uint32_t count, Groups *groups)
{
    for (uint32_t table = 0; table < TABLES; table++) {
        group_queries(run, table, count, groups);
        for (uint32_t group = 0; group < 1u << groups->bits && run->status == OK; group++)
            search_group(run, table, group, groups);
        if (run->status == OK)
            settle(run);
    }
}

static uint32_t group_bits_for(const Segment *segment)
{
    uint32_t bits = 0;
    while (bits < MOST_GROUP_BITS && bits < segment->bucket_bits &&
           ((size_t)segment->rows * 2) >> bits > BLOCK_BYTES)
        bits++;
    return bits;
}

int SEARCH(const Segment *segment, const Query *queries, size_t count, int max_distance,
           Matches *matches)
{
    Run *run = malloc(sizeof *run);
    if (run == NULL)
        return NO_MEMORY;
    run->segment = segment;
    run->queries = queries;
    run->max_distance = max_distance;
    run->radius = max_distance / TABLES;
    run->status = OK;
    run->pending = 0;
    run->matches = matches;
    /* Going through whole tables pays from about an eighth of their buckets on (measured). */
    size_t probes = count * (run->radius ? segment->bucket_bits + 1 : 1);
    if (probes * 8 < (size_t)1 << segment->bucket_bits || count < 16) {
        search_scattered(run, (uint32_t)count);
    } else {
        Groups groups = {.bits = group_bits_for(segment)};
        groups.begins = malloc((((size_t)1 << groups.bits) + 2) * sizeof(uint32_t));
        groups.members = malloc(count * sizeof(Member));
        if (groups.begins && groups.members)
            search_grouped(run, (uint32_t)count, &groups);
        else
            run->status = NO_MEMORY;
        free(groups.begins);
        free(groups.members);
    }
    int status = run->status;
    free(run);
    return status;
}

int COMPARE(const Loose *loose, const Query *queries, size_t count, int max_distance,
            Matches *matches)
{
    for (size_t q = 0; q < count; q++)
        for (size_t row = 0; row < loose->rows; row++) {
            int distance = apart(queries[q].words, loose->words + row * WORDS);
            if (UNLIKELY(distance <= max_distance) && !is_dead(loose->dead, row) &&
                matches_add(matches, loose->keys[row], (uint32_t)q, (uint32_t)distance))
                return NO_MEMORY;
        }
    return OK;
}

#undef SEARCH
#undef COMPARE
#endif
