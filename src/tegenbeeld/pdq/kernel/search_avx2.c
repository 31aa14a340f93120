/* For x86 with AVX2: 16 fingerprints at a time. */
#include "index.h"

#if defined(__x86_64__)
#include <stdlib.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,popcnt,bmi"))), apply_to = function)
#else
#pragma GCC target("avx2,popcnt,bmi")
#endif
#include <immintrin.h>

#include "run.inc.h"

static inline __m256i ones(__m256i x)
{
    const __m256i of_nibble = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1,
                                               1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    __m256i bytes = _mm256_add_epi8(
        _mm256_shuffle_epi8(of_nibble, _mm256_and_si256(x, low)),
        _mm256_shuffle_epi8(of_nibble, _mm256_and_si256(_mm256_srli_epi16(x, 4), low)));
    return _mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1));
}

static inline void near_in(Run *run, Table table, Probe probe, uint32_t first, uint32_t last)
{
    const uint16_t *fingerprints = table.fingerprints;
    const __m256i wanted = _mm256_set1_epi16((short)probe.fingerprint);
    const __m256i beyond = _mm256_set1_epi16((short)(probe.limit + 1));
    for (uint32_t place = first; place < last; place += 16) {
        /* The last read may go past the bucket, never past the padding of the segment. */
        __m256i found = _mm256_loadu_si256((const __m256i *)(fingerprints + place));
        __m256i near = _mm256_cmpgt_epi16(beyond, ones(_mm256_xor_si256(found, wanted)));
        uint32_t mask = (uint32_t)_mm256_movemask_epi8(near) & 0x55555555;
        if (last - place < 16)
            mask &= (1u << 2 * (last - place)) - 1;
        if (LIKELY(!mask))
            continue;
        for (; mask; mask &= mask - 1)
            push(run, table.number, probe.query, place + (uint32_t)__builtin_ctz(mask) / 2, 1);
    }
}

#define SEARCH search_avx2
#define COMPARE compare_avx2
#include "search.inc.h"

#if defined(__clang__)
#pragma clang attribute pop
#endif
#else
typedef int nothing_here;
#endif
