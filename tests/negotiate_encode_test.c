/* SPDX-License-Identifier: Apache-2.0 */
/* The NEGOTIATE encoders: messages of real stacks through parse, encode, parse; every capacity in front of a page without access;
   what is refused. */
#include <stdlib.h>

#include "check.h"
#include "pages.h"
#include "published_messages.h"
#include "samples.h"

enum { PUBLISHED = sizeof published_messages / sizeof published_messages[0], ROOM = 4096 };

static void same_list(csign_u16_list a, csign_u16_list b)
{
    CHECK(a.count == b.count && (a.count == 0 || memcmp(a.data, b.data, 2 * a.count) == 0));
}

static void same_bytes(csign_bytes a, csign_bytes b)
{
    CHECK(a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0));
}

static void same_contexts(const csign_negotiate_contexts *a, const csign_negotiate_contexts *b)
{
    CHECK(a->contexts_status == CSIGN_OK && b->contexts_status == CSIGN_OK);
    CHECK(a->has_preauth == b->has_preauth && a->has_encryption == b->has_encryption);
    CHECK(a->has_compression == b->has_compression && a->has_netname == b->has_netname);
    CHECK(a->has_transport == b->has_transport && a->has_rdma == b->has_rdma);
    CHECK(a->has_signing == b->has_signing && a->has_posix == b->has_posix);
    CHECK(a->compression_flags == b->compression_flags && a->transport_flags == b->transport_flags);
    same_list(a->preauth_hashes, b->preauth_hashes);
    same_bytes(a->preauth_salt, b->preauth_salt);
    same_list(a->ciphers, b->ciphers);
    same_list(a->compression_algorithms, b->compression_algorithms);
    same_bytes(a->netname, b->netname);
    same_list(a->rdma_transforms, b->rdma_transforms);
    same_list(a->signing_algorithms, b->signing_algorithms);
    same_bytes(a->posix, b->posix);
}

static csign_status encode(bool response, uint8_t *out, size_t capacity, size_t *out_len,
                           const csign_negotiate_request *request, const csign_negotiate_response *answer)
{
    return response ? csign_negotiate_response_encode(out, capacity, out_len, answer)
                    : csign_negotiate_request_encode(out, capacity, out_len, request);
}

/* At every capacity: nothing is written on refusal, nothing behind the end, the needed size is reported. */
static void every_capacity(bool response, size_t needed, const csign_negotiate_request *request,
                           const csign_negotiate_response *answer)
{
    pages room = pages_map(ROOM);
    size_t out_len = 1;
    CHECK_STATUS(encode(response, NULL, 0, &out_len, request, answer), CSIGN_NO_SPACE);
    CHECK(out_len == needed);
    for (size_t capacity = 0; capacity <= needed + 1; capacity++) {
        uint8_t *out = pages_tail(&room, capacity);
        memset(room.begin, 0xA5, room.len);
        csign_status status = encode(response, out, capacity, &out_len, request, answer);
        CHECK_STATUS(status, capacity < needed ? CSIGN_NO_SPACE : CSIGN_OK);
        CHECK(out_len == needed);
        size_t untouched = 0;
        for (const uint8_t *p = room.begin; p < room.begin + room.len; p++) {
            untouched += (p < out || p >= out + (status == CSIGN_OK ? needed : 0)) && *p == 0xA5;
        }
        CHECK(untouched == room.len - (status == CSIGN_OK ? needed : 0));
    }
    pages_unmap(&room);
}

static void round_trip(const struct published_message *message)
{
    uint8_t first[ROOM];
    uint8_t second[ROOM];
    size_t first_len = 0;
    size_t second_len = 0;
    csign_bytes bytes = {message->data, message->len};
    csign_negotiate_request request[2];
    csign_negotiate_response response[2];
    memset(request, 0, sizeof request);
    memset(response, 0, sizeof response);
    if (message->response) {
        CHECK_STATUS(csign_negotiate_response_parse(&response[0], bytes), CSIGN_OK);
        CHECK_STATUS(csign_negotiate_response_encode(first, sizeof first, &first_len, &response[0]), CSIGN_OK);
        CHECK_STATUS(csign_negotiate_response_parse(&response[1], sample_bytes(first, first_len)), CSIGN_OK);
        CHECK(response[0].dialect == response[1].dialect && response[0].capabilities == response[1].capabilities);
        CHECK(response[0].system_time == response[1].system_time);
        CHECK(response[0].max_read_size == response[1].max_read_size);
        CHECK_BYTES(response[0].server_guid, response[1].server_guid, 16);
        CHECK_BYTES(&response[0].header, &response[1].header, sizeof(csign_header));
        same_bytes(response[0].security_buffer, response[1].security_buffer);
        same_contexts(&response[0].contexts, &response[1].contexts);
    } else {
        CHECK_STATUS(csign_negotiate_request_parse(&request[0], bytes), CSIGN_OK);
        CHECK_STATUS(csign_negotiate_request_encode(first, sizeof first, &first_len, &request[0]), CSIGN_OK);
        CHECK_STATUS(csign_negotiate_request_parse(&request[1], sample_bytes(first, first_len)), CSIGN_OK);
        CHECK(request[0].security_mode == request[1].security_mode &&
              request[0].capabilities == request[1].capabilities);
        CHECK_BYTES(request[0].client_guid, request[1].client_guid, 16);
        CHECK_BYTES(&request[0].header, &request[1].header, sizeof(csign_header));
        same_list(request[0].dialects, request[1].dialects);
        same_contexts(&request[0].contexts, &request[1].contexts);
    }
    /* Encoding the canonical form again changes nothing. */
    CHECK_STATUS(encode(message->response, second, sizeof second, &second_len, &request[1], &response[1]), CSIGN_OK);
    CHECK(first_len == second_len && memcmp(first, second, first_len) == 0);
    every_capacity(message->response, first_len, &request[1], &response[1]);
}

static csign_negotiate_request small_request(void)
{
    static const uint8_t ids[] = {0x11, 0x03, 1, 0, 2, 0, 0, 0};
    csign_negotiate_request in;
    memset(&in, 0, sizeof in);
    in.dialects = (csign_u16_list){ids, 1};
    in.has_preauth = true;
    in.preauth_hashes = (csign_u16_list){ids + 2, 1};
    return in;
}

static void refused(const csign_negotiate_request *in)
{
    uint8_t out[ROOM];
    size_t out_len = 1;
    memset(out, 0xA5, sizeof out);
    CHECK_STATUS(csign_negotiate_request_encode(out, sizeof out, &out_len, in), CSIGN_BAD_ARGUMENT);
    CHECK(out_len == 0 && out[0] == 0xA5);
}

static void refusals(void)
{
    static const uint8_t ids[] = {2, 0, 0x10, 0x02};
    uint8_t out[ROOM];
    size_t out_len = 1;
    csign_negotiate_request in = small_request();
    CHECK_STATUS(csign_negotiate_request_encode(out, sizeof out, &out_len, &in), CSIGN_OK);
    CHECK_STATUS(csign_negotiate_request_encode(out, sizeof out, NULL, &in), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_negotiate_request_encode(NULL, 1, &out_len, &in), CSIGN_BAD_ARGUMENT);
    refused(NULL);
#define REFUSED(...)                                                                                                   \
    do {                                                                                                               \
        in = small_request();                                                                                          \
        __VA_ARGS__;                                                                                                   \
        refused(&in);                                                                                                  \
    } while (0)
    REFUSED(in.dialects.count = 0);
    REFUSED(in.dialects.data = NULL);
    REFUSED(in.dialects.count = 65536);
    REFUSED(in.has_preauth = false);
    REFUSED(in.client_start_time = 1);
    REFUSED(in.contexts_status = CSIGN_MALFORMED);
    REFUSED(in.preauth_hashes.count = 0);
    REFUSED(in.preauth_salt.len = 65530; in.preauth_salt.data = ids);
    REFUSED(in.preauth_salt.len = 1);
    REFUSED(in.has_encryption = true);
    REFUSED(in.has_signing = true);
    REFUSED(in.has_compression = true);
    REFUSED(in.has_rdma = true);
    REFUSED(in.has_encryption = true; in.ciphers = (csign_u16_list){ids, 32767});
    REFUSED(in.has_netname = true; in.netname.len = 65536; in.netname.data = ids);
    REFUSED(in.has_posix = true; in.posix.len = 15; in.posix.data = ids);
    REFUSED(in.has_posix = true; in.posix.len = 16);
    REFUSED(in.dialects = (csign_u16_list){ids + 2, 1}); /* contexts without 3.1.1 */
#undef REFUSED
}

static csign_negotiate_response small_response(void)
{
    csign_negotiate_request in = small_request();
    csign_negotiate_response out;
    memset(&out, 0, sizeof out);
    out.dialect = CSIGN_SMB_3_1_1;
    out.contexts = in.contexts;
    return out;
}

static void response_refusals(void)
{
    static const uint8_t ids[] = {1, 0, 2, 0};
    uint8_t out[ROOM];
    size_t out_len = 1;
    csign_negotiate_response in = small_response();
    CHECK_STATUS(csign_negotiate_response_encode(out, sizeof out, &out_len, &in), CSIGN_OK);
    CHECK_STATUS(csign_negotiate_response_encode(out, sizeof out, NULL, &in), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_negotiate_response_encode(out, sizeof out, NULL, NULL), CSIGN_BAD_ARGUMENT);
#define REFUSED(...)                                                                                                   \
    do {                                                                                                               \
        in = small_response();                                                                                         \
        __VA_ARGS__;                                                                                                   \
        out_len = 1;                                                                                                   \
        out[0] = 0xA5;                                                                                                 \
        CHECK_STATUS(csign_negotiate_response_encode(out, sizeof out, &out_len, &in), CSIGN_BAD_ARGUMENT);             \
        CHECK(out_len == 0 && out[0] == 0xA5);                                                                         \
    } while (0)
    REFUSED(in.has_preauth = false);
    REFUSED(in.contexts_status = CSIGN_MALFORMED);
    REFUSED(in.security_buffer.len = 65536; in.security_buffer.data = ids);
    REFUSED(in.security_buffer.len = 1);
    REFUSED(in.preauth_hashes = (csign_u16_list){ids, 2}); /* a response chooses one of each */
    REFUSED(in.has_encryption = true; in.ciphers = (csign_u16_list){ids, 2});
    REFUSED(in.has_signing = true; in.signing_algorithms = (csign_u16_list){ids, 2});
    REFUSED(in.dialect = CSIGN_SMB_3_0); /* contexts without 3.1.1 */
#undef REFUSED
    in = small_response();
    CHECK_STATUS(csign_negotiate_response_encode(NULL, 1, &out_len, &in), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_negotiate_response_encode(out, sizeof out, &out_len, NULL), CSIGN_BAD_ARGUMENT);
    CHECK(out_len == 0);
}

int main(void)
{
    CHECK(PUBLISHED >= 20);
    for (unsigned i = 0; i < PUBLISHED; i++) {
        round_trip(&published_messages[i]);
    }
    refusals();
    response_refusals();
    return CHECK_RESULT();
}
