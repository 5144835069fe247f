/* SPDX-License-Identifier: Apache-2.0 */
/* SP 800-108 with any key, label, context and length by every backend against every oracle, and one key of one 3.x dialect as csign_derive_key derives
   it. Input: output length u16 (modulo 1 + 8160), dialect, purpose and length of that key u8, key length u8, label length u8, key,
   label, context; the key is the session key too, and the context's first 64 bytes the preauthentication hash. SP 800-108 4.1, MS-SMB2 3.1.4.2. */
#include "each_backend.h"
#include "oracles.h"

static const csign_dialect dialects[] = {CSIGN_SMB_3_0, CSIGN_SMB_3_0_2, CSIGN_SMB_3_1_1};

static void derived_key(uint8_t which, csign_bytes session_key, const uint8_t preauth[64])
{
    csign_dialect dialect = dialects[which % 3];
    unsigned purpose = which / 3 % 4;
    size_t len = which / 12 % 2 ? 32 : 16;
    bool allowed = len == 16 || (dialect == CSIGN_SMB_3_1_1 && purpose >= CSIGN_KEY_CLIENT_TO_SERVER);
    uint8_t key[32 + 1];
    memset(key, 0xA5, sizeof key);
    csign_status status = csign_derive_key(key, len, (csign_key_purpose)purpose, dialect, session_key, preauth);
    CHECK(status == (allowed ? CSIGN_OK : CSIGN_BAD_ARGUMENT), "32 bytes are for cipher keys at 3.1.1 alone");
    CHECK(fuzz_all(key + len, sizeof key - len, 0xA5), "no more than the key is written");
    CHECK(allowed || fuzz_all(key, len, 0), "a refused key is zeros");
    fuzz_outcome(key, len);
    if (allowed)
        diff_key("csign_derive_key", key, len, (enum smb3_key)purpose, dialect, fuzz_diff(session_key), preauth);
}

/* A pointer that is missing, a length that cannot be: nothing is derived. */
static void check_refused(uint8_t *out, size_t len, csign_bytes key, csign_bytes label, csign_bytes context)
{
    const csign_bytes nowhere = {NULL, 1};
    CHECK(csign_kdf_sp800_108(NULL, len, key, label, context) == CSIGN_BAD_ARGUMENT &&
              csign_kdf_sp800_108(out, 0, key, label, context) == CSIGN_BAD_ARGUMENT &&
              csign_kdf_sp800_108(out, 8161, key, label, context) == CSIGN_BAD_ARGUMENT &&
              csign_kdf_sp800_108(out, len, nowhere, label, context) == CSIGN_BAD_ARGUMENT &&
              csign_kdf_sp800_108(out, len, key, nowhere, context) == CSIGN_BAD_ARGUMENT &&
              csign_kdf_sp800_108(out, len, key, label, nowhere) == CSIGN_BAD_ARGUMENT,
          "without key, label, context or room nothing is derived");
}

/* Nothing may be nowhere. */
static csign_bytes nowhere_if_empty(csign_bytes view)
{
    return view.len ? view : (csign_bytes){NULL, 0};
}

static void one(const uint8_t *input, size_t size)
{
    static uint8_t out[8160 + 1];
    fuzz_reader r = {input, size};
    size_t out_len = fuzz_take_u16(&r) % 8161;
    uint8_t which = fuzz_take_u8(&r);
    size_t key_len = fuzz_take_u8(&r), label_len = fuzz_take_u8(&r);
    csign_bytes key = nowhere_if_empty(fuzz_take_view(&r, key_len));
    csign_bytes label = nowhere_if_empty(fuzz_take_view(&r, label_len));
    csign_bytes context = nowhere_if_empty(fuzz_rest(&r));
    uint8_t preauth[64];
    for (size_t at = 0; each_backend(CSIGN_HMAC, &at); at++) {
        memset(out, 0xA5, sizeof out);
        csign_status status = csign_kdf_sp800_108(out, out_len, key, label, context);
        CHECK(status == (out_len ? CSIGN_OK : CSIGN_BAD_ARGUMENT), "1 to 8160 bytes can be derived");
        check_refused(out, out_len, key, label, context);
        CHECK(fuzz_all(out + out_len, sizeof out - out_len, 0xA5), "no more than out_len bytes are written");
        if (out_len)
            diff_kdf_sp800_108("csign_kdf_sp800_108", out, out_len, fuzz_diff(key), fuzz_diff(label),
                               fuzz_diff(context));
    }
    fuzz_outcome(out, out_len);
    csign_bytes first = fuzz_take_view(&r, sizeof preauth); /* zeros where it is shorter */
    memset(preauth, 0, sizeof preauth);
    if (first.len)
        memcpy(preauth, first.data, first.len);
    derived_key(which, key, preauth);
}

const fuzz_target fuzz_this = {"kdf_diff", oracles_start, one};
