/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE parsers on messages of real stacks: every prefix in front of a page without access, every alignment, lists as long as
   their u16 count allows, arguments. */
#include <stdlib.h>

#include "check.h"
#include "pages.h"
#include "published_messages.h"
#include "samples.h"

enum { PUBLISHED = sizeof published_messages / sizeof published_messages[0] };

typedef union parsed {
    csign_negotiate_request request;
    csign_negotiate_response response;
} parsed;

static csign_status parse(parsed *out, bool response, const uint8_t *data, size_t len)
{
    memset(out, 0xA5, sizeof *out);
    csign_bytes bytes = sample_bytes(data, len);
    return response ? csign_negotiate_response_parse(&out->response, bytes)
                    : csign_negotiate_request_parse(&out->request, bytes);
}

static size_t size_of(bool response)
{
    return response ? sizeof(csign_negotiate_response) : sizeof(csign_negotiate_request);
}

static void every_prefix(void)
{
    pages room = pages_map(65536);
    for (unsigned i = 0; i < PUBLISHED; i++) {
        bool response = published_messages[i].response;
        for (size_t len = 0; len <= published_messages[i].len; len++) {
            parsed out;
            uint8_t *tail = pages_tail(&room, len);
            memcpy(tail, published_messages[i].data, len);
            csign_status status = parse(&out, response, tail, len);
            CHECK(status == CSIGN_OK || status == CSIGN_TRUNCATED);
            CHECK(status == CSIGN_OK || all_zero(&out, size_of(response)));
            CHECK(status == CSIGN_OK || len < published_messages[i].len);
        }
    }
    pages_unmap(&room);
}

/* Every single byte changed to every bit pattern of a few: views stay inside, nothing is read outside. */
static void every_byte_changed(void)
{
    const uint8_t values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    pages room = pages_map(65536);
    for (unsigned i = 0; i < PUBLISHED; i++) {
        size_t len = published_messages[i].len;
        uint8_t *tail = pages_tail(&room, len);
        memcpy(tail, published_messages[i].data, len);
        for (size_t at = 0; at < len; at++) {
            for (size_t v = 0; v < sizeof values; v++) {
                parsed out;
                tail[at] = values[v];
                csign_status status = parse(&out, published_messages[i].response, tail, len);
                CHECK(status == CSIGN_OK || all_zero(&out, size_of(published_messages[i].response)));
                const csign_negotiate_contexts *contexts =
                    published_messages[i].response ? &out.response.contexts : &out.request.contexts;
                CHECK(contexts->preauth_salt.len <= len && contexts->ciphers.count <= len / 2);
                CHECK(contexts->contexts_error_offset <= 0xFFFFFFFFu);
            }
            tail[at] = published_messages[i].data[at];
        }
    }
    pages_unmap(&room);
}

static void every_alignment(void)
{
    for (unsigned i = 0; i < PUBLISHED; i++) {
        size_t len = published_messages[i].len;
        uint8_t *shifted = malloc(len + 8);
        if (!CHECK(shifted != NULL)) {
            return;
        }
        parsed first;
        CHECK_STATUS(parse(&first, published_messages[i].response, published_messages[i].data, len), CSIGN_OK);
        for (size_t shift = 0; shift < 8; shift++) {
            parsed out;
            memcpy(shifted + shift, published_messages[i].data, len);
            CHECK_STATUS(parse(&out, published_messages[i].response, shifted + shift, len), CSIGN_OK);
            const csign_negotiate_contexts *a =
                published_messages[i].response ? &first.response.contexts : &first.request.contexts;
            const csign_negotiate_contexts *b =
                published_messages[i].response ? &out.response.contexts : &out.request.contexts;
            CHECK(a->contexts_status == b->contexts_status && a->ciphers.count == b->ciphers.count);
            CHECK(a->preauth_salt.len == b->preauth_salt.len &&
                  a->signing_algorithms.count == b->signing_algorithms.count);
            CHECK(csign_u16_at(a->ciphers, 0) == csign_u16_at(b->ciphers, 0));
        }
        free(shifted);
    }
}

/* 65535 dialects; and an ENCRYPTION context as long as DataLength allows, 32766 ids. */
static void long_lists(void)
{
    enum { DIALECTS = 65535, CIPHERS = 32766, START = 100 + 2 * DIALECTS + 6, AT = START + 16 };
    const size_t len = AT + 8 + 2 + 2 * CIPHERS;
    uint8_t *message = calloc(1, len);
    if (!CHECK(message != NULL && START % 8 == 0)) {
        free(message);
        return;
    }
    sample_message(message, 64);
    message[12] = CSIGN_COMMAND_NEGOTIATE;
    message[64] = 36;
    message[66] = message[67] = 0xFF;
    message[92] = (uint8_t)(START & 0xFF);
    message[93] = (uint8_t)((START >> 8) & 0xFF);
    message[94] = (uint8_t)((START >> 16) & 0xFF);
    message[96] = 2;
    message[100 + 2 * (DIALECTS - 1)] = 0x11; /* 3.1.1 is the last of them */
    message[100 + 2 * (DIALECTS - 1) + 1] = 0x03;
    message[START] = CSIGN_CONTEXT_PREAUTH_INTEGRITY;
    message[START + 2] = 6;
    message[START + 8] = 1;
    message[START + 12] = 1;
    message[AT] = CSIGN_CONTEXT_ENCRYPTION;
    message[AT + 2] = (2 + 2 * CIPHERS) & 0xFF;
    message[AT + 3] = (uint8_t)((2 + 2 * CIPHERS) >> 8);
    message[AT + 8] = CIPHERS & 0xFF;
    message[AT + 9] = CIPHERS >> 8;
    message[len - 2] = 2; /* AES-128-GCM is the last of them */

    csign_negotiate_request request;
    csign_negotiate_policy policy;
    csign_negotiated chosen;
    CHECK_STATUS(csign_negotiate_request_parse(&request, sample_bytes(message, len)), CSIGN_OK);
    CHECK(request.dialects.count == DIALECTS && csign_u16_at(request.dialects, DIALECTS - 1) == CSIGN_SMB_3_1_1);
    CHECK_STATUS(request.contexts_status, CSIGN_OK);
    CHECK(request.ciphers.count == CIPHERS && csign_u16_at(request.ciphers, CIPHERS - 1) == CSIGN_AES_128_GCM);
    csign_negotiate_policy_init(&policy);
    CHECK_STATUS(csign_negotiate_select(&chosen, &policy, &request), CSIGN_OK);
    CHECK(chosen.dialect == CSIGN_SMB_3_1_1 && chosen.cipher == CSIGN_AES_128_GCM);
    free(message);
}

/* Contexts may end exactly where the security buffer begins, and not a byte later. */
static void contexts_before_buffer(void)
{
    uint8_t message[128 + 8 + 6 + 4] = {0};
    sample_message(message, 64);
    message[12] = CSIGN_COMMAND_NEGOTIATE;
    message[16] = CSIGN_FLAG_SERVER_TO_REDIR;
    message[64] = 65;
    message[64 + 4] = 0x11; /* DialectRevision 3.1.1 */
    message[64 + 5] = 0x03;
    message[64 + 6] = 1;    /* NegotiateContextCount */
    message[64 + 56] = 142; /* SecurityBufferOffset */
    message[64 + 58] = 4;
    message[64 + 60] = 128; /* NegotiateContextOffset */
    message[128] = CSIGN_CONTEXT_PREAUTH_INTEGRITY;
    message[130] = 6;
    message[136] = 1; /* one hash, no salt, SHA-512 */
    message[140] = CSIGN_PREAUTH_SHA512;
    csign_negotiate_response response;
    CHECK_STATUS(csign_negotiate_response_parse(&response, sample_bytes(message, sizeof message)), CSIGN_OK);
    CHECK_STATUS(response.contexts_status, CSIGN_OK);
    CHECK(response.has_preauth && response.security_buffer.data == message + 142);
    message[64 + 56] = 141;
    CHECK_STATUS(csign_negotiate_response_parse(&response, sample_bytes(message, sizeof message)), CSIGN_OK);
    CHECK_STATUS(response.contexts_status, CSIGN_MALFORMED);
    CHECK(response.contexts_error_offset == 128);
    message[64 + 56] = 142;
    message[128] = CSIGN_CONTEXT_NETNAME; /* the missing PREAUTH_INTEGRITY is said of where the contexts begin */
    CHECK_STATUS(csign_negotiate_response_parse(&response, sample_bytes(message, sizeof message)), CSIGN_OK);
    CHECK_STATUS(response.contexts_status, CSIGN_MISSING_CONTEXT);
    CHECK(response.contexts_error_offset == 128);
}

/* MS-SMB2 names no error for a second NETNAME or POSIX context of a request, so the first one counts; a response has no second one of
   anything. */
static void second_contexts(void)
{
    static const uint8_t hash[] = {CSIGN_PREAUTH_SHA512, 0};
    static const uint8_t dialect[] = {0x11, 0x03};
    static const uint8_t data[32] = {1};
    const uint16_t types[] = {CSIGN_CONTEXT_NETNAME, CSIGN_CONTEXT_POSIX};
    for (size_t i = 0; i < 4; i++) {
        bool response = i >= 2;
        uint8_t message[300];
        size_t len = 0;
        csign_negotiate_request request = {.dialects = {dialect, 1},
                                           .contexts = {.has_preauth = true, .has_netname = true, .has_posix = true}};
        request.preauth_hashes = (csign_u16_list){hash, 1};
        request.netname = sample_bytes(data, 16);
        request.posix = sample_bytes(data + 16, 16);
        csign_negotiate_response answer = {.dialect = CSIGN_SMB_3_1_1, .contexts = request.contexts};
        CHECK_STATUS(response ? csign_negotiate_response_encode(message, sizeof message, &len, &answer)
                              : csign_negotiate_request_encode(message, sizeof message, &len, &request),
                     CSIGN_OK);
        /* The last two contexts, each of 16 bytes, get the same type. */
        uint8_t *second = message + len - 24;
        uint8_t *first = second - 24;
        first[0] = second[0] = (uint8_t)(types[i % 2] & 0xFF);
        first[1] = second[1] = (uint8_t)(types[i % 2] >> 8);
        parsed out;
        CHECK_STATUS(parse(&out, response, message, len), CSIGN_OK);
        const csign_negotiate_contexts *contexts = response ? &out.response.contexts : &out.request.contexts;
        csign_bytes kept = i % 2 == 0 ? contexts->netname : contexts->posix;
        CHECK(kept.data == first + 8 && kept.len == 16);
        CHECK(contexts->has_netname == (i % 2 == 0) && contexts->has_posix == (i % 2 == 1));
        CHECK_STATUS(contexts->contexts_status, response ? CSIGN_DUPLICATE_CONTEXT : CSIGN_OK);
        CHECK(contexts->contexts_error_offset == (response ? len - 24 : 0));
    }
}

static void arguments(void)
{
    parsed out;
    csign_bytes contradiction = {NULL, 500};
    const csign_bytes good = {published_messages[0].data, published_messages[0].len};
    CHECK_STATUS(csign_negotiate_request_parse(NULL, good), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_negotiate_response_parse(NULL, good), CSIGN_BAD_ARGUMENT);
    memset(&out, 0xA5, sizeof out);
    CHECK_STATUS(csign_negotiate_request_parse(&out.request, contradiction), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&out.request);
    memset(&out, 0xA5, sizeof out);
    CHECK_STATUS(csign_negotiate_response_parse(&out.response, contradiction), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&out.response);
}

int main(void)
{
    CHECK(PUBLISHED >= 20);
    every_prefix();
    every_byte_changed();
    every_alignment();
    long_lists();
    contexts_before_buffer();
    second_contexts();
    arguments();
    return CHECK_RESULT();
}
