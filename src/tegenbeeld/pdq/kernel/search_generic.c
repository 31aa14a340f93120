/* For any processor. */
#include "index.h"

#include <stdlib.h>

#include "run.inc.h"

/* Count the bits of a number of 16 bits, in a way that compilers turn into vector code. */
static inline uint16_t ones(uint16_t x)
{
    x = (uint16_t)(x - (x >> 1 & 0x5555));
    x = (uint16_t)((x & 0x3333) + (x >> 2 & 0x3333));
    x = (uint16_t)((x + (x >> 4)) & 0x0f0f);
    return (uint16_t)((x + (x >> 8)) & 0x1f);
}

static inline void near_in(Run *run, Table table, Probe probe, uint32_t first, uint32_t last)
{
    const uint16_t *fingerprints = table.fingerprints;
    uint32_t place = first;
    for (; last - place >= 8; place += 8) {
        uint16_t near[8], any = 0;
        for (uint32_t i = 0; i < 8; i++) {
            near[i] = ones((uint16_t)(fingerprints[place + i] ^ probe.fingerprint)) <= probe.limit;
            any |= near[i];
        }
        if (LIKELY(!any))
            continue;
        for (uint32_t i = 0; i < 8; i++)
            if (near[i])
                push(run, table.number, probe.query, place + i, 1);
    }
    for (; place < last; place++)
        if (ones((uint16_t)(fingerprints[place] ^ probe.fingerprint)) <= probe.limit)
            push(run, table.number, probe.query, place, 1);
}

#define SEARCH search_generic
#define COMPARE compare_generic
#include "search.inc.h"
