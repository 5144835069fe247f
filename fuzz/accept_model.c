/* SPDX-License-Identifier: Apache-2.0 */
/* A client's rules for a NEGOTIATE response (MS-SMB2 3.2.5.2), as plainly as they can be said. */
#include "accept_model.h"

#include "fuzz.h"

#define BIT(status) (UINT32_C(1) << (status))

static bool lists(csign_u16_list list, unsigned id)
{
    for (size_t i = 0; i < list.count; i++)
        if (fuzz_le(list.data + 2 * i, 2) == id)
            return true;
    return false;
}

/* The one id that was chosen, of the ids 0 to highest that there are. */
static uint32_t judge_choice(csign_u16_list chosen, bool sent, csign_u16_list offered, bool zero_is_none,
                             unsigned highest, unsigned *id)
{
    *id = fuzz_le(chosen.data, 2);
    if (!sent || (!lists(offered, *id) && !(zero_is_none && *id == 0)))
        return BIT(CSIGN_NOT_OFFERED);
    return *id > highest ? BIT(CSIGN_UNSUPPORTED) : 0;
}

static uint32_t judge_others(const csign_negotiate_request *sent, const csign_negotiate_response *response)
{
    bool asked = (sent->has_compression || !response->has_compression) &&
                 (sent->has_transport || !response->has_transport) && (sent->has_rdma || !response->has_rdma) &&
                 (sent->has_posix || !response->has_posix);
    for (size_t i = 0; asked && i < response->compression_algorithms.count; i++) {
        unsigned id = fuzz_le(response->compression_algorithms.data + 2 * i, 2);
        asked = id == 0 || lists(sent->compression_algorithms, id);
    }
    for (size_t i = 0; asked && i < response->rdma_transforms.count; i++)
        asked = lists(sent->rdma_transforms, fuzz_le(response->rdma_transforms.data + 2 * i, 2));
    return asked ? 0 : BIT(CSIGN_NOT_OFFERED);
}

static uint32_t accept_3_1_1(csign_negotiated *out, const csign_negotiate_request *sent,
                             const csign_negotiate_response *response)
{
    unsigned hash, cipher, algorithm;
    if (response->contexts_status != CSIGN_OK)
        return BIT(response->contexts_status);
    uint32_t wrong = judge_choice(response->preauth_hashes, true, sent->preauth_hashes, false, 1, &hash);
    if (!wrong && hash != 1)
        wrong = BIT(CSIGN_UNSUPPORTED);
    out->preauth_hash = 1;
    out->signing_algorithm = CSIGN_AES_CMAC;
    if (response->has_encryption) {
        wrong |= judge_choice(response->ciphers, sent->has_encryption, sent->ciphers, true, 4, &cipher);
        out->cipher = (csign_cipher)cipher;
        out->cipher_negotiated = true;
    }
    if (response->has_signing) {
        wrong |= judge_choice(response->signing_algorithms, sent->has_signing, sent->signing_algorithms, false, 2,
                              &algorithm);
        out->signing_algorithm = (csign_signing_algorithm)algorithm;
        out->signing_negotiated = true;
    }
    wrong |= judge_others(sent, response);
    return wrong ? wrong : BIT(CSIGN_OK);
}

uint32_t model_accept(csign_negotiated *out, const csign_negotiate_request *sent,
                      const csign_negotiate_response *response)
{
    unsigned dialect = response->dialect;
    memset(out, 0, sizeof *out);
    if (!lists(sent->dialects, dialect))
        return BIT(CSIGN_NOT_OFFERED);
    switch (dialect) {
    case 0x0202:
    case 0x0210:
    case 0x0300:
    case 0x0302:
    case 0x0311:
        break;
    default:
        return BIT(CSIGN_UNSUPPORTED);
    }
    out->dialect = (csign_dialect)dialect;
    if (dialect == 0x0311)
        return accept_3_1_1(out, sent, response);
    out->signing_algorithm = dialect < 0x0300 ? CSIGN_HMAC_SHA256 : CSIGN_AES_CMAC;
    if (dialect >= 0x0300 && sent->capabilities & 0x40 && response->capabilities & 0x40)
        out->cipher = CSIGN_AES_128_CCM;
    return BIT(CSIGN_OK);
}
