/* For x86 with AVX-512 that counts the bits of 16-bit numbers: 32 fingerprints at a time. */
#include "index.h"

#if defined(__x86_64__)
#include <stdlib.h>

#if defined(__clang__)
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512bitalg,avx512vpopcntdq,popcnt,bmi,bmi2"))), \
    apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512bitalg,avx512vpopcntdq,popcnt,bmi,bmi2")
#endif
#include <immintrin.h>

#include "run.inc.h"

static inline void near_in(Run *run, Table table, Probe probe, uint32_t first, uint32_t last)
{
    const uint16_t *fingerprints = table.fingerprints;
    const __m512i wanted = _mm512_set1_epi16((short)probe.fingerprint);
    const __m512i limit = _mm512_set1_epi16((short)probe.limit);
    uint32_t place = first;
    for (; last - place > 32; place += 32) {
        __m512i found = _mm512_loadu_si512(fingerprints + place);
        uint32_t mask = _mm512_cmple_epu16_mask(
            _mm512_popcnt_epi16(_mm512_xor_si512(found, wanted)), limit);
        if (UNLIKELY(mask))
            push(run, table.number, probe.query, place, mask);
    }
    /* Lanes that are masked out are not read. */
    __mmask32 lanes = _bzhi_u32(0xffffffff, last - place);
    __m512i found = _mm512_maskz_loadu_epi16(lanes, fingerprints + place);
    uint32_t mask = _mm512_mask_cmple_epu16_mask(
        lanes, _mm512_popcnt_epi16(_mm512_xor_si512(found, wanted)), limit);
    if (UNLIKELY(mask))
        push(run, table.number, probe.query, place, mask);
}

#define SEARCH search_avx512
#define COMPARE compare_avx512
#include "search.inc.h"

#if defined(__clang__)
#pragma clang attribute pop
#endif
#else
typedef int nothing_here;
#endif
