/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong calls of lib/wire: refusals.h. */
#include "refusals.h"

static const uint8_t bytes[2 * 65536] = {1}; /* what lists and views are of that are too long for their fields */

void refusals_parse(csign_bytes message)
{
    const csign_bytes nowhere = {NULL, message.len + 1};
    csign_header header;
    csign_negotiate_request request;
    csign_negotiate_response response;
    size_t offset = 0, len = 0;
    CHECK(csign_header_parse(NULL, message) == CSIGN_BAD_ARGUMENT &&
              csign_negotiate_request_parse(NULL, message) == CSIGN_BAD_ARGUMENT &&
              csign_negotiate_response_parse(NULL, message) == CSIGN_BAD_ARGUMENT &&
              csign_compound_next(message, NULL, &len) == CSIGN_BAD_ARGUMENT &&
              csign_compound_next(message, &offset, NULL) == CSIGN_BAD_ARGUMENT,
          "without an output nothing is parsed");
    memset(&header, 0xA5, sizeof header);
    memset(&request, 0xA5, sizeof request);
    memset(&response, 0xA5, sizeof response);
    CHECK(csign_header_parse(&header, nowhere) == CSIGN_BAD_ARGUMENT && fuzz_all(&header, sizeof header, 0) &&
              csign_negotiate_request_parse(&request, nowhere) == CSIGN_BAD_ARGUMENT &&
              fuzz_all(&request, sizeof request, 0) &&
              csign_negotiate_response_parse(&response, nowhere) == CSIGN_BAD_ARGUMENT &&
              fuzz_all(&response, sizeof response, 0) &&
              csign_compound_next(nowhere, &offset, &len) == CSIGN_BAD_ARGUMENT && !offset && !len,
          "bytes that are nowhere are not parsed");
    CHECK(csign_header_parse(&header, (csign_bytes){NULL, 0}) == CSIGN_TRUNCATED &&
              csign_compound_next((csign_bytes){NULL, 0}, &offset, &len) == CSIGN_TRUNCATED && !len,
          "no bytes are a message that is too short");
}

static void no_element(csign_bytes message, size_t offset, size_t len)
{
    size_t at = offset;
    CHECK(csign_compound_next(message, &at, &len) == CSIGN_BAD_ARGUMENT && at == offset && !len,
          "from what is no element the walk does not go on");
}

void refusals_walk(csign_bytes message, size_t offset, size_t len)
{
    no_element(message, offset, 63);
    if (len > 64)
        no_element(message, offset, len - 1);
    if (len < message.len - offset)
        no_element(message, offset, len + 1);
    no_element(message, offset, message.len - offset + 1);
    no_element(message, message.len + 1, 0);
    no_element(message, 1, 0);
}

typedef csign_status (*encoder)(uint8_t *out, size_t capacity, size_t *out_len, const void *in);

static csign_status encode_request(uint8_t *out, size_t capacity, size_t *out_len, const void *in)
{
    return csign_negotiate_request_encode(out, capacity, out_len, in);
}

static csign_status encode_response(uint8_t *out, size_t capacity, size_t *out_len, const void *in)
{
    return csign_negotiate_response_encode(out, capacity, out_len, in);
}

static void refused(encoder encode, const void *in)
{
    uint8_t out[8];
    size_t len = 1;
    memset(out, 0xA5, sizeof out);
    CHECK(encode(out, sizeof out, &len, in) == CSIGN_BAD_ARGUMENT && !len && fuzz_all(out, sizeof out, 0xA5),
          "what no message can say is not encoded");
}

static void without_pointers(encoder encode, const void *in)
{
    uint8_t out[8];
    size_t len = 1;
    refused(encode, NULL);
    CHECK(encode(out, sizeof out, NULL, in) == CSIGN_BAD_ARGUMENT, "without an output nothing is encoded");
    CHECK(encode(NULL, 1, &len, in) == CSIGN_BAD_ARGUMENT && !len, "into bytes that are nowhere nothing is encoded");
}

/* One defect of the contexts at a time; c lies in *in and is put right again. */
#define DEFECT(...)                                                                                                    \
    do {                                                                                                               \
        __VA_ARGS__;                                                                                                   \
        refused(encode, in);                                                                                           \
        *c = sound;                                                                                                    \
    } while (0)

static void list_defects(encoder encode, const void *in, csign_negotiate_contexts *c, csign_u16_list *list, bool *has,
                         bool only_one)
{
    const csign_negotiate_contexts sound = *c;
    DEFECT(*has = true, *list = (csign_u16_list){NULL, 1});
    DEFECT(*has = true, *list = (csign_u16_list){bytes, 0});
    DEFECT(*has = true, *list = (csign_u16_list){bytes, 32768});
    if (only_one)
        DEFECT(*has = true, *list = (csign_u16_list){bytes, 2});
}

static void context_defects(encoder encode, const void *in, csign_negotiate_contexts *c, bool response)
{
    const csign_negotiate_contexts sound = *c;
    DEFECT(c->contexts_status = CSIGN_TRUNCATED);
    DEFECT(c->has_preauth = false);
    list_defects(encode, in, c, &c->preauth_hashes, &c->has_preauth, response);
    list_defects(encode, in, c, &c->ciphers, &c->has_encryption, response);
    list_defects(encode, in, c, &c->signing_algorithms, &c->has_signing, response);
    list_defects(encode, in, c, &c->compression_algorithms, &c->has_compression, false);
    list_defects(encode, in, c, &c->rdma_transforms, &c->has_rdma, false);
    DEFECT(c->preauth_salt = (csign_bytes){NULL, 1});
    DEFECT(c->preauth_salt = (csign_bytes){bytes, 65535 - 4 - 2 * c->preauth_hashes.count + 1});
    DEFECT(c->has_netname = true, c->netname = (csign_bytes){NULL, 1});
    DEFECT(c->has_netname = true, c->netname = (csign_bytes){bytes, 65536});
    DEFECT(c->has_posix = true, c->posix = (csign_bytes){NULL, 16});
    DEFECT(c->has_posix = true, c->posix = (csign_bytes){bytes, 15});
    DEFECT(c->has_posix = true, c->posix = (csign_bytes){bytes, 65536});
}

/* The dialects have no contexts. */
static void stray_contexts(encoder encode, const void *in, csign_negotiate_contexts *c)
{
    const csign_negotiate_contexts sound = *c;
    DEFECT(c->has_transport = true);
    DEFECT(c->has_netname = true);
}

void refusals_encode_request(const csign_negotiate_request *request)
{
    csign_negotiate_request in = *request;
    without_pointers(encode_request, request);
    in.dialects.count = 0;
    refused(encode_request, &in);
    in.dialects.count = 65536;
    refused(encode_request, &in);
    in.dialects = (csign_u16_list){NULL, 1};
    refused(encode_request, &in);
    in.dialects = request->dialects;
    if (!request->has_preauth) {
        stray_contexts(encode_request, &in, &in.contexts);
        return;
    }
    context_defects(encode_request, &in, &in.contexts, false);
    in.client_start_time = 1;
    refused(encode_request, &in);
}

void refusals_encode_response(const csign_negotiate_response *response)
{
    csign_negotiate_response in = *response;
    without_pointers(encode_response, response);
    in.security_buffer = (csign_bytes){NULL, 1};
    refused(encode_response, &in);
    in.security_buffer = (csign_bytes){bytes, 65536};
    refused(encode_response, &in);
    in.security_buffer = response->security_buffer;
    if (response->dialect == CSIGN_SMB_3_1_1)
        context_defects(encode_response, &in, &in.contexts, true);
    else
        stray_contexts(encode_response, &in, &in.contexts);
}
