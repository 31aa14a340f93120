/* Building one table of a segment: a counting sort by bucket. */
#include "index.h"

#include <stdlib.h>

enum { AHEAD = 24 };

static void count_buckets(const uint64_t *words, size_t rows, uint32_t table, uint32_t shift,
                          uint32_t buckets, uint32_t *starts)
{
    memset(starts, 0, ((size_t)buckets + 1) * sizeof *starts);
    for (size_t row = 0; row < rows; row++)
        starts[(substring(words + row * WORDS, table) >> shift) + 1]++;
    for (uint32_t bucket = 1; bucket <= buckets; bucket++)
        starts[bucket] += starts[bucket - 1];
}

static inline void put_id(uint8_t *ids, uint32_t id_bytes, size_t place, uint32_t row)
{
    uint8_t *at = ids + place * id_bytes;
    for (uint32_t byte = 0; byte < id_bytes; byte++)
        at[byte] = (uint8_t)(row >> 8 * byte);
}

int build_table(const uint64_t *words, size_t rows, uint32_t table, uint32_t bucket_bits,
                uint32_t id_bytes, uint32_t *starts, uint16_t *fingerprints, uint8_t *ids)
{
    uint32_t shift = SUBSTRING_BITS - bucket_bits, buckets = 1u << bucket_bits;
    uint32_t next = (table + 1) % TABLES;
    uint32_t *ends = malloc(buckets * sizeof *ends);
    if (ends == NULL)
        return NO_MEMORY;
    count_buckets(words, rows, table, shift, buckets, starts);
    memcpy(ends, starts, buckets * sizeof *ends);
    for (size_t row = 0; row < rows; row++) {
        if (LIKELY(row + AHEAD < rows)) {
            uint32_t coming = (uint32_t)substring(words + (row + AHEAD) * WORDS, table) >> shift;
            __builtin_prefetch(fingerprints + ends[coming], 1);
            __builtin_prefetch(ids + (size_t)ends[coming] * id_bytes, 1);
        }
        const uint64_t *hash = words + row * WORDS;
        uint32_t place = ends[substring(hash, table) >> shift]++;
        fingerprints[place] = substring(hash, next);
        put_id(ids, id_bytes, place, (uint32_t)row);
    }
    free(ends);
    return OK;
}
