/* SPDX-License-Identifier: Apache-2.0 */
/* See connect.h. MS-SMB2 3.2.4.2.2.2, 3.3.5.4, 3.2.5.2. */
#include "connect.h"

static const uint16_t dialects[] = {0x0202, 0x0210, 0x0300, 0x0302, 0x0311};

static uint16_t dialect_of(const connect_offer *offer)
{
    return dialects[offer->dialect % 5];
}

/* The ids of an offer, as the wire has them. */
static size_t ids(uint8_t wire[4], uint8_t nibbles)
{
    size_t count = 0;
    for (unsigned i = 0; i < 2; i++) {
        uint8_t id = (nibbles >> 4 * i) & 15;
        if (id >= 8)
            continue;
        wire[2 * count] = id;
        wire[2 * count + 1] = 0;
        count++;
    }
    return count;
}

static bool client_encrypts(const connect_offer *offer)
{
    return (offer->ciphers >> 4) & 1;
}

/* The first id of a list from low to high; false: there is none. */
static bool first_known(uint32_t *out, uint8_t nibbles, uint32_t low, uint32_t high)
{
    uint8_t wire[4];
    size_t count = ids(wire, nibbles);
    for (size_t i = 0; i < count; i++)
        if (wire[2 * i] >= low && wire[2 * i] <= high) {
            *out = wire[2 * i];
            return true;
        }
    return false;
}

void connect_expected(model_negotiated *out, const connect_offer *offer)
{
    *out = (model_negotiated){.dialect = dialect_of(offer), .signing = 1};
    if (out->dialect < 0x0300) {
        out->signing = 0;
    } else if (out->dialect < 0x0311) {
        out->cipher = client_encrypts(offer);
    } else {
        out->signing_negotiated = first_known(&out->signing, offer->signing, 0, 2);
        first_known(&out->cipher, offer->ciphers, 1, 4);
    }
}

csign_negotiated connect_negotiate(connect_messages *out, const connect_offer *offer)
{
    uint8_t dialect[2] = {(uint8_t)(dialect_of(offer) & 0xFF), (uint8_t)(dialect_of(offer) >> 8)};
    uint8_t sha512[2] = {1, 0}, signing[4], ciphers[4], salt[32];
    csign_negotiate_request request = {.dialects = {dialect, 1}}, received;
    csign_negotiate_response response, answered;
    csign_negotiate_policy policy;
    csign_negotiated server, client;
    memset(salt, offer->salt, sizeof salt);
    if (dialect_of(offer) == 0x0311) {
        request.has_preauth = true;
        request.preauth_hashes = (csign_u16_list){sha512, 1};
        request.preauth_salt = (csign_bytes){salt, sizeof salt};
        request.signing_algorithms = (csign_u16_list){signing, ids(signing, offer->signing)};
        request.has_signing = request.signing_algorithms.count;
        request.ciphers = (csign_u16_list){ciphers, ids(ciphers, offer->ciphers)};
        request.has_encryption = request.ciphers.count;
    }
    if (client_encrypts(offer))
        request.capabilities = CSIGN_CAP_ENCRYPTION;
    csign_negotiate_policy_init(&policy);
    policy.peer_order = true;
    CHECK(csign_negotiate_request_encode(out->request, sizeof out->request, &out->request_len, &request) == CSIGN_OK &&
              csign_negotiate_request_parse(&received, (csign_bytes){out->request, out->request_len}) == CSIGN_OK &&
              csign_negotiate_select(&server, &policy, &received) == CSIGN_OK &&
              csign_negotiate_respond(&response, &server, &received, (csign_bytes){salt, offer->salt % 33}) ==
                  CSIGN_OK &&
              csign_negotiate_response_encode(out->response, sizeof out->response, &out->response_len, &response) ==
                  CSIGN_OK &&
              csign_negotiate_response_parse(&answered, (csign_bytes){out->response, out->response_len}) == CSIGN_OK &&
              csign_negotiate_accept(&client, &request, &answered) == CSIGN_OK,
          "client and server come to an agreement");
    CHECK(client.dialect == server.dialect && client.signing_algorithm == server.signing_algorithm &&
              client.signing_negotiated == server.signing_negotiated && client.cipher == server.cipher &&
              client.preauth_hash == server.preauth_hash,
          "client and server agree on the same");
    return server;
}
