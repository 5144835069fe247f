/* SPDX-License-Identifier: Apache-2.0 */
/* The preauthentication integrity hash chain (MS-SMB2 3.1.4.4.1). */
#include "../include/countersign/preauth.h"

#include <string.h>

#include "../crypto/backends.h"
#include "../crypto/sha512.h"

void csign_preauth_init(csign_preauth *chain)
{
    memset(chain->value, 0, sizeof chain->value);
}

void csign_preauth_update_parts(csign_preauth *chain, const csign_bytes *parts, size_t part_count)
{
    csign_sha512_stream sha;
    csign_sha512_start(&sha, csign_backends[csign_backend_best(CSIGN_SHA512)]->sha512_blocks);
    csign_sha512_update(&sha, (csign_bytes){chain->value, sizeof chain->value});
    for (size_t i = 0; i < part_count; i++) {
        csign_sha512_update(&sha, parts[i]);
    }
    csign_sha512_finish(&sha, chain->value);
}

void csign_preauth_update(csign_preauth *chain, csign_bytes message)
{
    csign_preauth_update_parts(chain, &message, 1);
}
