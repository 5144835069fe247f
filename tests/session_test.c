/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions and channels: arguments, what a refusal leaves, wiping. Rules and values are elsewhere. */
#include "check.h"
#include "lib/crypto/cpu.h"
#include "samples.h"

static const uint8_t preauth[64] = {4, 5, 6};

static csign_negotiated agreed(csign_signing_algorithm algorithm)
{
    csign_negotiated negotiated = {CSIGN_SMB_3_1_1, algorithm, true, CSIGN_AES_128_GCM, true, 1};
    return negotiated;
}

static void derive_refused(const csign_negotiated *negotiated, csign_bytes key, const uint8_t *hash)
{
    csign_session session;
    memset(&session, 0xA5, sizeof session);
    CHECK_STATUS(csign_session_derive(&session, negotiated, key, hash), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&session);
}

static void derive(void)
{
    const csign_bytes key = {sample_key, 16};
    const csign_bytes empty = {sample_key, 0};
    const csign_bytes none = {NULL, 0};
    const csign_bytes contradiction = {NULL, 16};
    csign_negotiated good = agreed(CSIGN_AES_GMAC);
    CHECK_STATUS(csign_session_derive(NULL, &good, key, preauth), CSIGN_BAD_ARGUMENT);
    derive_refused(NULL, key, preauth);
    derive_refused(&good, empty, preauth);
    derive_refused(&good, none, preauth);
    derive_refused(&good, contradiction, preauth);
    derive_refused(&good, key, NULL);
    const csign_negotiated impossible[] = {
        {(csign_dialect)0x02FF, CSIGN_HMAC_SHA256, false, CSIGN_CIPHER_NONE, false, 0},
        {CSIGN_SMB_3_1_1, (csign_signing_algorithm)3, true, CSIGN_CIPHER_NONE, false, 1},
        {CSIGN_SMB_3_1_1, CSIGN_AES_CMAC, true, (csign_cipher)5, true, 1},
        {CSIGN_SMB_2_0_2, CSIGN_AES_GMAC, true, CSIGN_CIPHER_NONE, false, 0},
        {(csign_dialect)0, CSIGN_HMAC_SHA256, false, CSIGN_CIPHER_NONE, false, 0},
    };
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        derive_refused(&impossible[i], key, preauth);
    }
    csign_session session;
    CHECK_STATUS(csign_session_derive(&session, &good, key, preauth), CSIGN_OK);
    CHECK(session.dialect == CSIGN_SMB_3_1_1 && session.signing_algorithm == CSIGN_AES_GMAC);
    CHECK(session.cipher == CSIGN_AES_128_GCM && session.signing.len == 16 && session.application.len == 16);
    CHECK(session.client_to_server.len == 16 && session.server_to_client.len == 16);
    /* Bytes of a key behind its length are zero. */
    CHECK(all_zero(session.signing.bytes + 16, 16) && all_zero(session.client_to_server.bytes + 16, 16));
    csign_session_wipe(&session);
    CHECK_ZERO(&session);
    csign_session_wipe(NULL);
    /* A key inside the session that is to be made would be overwritten before it is read. */
    memcpy(session.application.bytes, sample_key, 16);
    csign_bytes inside = {session.application.bytes, 16};
    CHECK_STATUS(csign_session_derive(&session, &good, inside, preauth), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&session);
}

static void bind_refused(csign_status status, uint32_t code, const csign_session *session,
                         const csign_negotiated *connection, csign_bytes key, const uint8_t *hash)
{
    csign_channel channel;
    uint32_t ntstatus = 1;
    memset(&channel, 0xA5, sizeof channel);
    CHECK_STATUS(csign_session_bind(&channel, session, connection, key, hash), status);
    CHECK_ZERO(&channel);
    csign_status check = csign_session_bind_check(session, connection, &ntstatus);
    CHECK(check == CSIGN_OK ? ntstatus == 0 : ntstatus == code && check == status);
    CHECK_STATUS(csign_session_bind_check(session, connection, NULL), check);
}

static void bind(void)
{
    const csign_bytes key = {sample_key, 16};
    const csign_bytes empty = {sample_key, 0};
    csign_negotiated connection = agreed(CSIGN_AES_GMAC);
    csign_negotiated other = agreed(CSIGN_AES_CMAC);
    csign_negotiated impossible = {CSIGN_SMB_3_1_1, CSIGN_HMAC_SHA256, false, CSIGN_CIPHER_NONE, false, 1};
    csign_session session;
    csign_session zeroed;
    csign_channel channel;
    memset(&zeroed, 0, sizeof zeroed);
    CHECK_STATUS(csign_session_derive(&session, &connection, key, preauth), CSIGN_OK);
    bind_refused(CSIGN_BAD_ARGUMENT, 0xC000000D, NULL, &connection, key, preauth);
    bind_refused(CSIGN_BAD_ARGUMENT, 0xC000000D, &session, NULL, key, preauth);
    bind_refused(CSIGN_BAD_ARGUMENT, 0xC000000D, &zeroed, &connection, key, preauth);
    bind_refused(CSIGN_BAD_ARGUMENT, 0xC000000D, &session, &impossible, key, preauth);
    bind_refused(CSIGN_BAD_ARGUMENT, 0, &session, &connection, empty, preauth);
    bind_refused(CSIGN_BAD_ARGUMENT, 0, &session, &connection, key, NULL);
    bind_refused(CSIGN_UNSUPPORTED, 0xC000042A, &session, &other, key, preauth);
    CHECK_STATUS(csign_session_bind(NULL, &session, &connection, key, preauth), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_session_bind(&channel, &session, &connection, key, preauth), CSIGN_OK);
    CHECK(channel.signing.len == 16);
    CHECK_BYTES(channel.signing.bytes, session.signing.bytes, 16); /* the same key and chain give the same key */
    csign_channel_wipe(&channel);
    CHECK_ZERO(&channel);
    csign_channel_wipe(NULL);
    memcpy(channel.signing.bytes, sample_key, 16);
    csign_bytes inside = {channel.signing.bytes, 16};
    CHECK_STATUS(csign_session_bind(&channel, &session, &connection, inside, preauth), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&channel);
}

int main(void)
{
    derive();
    csign_cpu_limit(0); /* the portable backend has no batch */
    derive();
    csign_cpu_limit(UINT32_MAX);
    bind();
    return CHECK_RESULT();
}
