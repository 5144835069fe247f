/* SPDX-License-Identifier: Apache-2.0 */
/* Which backends are compiled in. One object runs on every processor of its architecture, because each function names the
   instructions it needs (target attributes) and is called only where cpu.h has seen them. To leave one out, define
   CSIGN_NO_AESNI, _VAES, _VAES_AVX512, _AVX2, _AVX512, _SHANI, _SHANI_AVX512, _ARMV8 or _ARMV8_SHA512; to leave out all but the portable one,
   CSIGN_PORTABLE.
   A backend's file compiles to nothing where it is left out. */
#ifndef COUNTERSIGN_CRYPTO_BUILD_H
#define COUNTERSIGN_CRYPTO_BUILD_H

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__)) && !defined(CSIGN_PORTABLE)
#ifndef CSIGN_NO_AESNI
#define CSIGN_HAVE_AESNI 1
#define CSIGN_HAVE_ALIKE 1 /* backends have a way of their own for messages that are alike */
#endif
#if defined(CSIGN_HAVE_AESNI) && !defined(CSIGN_NO_VAES)
#define CSIGN_HAVE_VAES 1
#endif
#if defined(CSIGN_HAVE_AESNI) && !defined(CSIGN_NO_VAES_AVX512)
#define CSIGN_HAVE_VAES_AVX512 1
#endif
#ifndef CSIGN_NO_SHANI
#define CSIGN_HAVE_SHANI 1
#endif
#ifndef CSIGN_NO_AVX2
#define CSIGN_HAVE_AVX2 1
#endif
#if defined(CSIGN_HAVE_AVX2) && !defined(CSIGN_NO_AVX512)
#define CSIGN_HAVE_AVX512 1
#endif
#if defined(CSIGN_HAVE_SHANI) && defined(CSIGN_HAVE_AVX512) && !defined(CSIGN_NO_SHANI_AVX512)
#define CSIGN_HAVE_SHANI_AVX512 1
#endif
#if defined(CSIGN_HAVE_SHANI) || defined(CSIGN_HAVE_AVX2)
#define CSIGN_HAVE_HMAC_LANES 1
#endif
#endif

/* clang's header knows instructions by function only since version 16. */
#if defined(__aarch64__) && !defined(__AARCH64EB__) && !defined(CSIGN_PORTABLE)
#if defined(__clang__) ? __clang_major__ >= 16 : defined(__GNUC__)
#ifndef CSIGN_NO_ARMV8
#define CSIGN_HAVE_ARMV8 1
#endif
#ifndef CSIGN_NO_ARMV8_SHA512
#define CSIGN_HAVE_ARMV8_SHA512 1
#endif
#endif
#endif

#endif
