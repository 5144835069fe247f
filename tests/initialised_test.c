/* SPDX-License-Identifier: Apache-2.0 */
/* Every byte of every output is written, on success and on refusal. Under MSan its shadow says so, for the values too, not only for the stores;
   elsewhere each call runs twice over different patterns, and what keeps the pattern was not written. A planted gap must be seen both ways. */
#include <stdlib.h>

#include "check.h"
#include "published_messages.h"
#include "samples.h"

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define UNDER_MSAN 1
#endif
#endif

enum { ROOM = 8192 };

static const uint8_t preauth[64] = {1, 2, 3};
static const csign_negotiated agreed = {CSIGN_SMB_3_1_1, CSIGN_AES_GMAC, true, CSIGN_AES_256_GCM, true, 1};
static const csign_negotiated impossible = {CSIGN_SMB_3_1_1, CSIGN_HMAC_SHA256, false, CSIGN_CIPHER_NONE, false, 1};

static csign_bytes key_bytes(void)
{
    return sample_bytes(sample_key, sizeof sample_key);
}

static csign_bytes published(bool response)
{
    size_t i = 0;
    while (published_messages[i].response != response) {
        i++;
    }
    return sample_bytes(published_messages[i].data, published_messages[i].len);
}

static const csign_bytes nothing = {NULL, 0};

/* Producers write all of *out, or return what they were to give. */
static void sha512(void *out)
{
    csign_sha512(out, key_bytes());
}
static void hmac(void *out)
{
    csign_hmac_sha256(out, key_bytes(), key_bytes());
}
static void cmac(void *out)
{
    csign_cmac_aes128(out, sample_key, key_bytes());
}
static void gmac(void *out)
{
    csign_gmac_aes128(out, sample_key, preauth, key_bytes());
}
static void kdf(void *out)
{
    (void)csign_kdf_sp800_108(out, 77, key_bytes(), key_bytes(), nothing);
}
static void header(void *out)
{
    (void)csign_header_parse(out, published(false));
}
static void header_refused(void *out)
{
    (void)csign_header_parse(out, key_bytes());
}
static void compound(void *out)
{
    size_t *span = out;
    span[0] = span[1] = 0;
    (void)csign_compound_next(published(false), &span[0], &span[1]);
}
static void compound_refused(void *out)
{
    size_t *span = out;
    span[0] = span[1] = 0;
    (void)csign_compound_next(key_bytes(), &span[0], &span[1]);
}
static void request(void *out)
{
    (void)csign_negotiate_request_parse(out, published(false));
}
static void request_refused(void *out)
{
    (void)csign_negotiate_request_parse(out, published(true));
}
static void request_cut(void *out)
{
    csign_bytes cut = published(false);
    cut.len -= 20;
    (void)csign_negotiate_request_parse(out, cut);
}
static void response(void *out)
{
    (void)csign_negotiate_response_parse(out, published(true));
}
static void response_refused(void *out)
{
    (void)csign_negotiate_response_parse(out, published(false));
}
static csign_negotiate_request parsed_request(void)
{
    csign_negotiate_request parsed;
    (void)csign_negotiate_request_parse(&parsed, published(false));
    return parsed;
}
static csign_negotiate_response parsed_response(void)
{
    csign_negotiate_response parsed;
    (void)csign_negotiate_response_parse(&parsed, published(true));
    return parsed;
}
static void request_encoded(void *out)
{
    csign_negotiate_request in = parsed_request();
    (void)csign_negotiate_request_encode((uint8_t *)out + sizeof(size_t), ROOM, out, &in);
}
static void response_encoded(void *out)
{
    csign_negotiate_response in = parsed_response();
    (void)csign_negotiate_response_encode((uint8_t *)out + sizeof(size_t), ROOM, out, &in);
}
static void encode_refused(void *out)
{
    (void)csign_negotiate_request_encode(NULL, 0, out, NULL);
}
static void encode_no_space(void *out)
{
    csign_negotiate_request in = parsed_request();
    (void)csign_negotiate_request_encode(NULL, 0, out, &in);
}
static void policy(void *out)
{
    csign_negotiate_policy_init(out);
}
static void chosen(void *out)
{
    csign_negotiate_policy local;
    csign_negotiate_request in = parsed_request();
    csign_negotiate_policy_init(&local);
    (void)csign_negotiate_select(out, &local, &in);
}
static void chosen_refused(void *out)
{
    csign_negotiate_policy local;
    csign_negotiate_request in = parsed_request();
    csign_negotiate_policy_init(&local);
    in.contexts_status = CSIGN_MALFORMED;
    (void)csign_negotiate_select(out, &local, &in);
}
static void responded(void *out)
{
    csign_negotiate_request in = parsed_request();
    (void)csign_negotiate_respond(out, &agreed, &in, key_bytes());
}
static void responded_refused(void *out)
{
    csign_negotiate_request in = parsed_request();
    (void)csign_negotiate_respond(out, &impossible, &in, key_bytes());
}
static void accepted(void *out)
{
    csign_negotiate_request in = parsed_request();
    csign_negotiate_response answer = parsed_response();
    (void)csign_negotiate_accept(out, &in, &answer);
}
static void accepted_refused(void *out)
{
    csign_negotiate_request in = parsed_request();
    csign_negotiate_response answer = parsed_response();
    answer.dialect = 0x02FF;
    (void)csign_negotiate_accept(out, &in, &answer);
}
static void chain(void *out)
{
    csign_preauth_init(out);
    csign_preauth_update(out, key_bytes());
}
static void derived(void *out)
{
    (void)csign_derive_key(out, 32, CSIGN_KEY_CLIENT_TO_SERVER, CSIGN_SMB_3_1_1, key_bytes(), preauth);
}
static void derived_short(void *out)
{
    (void)csign_derive_key(out, 16, CSIGN_KEY_SIGNING, CSIGN_SMB_2_1, sample_bytes(sample_key, 3), NULL);
}
static void derived_refused(void *out)
{
    (void)csign_derive_key(out, 32, CSIGN_KEY_SIGNING, CSIGN_SMB_3_1_1, key_bytes(), preauth);
}
static void session(void *out)
{
    (void)csign_session_derive(out, &agreed, key_bytes(), preauth);
}
static void session_refused(void *out)
{
    (void)csign_session_derive(out, &agreed, key_bytes(), NULL);
}
static void channel(void *out)
{
    csign_session first;
    (void)csign_session_derive(&first, &agreed, key_bytes(), preauth);
    (void)csign_session_bind(out, &first, &agreed, key_bytes(), preauth);
}
static void channel_refused(void *out)
{
    (void)csign_session_bind(out, NULL, &agreed, key_bytes(), preauth);
}
static void ntstatus(void *out)
{
    (void)csign_session_bind_check(NULL, &agreed, out);
}
static void signer_hmac(void *out)
{
    (void)csign_signer_init(out, CSIGN_HMAC_SHA256, sample_key);
}
static void signer_cmac(void *out)
{
    (void)csign_signer_init(out, CSIGN_AES_CMAC, sample_key);
}
static void signer_gmac(void *out)
{
    (void)csign_signer_init(out, CSIGN_AES_GMAC, sample_key);
}
static void signer_refused(void *out)
{
    (void)csign_signer_init(out, (csign_signing_algorithm)9, sample_key);
}
static void signed_message(csign_signing_algorithm algorithm, uint8_t *out)
{
    csign_signer signer;
    (void)csign_signer_init(&signer, algorithm, sample_key);
    sample_message(out, 100);
#ifdef UNDER_MSAN
    __msan_poison(out + 48, 16);
#endif
    (void)csign_sign(&signer, out, 100);
}
static void signed_hmac(void *out)
{
    signed_message(CSIGN_HMAC_SHA256, out);
}
static void signed_cmac(void *out)
{
    signed_message(CSIGN_AES_CMAC, out);
}
static void signed_gmac(void *out)
{
    signed_message(CSIGN_AES_GMAC, out);
}
static void tag(void *out)
{
    csign_signer signer;
    uint8_t message[64];
    sample_message(message, 64);
    (void)csign_signer_init(&signer, CSIGN_AES_GMAC, sample_key);
    (void)csign_mac(&signer, out, message, NULL, 0);
}
static void tag_refused(void *out)
{
    (void)csign_mac(NULL, out, preauth, NULL, 0);
}
static void batch_statuses(void *out)
{
    csign_job job;
    memset(&job, 0, sizeof job);
    *(size_t *)out = csign_verify_batch(&job, 1) + (size_t)job.status;
}

/* What a parser would do that forgets its last field. */
static void planted(void *out)
{
    memset(out, 0, sizeof(csign_header) - sizeof(uint32_t));
}

static const struct output {
    const char *name;
    size_t len;
    void (*produce)(void *out);
} outputs[] = {
#define OUTPUT(len, name) {#name, len, name}
    OUTPUT(64, sha512),
    OUTPUT(32, hmac),
    OUTPUT(16, cmac),
    OUTPUT(16, gmac),
    OUTPUT(77, kdf),
    OUTPUT(sizeof(csign_header), header),
    OUTPUT(sizeof(csign_header), header_refused),
    OUTPUT(2 * sizeof(size_t), compound),
    OUTPUT(2 * sizeof(size_t), compound_refused),
    OUTPUT(sizeof(csign_negotiate_request), request),
    OUTPUT(sizeof(csign_negotiate_request), request_refused),
    OUTPUT(sizeof(csign_negotiate_request), request_cut),
    OUTPUT(sizeof(csign_negotiate_response), response),
    OUTPUT(sizeof(csign_negotiate_response), response_refused),
    OUTPUT(sizeof(size_t) + 100, request_encoded),
    OUTPUT(sizeof(size_t) + 128, response_encoded),
    OUTPUT(sizeof(size_t), encode_refused),
    OUTPUT(sizeof(size_t), encode_no_space),
    OUTPUT(sizeof(csign_negotiate_policy), policy),
    OUTPUT(sizeof(csign_negotiated), chosen),
    OUTPUT(sizeof(csign_negotiated), chosen_refused),
    OUTPUT(sizeof(csign_negotiate_response), responded),
    OUTPUT(sizeof(csign_negotiate_response), responded_refused),
    OUTPUT(sizeof(csign_negotiated), accepted),
    OUTPUT(sizeof(csign_negotiated), accepted_refused),
    OUTPUT(sizeof(csign_preauth), chain),
    OUTPUT(32, derived),
    OUTPUT(16, derived_short),
    OUTPUT(32, derived_refused),
    OUTPUT(sizeof(csign_session), session),
    OUTPUT(sizeof(csign_session), session_refused),
    OUTPUT(sizeof(csign_channel), channel),
    OUTPUT(sizeof(csign_channel), channel_refused),
    OUTPUT(sizeof(uint32_t), ntstatus),
    OUTPUT(sizeof(csign_signer), signer_hmac),
    OUTPUT(sizeof(csign_signer), signer_cmac),
    OUTPUT(sizeof(csign_signer), signer_gmac),
    OUTPUT(sizeof(csign_signer), signer_refused),
    OUTPUT(100, signed_hmac),
    OUTPUT(100, signed_cmac),
    OUTPUT(100, signed_gmac),
    OUTPUT(16, tag),
    OUTPUT(16, tag_refused),
    OUTPUT(sizeof(size_t), batch_statuses),
#undef OUTPUT
};

/* Whether all of the output is initialised. */
static bool initialised(size_t len, void (*produce)(void *out))
{
    static _Alignas(16) uint8_t first[ROOM + 64];
#ifdef UNDER_MSAN
    __msan_poison(first, sizeof first);
    produce(first);
    return __msan_test_shadow(first, len) == -1;
#else
    static _Alignas(16) uint8_t second[ROOM + 64];
    memset(first, 0x5A, sizeof first);
    memset(second, 0xA5, sizeof second);
    produce(first);
    produce(second);
    return memcmp(first, second, len) == 0;
#endif
}

int main(void)
{
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        if (!CHECK(initialised(outputs[i].len, outputs[i].produce))) {
            fprintf(stderr, "not initialised: %s\n", outputs[i].name);
        }
    }
    CHECK(!initialised(sizeof(csign_header), planted));
    return CHECK_RESULT();
}
