/*
 * What is under way while one segment is searched: the places in its tables that look near, and
 * when there are too many of those. Included once by each kind of processor, before its `near_in`.
 */

enum {
    PENDING = 1024,
    WIDEST = 32,
    /* A bucket is read in pieces of so many. */
    PIECE = 4096,
    /* A query that found so many near places, and one for each so many rows, compares all. */
    LEAST_NEAR = 1024,
    ROWS_FOR_EACH_NEAR = 16,
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
    /* Of each query: near places found so far. Beyond `most_near` the tables are no help. */
    uint32_t *near;
    uint32_t most_near;
    Candidate candidates[PENDING];
    uint32_t rows[PENDING];
} Run;

static void settle(Run *run);

static inline int has_given_up(const Run *run, uint32_t query)
{
    return run->near[query] > run->most_near;
}

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
