/* SPDX-License-Identifier: Apache-2.0 */
/* A server's work on smbclient's NEGOTIATE request: reading it and choosing, preparing the response, writing it; and beside these
   the hash of the same request, which nobody is spared. */
#include <countersign/countersign.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/published_messages.h"
#include "cell.h"
#include "negotiate_sample.h"
#include "peers/countersign.h"

csign_bytes negotiate_sample(void)
{
    csign_bytes request = {NULL, 0};
    for (size_t i = 0; i < sizeof published_messages / sizeof *published_messages; i++) {
        const struct published_message *m = &published_messages[i];
        if (!m->response && strcmp(m->stack, "smbclient 4.17.12 (default, -m SMB3_11)") == 0) {
            request.data = m->data;
            request.len = m->len;
        }
    }
    return request;
}

struct server {
    csign_bytes message;
    csign_negotiate_policy policy;
    csign_negotiate_request request;
    csign_negotiated chosen;
    csign_preauth chain;
    csign_negotiate_response response;
    uint8_t salt[32], encoded[512];
};

static bool parse_run(void *opaque, uint64_t times)
{
    struct server *s = opaque;
    bool ok = true;
    for (uint64_t i = 0; i < times; i++)
        ok &= csign_negotiate_request_parse(&s->request, s->message) == CSIGN_OK &&
              csign_negotiate_select(&s->chosen, &s->policy, &s->request) == CSIGN_OK;
    return ok;
}

static bool respond_run(void *opaque, uint64_t times)
{
    struct server *s = opaque;
    const csign_bytes salt = {s->salt, sizeof s->salt};
    bool ok = true;
    for (uint64_t i = 0; i < times; i++)
        ok &= csign_negotiate_respond(&s->response, &s->chosen, &s->request, salt) == CSIGN_OK;
    return ok;
}

static bool encode_run(void *opaque, uint64_t times)
{
    struct server *s = opaque;
    size_t len;
    bool ok = true;
    for (uint64_t i = 0; i < times; i++)
        ok &= csign_negotiate_response_encode(s->encoded, sizeof s->encoded, &len, &s->response) == CSIGN_OK;
    return ok;
}

static bool hash_run(void *opaque, uint64_t times)
{
    struct server *s = opaque;
    for (uint64_t i = 0; i < times; i++)
        csign_preauth_update(&s->chain, s->message);
    return true;
}

bool build_negotiate(struct cell *cell, const struct plan *plan)
{
    struct server *s = calloc(1, sizeof *s);
    (void)plan;
    if (s == NULL)
        return false;
    cell->shared = s;
    cell->shared_free = free;
    s->message = negotiate_sample();
    csign_negotiate_policy_init(&s->policy);
    csign_preauth_init(&s->chain);
    const struct contender each[] = {
        {.peer = &countersign_sign, .form = "parse, select", .run = parse_run, .state = s},
        {.peer = &countersign_sign, .form = "respond", .run = respond_run, .state = s},
        {.peer = &countersign_sign, .form = "encode", .run = encode_run, .state = s},
        {.peer = &countersign_sign, .form = "preauth hash", .run = hash_run, .state = s},
    };
    bool ok = parse_run(s, 1) && respond_run(s, 1) && encode_run(s, 1);
    for (size_t i = 0; ok && i < sizeof each / sizeof *each; i++)
        ok = cell_add(cell, each[i]);
    return ok;
}
