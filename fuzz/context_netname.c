/* SPDX-License-Identifier: Apache-2.0 */
/* NETNAME_NEGOTIATE_CONTEXT_ID (MS-SMB2 2.2.3.1.4): whatever it holds is the name, which never decides anything; in a request a
   second one is passed over. */
#include "context_target.h"

static csign_status judge(csign_bytes data, bool response)
{
    (void)data;
    (void)response;
    return CSIGN_OK;
}

static void expect(csign_negotiate_contexts *out, csign_bytes data)
{
    out->has_netname = true;
    out->netname = data;
}

static void one(const uint8_t *input, size_t size)
{
    static const context_subject subject = {.type = 0x0005, .may_repeat = true, .judge = judge, .expect = expect};
    context_one(&subject, input, size);
}

const fuzz_target fuzz_this = {"context_netname", NULL, one};
