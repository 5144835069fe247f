/* SPDX-License-Identifier: Apache-2.0 */
/* csign_negotiate_request_parse on any bytes: what it accepts is what MS-SMB2 2.2.3 and 3.3.5.4 accept, every value is that of
   the message, every view lies inside it, and what it refuses leaves zeros. The input is the message. */
#include "views.h"

static bool acceptable(csign_bytes m)
{
    if (m.len < 100)
        return false;
    const uint8_t *p = m.data;
    size_t dialects = fuzz_le(p + 66, 2);
    return fuzz_le(p, 4) == 0x424D53FE && fuzz_le(p + 4, 2) == 64 && fuzz_le(p + 12, 2) == 0 &&
           fuzz_le(p + 20, 4) == 0 && !(fuzz_le(p + 16, 4) & 8) && fuzz_le(p + 64, 2) == 36 && dialects >= 1 &&
           100 + 2 * dialects <= m.len;
}

static void check_fixed_part(const csign_negotiate_request *r, csign_bytes m)
{
    const uint8_t *p = m.data;
    CHECK(r->dialects.data == p + 100 && r->dialects.count == fuzz_le(p + 66, 2), "Dialects are those of the message");
    CHECK(r->security_mode == fuzz_le(p + 68, 2) && r->capabilities == fuzz_le(p + 72, 4) &&
              !memcmp(r->client_guid, p + 76, 16),
          "the fixed part's values are those of the message");
}

static void one(const uint8_t *input, size_t size)
{
    csign_bytes message = {input, size};
    csign_negotiate_request r;
    memset(&r, 0xA5, sizeof r);
    csign_status status = csign_negotiate_request_parse(&r, message);
    fuzz_outcome_number(status);
    fuzz_too_short(status == CSIGN_TRUNCATED);
    CHECK((status == CSIGN_OK) == acceptable(message),
          "a request is taken if and only if its fixed part and dialects are right");
    if (status != CSIGN_OK) {
        CHECK(fuzz_all(&r, sizeof r, 0), "a refused message leaves zeros");
        return;
    }
    views_check_header(&r.header, message);
    check_fixed_part(&r, message);
    bool has_3_1_1 = false;
    for (size_t i = 0; i < r.dialects.count; i++) {
        CHECK(csign_u16_at(r.dialects, i) == fuzz_le(input + 100 + 2 * i, 2), "csign_u16_at reads the list");
        has_3_1_1 = has_3_1_1 || fuzz_le(input + 100 + 2 * i, 2) == 0x0311;
    }
    CHECK(csign_u16_at(r.dialects, r.dialects.count) == 0, "csign_u16_at reads nothing behind the list");
    if (has_3_1_1) {
        CHECK(r.client_start_time == 0, "3.1.1 has no ClientStartTime");
        views_check_contexts(&r.contexts, message, fuzz_le(input + 92, 4), fuzz_le(input + 96, 2),
                             100 + 2 * r.dialects.count, false);
    } else {
        CHECK(r.client_start_time == fuzz_le64(input + 92), "ClientStartTime is that of the message");
        views_check_no_contexts(&r.contexts);
    }
    fuzz_outcome_number(r.header.message_id);
    views_outcome(&r.contexts);
}

const fuzz_target fuzz_this = {"negotiate_request", NULL, one};
