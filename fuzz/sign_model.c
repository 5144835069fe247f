/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of signing as plainly as they can be said, each in the order in which it is asked. */
#include "sign_model.h"

#include <stdlib.h>

#include "fuzz.h"

enum { NEGOTIATE = 0, SESSION_SETUP = 1, CANCEL = 0x0C, ECHO = 0x0D, OPLOCK_BREAK = 0x12 };

typedef struct fields {
    uint32_t command, flags, status;
    uint64_t message_id, session_id;
    bool response, is_signed;
} fields;

static csign_status shape(fields *f, csign_bytes e)
{
    if (e.len < 64)
        return CSIGN_TRUNCATED;
    uint32_t next = fuzz_le(e.data + 20, 4);
    if (fuzz_le(e.data, 4) != 0x424D53FE || fuzz_le(e.data + 4, 2) != 64 || (next && next != e.len))
        return CSIGN_MALFORMED;
    f->status = fuzz_le(e.data + 8, 4);
    f->command = fuzz_le(e.data + 12, 2);
    f->flags = fuzz_le(e.data + 16, 4);
    f->message_id = fuzz_le64(e.data + 24);
    f->session_id = fuzz_le64(e.data + 40);
    f->response = f->flags & 1;
    f->is_signed = f->flags & 8;
    return CSIGN_OK;
}

csign_status model_sign(csign_signing_algorithm algorithm, csign_bytes element)
{
    fields f;
    csign_status status = shape(&f, element);
    if (status != CSIGN_OK)
        return status;
    if (f.command == NEGOTIATE || !f.session_id || (f.command == CANCEL && f.response))
        return CSIGN_NOT_SIGNED_BY_RULE;
    if (f.response && f.status == 0x103)
        return CSIGN_NONCE_FORBIDDEN;
    if (f.message_id == UINT64_MAX)
        return CSIGN_NONCE_FORBIDDEN;
    bool cancel_may = f.command == CANCEL && !f.response && algorithm != CSIGN_AES_GMAC;
    return f.message_id || cancel_may ? CSIGN_OK : CSIGN_NONCE_FORBIDDEN;
}

csign_status model_verify(csign_bytes element)
{
    fields f;
    csign_status status = shape(&f, element);
    if (status != CSIGN_OK)
        return status;
    bool interim = f.response && f.status == 0x103;
    bool unsolicited = f.response && f.command == OPLOCK_BREAK && f.message_id == UINT64_MAX && !f.session_id;
    bool before_session = !f.is_signed && (f.command == NEGOTIATE ||
                                           (!f.session_id && (f.command == SESSION_SETUP || f.command == ECHO)));
    if (interim || unsolicited || before_session)
        return CSIGN_NOT_SIGNED_BY_RULE;
    return f.is_signed ? CSIGN_OK : CSIGN_NOT_SIGNED;
}

void model_mac(uint8_t tag[16], csign_signing_algorithm algorithm, const uint8_t key[16], csign_bytes element)
{
    uint8_t *m = malloc(element.len), mac[32], nonce[12] = {0};
    if (!m)
        abort();
    memcpy(m, element.data, element.len);
    m[16] |= 8;
    memset(m + 48, 0, 16);
    csign_bytes covered = {m, element.len};
    if (algorithm == CSIGN_HMAC_SHA256) {
        csign_hmac_sha256(mac, (csign_bytes){key, 16}, covered);
        memcpy(tag, mac, 16);
    } else if (algorithm == CSIGN_AES_CMAC) {
        csign_cmac_aes128(tag, key, covered);
    } else {
        memcpy(nonce, m + 24, 8);
        nonce[8] = (uint8_t)((m[16] & 1) | (fuzz_le(m + 12, 2) == CANCEL ? 2 : 0));
        csign_gmac_aes128(tag, key, nonce, covered);
    }
    free(m);
}
