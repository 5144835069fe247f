/* SPDX-License-Identifier: Apache-2.0 */
/* One question put to every backend of a list, alone and in batches: shared by the target `backends`, whose list is the library's, and
   by backend_check_test, whose lists hold backends that are wrong. */
#ifndef FUZZ_BACKEND_CHECK_H
#define FUZZ_BACKEND_CHECK_H

#include "backend_ask.h"
#include "fuzz.h"

typedef struct backend_answers {
    uint8_t cmac[16], gmac[16], hmac[32], sha512[64];
} backend_answers;

/* backend_start prints, for each backend that cannot run on this processor, its name and what is missing, and returns how many
   can. A backend without any entry, a list without the portable one, or a portable one that lacks an entry breaks a property. */
size_t backend_start(const csign_backend *const *list);

/* backend_check gives the portable backend's answers after every other backend has given the same. */
void backend_check(const csign_backend *const *list, const backend_question *question, backend_answers *answers);

/* backend_check_batch: each answer of a batch of any size up to BACKEND_BATCH_MAX is the portable backend's to that question alone. */
void backend_check_batch(const csign_backend *const *list, const backend_question *questions, size_t count);

#endif
