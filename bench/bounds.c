/* SPDX-License-Identifier: Apache-2.0 */
/* What the core can do at best, of the instructions that the algorithms are made of: loops of one instruction, dependent on itself
   (latency) or independent (throughput), sampled like everything else. The report makes bounds of them (bench/README.md). In
   assembly, so that no compiler schedules or spills them. */
#include "bounds.h"

#include <stddef.h>

#include "../lib/crypto/cpu.h"

#if defined(__x86_64__)

#define R2(x) x x
#define R4(x) R2(x) R2(x)
#define R8(x) R4(x) R4(x)
#define EIGHT(op, source, r)                                                                                           \
    op " " source ", %%" r "0, %%" r "0\n" op " " source ", %%" r "1, %%" r "1\n" op " " source ", %%" r "2, %%" r     \
       "2\n" op " " source ", %%" r "3, %%" r "3\n" op " " source ", %%" r "4, %%" r "4\n" op " " source ", %%" r      \
       "5, %%" r "5\n" op " " source ", %%" r "6, %%" r "6\n" op " " source ", %%" r "7, %%" r "7\n"

#define LOOP(name, body)                                                                                               \
    static bool name(void *unused, uint64_t times)                                                                     \
    {                                                                                                                  \
        (void)unused;                                                                                                  \
        __asm__ volatile("1:\n" body "dec %0\n jnz 1b\n"                                                               \
                         : "+r"(times) /* at least 1 */                                                                \
                         :                                                                                             \
                         : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",       \
                           "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");                                      \
        return true;                                                                                                   \
    }

/* Each runs its instruction, or its group of four rounds, BOUNDS_PER_RUN times. */
LOOP(aesenc_latency, R8(R4("aesenc %%xmm15, %%xmm0\n")))
LOOP(aesenc_128,
     R4("aesenc %%xmm15, %%xmm0\n aesenc %%xmm15, %%xmm1\n aesenc %%xmm15, %%xmm2\n aesenc %%xmm15, %%xmm3\n"
        "aesenc %%xmm15, %%xmm4\n aesenc %%xmm15, %%xmm5\n aesenc %%xmm15, %%xmm6\n"
        "aesenc %%xmm15, %%xmm7\n"))
LOOP(aesenc_256, R4(EIGHT("vaesenc", "%%ymm15", "ymm")) "vzeroupper\n")
LOOP(aesenc_512, R4(EIGHT("vaesenc", "%%zmm15", "zmm")) "vzeroupper\n")
LOOP(clmul_128, R4("pclmulqdq $0, %%xmm15, %%xmm0\n pclmulqdq $0, %%xmm15, %%xmm1\n pclmulqdq $0, %%xmm15, %%xmm2\n"
                   "pclmulqdq $0, %%xmm15, %%xmm3\n pclmulqdq $0, %%xmm15, %%xmm4\n pclmulqdq $0, %%xmm15, %%xmm5\n"
                   "pclmulqdq $0, %%xmm15, %%xmm6\n pclmulqdq $0, %%xmm15, %%xmm7\n"))
LOOP(clmul_256, R4(EIGHT("vpclmulqdq $0,", "%%ymm15", "ymm")) "vzeroupper\n")
LOOP(clmul_512, R4(EIGHT("vpclmulqdq $0,", "%%zmm15", "zmm")) "vzeroupper\n")
LOOP(rnds2_latency, R8(R2("sha256rnds2 %%xmm2, %%xmm1\n sha256rnds2 %%xmm1, %%xmm2\n")))
LOOP(rnds2, R4("sha256rnds2 %%xmm15, %%xmm1\n sha256rnds2 %%xmm15, %%xmm2\n sha256rnds2 %%xmm15, %%xmm3\n"
               "sha256rnds2 %%xmm15, %%xmm4\n sha256rnds2 %%xmm15, %%xmm5\n sha256rnds2 %%xmm15, %%xmm6\n"
               "sha256rnds2 %%xmm15, %%xmm7\n sha256rnds2 %%xmm15, %%xmm8\n"))
#define GROUP(a, b, c, d)                                                                                              \
    "sha256rnds2 %%xmm15, %%xmm" a "\n sha256rnds2 %%xmm15, %%xmm" b "\n sha256msg1 %%xmm15, %%xmm" c                  \
    "\n sha256msg2 %%xmm15, %%xmm" d "\n"
LOOP(sha256_group,
     R8(GROUP("1", "2", "3", "4") GROUP("5", "6", "7", "8") GROUP("9", "10", "11", "12") GROUP("13", "14", "3", "4")))

static const struct bound bounds[] = {
    {"aesenc latency", CSIGN_CPU_AESNI, aesenc_latency},
    {"aesenc 128", CSIGN_CPU_AESNI, aesenc_128},
    {"aesenc 256", CSIGN_CPU_VAES | CSIGN_CPU_AVX2, aesenc_256},
    {"aesenc 512", CSIGN_CPU_VAES | CSIGN_CPU_AVX512, aesenc_512},
    {"clmul 128", CSIGN_CPU_PCLMUL, clmul_128},
    {"clmul 256", CSIGN_CPU_VPCLMUL | CSIGN_CPU_AVX2, clmul_256},
    {"clmul 512", CSIGN_CPU_VPCLMUL | CSIGN_CPU_AVX512, clmul_512},
    {"sha256rnds2 latency", CSIGN_CPU_SHANI, rnds2_latency},
    {"sha256rnds2", CSIGN_CPU_SHANI, rnds2},
    {"sha256 four rounds", CSIGN_CPU_SHANI, sha256_group},
};
const size_t bound_count = sizeof bounds / sizeof *bounds;

const struct bound *bound_at(size_t i)
{
    return &bounds[i];
}

#else

const size_t bound_count = 0;

const struct bound *bound_at(size_t i)
{
    (void)i;
    return NULL;
}

#endif

const char *bound_missing(const struct bound *bound)
{
    uint32_t missing = bound->needs & ~csign_cpu();
    return missing ? csign_cpu_name(missing) : NULL;
}

bool build_bounds(struct cell *cell, const struct plan *plan)
{
    static int none;
    (void)plan;
    for (size_t i = 0; i < bound_count; i++) {
        const struct contender loop = {.form = bound_at(i)->name, .run = bound_at(i)->run, .state = &none};
        if (bound_missing(bound_at(i)) == NULL && !cell_add(cell, loop))
            return false;
    }
    return true;
}
