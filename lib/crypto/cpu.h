/* SPDX-License-Identifier: Apache-2.0 */
/* Which instructions this processor has, as far as backends ask. */
#ifndef COUNTERSIGN_CRYPTO_CPU_H
#define COUNTERSIGN_CRYPTO_CPU_H

#include <stdint.h>

/* A set of these is a sum. What a processor has counts only if the operating system keeps the registers it needs. */
enum {
    CSIGN_CPU_AESNI = 1 << 0, /* x86: AES-NI, with SSSE3 and SSE4.1 */
    CSIGN_CPU_PCLMUL = 1 << 1,
    CSIGN_CPU_SHANI = 1 << 2, /* with SSSE3 and SSE4.1 */
    CSIGN_CPU_AVX2 = 1 << 3,  /* with AVX */
    CSIGN_CPU_BMI = 1 << 4,   /* BMI1 and BMI2 */
    CSIGN_CPU_VAES = 1 << 5,
    CSIGN_CPU_VPCLMUL = 1 << 6,
    CSIGN_CPU_AVX512 = 1 << 7,      /* F, BW, DQ and VL */
    CSIGN_CPU_ARM_AES = 1 << 8,     /* Armv8 */
    CSIGN_CPU_ARM_PMULL = 1 << 9,   /* of 64 bits */
    CSIGN_CPU_ARM_SHA256 = 1 << 10, /* FEAT_SHA256 */
    CSIGN_CPU_ARM_SHA512 = 1 << 11, /* FEAT_SHA512 */
    CSIGN_CPU_INTEL = 1 << 12,      /* x86: made by Intel */
    CSIGN_CPU_KNOWN = 1 << 30       /* the word was filled in */
};

/* csign_cpu gives the set for this processor. It is found once, because CPUID traps on virtual machines and takes microseconds, and
   kept in the one word that this library ever writes; any number of threads may ask at once, each writes the same. */
uint32_t csign_cpu(void);

/* csign_cpu_limit makes csign_cpu give only those of the set that this processor has: what is missing here can be tested and
   measured as on a processor without it. Signers made earlier keep their backend. Not for use beside other threads. */
void csign_cpu_limit(uint32_t set);

/* csign_cpu_name names one member, "AES-NI"; of a set, the lowest; of none, "no processor has this". */
const char *csign_cpu_name(uint32_t set);

/* csign_cpuid: what the instruction CPUID gives, and XGETBV for the register XCR0 (0 if there is none). Intel SDM volume 2, CPUID. */
typedef struct csign_cpuid {
    uint32_t leaf1_ecx, leaf7_ebx, leaf7_ecx; /* 0 for a leaf that there is not */
    uint64_t xcr0;
    uint32_t leaf0_ebx, leaf0_ecx, leaf0_edx; /* the maker's name, in the order EBX, EDX, ECX */
} csign_cpuid;

/* csign_cpu_xcr0 reads XCR0; 0 if the word's bit OSXSAVE is clear, for then the instruction would fault. */
uint64_t csign_cpu_xcr0(uint32_t leaf1_ecx);

/* csign_cpu_x86 says what these words mean. Pure. */
uint32_t csign_cpu_x86(const csign_cpuid *words);

/* csign_cpu_aarch64 says what Linux' AT_HWCAP means on AArch64. Pure. */
uint32_t csign_cpu_aarch64(uint64_t hwcap);

#endif
