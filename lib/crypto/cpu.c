/* SPDX-License-Identifier: Apache-2.0 */
/* Processor features. The meaning of the words is a pure function, which tests ask with invented ones; the rest reads them. */
#include "cpu.h"

#include <stdatomic.h>

#include "build.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__)) && !defined(CSIGN_PORTABLE)
#define READ_CPUID 1
#include <cpuid.h>
#endif
#if (defined(CSIGN_HAVE_ARMV8) || defined(CSIGN_HAVE_ARMV8_SHA512)) && defined(__linux__)
#define READ_HWCAP 1
#include <sys/auxv.h>
#endif

static _Atomic uint32_t word;

static int bit(uint64_t bits, unsigned n)
{
    return (int)((bits >> n) & 1u);
}

/* XCR0: bits 1 and 2 are the registers of 128 and 256 bits, 5 to 7 the masks and those of 512 bits. */
uint32_t csign_cpu_x86(const csign_cpuid *words)
{
    enum { YMM = 0x06, ZMM = 0xE6 };
    const int sse = bit(words->leaf1_ecx, 9) && bit(words->leaf1_ecx, 19); /* SSSE3, SSE4.1 */
    const int osxsave = bit(words->leaf1_ecx, 27);
    const int ymm = osxsave && (words->xcr0 & YMM) == YMM;
    const int avx2 = ymm && bit(words->leaf1_ecx, 28) && bit(words->leaf7_ebx, 5);
    const int avx512 = avx2 && (words->xcr0 & ZMM) == ZMM && bit(words->leaf7_ebx, 16) && bit(words->leaf7_ebx, 17) &&
                       bit(words->leaf7_ebx, 30) && bit(words->leaf7_ebx, 31); /* F, DQ, BW, VL */
    const int intel = words->leaf0_ebx == 0x756E6547 && words->leaf0_edx == 0x49656E69 &&
                      words->leaf0_ecx == 0x6C65746E; /* "GenuineIntel" */
    uint32_t set = 0;
    set |= sse && bit(words->leaf1_ecx, 25) ? CSIGN_CPU_AESNI : 0u;
    set |= bit(words->leaf1_ecx, 1) ? CSIGN_CPU_PCLMUL : 0u;
    set |= sse && bit(words->leaf7_ebx, 29) ? CSIGN_CPU_SHANI : 0u;
    set |= avx2 ? CSIGN_CPU_AVX2 : 0u;
    set |= bit(words->leaf7_ebx, 3) && bit(words->leaf7_ebx, 8) ? CSIGN_CPU_BMI : 0u;
    set |= avx2 && bit(words->leaf7_ecx, 9) ? CSIGN_CPU_VAES : 0u;
    set |= avx2 && bit(words->leaf7_ecx, 10) ? CSIGN_CPU_VPCLMUL : 0u;
    set |= avx512 ? CSIGN_CPU_AVX512 : 0u;
    set |= intel ? CSIGN_CPU_INTEL : 0u;
    return set;
}

/* Linux, arch/arm64/include/uapi/asm/hwcap.h. */
uint32_t csign_cpu_aarch64(uint64_t hwcap)
{
    uint32_t set = 0;
    set |= bit(hwcap, 3) ? CSIGN_CPU_ARM_AES : 0u;
    set |= bit(hwcap, 4) ? CSIGN_CPU_ARM_PMULL : 0u;
    set |= bit(hwcap, 6) ? CSIGN_CPU_ARM_SHA256 : 0u;
    set |= bit(hwcap, 21) ? CSIGN_CPU_ARM_SHA512 : 0u;
    return set;
}

uint64_t csign_cpu_xcr0(uint32_t leaf1_ecx)
{
    uint32_t low = 0, high = 0;
#if defined(READ_CPUID)
    if (bit(leaf1_ecx, 27)) {
        __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    }
#else
    (void)leaf1_ecx;
#endif
    return ((uint64_t)high << 32) | low;
}

static uint32_t detect(void)
{
#if defined(READ_CPUID)
    csign_cpuid words = {0};
    uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
    (void)__get_cpuid(0, &eax, &words.leaf0_ebx, &words.leaf0_ecx, &words.leaf0_edx);
    (void)__get_cpuid(1, &eax, &ebx, &ecx, &edx); /* changes nothing if there is no such leaf */
    words.leaf1_ecx = ecx;
    ebx = ecx = 0;
    (void)__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
    words.leaf7_ebx = ebx;
    words.leaf7_ecx = ecx;
    words.xcr0 = csign_cpu_xcr0(words.leaf1_ecx);
    return csign_cpu_x86(&words);
#elif defined(READ_HWCAP)
    return csign_cpu_aarch64(getauxval(AT_HWCAP));
#else
    return 0;
#endif
}

uint32_t csign_cpu(void)
{
    uint32_t set = atomic_load_explicit(&word, memory_order_relaxed);
    if (set == 0) {
        set = detect() | CSIGN_CPU_KNOWN;
        atomic_store_explicit(&word, set, memory_order_relaxed);
    }
    return set;
}

void csign_cpu_limit(uint32_t set)
{
    atomic_store_explicit(&word, (detect() & set) | CSIGN_CPU_KNOWN, memory_order_relaxed);
}

const char *csign_cpu_name(uint32_t set)
{
    static const char names[][24] = {"AES-NI",        "PCLMULQDQ",   "SHA-NI",      "AVX2",
                                     "BMI1 and BMI2", "VAES",        "VPCLMULQDQ",  "AVX-512 F, BW, DQ, VL",
                                     "Armv8 AES",     "Armv8 PMULL", "FEAT_SHA256", "FEAT_SHA512",
                                     "Intel's make"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (bit(set, i)) {
            return names[i];
        }
    }
    return "no processor has this";
}
