/* SPDX-License-Identifier: Apache-2.0 */
/* csign_negotiate_response_parse on any bytes: what it accepts is what MS-SMB2 2.2.4 and 3.2.5.2 accept, every value is that of
   the message, every view lies inside it, and what it refuses leaves zeros. The input is the message. */
#include "views.h"

static bool acceptable(csign_bytes m)
{
    if (m.len < 128)
        return false;
    const uint8_t *p = m.data;
    size_t offset = fuzz_le(p + 120, 2), len = fuzz_le(p + 122, 2);
    return fuzz_le(p, 4) == 0x424D53FE && fuzz_le(p + 4, 2) == 64 && fuzz_le(p + 12, 2) == 0 &&
           fuzz_le(p + 20, 4) == 0 && fuzz_le(p + 64, 2) == 65 && (!len || (offset >= 128 && offset + len <= m.len));
}

static void check_fixed_part(const csign_negotiate_response *r, csign_bytes m)
{
    const uint8_t *p = m.data;
    CHECK(r->security_mode == fuzz_le(p + 66, 2) && r->dialect == fuzz_le(p + 68, 2) &&
              !memcmp(r->server_guid, p + 72, 16) && r->capabilities == fuzz_le(p + 88, 4) &&
              r->max_transact_size == fuzz_le(p + 92, 4) && r->max_read_size == fuzz_le(p + 96, 4) &&
              r->max_write_size == fuzz_le(p + 100, 4) && r->system_time == fuzz_le64(p + 104) &&
              r->server_start_time == fuzz_le64(p + 112),
          "the fixed part's values are those of the message");
    CHECK(r->security_buffer.len == fuzz_le(p + 122, 2) &&
              (!r->security_buffer.len || r->security_buffer.data == p + fuzz_le(p + 120, 2)),
          "the security buffer is that of the message");
    views_check_inside(r->security_buffer, m, 128);
}

static void one(const uint8_t *input, size_t size)
{
    csign_bytes message = {input, size};
    csign_negotiate_response r;
    memset(&r, 0xA5, sizeof r);
    csign_status status = csign_negotiate_response_parse(&r, message);
    fuzz_outcome_number(status);
    fuzz_too_short(status == CSIGN_TRUNCATED);
    CHECK((status == CSIGN_OK) == acceptable(message),
          "a response is taken if and only if its fixed part and buffer are right");
    if (status != CSIGN_OK) {
        CHECK(fuzz_all(&r, sizeof r, 0), "a refused message leaves zeros");
        return;
    }
    views_check_header(&r.header, message);
    check_fixed_part(&r, message);
    if (r.dialect == 0x0311)
        views_check_contexts(&r.contexts, message, fuzz_le(input + 124, 4), fuzz_le(input + 70, 2), 128, true);
    else
        views_check_no_contexts(&r.contexts);
    fuzz_outcome_number(r.header.message_id);
    fuzz_outcome(r.security_buffer.data, r.security_buffer.len);
    views_outcome(&r.contexts);
}

const fuzz_target fuzz_this = {"negotiate_response", NULL, one};
