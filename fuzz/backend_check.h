/* SPDX-License-Identifier: Apache-2.0 */
/* One question put to every backend of a list: shared by the target `backends`, whose list is the library's, and by
   backend_check_test, whose lists hold backends that are wrong. */
#ifndef FUZZ_BACKEND_CHECK_H
#define FUZZ_BACKEND_CHECK_H

#include "fuzz.h"
#include "lib/crypto/backends.h"

typedef struct backend_question {
    uint8_t key[16], nonce[12];
    csign_bytes hmac_key;
    const csign_bytes *parts; /* joined, the message */
    size_t part_count;
} backend_question;

typedef struct backend_answers {
    uint8_t cmac[16], gmac[16], hmac[32], sha512[64];
} backend_answers;

/* backend_start prints, for each backend that cannot run on this processor, its name and what is missing, and returns how many
   can. A backend without any entry, a list without the portable one, or a portable one that lacks an entry breaks a property. */
size_t backend_start(const csign_backend *const *list);

/* backend_check gives the portable backend's answers after every other backend has given the same. */
void backend_check(const csign_backend *const *list, const backend_question *question, backend_answers *answers);

#endif
