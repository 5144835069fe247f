/* SPDX-License-Identifier: Apache-2.0 */
/* Security descriptors (MS-DTYP 2.4.6). All users are one here, as the share is everybody's: each is the owner of everything, and besides
   that counts as everyone and as an authenticated user. */
#ifndef SERVER_SECURITY_H
#define SERVER_SECURITY_H

#include "share.h"

/* Which parts, MS-SMB2 2.2.37. */
#define OWNER_INFORMATION 1u
#define GROUP_INFORMATION 2u
#define DACL_INFORMATION 4u

#define MAX_DESCRIPTOR 16384u

/* security_set replaces those parts of node's descriptor that wanted names. */
uint32_t security_set(struct share *share, struct node *node, csign_bytes descriptor, uint32_t wanted);
/* security_parts: which of them descriptor has. */
uint32_t security_parts(csign_bytes descriptor);
/* security_lay: out has room for MAX_DESCRIPTOR bytes; returns how many it takes. */
size_t security_lay(uint8_t *out, const struct node *node, uint32_t wanted);
/* map_access: what the generic rights stand for with files, MS-SMB2 2.2.13.1. */
uint32_t map_access(uint32_t access);
/* security_allows: the access rights that the list gives. */
uint32_t security_allows(const struct node *node);
void security_forget(struct share *share, struct node *node);

#endif
