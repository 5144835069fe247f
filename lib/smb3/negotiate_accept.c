/* SPDX-License-Identifier: Apache-2.0 */
/* What a client makes of a NEGOTIATE response (MS-SMB2 3.2.5.2): the server may choose only from what was offered. */
#include <string.h>

#include "negotiated.h"

/* Whether every id of chosen was offered. */
static bool all_offered(csign_u16_list chosen, csign_u16_list offered)
{
    bool all = true;
    for (size_t i = 0; i < chosen.count; i++) {
        all &= csign_u16_contains(offered, csign_u16_at(chosen, i));
    }
    return all;
}

/* 0 is the server's word for "none in common" here. */
static bool offered_or_none(uint16_t id, csign_u16_list offered)
{
    return id == 0 || csign_u16_contains(offered, id);
}

static csign_status accept_preauth(csign_negotiated *out, const csign_negotiate_request *sent,
                                   const csign_negotiate_response *response)
{
    if (!response->has_preauth) {
        return CSIGN_MISSING_CONTEXT;
    }
    uint16_t hash = csign_u16_at(response->preauth_hashes, 0);
    if (!csign_u16_contains(sent->preauth_hashes, hash)) {
        return CSIGN_NOT_OFFERED;
    }
    if (hash != CSIGN_PREAUTH_SHA512) {
        return CSIGN_UNSUPPORTED;
    }
    out->preauth_hash = hash;
    return CSIGN_OK;
}

static csign_status accept_encryption(csign_negotiated *out, const csign_negotiate_request *sent,
                                      const csign_negotiate_response *response)
{
    if (!response->has_encryption) {
        return CSIGN_OK;
    }
    if (!sent->has_encryption) {
        return CSIGN_NOT_OFFERED;
    }
    uint16_t cipher = csign_u16_at(response->ciphers, 0);
    if (!offered_or_none(cipher, sent->ciphers)) {
        return CSIGN_NOT_OFFERED;
    }
    if (!csign_cipher_known(cipher)) {
        return CSIGN_UNSUPPORTED;
    }
    out->cipher = (csign_cipher)cipher;
    out->cipher_negotiated = true;
    return CSIGN_OK;
}

static csign_status accept_signing(csign_negotiated *out, const csign_negotiate_request *sent,
                                   const csign_negotiate_response *response)
{
    out->signing_algorithm = CSIGN_AES_CMAC;
    if (!response->has_signing) {
        return CSIGN_OK;
    }
    if (!sent->has_signing) {
        return CSIGN_NOT_OFFERED;
    }
    uint16_t algorithm = csign_u16_at(response->signing_algorithms, 0);
    if (!csign_u16_contains(sent->signing_algorithms, algorithm)) {
        return CSIGN_NOT_OFFERED;
    }
    if (!csign_signing_algorithm_known(algorithm)) {
        return CSIGN_UNSUPPORTED;
    }
    out->signing_algorithm = (csign_signing_algorithm)algorithm;
    out->signing_negotiated = true;
    return CSIGN_OK;
}

/* COMPRESSION, TRANSPORT, RDMA_TRANSFORM and POSIX: this library makes nothing of them, but they must have been asked
   for. */
static csign_status accept_others(const csign_negotiate_request *sent, const csign_negotiate_response *response)
{
    if (response->has_compression && !sent->has_compression) {
        return CSIGN_NOT_OFFERED;
    }
    for (size_t i = 0; i < response->compression_algorithms.count; i++) {
        if (!offered_or_none(csign_u16_at(response->compression_algorithms, i), sent->compression_algorithms)) {
            return CSIGN_NOT_OFFERED;
        }
    }
    if (response->has_transport && !sent->has_transport) {
        return CSIGN_NOT_OFFERED;
    }
    if (response->has_rdma && !sent->has_rdma) {
        return CSIGN_NOT_OFFERED;
    }
    if (!all_offered(response->rdma_transforms, sent->rdma_transforms)) {
        return CSIGN_NOT_OFFERED;
    }
    if (response->has_posix && !sent->has_posix) {
        return CSIGN_NOT_OFFERED;
    }
    return CSIGN_OK;
}

static csign_status accept_3_1_1(csign_negotiated *out, const csign_negotiate_request *sent,
                                 const csign_negotiate_response *response)
{
    csign_status status = response->contexts_status;
    if (status == CSIGN_OK) {
        status = accept_preauth(out, sent, response);
    }
    if (status == CSIGN_OK) {
        status = accept_encryption(out, sent, response);
    }
    if (status == CSIGN_OK) {
        status = accept_signing(out, sent, response);
    }
    if (status == CSIGN_OK) {
        status = accept_others(sent, response);
    }
    return status;
}

csign_status csign_negotiate_accept(csign_negotiated *out, const csign_negotiate_request *sent,
                                    const csign_negotiate_response *response)
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(out, 0, sizeof *out);
    if (sent == NULL || response == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    if (!csign_u16_contains(sent->dialects, response->dialect)) {
        return CSIGN_NOT_OFFERED;
    }
    /* 0x02FF among others: it answers an SMB1 negotiate and nothing else. */
    if (!csign_dialect_known(response->dialect)) {
        return CSIGN_UNSUPPORTED;
    }
    out->dialect = (csign_dialect)response->dialect;
    if (out->dialect == CSIGN_SMB_3_1_1) {
        csign_status status = accept_3_1_1(out, sent, response);
        if (status != CSIGN_OK) {
            memset(out, 0, sizeof *out);
        }
        return status;
    }
    if (out->dialect >= CSIGN_SMB_3_0) {
        out->signing_algorithm = CSIGN_AES_CMAC;
        if ((sent->capabilities & response->capabilities & CSIGN_CAP_ENCRYPTION) != 0) {
            out->cipher = CSIGN_AES_128_CCM;
        }
    }
    return CSIGN_OK;
}
