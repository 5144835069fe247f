/* SPDX-License-Identifier: Apache-2.0 */
/* The standards' names for the numbers on the wire. Each returns a static string, NULL for a number without a name. */
#ifndef COUNTERSIGN_TOOLS_NAMES_H
#define COUNTERSIGN_TOOLS_NAMES_H

#include <stddef.h>
#include <stdint.h>

const char *name_command(uint32_t command);      /* "SESSION_SETUP", MS-SMB2 2.2.1.2 */
const char *name_dialect(uint32_t dialect);      /* "3.1.1" */
const char *name_signing_algorithm(uint32_t id); /* "AES-GMAC", MS-SMB2 2.2.3.1.7 */
const char *name_cipher(uint32_t id);            /* "AES-128-GCM", MS-SMB2 2.2.3.1.2 */
const char *name_preauth_hash(uint32_t id);      /* "SHA-512", MS-SMB2 2.2.3.1.1 */
const char *name_compression(uint32_t id);       /* "LZ77", MS-SMB2 2.2.3.1.3 */
const char *name_rdma_transform(uint32_t id);    /* MS-SMB2 2.2.3.1.6 */
const char *name_context(uint32_t type);         /* "SIGNING_CAPABILITIES", MS-SMB2 2.2.3.1 */
const char *name_capability(unsigned bit);       /* of Capabilities, by bit number, MS-SMB2 2.2.3 */
const char *name_status(uint32_t status);        /* "ACCESS_DENIED": the NTSTATUS values that signing meets */

/* name_find returns the number of a name among those of a function above, or -1; case and separators do not matter. */
long name_find(const char *(*names)(uint32_t), const char *name, uint32_t limit);

#endif
