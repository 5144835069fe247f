/* SPDX-License-Identifier: Apache-2.0 */
/* RDMA_TRANSFORM_CAPABILITIES (MS-SMB2 2.2.3.1.6): at least one transform behind six reserved bytes. An optional feature: in a
   request what is wrong with it is told apart, in a response it is an error. */
#include "context_target.h"

static csign_status judge(csign_bytes data, bool response)
{
    (void)response;
    return context_judge_list(data, 8);
}

static void expect(csign_negotiate_contexts *out, csign_bytes data)
{
    out->has_rdma = true;
    out->rdma_transforms = (csign_u16_list){data.data + 8, context_ids(data)};
}

static csign_status *own_status(csign_negotiate_contexts *out)
{
    return &out->rdma_status;
}

static size_t canonical(uint8_t *copy, csign_bytes data)
{
    memset(copy + 2, 0, 6);
    return 8 + 2 * context_ids(data);
}

static void one(const uint8_t *input, size_t size)
{
    static const context_subject subject = {
        .type = 0x0007, .judge = judge, .expect = expect, .own_status = own_status, .canonical = canonical};
    context_one(&subject, input, size);
}

const fuzz_target fuzz_this = {"context_rdma", NULL, one};
