/* SPDX-License-Identifier: Apache-2.0 */
/* ENCRYPTION_CAPABILITIES (MS-SMB2 2.2.3.1.2): at least one cipher, in a response exactly one; slack behind them is taken. */
#include "context_target.h"

static csign_status judge(csign_bytes data, bool response)
{
    csign_status status = context_judge_list(data, 2);
    return status == CSIGN_OK && response && context_ids(data) != 1 ? CSIGN_MALFORMED : status;
}

static void expect(csign_negotiate_contexts *out, csign_bytes data)
{
    out->has_encryption = true;
    out->ciphers = (csign_u16_list){data.data + 2, context_ids(data)};
}

static size_t canonical(uint8_t *copy, csign_bytes data)
{
    (void)copy;
    return 2 + 2 * context_ids(data);
}

static void one(const uint8_t *input, size_t size)
{
    static const context_subject subject = {.type = 0x0002, .judge = judge, .expect = expect, .canonical = canonical};
    context_one(&subject, input, size);
}

const fuzz_target fuzz_this = {"context_encryption", NULL, one};
