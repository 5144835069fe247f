/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords as a source of session keys: NTLM logons whose user they are of. */
#ifndef COUNTERSIGN_TOOLS_PASSWORD_H
#define COUNTERSIGN_TOOLS_PASSWORD_H

#include "key_source.h"

/* password_of: a password, and of whom it is. UTF-8. */
typedef struct password_of {
    const char *password;
    const char *user, *domain; /* NULL: of anybody; capitals do not matter */
} password_of;

/* password_source makes a source of count passwords; keeps their hashes, not the passwords. NULL: one of the texts is not UTF-8. */
key_source *password_source(const password_of *passwords, size_t count);

#endif
