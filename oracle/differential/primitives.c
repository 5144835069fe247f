/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of the one-shot primitives of countersign/crypto.h. */
#include <countersign/countersign.h>

#include "aes_reference.h"
#include "run.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static csign_bytes bytes(const uint8_t *data, size_t len)
{
    return (csign_bytes){len ? data : NULL, len};
}

static const enum family cmac_families[] = {FAMILY_LENGTH, FAMILY_LENGTH_CLASS, FAMILY_EDGE, FAMILY_CONTENT,
                                            FAMILY_KEY,    FAMILY_KEY_BIT,      FAMILY_CARRY};

static void cmac_case(struct run *run)
{
    uint8_t key[16], tag[16];
    size_t len = choose_length(run);
    choose_key(run, key, 16);
    const uint8_t *message = choose_message(run, len);
    strata_hit(&run->strata, FAMILY_CARRY, aes_reference_carries(key));
    csign_cmac_aes128(tag, key, bytes(message, len));
    check(run,
          &(struct diff_question){
              .operation = ORACLE_CMAC_AES128, .key = {key, 16}, .message = {message, len}, .answer_len = 16},
          "csign_cmac_aes128", tag);
}

const struct operation operation_cmac = {"cmac", cmac_case, cmac_families, COUNT(cmac_families),
                                         ORACLE_BIT(ORACLE_CMAC_AES128)};

static const enum family gmac_families[] = {FAMILY_LENGTH, FAMILY_LENGTH_CLASS, FAMILY_EDGE, FAMILY_CONTENT,
                                            FAMILY_KEY,    FAMILY_KEY_BIT,      FAMILY_NONCE};

/* A quarter arbitrary; the others as SMB3 makes them: MessageId, then bit 0 for a server's message and bit 1 for CANCEL. */
static void choose_nonce(struct run *run, uint8_t nonce[12])
{
    size_t kind = prng_below(&run->random, 4 * MESSAGE_ID_KINDS), flags = kind / MESSAGE_ID_KINDS;
    bool arbitrary = prng_below(&run->random, 4) == 0;
    prng_fill(&run->random, nonce, 12);
    strata_hit(&run->strata, FAMILY_NONCE, arbitrary ? 28 : kind);
    if (arbitrary)
        return;
    uint64_t id = message_id(run, kind % MESSAGE_ID_KINDS);
    for (size_t i = 0; i < 8; i++)
        nonce[i] = (uint8_t)(id >> 8 * i);
    nonce[8] = (uint8_t)flags;
    nonce[9] = nonce[10] = nonce[11] = 0;
}

static void gmac_case(struct run *run)
{
    uint8_t key[16], nonce[12], tag[16];
    size_t len = choose_length(run);
    choose_key(run, key, 16);
    choose_nonce(run, nonce);
    const uint8_t *message = choose_message(run, len);
    csign_gmac_aes128(tag, key, nonce, bytes(message, len));
    check(run,
          &(struct diff_question){.operation = ORACLE_GMAC_AES128,
                                  .key = {key, 16},
                                  .nonce = {nonce, 12},
                                  .message = {message, len},
                                  .answer_len = 16},
          "csign_gmac_aes128", tag);
}

const struct operation operation_gmac = {"gmac", gmac_case, gmac_families, COUNT(gmac_families),
                                         ORACLE_BIT(ORACLE_GMAC_AES128)};

static const enum family hmac_families[] = {FAMILY_LENGTH, FAMILY_LENGTH_CLASS, FAMILY_EDGE,      FAMILY_CONTENT,
                                            FAMILY_KEY,    FAMILY_KEY_BIT,      FAMILY_KEY_LENGTH};

static void hmac_case(struct run *run)
{
    uint8_t key[KEY_LENGTH_MAX], mac[32];
    size_t len = choose_length(run), key_len = choose_key_length(run);
    choose_key(run, key, key_len);
    const uint8_t *message = choose_message(run, len);
    csign_hmac_sha256(mac, bytes(key, key_len), bytes(message, len));
    check(run,
          &(struct diff_question){
              .operation = ORACLE_HMAC_SHA256, .key = {key, key_len}, .message = {message, len}, .answer_len = 32},
          "csign_hmac_sha256", mac);
}

const struct operation operation_hmac = {"hmac", hmac_case, hmac_families, COUNT(hmac_families),
                                         ORACLE_BIT(ORACLE_HMAC_SHA256)};

static const enum family sha512_families[] = {FAMILY_LENGTH, FAMILY_LENGTH_CLASS, FAMILY_EDGE, FAMILY_CONTENT};

static void sha512_case(struct run *run)
{
    uint8_t digest[64];
    size_t len = choose_length(run);
    const uint8_t *message = choose_message(run, len);
    csign_sha512(digest, bytes(message, len));
    check(run, &(struct diff_question){.operation = ORACLE_SHA512, .message = {message, len}, .answer_len = 64},
          "csign_sha512", digest);
}

const struct operation operation_sha512 = {"sha512", sha512_case, sha512_families, COUNT(sha512_families),
                                           ORACLE_BIT(ORACLE_SHA512)};
