/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on keys, preauth chains, sessions and bindings: MS-SMB2 3.1.4.2, 3.1.4.4.1, 3.2.5.3, 3.3.5.5. */
#include <stdio.h>
#include <string.h>

#include "operations.h"

static csign_key_purpose read_purpose(vector_case *c)
{
    static const char *const words[] = {"signing", "application", "clientToServer", "serverToClient"};
    const char *text = case_text(c, "purpose");
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(words[i], text) == 0)
            return (csign_key_purpose)i;
    }
    case_fail(c, "field 'purpose' has the unknown word '%s'", text);
    return CSIGN_KEY_SIGNING;
}

/* A preauth hash, or NULL where the test has none. */
static const uint8_t *read_preauth(vector_case *c, const char *name)
{
    return case_is_null(c, "%s", name) ? NULL : case_exact(c, 64, "%s", name);
}

void op_derive_key(vector_case *c)
{
    csign_dialect dialect = case_dialect(c, "dialect");
    csign_key_purpose purpose = read_purpose(c);
    csign_bytes session_key = case_bytes(c, "sessionKey");
    const uint8_t *preauth = read_preauth(c, "preauth");
    size_t len = (size_t)case_number(c, "keyLen");
    if (len > 1024)
        case_fail(c, "field 'keyLen' is too large for a test");
    if (case_failed(c))
        return;
    uint8_t *key = case_alloc(c, len + 1);
    csign_status status = csign_derive_key(key, len, purpose, dialect, session_key, preauth);
    if (case_expect_status(c, status)) {
        case_expect(c, "key", key, len);
    } else {
        if (!case_is_null(c, "key"))
            case_fail(c, "a refusal has no key");
        for (size_t i = 0; i < len; i++) {
            if (key[i] != 0)
                case_fail(c, "key[%zu] is not zero after a refusal", i);
        }
    }
    if (key[len] != 0xA5)
        case_fail(c, "a byte behind the key was written");
}

static void absorb(vector_case *c, csign_preauth *chain, const char *list, size_t index)
{
    csign_bytes message = case_bytes(c, "%s[%zu]", list, index);
    if (!case_failed(c))
        csign_preauth_update(chain, message);
}

/* Each message also in parts, which must give the same. */
static void check_parts(vector_case *c, csign_preauth before, csign_preauth after, csign_bytes message)
{
    csign_bytes parts[CASE_PARTS];
    case_split(parts, message);
    csign_preauth_update_parts(&before, parts, CASE_PARTS);
    case_expect_same(c, "the hash by parts", after.value, before.value, sizeof after.value);
}

void op_preauth_chain(vector_case *c)
{
    csign_preauth chain;
    csign_preauth_init(&chain);
    size_t count = case_count(c, "messages");
    if (case_count(c, "hashes") != count)
        case_fail(c, "as many hashes as messages are needed");
    if (count == 0)
        case_fail(c, "a chain without a message");
    for (size_t i = 0; i < count && !case_failed(c); i++) {
        csign_preauth before = chain;
        csign_bytes message = case_bytes(c, "messages[%zu]", i);
        absorb(c, &chain, "messages", i);
        check_parts(c, before, chain, message);
        char name[32];
        snprintf(name, sizeof name, "hashes[%zu]", i);
        if (i + 1 == count) {
            case_expect(c, name, chain.value, sizeof chain.value);
        } else {
            case_expect_same(c, name, case_exact(c, 64, "%s", name), chain.value, sizeof chain.value);
        }
    }
}

static csign_negotiated read_negotiated(vector_case *c, const char *prefix)
{
    csign_negotiated n;
    memset(&n, 0, sizeof n);
    n.dialect = case_dialect(c, "%sdialect", prefix);
    n.signing_algorithm = case_algorithm(c, "%ssigningAlgorithm", prefix);
    n.signing_negotiated = case_bool(c, "%ssigningNegotiated", prefix);
    n.cipher = case_cipher(c, "%scipher", prefix);
    n.cipher_negotiated = case_bool(c, "%scipherNegotiated", prefix);
    n.preauth_hash = n.dialect == CSIGN_SMB_3_1_1 ? CSIGN_PREAUTH_SHA512 : 0;
    return n;
}

static void check_key(vector_case *c, const char *name, const csign_key *key)
{
    if (case_is_null(c, "%s", name)) {
        if (key->len != 0)
            case_fail(c, "there is a key '%s', though there must be none", name);
    } else {
        case_expect(c, name, key->bytes, key->len);
    }
}

static void check_zero(vector_case *c, const char *what, const void *object, size_t len)
{
    const unsigned char *bytes = object;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0)
            case_fail(c, "byte %zu of %s is not zero", i, what);
    }
}

void op_session_derive(vector_case *c)
{
    csign_negotiated negotiated = read_negotiated(c, "");
    csign_bytes session_key = case_bytes(c, "sessionKey");
    const uint8_t *preauth = read_preauth(c, "preauth");
    if (case_failed(c))
        return;
    csign_session session;
    memset(&session, 0xA5, sizeof session);
    csign_status status = csign_session_derive(&session, &negotiated, session_key, preauth);
    if (case_expect_status(c, status)) {
        case_object(c, "keys");
        check_key(c, "keys.signing", &session.signing);
        check_key(c, "keys.application", &session.application);
        check_key(c, "keys.clientToServer", &session.client_to_server);
        check_key(c, "keys.serverToClient", &session.server_to_client);
        if (session.dialect != negotiated.dialect || session.signing_algorithm != negotiated.signing_algorithm ||
            session.cipher != negotiated.cipher) {
            case_fail(c, "the session does not say what was negotiated");
        }
        csign_session_wipe(&session);
    } else if (!case_is_null(c, "keys")) {
        case_fail(c, "a refusal has no keys");
    }
    check_zero(c, "the session, refused or wiped,", &session, sizeof session);
}

void op_session_bind(vector_case *c)
{
    case_object(c, "session");
    case_object(c, "connection");
    csign_negotiated first = read_negotiated(c, "session.");
    csign_bytes session_key = case_bytes(c, "session.sessionKey");
    const uint8_t *session_preauth = read_preauth(c, "session.preauth");
    csign_negotiated connection = read_negotiated(c, "connection.");
    csign_bytes binding_key = case_bytes(c, "bindingKey");
    const uint8_t *preauth = read_preauth(c, "preauth");
    uint32_t ntstatus = (uint32_t)case_number(c, "ntstatus");
    if (case_failed(c))
        return;
    csign_session session;
    if (csign_session_derive(&session, &first, session_key, session_preauth) != CSIGN_OK) {
        case_fail(c, "the first channel's session cannot be derived");
        return;
    }
    uint32_t answer = 0xA5A5A5A5;
    csign_status checked = csign_session_bind_check(&session, &connection, &answer);
    if (answer != ntstatus)
        case_fail(c, "ntstatus is %08x, not %08x", (unsigned)answer, (unsigned)ntstatus);
    csign_channel channel;
    memset(&channel, 0xA5, sizeof channel);
    csign_status status = csign_session_bind(&channel, &session, &connection, binding_key, preauth);
    if (checked != CSIGN_OK && checked != status)
        case_fail(c, "csign_session_bind is milder than csign_session_bind_check");
    if (case_expect_status(c, status)) {
        check_key(c, "channelSigningKey", &channel.signing);
        csign_channel_wipe(&channel);
    } else if (!case_is_null(c, "channelSigningKey")) {
        case_fail(c, "a refusal has no key");
    }
    check_zero(c, "the channel, refused or wiped,", &channel, sizeof channel);
    csign_session_wipe(&session);
}

void op_signed_session(vector_case *c)
{
    csign_negotiated negotiated = read_negotiated(c, "");
    csign_bytes session_key = case_bytes(c, "sessionKey");
    csign_preauth connection;
    csign_preauth_init(&connection);
    size_t connection_count = case_count(c, "connectionMessages");
    for (size_t i = 0; i < connection_count; i++)
        absorb(c, &connection, "connectionMessages", i);
    csign_preauth chain = connection;
    size_t session_count = case_count(c, "sessionMessages");
    for (size_t i = 0; i < session_count; i++)
        absorb(c, &chain, "sessionMessages", i);
    csign_bytes message = case_bytes(c, "message");
    if (case_failed(c))
        return;
    csign_session session;
    if (csign_session_derive(&session, &negotiated, session_key, chain.value) != CSIGN_OK) {
        case_fail(c, "the session cannot be derived");
        return;
    }
    (void)case_expect_verdict(c, csign_verify(&session.signer, message.data, message.len));
    csign_session_wipe(&session);
}
