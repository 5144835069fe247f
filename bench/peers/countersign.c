/* SPDX-License-Identifier: Apache-2.0 */
/* Ours, as a server calls it: csign_sign and csign_verify with all their rules, on the whole message, tag in place. A third one
   hands the message over in three parts. */
#include "countersign.h"

#include <countersign/countersign.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/crypto/cpu.h"
#include "../../lib/smb3/derive_key.h"

static const char *start(unsigned without)
{
    uint32_t masked = 0;
    masked |= without & PEER_AVX512 ? CSIGN_CPU_AVX512 : 0u;
    masked |= without & PEER_VAES ? (unsigned)CSIGN_CPU_VAES | (unsigned)CSIGN_CPU_VPCLMUL : 0u;
    masked |= without & PEER_AVX2 ? CSIGN_CPU_AVX2 : 0u;
    if (masked)
        csign_cpu_limit(~masked);
    return "this tree";
}

static void *key_new(void)
{
    return aligned_alloc(64, (sizeof(csign_signer) + 63) / 64 * 64);
}

static bool cmac_set(void *key, const uint8_t *raw, size_t len)
{
    return len == 16 && csign_signer_init(key, CSIGN_AES_CMAC, raw) == CSIGN_OK;
}

static bool gmac_set(void *key, const uint8_t *raw, size_t len)
{
    return len == 16 && csign_signer_init(key, CSIGN_AES_GMAC, raw) == CSIGN_OK;
}

static bool hmac_set(void *key, const uint8_t *raw, size_t len)
{
    return len == 16 && csign_signer_init(key, CSIGN_HMAC_SHA256, raw) == CSIGN_OK;
}

static void key_free(void *key)
{
    csign_signer_wipe(key);
    free(key);
}

static const csign_signing_algorithm algorithm_of[PEER_ALGORITHMS] = {
    [PEER_AES_CMAC] = CSIGN_AES_CMAC,
    [PEER_AES_GMAC] = CSIGN_AES_GMAC,
    [PEER_HMAC_SHA256] = CSIGN_HMAC_SHA256,
};

const char *countersign_backend(enum peer_algorithm algorithm)
{
    static const uint8_t raw[16];
    csign_signer signer;
    return csign_signer_init(&signer, algorithm_of[algorithm], raw) == CSIGN_OK ? csign_backend_name(&signer) : "none";
}

static bool sign(const struct peer_message *m)
{
    return csign_sign(m->key, m->data, m->len) == CSIGN_OK;
}

static bool verify(const struct peer_message *m)
{
    return csign_verify(m->key, m->data, m->len) == CSIGN_OK;
}

/* Header, 48 bytes of request structure, payload: how a server holds a WRITE. */
static bool sign_parts(const struct peer_message *m)
{
    const csign_bytes parts[2] = {{m->data + 64, 48}, {m->data + 112, m->len - 112}};
    return csign_sign_parts(m->key, m->data, parts, 2) == CSIGN_OK;
}

struct batch {
    size_t count;
    csign_job jobs[];
};

static void *batch_new(const struct peer_message *messages, size_t count)
{
    struct batch *batch = calloc(1, sizeof *batch + count * sizeof batch->jobs[0]);
    if (batch == NULL)
        return NULL;
    batch->count = count;
    for (size_t i = 0; i < count; i++) {
        batch->jobs[i].signer = messages[i].key;
        batch->jobs[i].message = messages[i].data;
        batch->jobs[i].len = messages[i].len;
    }
    return batch;
}

static bool sign_batch(void *prepared)
{
    struct batch *batch = prepared;
    return csign_sign_batch(batch->jobs, batch->count) == 0;
}

static bool verify_batch(void *prepared)
{
    struct batch *batch = prepared;
    return csign_verify_batch(batch->jobs, batch->count) == 0;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    const csign_bytes message = {data, len};
    csign_sha512(digest, message);
    return true;
}

static bool derive_keys(const struct peer_derivation *d, size_t count)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        const csign_bytes key = {d[i].key, d[i].key_len};
        ok = ok && csign_derive_key(d[i].out, d[i].out_len, (csign_key_purpose)d[i].purpose, CSIGN_SMB_3_1_1, key,
                                    d[i].context) == CSIGN_OK;
    }
    return ok;
}

bool countersign_keys(const struct peer_derivation *d, size_t count)
{
    csign_key_request requests[CSIGN_KEY_REQUESTS_MAX];
    const csign_bytes key = {d[2].key, d[2].key_len}; /* the whole one */
    if (count > CSIGN_KEY_REQUESTS_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        requests[i] = (csign_key_request){d[i].out, d[i].out_len, (csign_key_purpose)d[i].purpose};
    return csign_derive_keys(requests, count, CSIGN_SMB_3_1_1, key, d[0].context) == CSIGN_OK;
}

bool countersign_session(const struct peer_derivation *d, size_t count)
{
    const csign_negotiated negotiated = {
        .dialect = CSIGN_SMB_3_1_1,
        .signing_algorithm = CSIGN_AES_GMAC,
        .signing_negotiated = true,
        .cipher = d[2].out_len == 32 ? CSIGN_AES_256_GCM : CSIGN_AES_128_GCM,
        .cipher_negotiated = true,
        .preauth_hash = CSIGN_PREAUTH_SHA512,
    };
    const csign_bytes key = {d[2].key, d[2].key_len};
    csign_session session;
    if (count != 4 || csign_session_derive(&session, &negotiated, key, d[0].context) != CSIGN_OK)
        return false;
    memcpy(d[0].out, session.signing.bytes, d[0].out_len);
    memcpy(d[1].out, session.application.bytes, d[1].out_len);
    memcpy(d[2].out, session.client_to_server.bytes, d[2].out_len);
    memcpy(d[3].out, session.server_to_client.bytes, d[3].out_len);
    return true;
}

#define CALLS(call, function)                                                                                          \
    {                                                                                                                  \
        [PEER_AES_CMAC] = {call, key_new, cmac_set, key_free, function, 0, NULL},                                      \
        [PEER_AES_GMAC] = {call, key_new, gmac_set, key_free, function, 0, NULL},                                      \
        [PEER_HMAC_SHA256] = {call, key_new, hmac_set, key_free, function, 0, NULL},                                   \
    }

const struct peer countersign_sign = {
    .interface = PEER_INTERFACE,
    .name = "countersign",
    .start = start,
    .calls = CALLS("csign_sign", sign),
    .batches = {{"batch", "csign_sign_batch", batch_new, sign_batch, free}},
    .sha512_how = "csign_sha512",
    .sha512 = sha512,
    .kdf_how = "csign_derive_key for each key",
    .kdf = derive_keys,
    .in_place = true,
};

const struct peer countersign_verify = {
    .interface = PEER_INTERFACE,
    .name = "countersign verify",
    .start = start,
    .calls = CALLS("csign_verify", verify),
    .batches = {{"batch", "csign_verify_batch", batch_new, verify_batch, free}},
    .in_place = true,
    .sign_first = sign,
};

const struct peer countersign_parts = {
    .interface = PEER_INTERFACE,
    .name = "countersign parts",
    .start = start,
    .calls = CALLS("csign_sign_parts", sign_parts),
    .in_place = true,
    .len_least = 128,
};
