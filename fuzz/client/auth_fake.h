/* SPDX-License-Identifier: Apache-2.0 */
/* Authentication without a mechanism: the token itself says how it ends. Byte 0: continue, done, fail, done as anonymous (modulo 4); byte 1:
   which of four users; byte 2: length of the session key, modulo 65; byte 3: its bytes. What is missing is zero. */
#ifndef FUZZ_CLIENT_AUTH_FAKE_H
#define FUZZ_CLIENT_AUTH_FAKE_H

#include "interop/server/auth.h"

/* A step that the server took, for the request at element. */
struct auth_fake_step {
    const uint8_t *element;
    enum auth_result result;
    struct auth_identity identity;
};

void auth_fake_forget(void);
/* auth_fake_take: the step for the request at element, once. false: there is none. */
bool auth_fake_take(const uint8_t *element, struct auth_fake_step *out);

#endif
