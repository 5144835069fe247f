/* SPDX-License-Identifier: Apache-2.0 */
/* The choice of dialect, signing algorithm and cipher (MS-SMB2 3.3.5.4), as plainly as it can be said. */
#include "select_model.h"

#include "fuzz.h"

#define BIT(status) (UINT32_C(1) << (status))

static bool lists(csign_u16_list list, unsigned id)
{
    for (size_t i = 0; i < list.count; i++)
        if (fuzz_le(list.data + 2 * i, 2) == id)
            return true;
    return false;
}

static bool known_dialect(unsigned d)
{
    return d == 0x0202 || d == 0x0210 || d == 0x0300 || d == 0x0302 || d == 0x0311;
}

bool model_policy_sound(const csign_negotiate_policy *p)
{
    bool sound =
        known_dialect(p->dialect_min) && known_dialect(p->dialect_max) && p->signing_count <= 3 && p->cipher_count <= 4;
    for (size_t i = 0; sound && i < p->signing_count; i++)
        sound = (unsigned)p->signing[i] <= 2;
    for (size_t i = 0; sound && i < p->cipher_count; i++)
        sound = (unsigned)p->ciphers[i] >= 1 && (unsigned)p->ciphers[i] <= 4;
    return sound;
}

/* The rank of id for whoever decides, 0 the best; SIZE_MAX: not in the list. */
static size_t rank_of(const unsigned *local, size_t local_count, csign_u16_list offered, bool peer_order, unsigned id)
{
    if (peer_order) {
        for (size_t i = 0; i < offered.count; i++)
            if (fuzz_le(offered.data + 2 * i, 2) == id)
                return i;
    } else {
        for (size_t i = 0; i < local_count; i++)
            if (local[i] == id)
                return i;
    }
    return SIZE_MAX;
}

/* The best of the ids 0 to 4 that both sides list; 5: none. */
static unsigned best_common(const unsigned *local, size_t local_count, csign_u16_list offered, bool peer_order)
{
    unsigned best = 5;
    size_t best_rank = SIZE_MAX;
    for (unsigned id = 0; id < 5; id++) {
        bool here = false;
        for (size_t i = 0; i < local_count; i++)
            here = here || local[i] == id;
        size_t rank = rank_of(local, local_count, offered, peer_order, id);
        if (here && lists(offered, id) && rank < best_rank) {
            best = id;
            best_rank = rank;
        }
    }
    return best;
}

static uint32_t select_3_1_1(csign_negotiated *out, const csign_negotiate_policy *p, const csign_negotiate_request *r)
{
    uint32_t wrong = 0;
    if (r->contexts_status != CSIGN_OK)
        return BIT(r->contexts_status);
    if (!lists(r->preauth_hashes, 1))
        return BIT(CSIGN_NO_OVERLAP);
    if (p->compression && r->compression_status != CSIGN_OK)
        wrong |= BIT(r->compression_status);
    if (p->transport && r->transport_status != CSIGN_OK)
        wrong |= BIT(r->transport_status);
    if (p->rdma_transforms && r->rdma_status != CSIGN_OK)
        wrong |= BIT(r->rdma_status);

    unsigned signing[3], ciphers[4];
    bool cmac = false;
    for (size_t i = 0; i < p->signing_count; i++) {
        signing[i] = p->signing[i];
        cmac = cmac || signing[i] == 1;
    }
    for (size_t i = 0; i < p->cipher_count; i++)
        ciphers[i] = p->ciphers[i];
    unsigned algorithm =
        r->has_signing ? best_common(signing, p->signing_count, r->signing_algorithms, p->peer_order) : 5;
    out->signing_negotiated = algorithm < 5;
    out->signing_algorithm = algorithm < 5 ? (csign_signing_algorithm)algorithm : CSIGN_AES_CMAC;
    if (algorithm == 5 && p->refuse_fallback && !cmac)
        wrong |= BIT(CSIGN_UNSUPPORTED);
    unsigned cipher = r->has_encryption ? best_common(ciphers, p->cipher_count, r->ciphers, p->peer_order) : 5;
    out->cipher_negotiated = r->has_encryption;
    out->cipher = cipher < 5 ? (csign_cipher)cipher : CSIGN_CIPHER_NONE;
    out->preauth_hash = 1;
    return wrong ? wrong : BIT(CSIGN_OK);
}

uint32_t model_select(csign_negotiated *out, const csign_negotiate_policy *p, const csign_negotiate_request *r)
{
    unsigned dialect = 0;
    memset(out, 0, sizeof *out);
    if (!model_policy_sound(p))
        return BIT(CSIGN_BAD_ARGUMENT);
    for (size_t i = 0; i < r->dialects.count; i++) {
        unsigned d = fuzz_le(r->dialects.data + 2 * i, 2);
        if (known_dialect(d) && d >= (unsigned)p->dialect_min && d <= (unsigned)p->dialect_max && d > dialect)
            dialect = d;
    }
    if (!dialect)
        return BIT(CSIGN_NO_DIALECT);
    out->dialect = (csign_dialect)dialect;
    out->signing_algorithm = dialect < 0x0300 ? CSIGN_HMAC_SHA256 : CSIGN_AES_CMAC;
    if (dialect == 0x0311)
        return select_3_1_1(out, p, r);
    bool encryption = p->capabilities & r->capabilities & 0x40;
    out->cipher = dialect >= 0x0300 && encryption ? CSIGN_AES_128_CCM : CSIGN_CIPHER_NONE;
    return BIT(CSIGN_OK);
}
