/* SPDX-License-Identifier: Apache-2.0 */
/* PREAUTH_INTEGRITY_CAPABILITIES (MS-SMB2 2.2.3.1.1): at least one HashAlgorithm and a salt, which may be empty; slack behind them
   is taken in a request. A response has exactly one, and not a byte more. */
#include "context_target.h"

static size_t ids_end(csign_bytes data)
{
    return 4 + 2 * context_ids(data);
}

static size_t salt_len(csign_bytes data)
{
    return fuzz_le(data.data + 2, 2);
}

static csign_status judge(csign_bytes data, bool response)
{
    csign_status status = context_judge_list(data, 4);
    if (status != CSIGN_OK)
        return status;
    if (ids_end(data) + salt_len(data) > data.len)
        return CSIGN_TRUNCATED;
    return response && (context_ids(data) != 1 || data.len != 6 + salt_len(data)) ? CSIGN_MALFORMED : CSIGN_OK;
}

static void expect(csign_negotiate_contexts *out, csign_bytes data)
{
    out->has_preauth = true;
    out->preauth_hashes = (csign_u16_list){data.data + 4, context_ids(data)};
    out->preauth_salt = (csign_bytes){data.data + ids_end(data), salt_len(data)};
}

static size_t canonical(uint8_t *copy, csign_bytes data)
{
    (void)copy;
    return ids_end(data) + salt_len(data);
}

static void one(const uint8_t *input, size_t size)
{
    static const context_subject subject = {.type = 0x0001, .judge = judge, .expect = expect, .canonical = canonical};
    context_one(&subject, input, size);
}

const fuzz_target fuzz_this = {"context_preauth", NULL, one};
