/* SPDX-License-Identifier: Apache-2.0 */
/* The POSIX extensions' context, 0x0100 (reserved in MS-SMB2 2.2.3.1): GUIDs of 16 bytes, none being fine; in a request a second
   context is passed over. */
#include "context_target.h"

static csign_status judge(csign_bytes data, bool response)
{
    (void)response;
    return data.len % 16 ? CSIGN_MALFORMED : CSIGN_OK;
}

static void expect(csign_negotiate_contexts *out, csign_bytes data)
{
    out->has_posix = true;
    out->posix = data;
}

static void one(const uint8_t *input, size_t size)
{
    static const context_subject subject = {.type = 0x0100, .may_repeat = true, .judge = judge, .expect = expect};
    context_one(&subject, input, size);
}

const fuzz_target fuzz_this = {"context_posix", NULL, one};
