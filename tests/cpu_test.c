/* SPDX-License-Identifier: Apache-2.0 */
/* What a processor's words mean: every feature that backends ask for is there if and only if all that it takes is, said a second time
   below, bit by bit, from the Intel SDM (volume 2, CPUID; volume 1, 13.3 and 14.3) and Linux' hwcap.h. Words are invented. Then the
   limit, the names, and what the list of backends makes of them. */
#include "lib/crypto/cpu.h"

#include <countersign/countersign.h>

#include "check.h"
#include "lib/crypto/backends.h"
#include "samples.h"

/* One bit of one word of csign_cpuid. */
typedef enum which { ECX1, EBX7, ECX7, XCR0 } which;
typedef struct bit_of {
    which word;
    unsigned bit;
} bit_of;

enum { TAKES_MAX = 16 };
typedef struct feature {
    uint32_t is;
    size_t count;
    bit_of takes[TAKES_MAX];
} feature;

#define SSE {ECX1, 9}, {ECX1, 19}                                        /* SSSE3, SSE4.1 */
#define YMM {ECX1, 27}, {XCR0, 1}, {XCR0, 2}                             /* OSXSAVE, SSE state, AVX state */
#define AVX2 YMM, {ECX1, 28}, {EBX7, 5}                                  /* AVX, AVX2 */
#define ZMM {XCR0, 5}, {XCR0, 6}, {XCR0, 7}                              /* opmask, upper halves, upper registers */
#define AVX512 AVX2, ZMM, {EBX7, 16}, {EBX7, 17}, {EBX7, 30}, {EBX7, 31} /* F, DQ, BW, VL */

static const feature x86[] = {
    {CSIGN_CPU_AESNI, 3, {SSE, {ECX1, 25}}},    {CSIGN_CPU_PCLMUL, 1, {{ECX1, 1}}},
    {CSIGN_CPU_SHANI, 3, {SSE, {EBX7, 29}}},    {CSIGN_CPU_AVX2, 5, {AVX2}},
    {CSIGN_CPU_BMI, 2, {{EBX7, 3}, {EBX7, 8}}}, {CSIGN_CPU_VAES, 6, {AVX2, {ECX7, 9}}},
    {CSIGN_CPU_VPCLMUL, 6, {AVX2, {ECX7, 10}}}, {CSIGN_CPU_AVX512, 12, {AVX512}},
};
enum { X86 = sizeof x86 / sizeof x86[0] };

static void set(csign_cpuid *words, bit_of b, bool on)
{
    uint32_t *const of[] = {&words->leaf1_ecx, &words->leaf7_ebx, &words->leaf7_ecx};
    if (b.word == XCR0) {
        words->xcr0 = (words->xcr0 & ~(UINT64_C(1) << b.bit)) | ((uint64_t)on << b.bit);
    } else {
        *of[b.word] = (*of[b.word] & ~(UINT32_C(1) << b.bit)) | ((uint32_t)on << b.bit);
    }
}

static bool has(const csign_cpuid *words, bit_of b)
{
    const uint32_t of[] = {words->leaf1_ecx, words->leaf7_ebx, words->leaf7_ecx};
    return b.word == XCR0 ? (words->xcr0 >> b.bit & 1) != 0 : (of[b.word] >> b.bit & 1) != 0;
}

/* The second reading. */
static uint32_t meaning(const csign_cpuid *words)
{
    uint32_t all = 0;
    for (size_t f = 0; f < X86; f++) {
        bool whole = true;
        for (size_t i = 0; i < x86[f].count; i++) {
            whole = whole && has(words, x86[f].takes[i]);
        }
        all |= whole ? x86[f].is : 0;
    }
    return all;
}

static const csign_cpuid everything = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT64_MAX, 0, 0, 0};

static void x86_bits(void)
{
    const csign_cpuid nothing = {0};
    uint32_t all = 0;
    CHECK(csign_cpu_x86(&nothing) == 0);
    for (size_t f = 0; f < X86; f++) {
        all |= x86[f].is;
        csign_cpuid only = {0}; /* just what it takes, and then each of it alone missing */
        for (size_t i = 0; i < x86[f].count; i++) {
            set(&only, x86[f].takes[i], true);
        }
        CHECK((csign_cpu_x86(&only) & x86[f].is) != 0);
        CHECK(csign_cpu_x86(&only) == meaning(&only));
        for (size_t i = 0; i < x86[f].count; i++) {
            csign_cpuid without = everything;
            set(&without, x86[f].takes[i], false);
            CHECK((csign_cpu_x86(&without) & x86[f].is) == 0);
        }
    }
    CHECK(csign_cpu_x86(&everything) == all);
    for (unsigned word = ECX1; word <= XCR0; word++) { /* each bit there is, alone missing and alone there */
        for (unsigned bit = 0; bit < (word == XCR0 ? 64 : 32); bit++) {
            csign_cpuid without = everything, alone = nothing;
            set(&without, (bit_of){(which)word, bit}, false);
            set(&alone, (bit_of){(which)word, bit}, true);
            CHECK(csign_cpu_x86(&without) == meaning(&without));
            CHECK(csign_cpu_x86(&alone) == meaning(&alone));
        }
    }
}

/* Words of processors, as hypervisors and operating systems leave them. */
static void x86_machines(void)
{
    const uint32_t sse_only = CSIGN_CPU_AESNI | CSIGN_CPU_PCLMUL | CSIGN_CPU_SHANI | CSIGN_CPU_BMI;
    const uint32_t no_zmm = sse_only | CSIGN_CPU_AVX2 | CSIGN_CPU_VAES | CSIGN_CPU_VPCLMUL;
    csign_cpuid w = everything;
    w.xcr0 = 0x1; /* the system keeps x87 alone */
    CHECK(csign_cpu_x86(&w) == sse_only);
    w.xcr0 = 0x3; /* and SSE */
    CHECK(csign_cpu_x86(&w) == sse_only);
    w.xcr0 = 0x5; /* AVX state without SSE state */
    CHECK(csign_cpu_x86(&w) == sse_only);
    w.xcr0 = 0x7;
    CHECK(csign_cpu_x86(&w) == no_zmm);
    w.xcr0 = 0x67; /* no upper 16 registers */
    CHECK(csign_cpu_x86(&w) == no_zmm);
    w.xcr0 = 0xC7; /* no masks */
    CHECK(csign_cpu_x86(&w) == no_zmm);
    w.xcr0 = 0xE7;
    CHECK(csign_cpu_x86(&w) == (no_zmm | CSIGN_CPU_AVX512));
    w.xcr0 = UINT64_MAX << 32; /* bits that mean something else */
    CHECK(csign_cpu_x86(&w) == sse_only);

    w = everything;
    w.leaf1_ecx &= ~(UINT32_C(1) << 27); /* XGETBV would fault, whatever stands in xcr0 */
    CHECK(csign_cpu_x86(&w) == sse_only);
    w = everything;
    w.leaf1_ecx &= ~(UINT32_C(1) << 28); /* a hypervisor that hides AVX and leaves all that builds on it */
    CHECK(csign_cpu_x86(&w) == sse_only);
    w = everything;
    w.leaf7_ebx = w.leaf7_ecx = 0; /* no leaf 7 */
    CHECK(csign_cpu_x86(&w) == (CSIGN_CPU_AESNI | CSIGN_CPU_PCLMUL));
    w = (csign_cpuid){.leaf1_ecx = 0x029EE3FF}; /* Westmere: AES-NI and PCLMULQDQ, no XSAVE */
    CHECK(csign_cpu_x86(&w) == (CSIGN_CPU_AESNI | CSIGN_CPU_PCLMUL));
}

/* The maker's name is all of its twelve bytes, in the order EBX, EDX, ECX. */
static void x86_makers(void)
{
    static const struct {
        const char *name;
        uint32_t is;
    } makers[] = {{"GenuineIntel", CSIGN_CPU_INTEL},
                  {"AuthenticAMD", 0},
                  {"GenuineIotel", 0},
                  {"Genuinexntel", 0},
                  {"XenuineIntel", 0},
                  {"GenuineAMD  ", 0},
                  {"  shanghai  ", 0},
                  {"Authentintel", 0},
                  {"ineIGenuntel", 0}};
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        csign_cpuid w = {0};
        memcpy(&w.leaf0_ebx, makers[i].name, 4);
        memcpy(&w.leaf0_edx, makers[i].name + 4, 4);
        memcpy(&w.leaf0_ecx, makers[i].name + 8, 4);
        CHECK(csign_cpu_x86(&w) == makers[i].is);
    }
}

static void aarch64_bits(void)
{
    static const struct {
        unsigned bit;
        uint32_t is;
    } arm[] = {{3, CSIGN_CPU_ARM_AES}, {4, CSIGN_CPU_ARM_PMULL}, {6, CSIGN_CPU_ARM_SHA256}, {21, CSIGN_CPU_ARM_SHA512}};
    uint32_t all = 0, seen = 0;
    CHECK(csign_cpu_aarch64(0) == 0);
    for (size_t f = 0; f < sizeof arm / sizeof arm[0]; f++) {
        all |= arm[f].is;
    }
    CHECK(csign_cpu_aarch64(UINT64_MAX) == all);
    for (unsigned bit = 0; bit < 64; bit++) {
        uint32_t is = 0;
        for (size_t f = 0; f < sizeof arm / sizeof arm[0]; f++) {
            is |= arm[f].bit == bit ? arm[f].is : 0;
        }
        CHECK(csign_cpu_aarch64(UINT64_C(1) << bit) == is);
        CHECK(csign_cpu_aarch64(~(UINT64_C(1) << bit)) == (all & ~is));
        seen |= is;
    }
    CHECK(seen == all);
    CHECK(csign_cpu_aarch64(0xFB) == (CSIGN_CPU_ARM_AES | CSIGN_CPU_ARM_PMULL | CSIGN_CPU_ARM_SHA256)); /* Cortex-A72 */
}

static void names(void)
{
    static const char *const expected[] = {"AES-NI",        "PCLMULQDQ",   "SHA-NI",      "AVX2",
                                           "BMI1 and BMI2", "VAES",        "VPCLMULQDQ",  "AVX-512 F, BW, DQ, VL",
                                           "Armv8 AES",     "Armv8 PMULL", "FEAT_SHA256", "FEAT_SHA512",
                                           "Intel's make"};
    enum { NAMES = sizeof expected / sizeof expected[0] };
    CHECK(CSIGN_CPU_INTEL == 1 << (NAMES - 1)); /* the last */
    for (unsigned i = 0; i < NAMES; i++) {
        CHECK(strcmp(csign_cpu_name(UINT32_C(1) << i), expected[i]) == 0);
        CHECK(strcmp(csign_cpu_name(UINT32_MAX << i), expected[i]) == 0); /* the lowest of several */
    }
    CHECK(strcmp(csign_cpu_name(0), "no processor has this") == 0);
    CHECK(strcmp(csign_cpu_name(UINT32_MAX << NAMES), "no processor has this") == 0);
}

static void limits(void)
{
    CHECK(csign_cpu_xcr0(UINT32_MAX & ~(UINT32_C(1) << 27)) == 0); /* and no fault on a processor without XGETBV */
    csign_cpu_limit(UINT32_MAX);
    const uint32_t here = csign_cpu();
    CHECK((here & CSIGN_CPU_KNOWN) != 0);
    CHECK(csign_cpu() == here);
    csign_cpu_limit(0);
    CHECK(csign_cpu() == CSIGN_CPU_KNOWN);
    for (unsigned i = 0; i < 30; i++) { /* never more than there is */
        const uint32_t one = UINT32_C(1) << i;
        csign_cpu_limit(one);
        CHECK(csign_cpu() == ((here & one) | CSIGN_CPU_KNOWN));
        csign_cpu_limit(~one);
        CHECK(csign_cpu() == ((here & ~one) | CSIGN_CPU_KNOWN));
    }
    csign_cpu_limit(UINT32_MAX);
    CHECK(csign_cpu() == here);
}

/* A backend whose needs are all there misses nothing; one that lacks any of them misses that; a limit takes it away. */
static void missing(void)
{
    csign_backend b = {.name = "invented"};
    csign_cpu_limit(UINT32_MAX);
    const uint32_t here = csign_cpu() & ~(uint32_t)CSIGN_CPU_KNOWN;
    CHECK(csign_backend_missing(&b) == NULL);
    b.needs = here;
    CHECK(csign_backend_missing(&b) == NULL);
    for (unsigned i = 0; i < 30; i++) {
        b.needs = here | UINT32_C(1) << i;
        CHECK((csign_backend_missing(&b) == NULL) == ((here >> i & 1) != 0));
        if (csign_backend_missing(&b) != NULL) {
            CHECK(strcmp(csign_backend_missing(&b), csign_cpu_name(UINT32_C(1) << i)) == 0);
        }
    }
    for (size_t i = 0; csign_backends[i] != NULL; i++) {
        csign_cpu_limit(0);
        CHECK((csign_backend_missing(csign_backends[i]) == NULL) == (csign_backends[i]->needs == 0));
        csign_cpu_limit(UINT32_MAX);
        CHECK((csign_backend_missing(csign_backends[i]) == NULL) == ((csign_backends[i]->needs & ~here) == 0));
    }
}

/* What a backend suits matters for the choice alone: without it, it runs but another is chosen. */
static void suiting(void)
{
    csign_cpu_limit(UINT32_MAX);
    const uint32_t here = csign_cpu();
    for (unsigned p = CSIGN_CMAC; p <= CSIGN_SHA512; p++) {
        for (size_t i = 0; csign_backends[i] != NULL; i++) {
            const csign_backend *b = csign_backends[i];
            const uint32_t needs = b->needs | b->suits;
            if (!csign_backend_has(b, (csign_primitive)p) || (needs & ~here) != 0) {
                continue;
            }
            csign_cpu_limit(needs); /* just what it takes: chosen, or what stands later and takes no more */
            CHECK(csign_backend_best((csign_primitive)p) >= i);
            if (b->suits != 0) {
                csign_cpu_limit(here & ~b->suits);
                CHECK(csign_backend_missing(b) == NULL);
                CHECK(csign_backend_best((csign_primitive)p) != i);
            }
        }
    }
    csign_cpu_limit(UINT32_MAX);
}

/* With nothing but what the portable backend needs it is chosen for everything, and says so. */
static void portable_alone(void)
{
    csign_signer signer;
    csign_cpu_limit(0);
    for (unsigned p = CSIGN_CMAC; p <= CSIGN_SHA512; p++) {
        CHECK(csign_backend_best((csign_primitive)p) == 0);
    }
    for (size_t i = 0; i < 3; i++) {
        CHECK_STATUS(csign_signer_init(&signer, sample_algorithms[i], sample_key), CSIGN_OK);
        CHECK(strcmp(csign_backend_name(&signer), "portable") == 0);
        csign_cpu_limit(UINT32_MAX); /* a signer keeps its backend */
        CHECK(strcmp(csign_backend_name(&signer), "portable") == 0);
        csign_cpu_limit(0);
    }
    csign_cpu_limit(UINT32_MAX);
}

static void signers_without_backend(void)
{
    csign_signer signer;
    CHECK(strcmp(csign_backend_name(NULL), "none") == 0);
    memset(&signer, 0, sizeof signer);
    CHECK(strcmp(csign_backend_name(&signer), "none") == 0);
    CHECK_STATUS(csign_signer_init(&signer, CSIGN_AES_CMAC, NULL), CSIGN_BAD_ARGUMENT);
    CHECK(strcmp(csign_backend_name(&signer), "none") == 0);
    CHECK_STATUS(csign_signer_init(&signer, CSIGN_AES_CMAC, sample_key), CSIGN_OK);
    CHECK(strcmp(csign_backend_name(&signer), csign_backends[csign_backend_best(CSIGN_CMAC)]->name) == 0);
    csign_signer overwritten = signer;
    overwritten.kind = 4;
    CHECK(strcmp(csign_backend_name(&overwritten), "none") == 0);
    for (uint32_t i = 0; i <= CSIGN_BACKENDS_MAX + 1u; i++) { /* a place in the list, one behind its end, outside */
        overwritten = signer;
        overwritten.backend = i;
        const char *name = i < CSIGN_BACKENDS_MAX && csign_backends[i] != NULL ? csign_backends[i]->name : "none";
        CHECK(strcmp(csign_backend_name(&overwritten), name) == 0);
    }
    overwritten.backend = UINT32_MAX;
    CHECK(strcmp(csign_backend_name(&overwritten), "none") == 0);
    csign_signer_wipe(&signer);
    CHECK(strcmp(csign_backend_name(&signer), "none") == 0);
}

int main(void)
{
    x86_bits();
    x86_machines();
    x86_makers();
    aarch64_bits();
    names();
    limits();
    missing();
    suiting();
    portable_alone();
    signers_without_backend();
    return CHECK_RESULT();
}
