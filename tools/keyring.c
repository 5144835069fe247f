/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that may have signed or encrypted the messages of one session on one connection: see keyring.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "keyring.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "names.h"

keyring *keyring_new(uint64_t session_id)
{
    keyring *ring = need(sizeof *ring);
    ring->session_id = session_id;
    ring->chosen = KEYRING_NONE;
    return ring;
}

void keyring_clear(keyring *ring)
{
    if (ring->count != 0)
        explicit_bzero(ring->candidates, ring->count * sizeof *ring->candidates);
    ring->count = 0;
}

void keyring_free(keyring *ring)
{
    keyring_clear(ring);
    free(ring->candidates);
    explicit_bzero(&ring->bound_key, sizeof ring->bound_key);
    transcript_free(&ring->setup);
    free(ring->known);
    free(ring);
}

/* need_more would leave copies of keys behind. */
static key_candidate *next_candidate(keyring *ring)
{
    if (ring->count == ring->capacity) {
        size_t capacity = ring->capacity ? 2 * ring->capacity : 1;
        key_candidate *larger = need(capacity * sizeof *larger);
        if (ring->count != 0) {
            memcpy(larger, ring->candidates, ring->count * sizeof *larger);
            explicit_bzero(ring->candidates, ring->count * sizeof *larger);
        }
        free(ring->candidates);
        ring->candidates = larger;
        ring->capacity = capacity;
    }
    return &ring->candidates[ring->count];
}

void keyring_add(keyring *ring, const keyfile_line *line, const csign_negotiated *negotiated,
                 const csign_preauth *preauth)
{
    key_candidate *candidate = next_candidate(ring);
    csign_session session;

    *candidate = (key_candidate){.source = line->source ? line->source : "key file",
                                 .client_to_server = line->client_to_server,
                                 .server_to_client = line->server_to_client};
    if (negotiated != NULL) {
        candidate->cipher = negotiated->cipher;
        candidate->signs =
            csign_session_derive(&session, negotiated, (csign_bytes){line->key_len ? line->key : NULL, line->key_len},
                                 preauth ? preauth->value : NULL) == CSIGN_OK;
    }
    if (candidate->signs) {
        candidate->signer = session.signer;
        candidate->algorithm = session.signing_algorithm;
        candidate->dialect = negotiated->dialect;
        candidate->session_key.len =
            line->key_len < sizeof candidate->session_key.bytes ? line->key_len : sizeof candidate->session_key.bytes;
        memcpy(candidate->session_key.bytes, line->key, candidate->session_key.len);
        if (candidate->client_to_server.len == 0)
            candidate->client_to_server = session.client_to_server;
        if (candidate->server_to_client.len == 0)
            candidate->server_to_client = session.server_to_client;
        candidate->ciphers_apart = line->client_to_server.len + line->server_to_client.len != 0 ||
                                   (line->key_len > 16 && candidate->client_to_server.len == 32);
        csign_session_wipe(&session);
    }
    ring->count += candidate->signs || candidate->client_to_server.len != 0 || candidate->server_to_client.len != 0;
}

bool keyring_proven(const keyring *ring)
{
    return ring->chosen != KEYRING_NONE;
}

const char *keyring_source(const keyring *ring)
{
    if (keyring_proven(ring))
        return ring->candidates[ring->chosen].source;
    return ring->definite && ring->count != 0 ? ring->candidates[0].source : NULL;
}

/* The candidates to try: the one that has proven itself, else all. */
static size_t first_of(const keyring *ring)
{
    return keyring_proven(ring) ? ring->chosen : 0;
}

static size_t end_of(const keyring *ring)
{
    return keyring_proven(ring) ? ring->chosen + 1 : ring->count;
}

static void tried(judged_message *out, verdict v, const keyring *ring, const char *algorithm)
{
    out->verdict = v;
    out->algorithm = algorithm;
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

static const char *why_of(const keyring *ring)
{
    if (ring == NULL)
        return "the message belongs to no session";
    return ring->why ? ring->why : "only this session's cipher keys are known, not the key that signs";
}

void keyring_judge(keyring *ring, csign_bytes element, const char *doubt, judged_message *out)
{
    const key_candidate *first = NULL; /* of those that sign */
    for (size_t i = ring ? first_of(ring) : 0; ring != NULL && i < end_of(ring); i++) {
        const key_candidate *candidate = &ring->candidates[i];
        if (!candidate->signs)
            continue;
        first = first ? first : candidate;
        switch (csign_verify(&candidate->signer, element.data, element.len)) {
        case CSIGN_OK:
            ring->chosen = i;
            tried(out, VERDICT_VERIFIED, ring, name_signing_algorithm(candidate->algorithm));
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
    if (first == NULL) {
        judge_without_key(element, why_of(ring), out);
    } else if (doubt == NULL && (keyring_proven(ring) || ring->definite)) {
        tried(out, VERDICT_BAD, ring, name_signing_algorithm(first->algorithm));
        out->why = keyring_proven(ring)
                       ? "the signature is not this message's under the key and algorithm that others verify with"
                       : "nothing has verified with this session's key yet: is it this session's key?";
    } else {
        out->verdict = VERDICT_NO_KEY;
        out->why = doubt ? doubt : ring->why;
    }
}

static bool open_with(const key_candidate *candidate, csign_cipher cipher, const transform *t, sender from,
                      uint8_t *plain)
{
    return (from != SENDER_SERVER && transform_open(plain, t, cipher, &candidate->client_to_server)) ||
           (from != SENDER_CLIENT && transform_open(plain, t, cipher, &candidate->server_to_client));
}

csign_cipher keyring_open(keyring *ring, const transform *t, sender from, uint8_t *plain, judged_message *out)
{
    csign_cipher likely = CSIGN_CIPHER_NONE;
    for (size_t i = ring ? first_of(ring) : 0; ring != NULL && i < end_of(ring); i++) {
        const key_candidate *candidate = &ring->candidates[i];
        bool known = candidate->cipher != CSIGN_CIPHER_NONE;
        csign_cipher cipher = known ? candidate->cipher : CSIGN_AES_128_CCM;
        csign_cipher last = known ? candidate->cipher : CSIGN_AES_256_GCM;
        likely = likely ? likely : candidate->cipher;
        for (; cipher <= last; cipher++)
            if (open_with(candidate, cipher, t, from, plain)) {
                ring->chosen = i;
                ring->candidates[i].cipher = cipher;
                return cipher;
            }
    }
    out->verdict = VERDICT_ENCRYPTED;
    if (ring == NULL || ring->count == 0)
        out->why = why_of(ring);
    else if (!keyring_proven(ring) && !ring->definite)
        out->why = ring->why ? ring->why : "none of this session's cipher keys opens it";
    else if (likely == CSIGN_CIPHER_NONE)
        out->why = "the connection has negotiated no cipher, so there is no key for this message";
    else {
        tried(out, VERDICT_BAD, ring, name_cipher(likely));
        out->why = keyring_proven(ring) ? "the AEAD's tag is not this message's under the key that fits other messages"
                                        : "nothing has fitted this session's key yet: is it this session's key?";
    }
    return CSIGN_CIPHER_NONE;
}
