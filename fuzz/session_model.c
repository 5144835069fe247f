/* SPDX-License-Identifier: Apache-2.0 */
/* See session_model.h. Numbers are those of MS-SMB2 2.2.3.1: SigningAlgorithmId 0 HMAC-SHA256, 1 AES-CMAC, 2 AES-GMAC; CipherId 1 and 2
   AES-128, 3 and 4 AES-256, 1 and 3 CCM. */
#include "session_model.h"

#include <stdlib.h>

#include "oracle/smb3.h"
#include "sign_model.h"

csign_negotiated model_as_negotiated(const model_negotiated *n)
{
    return (csign_negotiated){.dialect = (csign_dialect)n->dialect,
                              .signing_algorithm = (csign_signing_algorithm)n->signing,
                              .signing_negotiated = n->signing_negotiated,
                              .cipher = (csign_cipher)n->cipher,
                              .cipher_negotiated = n->cipher != 0,
                              .preauth_hash = n->dialect == 0x0311};
}

bool model_negotiated_possible(const model_negotiated *n)
{
    if (n->dialect == 0x0202 || n->dialect == 0x0210)
        return n->signing == 0 && n->cipher == 0;
    if (n->dialect == 0x0300 || n->dialect == 0x0302)
        return n->signing == 1 && n->cipher <= 1;
    if (n->dialect != 0x0311 || n->cipher > 4 || n->signing > 2)
        return false;
    return n->signing == 1 || n->signing_negotiated;
}

static void derive(model_key *out, size_t len, enum smb3_key purpose, uint32_t dialect, csign_bytes full,
                   const uint8_t preauth[64])
{
    memset(out, 0, sizeof *out);
    out->len = len;
    struct diff_bytes key = {full.data, full.len};
    if (dialect < 0x0300) {
        smb3_session_key(out->bytes, key);
        return;
    }
    struct diff_question q;
    struct smb3_scratch scratch = {0};
    smb3_ask_key(&q, &scratch, purpose, dialect, len, key, preauth);
    csign_bytes ki = {q.key.data, q.key.len}, label = {q.label.data, q.label.len};
    csign_bytes context = {q.context.data, q.context.len};
    CHECK(csign_kdf_sp800_108(out->bytes, len, ki, label, context) == CSIGN_OK, "16 and 32 bytes can be derived");
    smb3_scratch_free(&scratch);
}

void model_session_derive(model_session *out, const model_negotiated *n, csign_bytes full_session_key,
                          const uint8_t preauth[64])
{
    memset(out, 0, sizeof *out);
    out->negotiated = *n;
    derive(&out->keys[0], 16, SMB3_SIGNING, n->dialect, full_session_key, preauth);
    derive(&out->keys[1], 16, SMB3_APPLICATION, n->dialect, full_session_key, preauth);
    if (n->cipher) {
        size_t len = n->cipher >= 3 ? 32 : 16;
        derive(&out->keys[2], len, SMB3_CLIENT_TO_SERVER, n->dialect, full_session_key, preauth);
        derive(&out->keys[3], len, SMB3_SERVER_TO_CLIENT, n->dialect, full_session_key, preauth);
    }
}

void model_signing_key(uint8_t out[16], const model_negotiated *connection, csign_bytes key, const uint8_t preauth[64])
{
    model_key signing;
    derive(&signing, 16, SMB3_SIGNING, connection->dialect, key, preauth);
    memcpy(out, signing.bytes, 16);
}

uint32_t model_bind_status(const model_negotiated *s, const model_negotiated *c)
{
    if ((s->signing == 2) != (c->signing == 2))
        return s->signing == 2 ? 0xC000042A : 0xC00000BB; /* REQUEST_OUT_OF_SEQUENCE, NOT_SUPPORTED */
    if (s->dialect == 0x0202 || s->dialect == 0x0210 || c->dialect == 0x0202 || c->dialect == 0x0210)
        return 0xC00000D0; /* REQUEST_NOT_ACCEPTED: only 3.x has channels */
    return s->dialect == c->dialect && s->cipher == c->cipher ? 0 : 0xC000000D; /* INVALID_PARAMETER */
}

void model_preauth_step(uint8_t value[64], csign_bytes message)
{
    uint8_t *joined = malloc(64 + message.len);
    if (!joined)
        abort();
    memcpy(joined, value, 64);
    if (message.len)
        memcpy(joined + 64, message.data, message.len);
    csign_sha512(value, (csign_bytes){joined, 64 + message.len});
    free(joined);
}

static void check_key(const csign_key *key, const model_key *expected, const char *property)
{
    CHECK(key->len == expected->len && !memcmp(key->bytes, expected->bytes, sizeof key->bytes), property);
    fuzz_outcome(key->bytes, key->len);
}

void model_signer_check(const csign_signer *signer, uint32_t algorithm, const uint8_t key[16], const uint8_t header[64])
{
    uint8_t tag[16], expected[16];
    model_mac(expected, (csign_signing_algorithm)algorithm, key, (csign_bytes){header, 64});
    CHECK(csign_mac(signer, tag, header, NULL, 0) == CSIGN_OK && !memcmp(tag, expected, 16),
          "a signer signs with its own key and algorithm");
}

void model_session_check(const csign_session *session, const model_session *expected, const uint8_t header[64])
{
    CHECK((uint32_t)session->dialect == expected->negotiated.dialect &&
              (uint32_t)session->signing_algorithm == expected->negotiated.signing &&
              (uint32_t)session->cipher == expected->negotiated.cipher,
          "a session keeps what was negotiated");
    check_key(&session->signing, &expected->keys[0], "the signing key is that of MS-SMB2");
    check_key(&session->application, &expected->keys[1], "the application key is that of MS-SMB2");
    check_key(&session->client_to_server, &expected->keys[2], "the client-to-server key is that of MS-SMB2, or none");
    check_key(&session->server_to_client, &expected->keys[3], "the server-to-client key is that of MS-SMB2, or none");
    model_signer_check(&session->signer, expected->negotiated.signing, expected->keys[0].bytes, header);
}
