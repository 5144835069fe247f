/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of SP 800-108, with any key, label, context and length, and of the keys that SMB3 derives with it. */
#include <countersign/countersign.h>

#include <string.h>

#include "run.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define KDF_MAX 8160
#define LONG_MAX_LEN 1000 /* of a label or context, now and then */

static csign_bytes bytes(const uint8_t *data, size_t len)
{
    return (csign_bytes){len ? data : NULL, len};
}

static const enum family kdf_families[] = {FAMILY_KEY,          FAMILY_KEY_BIT,        FAMILY_KEY_LENGTH,
                                           FAMILY_LABEL_LENGTH, FAMILY_CONTEXT_LENGTH, FAMILY_OUT_LENGTH,
                                           FAMILY_OUT_CLASS};

static size_t choose_field(struct run *run, uint8_t *field, enum family family, size_t usual)
{
    size_t len = prng_below(&run->random, usual + 1);
    if (prng_below(&run->random, 64) == 0)
        len = prng_below(&run->random, LONG_MAX_LEN + 1);
    if (len <= usual)
        strata_hit(&run->strata, family, len);
    prng_fill(&run->random, field, len);
    return len;
}

static size_t choose_out_length(struct run *run)
{
    uint64_t i = run->index;
    size_t kind = i % 32 == 31 ? 3 : i % 32 == 30 ? 2 : i % 2 ? 1 : 0, len = 0;
    switch (kind) {
    case 0:
        len = 1 + prng_below(&run->random, 64);
        break;
    case 1:
        len = 1 + (size_t)(i / 2 % 1100);
        break;
    case 2:
        len = 32 * (1 + prng_below(&run->random, KDF_MAX / 32)) - prng_below(&run->random, 2);
        break;
    default:
        len = i % 64 == 63 ? KDF_MAX : 1 + prng_below(&run->random, KDF_MAX);
        break;
    }
    strata_hit(&run->strata, FAMILY_OUT_CLASS, kind);
    if (len <= 1100)
        strata_hit(&run->strata, FAMILY_OUT_LENGTH, len - 1);
    return len;
}

static void kdf_case(struct run *run)
{
    uint8_t key[KEY_LENGTH_MAX], label[LONG_MAX_LEN], context[LONG_MAX_LEN];
    static uint8_t out[KDF_MAX];
    size_t key_len = choose_key_length(run);
    choose_key(run, key, key_len);
    size_t label_len = choose_field(run, label, FAMILY_LABEL_LENGTH, 64);
    size_t context_len = choose_field(run, context, FAMILY_CONTEXT_LENGTH, 128);
    size_t out_len = choose_out_length(run);
    csign_status status =
        csign_kdf_sp800_108(out, out_len, bytes(key, key_len), bytes(label, label_len), bytes(context, context_len));
    check_that(run, status == CSIGN_OK, "csign_kdf_sp800_108 accepts 1..8160 bytes");
    check(run,
          &(struct diff_question){.operation = ORACLE_KDF_SP800_108,
                                  .key = {key, key_len},
                                  .label = {label, label_len},
                                  .context = {context, context_len},
                                  .answer_len = out_len},
          "csign_kdf_sp800_108", out);
}

const struct operation operation_kdf = {"kdf", kdf_case, kdf_families, COUNT(kdf_families),
                                        ORACLE_BIT(ORACLE_KDF_SP800_108)};

/* Every key that some dialect has. */
static const struct {
    csign_dialect dialect;
    csign_key_purpose purpose;
    size_t len;
} derivable[18] = {
    {CSIGN_SMB_2_0_2, CSIGN_KEY_SIGNING, 16},
    {CSIGN_SMB_2_0_2, CSIGN_KEY_APPLICATION, 16},
    {CSIGN_SMB_2_1, CSIGN_KEY_SIGNING, 16},
    {CSIGN_SMB_2_1, CSIGN_KEY_APPLICATION, 16},
    {CSIGN_SMB_3_0, CSIGN_KEY_SIGNING, 16},
    {CSIGN_SMB_3_0, CSIGN_KEY_APPLICATION, 16},
    {CSIGN_SMB_3_0, CSIGN_KEY_CLIENT_TO_SERVER, 16},
    {CSIGN_SMB_3_0, CSIGN_KEY_SERVER_TO_CLIENT, 16},
    {CSIGN_SMB_3_0_2, CSIGN_KEY_SIGNING, 16},
    {CSIGN_SMB_3_0_2, CSIGN_KEY_APPLICATION, 16},
    {CSIGN_SMB_3_0_2, CSIGN_KEY_CLIENT_TO_SERVER, 16},
    {CSIGN_SMB_3_0_2, CSIGN_KEY_SERVER_TO_CLIENT, 16},
    {CSIGN_SMB_3_1_1, CSIGN_KEY_SIGNING, 16},
    {CSIGN_SMB_3_1_1, CSIGN_KEY_APPLICATION, 16},
    {CSIGN_SMB_3_1_1, CSIGN_KEY_CLIENT_TO_SERVER, 16},
    {CSIGN_SMB_3_1_1, CSIGN_KEY_SERVER_TO_CLIENT, 16},
    {CSIGN_SMB_3_1_1, CSIGN_KEY_CLIENT_TO_SERVER, 32},
    {CSIGN_SMB_3_1_1, CSIGN_KEY_SERVER_TO_CLIENT, 32},
};

static enum smb3_key oracle_purpose(csign_key_purpose purpose)
{
    switch (purpose) {
    case CSIGN_KEY_SIGNING:
        return SMB3_SIGNING;
    case CSIGN_KEY_APPLICATION:
        return SMB3_APPLICATION;
    case CSIGN_KEY_CLIENT_TO_SERVER:
        return SMB3_CLIENT_TO_SERVER;
    case CSIGN_KEY_SERVER_TO_CLIENT:
        return SMB3_SERVER_TO_CLIENT;
    }
    return SMB3_SIGNING;
}

static const enum family derive_key_families[] = {FAMILY_KEY, FAMILY_KEY_BIT, FAMILY_DERIVED, FAMILY_DERIVED_FROM};

/* Each second case has the usual session key of 16 bytes, the others go through 0..64. In 2.x there is nothing to derive, so no
   oracle is asked. */
static void derive_key_case(struct run *run)
{
    uint8_t session_key[64], preauth[64], out[32];
    size_t which = (size_t)(run->index / 2 % 18);
    size_t len = run->index % 2 ? 16 : (size_t)(run->index / 36 % 65);
    csign_dialect dialect = derivable[which].dialect;
    choose_key(run, session_key, len);
    prng_fill(&run->random, preauth, sizeof preauth);
    bool no_preauth = dialect != CSIGN_SMB_3_1_1 && prng_below(&run->random, 2);
    strata_hit(&run->strata, FAMILY_DERIVED, which);
    strata_hit(&run->strata, FAMILY_DERIVED_FROM, which * 65 + len);
    csign_status status = csign_derive_key(out, derivable[which].len, derivable[which].purpose, dialect,
                                           bytes(session_key, len), no_preauth ? NULL : preauth);
    check_that(run, status == CSIGN_OK, "csign_derive_key derives every key that the dialect has");
    if (dialect < CSIGN_SMB_3_0) {
        uint8_t expected[16];
        smb3_session_key(expected, (struct diff_bytes){session_key, len});
        check_plain(run, "csign_derive_key at 2.x", expected, out, 16);
        return;
    }
    struct diff_question question;
    smb3_ask_key(&question, &run->scratch, oracle_purpose(derivable[which].purpose), (unsigned)dialect,
                 derivable[which].len, (struct diff_bytes){session_key, len}, preauth);
    check(run, &question, "csign_derive_key", out);
}

const struct operation operation_derive_key = {"derive_key", derive_key_case, derive_key_families,
                                               COUNT(derive_key_families), ORACLE_BIT(ORACLE_KDF_SP800_108)};
