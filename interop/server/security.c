/* SPDX-License-Identifier: Apache-2.0 */
#include "security.h"

#include <stdlib.h>
#include <string.h>

#include "octets.h"

#define FIXED 20u /* Revision, Sbz1, Control, and the offsets of owner, group, SACL, DACL */
#define SELF_RELATIVE 0x8000u
#define DACL_PRESENT 0x0004u
#define DACL_KEPT 0x1404u /* DACL_PRESENT, AUTO_INHERITED, PROTECTED */

#define EVERY_RIGHT 0x1F01FFu
/* An owner may read and change the descriptor; and DELETE is what the directory gives, FILE_DELETE_CHILD; SYNCHRONIZE and the attributes
   come with it. */
#define OWNERS_RIGHTS 0x170080u
#define ACE_ALLOWED 0u
#define ACE_DENIED 1u
#define INHERIT_ONLY 8u

enum { OWNER, GROUP, DACL, PARTS };
static const size_t OFFSET_AT[PARTS] = {4, 8, 16};

/* S-1-1-0, everyone; and a list with one entry, ACCESS_ALLOWED, of everything to everyone. */
static const uint8_t EVERYONE[] = {1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
static const uint8_t ALLOWED[] = {2,    0, 28, 0, 1, 0, 0, 0, 0, 0, 20, 0, 0xFF, 1,
                                  0x1F, 0, 1,  1, 0, 0, 0, 0, 0, 1, 0,  0, 0,    0};

/* A part by its offset; empty: there is none. */
static bool take(csign_bytes descriptor, unsigned which, csign_bytes *out)
{
    size_t offset = load_le32(descriptor.data + OFFSET_AT[which]);
    *out = (csign_bytes){NULL, 0};
    if (!offset)
        return true;
    if (offset < FIXED || offset > descriptor.len || descriptor.len - offset < 8)
        return false;
    const uint8_t *p = descriptor.data + offset;
    size_t len = which == DACL ? load_le16(p + 2) : 8 + 4 * (size_t)p[1];
    *out = (csign_bytes){p, len};
    return len >= 8 && len <= descriptor.len - offset && !(which != DACL && p[1] > 15);
}

/* The parts of what node has now. */
static uint16_t present(const struct node *node, csign_bytes parts[PARTS])
{
    if (!node->security) {
        parts[OWNER] = parts[GROUP] = (csign_bytes){EVERYONE, sizeof EVERYONE};
        parts[DACL] = (csign_bytes){ALLOWED, sizeof ALLOWED};
        return DACL_PRESENT;
    }
    csign_bytes kept = {node->security, node->security_len};
    for (unsigned i = 0; i < PARTS; i++)
        take(kept, i, &parts[i]); /* it was laid here */
    return load_le16(kept.data + 2) & DACL_KEPT;
}

static size_t lay(uint8_t *out, const csign_bytes parts[PARTS], uint16_t control)
{
    size_t len = FIXED;
    memset(out, 0, FIXED);
    out[0] = 1;
    store_le16(out + 2, SELF_RELATIVE | control);
    for (unsigned i = 0; i < PARTS; i++) {
        if (parts[i].len) {
            store_le32(out + OFFSET_AT[i], (uint32_t)len);
            memcpy(out + len, parts[i].data, parts[i].len);
            len += parts[i].len;
        }
    }
    return len;
}

size_t security_lay(uint8_t *out, const struct node *node, uint32_t wanted)
{
    csign_bytes parts[PARTS];
    uint16_t control = present(node, parts);
    for (unsigned i = 0; i < PARTS; i++)
        if (!(wanted & (OWNER_INFORMATION << i)))
            parts[i] = (csign_bytes){NULL, 0};
    return lay(out, parts, wanted & DACL_INFORMATION ? control : 0);
}

uint32_t security_parts(csign_bytes descriptor)
{
    bool dacl = descriptor.len >= FIXED && load_le16(descriptor.data + 2) & DACL_PRESENT;
    return OWNER_INFORMATION | GROUP_INFORMATION | (dacl ? DACL_INFORMATION : 0);
}

uint32_t security_set(struct share *share, struct node *node, csign_bytes descriptor, uint32_t wanted)
{
    csign_bytes parts[PARTS];
    if (descriptor.len < FIXED || descriptor.len > MAX_DESCRIPTOR / 2)
        return STATUS_INVALID_PARAMETER;
    uint16_t control = present(node, parts);
    size_t len = FIXED;
    for (unsigned i = 0; i < PARTS; i++) {
        csign_bytes part;
        if (!take(descriptor, i, &part))
            return STATUS_INVALID_PARAMETER;
        if (wanted & (OWNER_INFORMATION << i) && (part.len || i == DACL)) /* nothing is without an owner */
            parts[i] = part;
        len += parts[i].len;
    }
    if (wanted & DACL_INFORMATION)
        control = (load_le16(descriptor.data + 2) & DACL_KEPT) | DACL_PRESENT;
    if (len > MAX_DESCRIPTOR)
        return STATUS_INVALID_PARAMETER;
    uint8_t *kept = share->used + len > MAX_SHARE ? NULL : malloc(len);
    if (!kept)
        return STATUS_DISK_FULL;
    lay(kept, parts, control);
    security_forget(share, node);
    share->used += len;
    node->security = kept;
    node->security_len = len;
    return STATUS_SUCCESS;
}

uint32_t map_access(uint32_t access)
{
    if (access & 0x10000000u) /* GENERIC_ALL, _EXECUTE, _WRITE, _READ */
        access |= EVERY_RIGHT;
    if (access & 0x20000000u)
        access |= 0x1200A0u;
    if (access & 0x40000000u)
        access |= 0x120116u;
    if (access & 0x80000000u)
        access |= 0x120089u;
    return access & 0x0FFFFFFFu;
}

static bool is_user(const uint8_t *sid, size_t len, csign_bytes owner)
{
    static const uint8_t AUTHENTICATED[] = {1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0};
    return (len >= sizeof EVERYONE &&
            (!memcmp(sid, EVERYONE, sizeof EVERYONE) || !memcmp(sid, AUTHENTICATED, sizeof AUTHENTICATED))) ||
           (owner.len && len >= owner.len && !memcmp(sid, owner.data, owner.len));
}

/* MS-DTYP 2.5.3.2: entry by entry, the first that names a right decides on it. */
uint32_t security_allows(const struct node *node)
{
    csign_bytes parts[PARTS];
    present(node, parts);
    if (!parts[DACL].len)
        return EVERY_RIGHT;
    uint32_t allowed = OWNERS_RIGHTS, denied = 0;
    csign_bytes list = {parts[DACL].data + 8, parts[DACL].len - 8};
    while (list.len >= 16) {
        size_t len = load_le16(list.data + 2);
        if (len < 16 || len > list.len)
            break;
        uint32_t mask = map_access(load_le32(list.data + 4));
        if (!(list.data[1] & INHERIT_ONLY) && is_user(list.data + 8, len - 8, parts[OWNER])) {
            if (list.data[0] == ACE_ALLOWED)
                allowed |= mask & ~denied;
            else if (list.data[0] == ACE_DENIED)
                denied |= mask & ~allowed;
        }
        list = (csign_bytes){list.data + len, list.len - len};
    }
    return allowed & EVERY_RIGHT;
}

void security_forget(struct share *share, struct node *node)
{
    share->used -= node->security_len;
    free(node->security);
    node->security = NULL;
    node->security_len = 0;
}
