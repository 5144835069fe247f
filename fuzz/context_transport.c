/* SPDX-License-Identifier: Apache-2.0 */
/* TRANSPORT_CAPABILITIES (MS-SMB2 2.2.3.1.5): exactly four bytes of flags. An optional feature: in a request what is wrong with it
   is told apart, in a response it is an error. */
#include "context_target.h"

static csign_status judge(csign_bytes data, bool response)
{
    (void)response;
    return data.len < 4 ? CSIGN_TRUNCATED : data.len > 4 ? CSIGN_MALFORMED : CSIGN_OK;
}

static void expect(csign_negotiate_contexts *out, csign_bytes data)
{
    out->has_transport = true;
    out->transport_flags = fuzz_le(data.data, 4);
}

static csign_status *own_status(csign_negotiate_contexts *out)
{
    return &out->transport_status;
}

static void one(const uint8_t *input, size_t size)
{
    static const context_subject subject = {.type = 0x0006, .judge = judge, .expect = expect, .own_status = own_status};
    context_one(&subject, input, size);
}

const fuzz_target fuzz_this = {"context_transport", NULL, one};
