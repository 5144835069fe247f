/* SPDX-License-Identifier: Apache-2.0 */
#include "auth_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interop/server/request.h"

#define STEPS 512

struct auth {
    int unused;
};

static struct auth_fake_step steps[STEPS];
static size_t step_count;
static const uint8_t *served;

bool auth_start(const struct settings *settings, char *why, size_t why_len)
{
    (void)settings;
    (void)why;
    (void)why_len;
    return true;
}

void auth_stop(void)
{
}

uint8_t *auth_hint(size_t *len)
{
    static const uint8_t hint[] = {'h', 'i', 'n', 't'};
    *len = sizeof hint;
    uint8_t *out = malloc(sizeof hint);
    return out ? memcpy(out, hint, sizeof hint) : NULL;
}

struct auth *auth_new(void)
{
    return calloc(1, sizeof(struct auth));
}

void auth_free(struct auth *auth)
{
    free(auth);
}

static uint8_t at(csign_bytes token, size_t i)
{
    return i < token.len ? token.data[i] : 0;
}

enum auth_result auth_step(struct auth *auth, csign_bytes token, uint8_t **out, size_t *out_len,
                           struct auth_identity *identity, char *why, size_t why_len)
{
    static const enum auth_result RESULTS[] = {AUTH_CONTINUE, AUTH_DONE, AUTH_FAILED, AUTH_DONE};
    (void)auth;
    enum auth_result result = RESULTS[at(token, 0) % 4];
    *out_len = 3;
    *out = result == AUTH_CONTINUE ? calloc(1, *out_len) : NULL;
    if (!*out)
        *out_len = 0;
    if (result == AUTH_DONE) {
        identity->anonymous = at(token, 0) % 4 == 3;
        snprintf(identity->user, sizeof identity->user, "%s%d", identity->anonymous ? "anonymous" : "user",
                 at(token, 1) % 4);
        identity->session_key_len = identity->anonymous ? 0 : at(token, 2) % (sizeof identity->session_key + 1);
        for (size_t i = 0; i < identity->session_key_len; i++)
            identity->session_key[i] = (uint8_t)((at(token, 3) + 7 * i) & 0xFF);
    }
    snprintf(why, why_len, "the token says so");
    if (step_count < STEPS)
        steps[step_count++] = (struct auth_fake_step){served, result, *identity};
    return result;
}

void auth_fake_forget(void)
{
    step_count = 0;
}

bool auth_fake_take(const uint8_t *element, struct auth_fake_step *out)
{
    for (size_t i = 0; i < step_count; i++) {
        if (steps[i].element == element) {
            *out = steps[i];
            steps[i].element = NULL;
            return true;
        }
    }
    return false;
}

/* The linker puts it before the server's (BUILD.bazel): a token does not say which request it is of. */
uint32_t __real_serve_session_setup(struct request *request);
uint32_t __wrap_serve_session_setup(struct request *request);
uint32_t __wrap_serve_session_setup(struct request *request)
{
    served = request->element.data;
    return __real_serve_session_setup(request);
}
