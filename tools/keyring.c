/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that may have signed the messages of one session on one connection: see keyring.h. */
#include "keyring.h"

#include <stdlib.h>

#include "memory.h"
#include "names.h"

static void add(keyring *ring, const csign_negotiated *negotiated, const keyfile_line *line,
                const csign_preauth *preauth)
{
    csign_session session;
    csign_status status = csign_session_derive(&session, negotiated, (csign_bytes){line->key, line->key_len},
                                               preauth ? preauth->value : NULL);
    if (status == CSIGN_OK)
        ring->candidates[ring->count++] = (key_candidate){session.signer, session.signing_algorithm};
    csign_session_wipe(&session);
}

keyring *keyring_new(const keyfile *keys, uint64_t session_id, const csign_negotiated *negotiated,
                     size_t negotiated_count, const csign_preauth *preauth)
{
    keyring *ring = need(sizeof *ring);
    size_t line_count;
    const keyfile_line *lines = keyfile_find(keys, session_id, &line_count);

    ring->candidates = need(line_count * negotiated_count * sizeof *ring->candidates);
    for (size_t i = 0; i < line_count; i++)
        for (size_t k = 0; k < negotiated_count; k++)
            add(ring, &negotiated[k], &lines[i], preauth);
    ring->chosen = ring->count;
    if (line_count == 0)
        ring->why = "the key file has no line for this session";
    else if (ring->count == 0)
        ring->why = "no key can be derived from what this connection negotiated";
    return ring;
}

void keyring_free(keyring *ring)
{
    for (size_t i = 0; i < ring->count; i++)
        csign_signer_wipe(&ring->candidates[i].signer);
    free(ring->candidates);
    free(ring);
}

static void found(judged_message *out, verdict v, const keyring *ring, const key_candidate *candidate)
{
    out->verdict = v;
    out->algorithm = name_signing_algorithm(candidate->algorithm);
    out->key = ring->channel ? "channel" : "session";
}

/* The verdict without a key. The rules stand before the MAC in csign_verify, so any signer brings them out. */
static void judge_without_key(csign_bytes element, const char *why, judged_message *out)
{
    static const uint8_t zero_key[16];
    csign_signer any;

    csign_signer_init(&any, CSIGN_HMAC_SHA256, zero_key);
    switch (csign_verify(&any, element.data, element.len)) {
    case CSIGN_NOT_SIGNED:
        out->verdict = VERDICT_UNSIGNED;
        return;
    case CSIGN_NOT_SIGNED_BY_RULE:
        out->verdict = VERDICT_NOT_TO_BE_VERIFIED;
        return;
    default: /* the signature of a key that everybody knows proves nothing either */
        out->verdict = VERDICT_NO_KEY;
        out->why = why;
        return;
    }
}

bool keyring_proven(const keyring *ring)
{
    return ring->chosen < ring->count;
}

void keyring_judge(keyring *ring, csign_bytes element, const char *doubt, judged_message *out)
{
    if (ring == NULL || ring->count == 0) {
        judge_without_key(element, ring ? ring->why : "the message belongs to no session", out);
        return;
    }
    bool proven = keyring_proven(ring);
    size_t first = proven ? ring->chosen : 0, end = proven ? first + 1 : ring->count;
    for (size_t i = first; i < end; i++) {
        switch (csign_verify(&ring->candidates[i].signer, element.data, element.len)) {
        case CSIGN_OK:
            ring->chosen = i;
            found(out, VERDICT_VERIFIED, ring, &ring->candidates[i]);
            return;
        case CSIGN_NOT_SIGNED:
            out->verdict = VERDICT_UNSIGNED;
            return;
        case CSIGN_NOT_SIGNED_BY_RULE:
            out->verdict = VERDICT_NOT_TO_BE_VERIFIED;
            return;
        default:
            break;
        }
    }
    if (doubt == NULL && (proven || ring->definite)) {
        found(out, VERDICT_BAD, ring, &ring->candidates[first]);
        out->why = proven
                       ? "the signature is not this message's under the key and algorithm that others verify with"
                       : "nothing has verified with this session's line in the key file yet: is it this session's key?";
    } else {
        out->verdict = VERDICT_NO_KEY;
        out->why = doubt ? doubt : ring->why;
    }
}
