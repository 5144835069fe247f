/* SPDX-License-Identifier: Apache-2.0 */
/* SECRET and PUBLIC: bytes from which nothing that can be seen from outside may follow, for the tool that watches the program:
   valgrind's memcheck, or MemorySanitizer with WATCHED_BY_MSAN. Both follow undefined bits through every instruction and report a branch
   or an address that depends on one. */
#ifndef COUNTERSIGN_FORMAL_SECRET_H
#define COUNTERSIGN_FORMAL_SECRET_H

#if defined(WATCHED_BY_MSAN)
#include <sanitizer/msan_interface.h>
#define SECRET(p, len) __msan_poison(p, len)
#define PUBLIC(p, len) __msan_unpoison(p, len)
#else
#include <valgrind/memcheck.h>
#define SECRET(p, len) VALGRIND_MAKE_MEM_UNDEFINED(p, len)
#define PUBLIC(p, len) VALGRIND_MAKE_MEM_DEFINED(p, len)
#endif

#endif
