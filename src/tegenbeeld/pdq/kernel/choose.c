/* Which search this processor can run. */
#include "index.h"

static const Kernel GENERIC = {"generic", search_generic, compare_generic};

#if defined(__x86_64__)
static const Kernel AVX2 = {"avx2", search_avx2, compare_avx2};
static const Kernel AVX512 = {"avx512", search_avx512, compare_avx512};

static int has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
}

static int has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("avx512vpopcntdq");
}
#endif

/* wanted: the best one allowed, for tests; empty for no limit. */
Kernel choose_kernel(const char *wanted)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    int most = strcmp(wanted, "generic") == 0 ? 0 : strcmp(wanted, "avx2") == 0 ? 1 : 2;
    if (most >= 2 && has_avx512())
        return AVX512;
    if (most >= 1 && has_avx2())
        return AVX2;
#else
    (void)wanted;
#endif
    return GENERIC;
}
