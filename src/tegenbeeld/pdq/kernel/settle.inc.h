/* Comparing in full: the places that look near, or, where a cluster makes these too many, all. */

enum { ROWS_AT_A_TIME = 512 };

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

/* Find the rows of what is pending, and ask memory for their hashes. Gives how many there are. */
static inline uint32_t find_rows(Run *run)
{
    const Segment *segment = run->segment;
    uint32_t count = 0;
    for (uint32_t i = 0; i < run->pending; i++) {
        Candidate candidate = run->candidates[i];
        if (UNLIKELY(has_given_up(run, candidate.query)))
            continue;
        run->near[candidate.query]++;
        uint32_t row = row_at(segment, candidate.table, candidate.place);
        if (UNLIKELY(row >= segment->rows)) {
            run->status = DAMAGED;
            return 0;
        }
        run->candidates[count] = candidate;
        run->rows[count++] = row;
        __builtin_prefetch(segment->words + (size_t)row * WORDS);
    }
    return count;
}

static void __attribute__((noinline)) settle(Run *run)
{
    const Segment *segment = run->segment;
    uint32_t count = find_rows(run);
    for (uint32_t i = 0; i < count; i++) {
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

/* Compare rows `first` to `end`, at most ROWS_AT_A_TIME of them, with one query. */
static int compare_rows(const Loose *loose, size_t first, size_t end, const Query *query,
                        uint32_t number, int max_distance, Matches *matches)
{
    uint16_t distances[ROWS_AT_A_TIME];
    const uint64_t *words = loose->words + first * WORDS;
    for (size_t i = 0; i < end - first; i++)
        distances[i] = (uint16_t)apart(query->words, words + i * WORDS);
    for (size_t i = 0; i < end - first; i++)
        if (UNLIKELY(distances[i] <= max_distance) &&
            matches_wants(matches, loose->keys[first + i], number, distances[i]) &&
            !is_dead(loose->dead, first + i) &&
            matches_add(matches, loose->keys[first + i], number, distances[i]))
            return NO_MEMORY;
    return OK;
}

/* The largest distance at which a key from this one on may still be among the nearest. */
static int useful_distance(const Run *run, uint32_t query, uint64_t key)
{
    if (run->matches->bounds == NULL)
        return run->max_distance;
    const Match *last = &run->matches->bounds[query];
    int useful = key > last->key ? (int)last->distance - 1 : (int)last->distance;
    return useful < run->max_distance ? useful : run->max_distance;
}

/*
 * For the queries that gave up: compare every hash of the segment, some rows at a time for all of
 * them. What was found before is found again. So the worst list costs little more than no index.
 */
static void compare_all(Run *run, uint32_t count)
{
    const Segment *segment = run->segment;
    const Loose all = {segment->rows, segment->keys, segment->words, segment->dead};
    /* Their numbers, in place of the counts: there are never more numbers than counts read. */
    uint32_t *numbers = run->near, left = 0;
    for (uint32_t query = 0; query < count; query++)
        if (has_given_up(run, query))
            numbers[left++] = query;
    run->matches->repeated |= left > 0;
    for (size_t first = 0; left > 0 && first < all.rows; first += ROWS_AT_A_TIME) {
        size_t end = first + ROWS_AT_A_TIME < all.rows ? first + ROWS_AT_A_TIME : all.rows;
        for (uint32_t i = 0; i < left && run->status == OK; i++) {
            int useful = useful_distance(run, numbers[i], segment->keys[first]);
            if (useful >= 0)
                run->status = compare_rows(&all, first, end, run->queries + numbers[i], numbers[i],
                                           useful, run->matches);
        }
    }
}
