/* SPDX-License-Identifier: Apache-2.0 */
/* The parser of one context's Data field. */
#include "wire/context_parse.c"
#include "proof.h"

void harness(void)
{
    csign_bytes data = any_view(65535);
    bool response;
    csign_negotiate_contexts out;
    const csign_negotiate_contexts before = out;
    /* What other contexts have left in *out: a count on the wire is 16 bits wide. */
    __CPROVER_assume(out.preauth_hashes.count <= 65535 && out.ciphers.count <= 65535 &&
                     out.compression_algorithms.count <= 65535 && out.rdma_transforms.count <= 65535 &&
                     out.signing_algorithms.count <= 65535);
    csign_status status = csign_context_parse_encryption(&out, data, response);
    CHECK(kept_or_inside(&out, &before, data));
    if (status == CSIGN_OK) {
        CHECK(out.has_encryption);
        CHECK(out.ciphers.data == data.data + 2 && out.ciphers.count > 0 && (!response || out.ciphers.count == 1));
    } else {
        CHECK(out.has_encryption == before.has_encryption && out.preauth_salt.data == before.preauth_salt.data &&
              out.ciphers.count == before.ciphers.count && out.posix.len == before.posix.len);
    }
}
