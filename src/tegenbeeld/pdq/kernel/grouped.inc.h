/* Many queries: go through each table once, a block at a time. */

enum {
    /* A block of fingerprints that stays in the first-level cache. Found by measuring. */
    BLOCK_BYTES = 32 << 10,
    MOST_GROUP_BITS = 10,
};

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
