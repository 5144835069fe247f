/* SPDX-License-Identifier: Apache-2.0 */
/* csign_derive_key for any dialect, purpose, length and key: whether there is such a key by the table of MS-SMB2 3.1.4.2, and its
   value against every oracle; 2.x keys are SessionKey itself. A refused key is zeros, and nothing behind it is touched. The dialect and
   the purpose are mostly ones that exist, the length mostly one that some key has. Input: dialect u16 (below 5: that dialect;
   else the number itself), purpose u8 (modulo 6), length u8 (0: 16, 1: 32, else modulo 65), flags u8 (1: no session key though it
   has a length, 2: no preauthentication hash, 4: no output), preauthentication hash 64, session key. */
#include "oracles.h"

enum { OUT_MAX = 64, GUARD = 32 };
enum { NO_KEY = 1, NO_PREAUTH = 2, NO_OUT = 4 };

typedef struct question {
    uint32_t dialect;
    unsigned purpose; /* 0 signing, 1 application, 2 client to server, 3 server to client */
    size_t out_len;
    csign_bytes session_key;
    const uint8_t *preauth;
} question;

/* The table, row by row: signing and application keys have 16 bytes everywhere; cipher keys 16 in every 3.x, and 32 too at 3.1.1,
   which derives nothing without a hash. */
static bool exists(const question *q)
{
    bool cipher_key = q->purpose == 2 || q->purpose == 3;
    if (q->purpose > 3 || (!q->session_key.data && q->session_key.len))
        return false;
    switch (q->dialect) {
    case 0x0202:
    case 0x0210:
        return !cipher_key && q->out_len == 16;
    case 0x0300:
    case 0x0302:
        return q->out_len == 16;
    case 0x0311:
        return q->preauth && (q->out_len == 16 || (cipher_key && q->out_len == 32));
    default:
        return false;
    }
}

static void check_value(const question *q, const uint8_t *key)
{
    if (q->dialect >= 0x0300) {
        diff_key("csign_derive_key", key, q->out_len, (enum smb3_key)q->purpose, q->dialect, fuzz_diff(q->session_key),
                 q->preauth);
        return;
    }
    uint8_t padded[16];
    smb3_session_key(padded, fuzz_diff(q->session_key));
    CHECK(!memcmp(key, padded, 16), "2.x keys are the first 16 bytes of the session key, padded with zeros");
}

static void one(const uint8_t *input, size_t size)
{
    static const uint16_t dialects[] = {0x0202, 0x0210, 0x0300, 0x0302, 0x0311};
    fuzz_reader r = {input, size};
    uint8_t preauth[64], out[OUT_MAX + GUARD];
    question q = {.dialect = fuzz_take_u16(&r)};
    if (q.dialect < 5)
        q.dialect = dialects[q.dialect];
    q.purpose = fuzz_take_u8(&r) % 6;
    uint8_t length = fuzz_take_u8(&r), flags = fuzz_take_u8(&r);
    q.out_len = length < 2 ? 16u << length : length % (OUT_MAX + 1);
    fuzz_take(&r, preauth, sizeof preauth);
    q.preauth = flags & NO_PREAUTH ? NULL : preauth;
    q.session_key = fuzz_rest(&r);
    if (flags & NO_KEY)
        q.session_key.data = NULL;
    memset(out, 0xA5, sizeof out);
    csign_status status = csign_derive_key(flags & NO_OUT ? NULL : out, q.out_len, (csign_key_purpose)q.purpose,
                                           (csign_dialect)q.dialect, q.session_key, q.preauth);
    fuzz_outcome_number(status);
    fuzz_outcome(out, q.out_len);
    bool expected = exists(&q) && !(flags & NO_OUT);
    CHECK(status == (expected ? CSIGN_OK : CSIGN_BAD_ARGUMENT), "the keys that exist, and no others, are derived");
    CHECK(fuzz_all(out + q.out_len, sizeof out - q.out_len, 0xA5), "no more than the key is written");
    if (expected)
        check_value(&q, out);
    else
        CHECK(fuzz_all(out, q.out_len, flags & NO_OUT ? 0xA5 : 0), "a refused key is zeros");
}

const fuzz_target fuzz_this = {"derive_key_diff", oracles_start, one};
