/* SPDX-License-Identifier: Apache-2.0 */
/* What a server chooses from a NEGOTIATE request (MS-SMB2 3.3.5.4). What is wrong with the contexts matters only when
   3.1.1 is chosen: a server that speaks 3.0 serves a client whose contexts are broken. */
#include <string.h>

#include "negotiated.h"

void csign_negotiate_policy_init(csign_negotiate_policy *out)
{
    memset(out, 0, sizeof *out);
    out->dialect_min = CSIGN_SMB_2_0_2;
    out->dialect_max = CSIGN_SMB_3_1_1;
    out->signing[0] = CSIGN_AES_GMAC;
    out->signing[1] = CSIGN_AES_CMAC;
    out->signing[2] = CSIGN_HMAC_SHA256;
    out->signing_count = 3;
    out->ciphers[0] = CSIGN_AES_128_GCM;
    out->ciphers[1] = CSIGN_AES_128_CCM;
    out->ciphers[2] = CSIGN_AES_256_GCM;
    out->ciphers[3] = CSIGN_AES_256_CCM;
    out->cipher_count = 4;
    out->capabilities = CSIGN_CAP_ENCRYPTION;
}

static bool policy_ok(const csign_negotiate_policy *policy)
{
    if (!csign_dialect_known(policy->dialect_min) || !csign_dialect_known(policy->dialect_max)) {
        return false;
    }
    if (policy->signing_count > 3 || policy->cipher_count > 4) {
        return false;
    }
    for (size_t i = 0; i < policy->signing_count; i++) {
        if (!csign_signing_algorithm_known(policy->signing[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < policy->cipher_count; i++) {
        if (!csign_cipher_known(policy->ciphers[i]) || policy->ciphers[i] == CSIGN_CIPHER_NONE) {
            return false;
        }
    }
    return true;
}

/* The highest dialect of both sides; 0: none. */
static uint16_t choose_dialect(const csign_negotiate_policy *policy, csign_u16_list offered)
{
    uint16_t best = 0;
    for (size_t i = 0; i < offered.count; i++) {
        uint16_t dialect = csign_u16_at(offered, i);
        if (csign_dialect_known(dialect) && dialect >= policy->dialect_min && dialect <= policy->dialect_max &&
            dialect > best) {
            best = dialect;
        }
    }
    return best;
}

/* The first of first that is in second; false: none. Ids that only one side knows are passed over. */
static bool choose_id(uint16_t *out, csign_u16_list first, csign_u16_list second)
{
    for (size_t i = 0; i < first.count; i++) {
        uint16_t id = csign_u16_at(first, i);
        if (csign_u16_contains(second, id)) {
            *out = id;
            return true;
        }
    }
    return false;
}

static bool choose(uint16_t *out, const csign_negotiate_policy *policy, csign_u16_list local, csign_u16_list offered)
{
    return policy->peer_order ? choose_id(out, offered, local) : choose_id(out, local, offered);
}

static void select_cipher(csign_negotiated *out, const csign_negotiate_policy *policy,
                          const csign_negotiate_request *request)
{
    if (!request->has_encryption) {
        return;
    }
    uint8_t ids[2 * 4];
    for (size_t i = 0; i < policy->cipher_count; i++) {
        ids[2 * i] = (uint8_t)policy->ciphers[i];
        ids[2 * i + 1] = 0;
    }
    csign_u16_list local = {ids, policy->cipher_count};
    uint16_t id = CSIGN_CIPHER_NONE;
    (void)choose(&id, policy, local, request->ciphers);
    out->cipher = (csign_cipher)id;
    out->cipher_negotiated = true;
}

static csign_status select_signing(csign_negotiated *out, const csign_negotiate_policy *policy,
                                   const csign_negotiate_request *request)
{
    bool cmac_allowed = false;
    uint8_t ids[2 * 3];
    for (size_t i = 0; i < policy->signing_count; i++) {
        ids[2 * i] = (uint8_t)policy->signing[i];
        ids[2 * i + 1] = 0;
        cmac_allowed |= policy->signing[i] == CSIGN_AES_CMAC;
    }
    csign_u16_list local = {ids, policy->signing_count};
    uint16_t id = CSIGN_AES_CMAC;
    if (request->has_signing) {
        out->signing_negotiated = choose(&id, policy, local, request->signing_algorithms);
    }
    out->signing_algorithm = (csign_signing_algorithm)id;
    if (policy->refuse_fallback && !out->signing_negotiated && !cmac_allowed) {
        return CSIGN_UNSUPPORTED;
    }
    return CSIGN_OK;
}

static csign_status select_3_1_1(csign_negotiated *out, const csign_negotiate_policy *policy,
                                 const csign_negotiate_request *request)
{
    if (request->contexts_status != CSIGN_OK) {
        return request->contexts_status;
    }
    if (!request->has_preauth) {
        return CSIGN_MISSING_CONTEXT;
    }
    if (!csign_u16_contains(request->preauth_hashes, CSIGN_PREAUTH_SHA512)) {
        return CSIGN_NO_OVERLAP;
    }
    if (policy->compression && request->compression_status != CSIGN_OK) {
        return request->compression_status;
    }
    if (policy->transport && request->transport_status != CSIGN_OK) {
        return request->transport_status;
    }
    if (policy->rdma_transforms && request->rdma_status != CSIGN_OK) {
        return request->rdma_status;
    }
    out->preauth_hash = CSIGN_PREAUTH_SHA512;
    select_cipher(out, policy, request);
    return select_signing(out, policy, request);
}

csign_status csign_negotiate_select(csign_negotiated *out, const csign_negotiate_policy *local,
                                    const csign_negotiate_request *request)
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(out, 0, sizeof *out);
    if (local == NULL || request == NULL || !policy_ok(local)) {
        return CSIGN_BAD_ARGUMENT;
    }
    uint16_t dialect = choose_dialect(local, request->dialects);
    if (dialect == 0) {
        return CSIGN_NO_DIALECT;
    }
    out->dialect = (csign_dialect)dialect;
    if (dialect == CSIGN_SMB_3_1_1) {
        csign_status status = select_3_1_1(out, local, request);
        if (status != CSIGN_OK) {
            memset(out, 0, sizeof *out);
        }
        return status;
    }
    if (dialect >= CSIGN_SMB_3_0) {
        out->signing_algorithm = CSIGN_AES_CMAC;
        if ((local->capabilities & request->capabilities & CSIGN_CAP_ENCRYPTION) != 0) {
            out->cipher = CSIGN_AES_128_CCM;
        }
    }
    return CSIGN_OK;
}
