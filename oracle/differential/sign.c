/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of signing: whole elements under each algorithm, contiguous and in parts, against oracles that are asked with a mask
   and a nonce of their own. Headers have the right shape and otherwise anything: MessageId edges, CANCEL, both roles, interim
   responses, a stale signature, SIGNED set or clear. What csign_sign then signs must verify, and not with one bit flipped. */
#include <countersign/countersign.h>

#include <string.h>

#include "run.h"

static const enum family families[] = {FAMILY_LENGTH,     FAMILY_LENGTH_CLASS, FAMILY_EDGE,
                                       FAMILY_CONTENT,    FAMILY_KEY,          FAMILY_KEY_BIT,
                                       FAMILY_SIGN_NONCE, FAMILY_SIGN_OUTCOME, FAMILY_PARTS};

enum { CANCEL = 0x0C, COMMANDS = 0x13 };

static void put_le(uint8_t *out, uint64_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(value >> 8 * i);
}

/* Fills the first 64 bytes; `kind` is role, CANCEL and MessageId as FAMILY_SIGN_NONCE counts them. */
static void choose_header(struct run *run, uint8_t *header, size_t kind)
{
    static const uint8_t fixed[6] = {0xFE, 'S', 'M', 'B', 64, 0};
    bool server = kind / MESSAGE_ID_KINDS & 1, cancel = kind / MESSAGE_ID_KINDS & 2;
    prng_fill(&run->random, header, 64);
    memcpy(header, fixed, sizeof fixed);
    if (prng_below(&run->random, 16) == 0)
        put_le(header + 8, 0x103, 4); /* Status: STATUS_PENDING */
    size_t command = prng_below(&run->random, COMMANDS - 1);
    put_le(header + 12, cancel ? CANCEL : command < CANCEL ? command : command + 1, 2);
    header[16] = (uint8_t)((header[16] & 0xFE) | (server ? 1 : 0));
    put_le(header + 20, 0, 4); /* NextCommand: the last element */
    put_le(header + 24, message_id(run, kind % MESSAGE_ID_KINDS), 8);
    if (prng_below(&run->random, 16) == 0)
        put_le(header + 40, 0, 8); /* SessionId */
}

/* Signs the element in place, and takes what it finds there as what was signed. */
static void sign_and_verify(struct run *run, const csign_signer *signer, uint8_t *element, size_t len,
                            const uint8_t tag[16], const csign_bytes *parts, size_t part_count)
{
    uint8_t header[64], again[64];
    memcpy(header, element, 64);
    memcpy(again, element, 64);
    csign_status status = csign_sign(signer, element, len);
    check_that(run, csign_sign_parts(signer, again, parts, part_count) == status && memcmp(again, element, 64) == 0,
               "csign_sign_parts does what csign_sign does");
    if (status != CSIGN_OK) {
        check_that(run, status == CSIGN_NOT_SIGNED_BY_RULE || status == CSIGN_NONCE_FORBIDDEN,
                   "csign_sign refuses a well-formed element by rule or for its nonce");
        check_that(run, memcmp(header, element, 64) == 0, "csign_sign changes nothing that it refuses");
        strata_hit(&run->strata, FAMILY_SIGN_OUTCOME, status == CSIGN_NONCE_FORBIDDEN ? 2 : 1);
        return;
    }
    header[16] |= 0x08;
    memcpy(header + 48, tag, 16);
    check_that(run, memcmp(header, element, 64) == 0, "csign_sign writes SIGNED and the signature of csign_mac alone");
    check_that(run, csign_verify(signer, element, len) == CSIGN_OK, "csign_verify accepts what csign_sign signed");
    check_that(run, csign_verify_parts(signer, element, parts, part_count) == CSIGN_OK,
               "csign_verify_parts accepts what csign_sign signed");
    size_t bit = prng_below(&run->random, 8 * len);
    element[bit / 8] ^= (uint8_t)(1u << bit % 8);
    check_that(run, csign_verify(signer, element, len) != CSIGN_OK, "csign_verify refuses one flipped bit");
    element[bit / 8] ^= (uint8_t)(1u << bit % 8);
    strata_hit(&run->strata, FAMILY_SIGN_OUTCOME, 0);
}

static void one_case(struct run *run)
{
    uint8_t key[16], tag[16], tag_of_parts[16];
    size_t algorithm = prng_below(&run->random, 3), kind = prng_below(&run->random, 4 * MESSAGE_ID_KINDS);
    size_t len = 64 + choose_length(run);
    uint8_t *element = choose_message(run, len);
    choose_key(run, key, 16);
    choose_header(run, element, kind);
    strata_hit(&run->strata, FAMILY_SIGN_NONCE, algorithm * 4 * MESSAGE_ID_KINDS + kind);

    csign_signer signer;
    check_that(run, csign_signer_init(&signer, (csign_signing_algorithm)algorithm, key) == CSIGN_OK,
               "csign_signer_init knows the three algorithms");
    const csign_bytes whole = {len > 64 ? element + 64 : NULL, len - 64};
    struct diff_bytes cut[PARTS_MAX];
    csign_bytes parts[PARTS_MAX];
    size_t count = choose_parts(run, cut, element + 64, len - 64);
    for (size_t i = 0; i < count; i++)
        parts[i] = (csign_bytes){cut[i].data, cut[i].len};
    check_that(run, csign_mac(&signer, tag, element, &whole, 1) == CSIGN_OK, "csign_mac of one part");
    check_that(run, csign_mac(&signer, tag_of_parts, element, count ? parts : NULL, count) == CSIGN_OK,
               "csign_mac of parts");
    check_that(run, memcmp(tag, tag_of_parts, 16) == 0, "parts give the tag of the parts joined");

    struct diff_question question;
    smb3_ask_signature(&question, &run->scratch, (unsigned)algorithm, key, element, len);
    check(run, &question, "csign_mac", tag);
    if (!run->planting)
        sign_and_verify(run, &signer, element, len, tag, count ? parts : NULL, count);
    csign_signer_wipe(&signer);
}

const struct operation operation_sign = {"sign", one_case, families, sizeof families / sizeof *families,
                                         ORACLE_BIT(ORACLE_CMAC_AES128) | ORACLE_BIT(ORACLE_GMAC_AES128) |
                                             ORACLE_BIT(ORACLE_HMAC_SHA256)};
