/* SPDX-License-Identifier: Apache-2.0 */
/* Calls into libraries that were not built with MemorySanitizer. It neither sees what they write nor understands what they hand
   to libc, so their answers are declared initialised, and nothing else is: what lib/ computes stays checked. */
#ifndef ORACLE_UNINSTRUMENTED_H
#define ORACLE_UNINSTRUMENTED_H

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define ORACLE_UNDER_MSAN 1
#endif
#endif

#if defined(ORACLE_UNDER_MSAN)
#include <sanitizer/msan_interface.h>
#define uninstrumented_begin() __msan_scoped_disable_interceptor_checks()
#define uninstrumented_end() __msan_scoped_enable_interceptor_checks()
#define initialised_by_oracle(pointer, len) __msan_unpoison(pointer, len)
#else
#define uninstrumented_begin() ((void)0)
#define uninstrumented_end() ((void)0)
#define initialised_by_oracle(pointer, len) ((void)(pointer), (void)(len))
#endif

#endif
