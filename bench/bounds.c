/* SPDX-License-Identifier: Apache-2.0 */
/* What the core can do at best, of the instructions that the algorithms are made of: loops of one instruction, dependent on itself
   (latency) or independent (throughput), sampled like everything else. The report makes bounds of them (bench/README.md). In
   assembly, so that no compiler schedules or spills them. */
#include "bounds.h"

#include <stddef.h>

#if defined(__x86_64__)

#include <cpuid.h>

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

static bool has_aes(void)
{
    return __builtin_cpu_supports("aes");
}

static bool has_vaes_256(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("vaes");
}

static bool has_vaes_512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vaes");
}

static bool has_clmul(void)
{
    return __builtin_cpu_supports("pclmul");
}

static bool has_vpclmul_256(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("vpclmulqdq");
}

static bool has_vpclmul_512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq");
}

/* GCC 12's __builtin_cpu_supports does not know it. */
static bool has_sha(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

static const struct bound bounds[] = {
    {"aesenc latency", "AES-NI", 0, has_aes, aesenc_latency},
    {"aesenc 128", "AES-NI", 0, has_aes, aesenc_128},
    {"aesenc 256", "VAES", PEER_VAES | PEER_AVX2, has_vaes_256, aesenc_256},
    {"aesenc 512", "VAES and AVX-512", PEER_VAES | PEER_AVX512, has_vaes_512, aesenc_512},
    {"clmul 128", "PCLMULQDQ", 0, has_clmul, clmul_128},
    {"clmul 256", "VPCLMULQDQ", PEER_VAES | PEER_AVX2, has_vpclmul_256, clmul_256},
    {"clmul 512", "VPCLMULQDQ and AVX-512", PEER_VAES | PEER_AVX512, has_vpclmul_512, clmul_512},
    {"sha256rnds2 latency", "SHA-NI", 0, has_sha, rnds2_latency},
    {"sha256rnds2", "SHA-NI", 0, has_sha, rnds2},
    {"sha256 four rounds", "SHA-NI", 0, has_sha, sha256_group},
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

static unsigned masked;

void bounds_limit(unsigned without)
{
    masked = without;
}

bool bound_runs(const struct bound *bound)
{
    return (bound->uses & masked) == 0 && bound->has();
}

bool build_bounds(struct cell *cell, const struct plan *plan)
{
    static int none;
    (void)plan;
    for (size_t i = 0; i < bound_count; i++) {
        const struct contender loop = {.form = bound_at(i)->name, .run = bound_at(i)->run, .state = &none};
        if (bound_runs(bound_at(i)) && !cell_add(cell, loop))
            return false;
    }
    return true;
}
