/* SPDX-License-Identifier: Apache-2.0 */
/* QUERY_DIRECTORY (MS-SMB2 3.3.5.18). Entries come in the order in which they arrived in the directory. An enumeration remembers the last one that
   it sent; when that one leaves (share_unlink), it is the one before. */
#include <string.h>

#include "info.h"
#include "max_io.h"
#include "octets.h"
#include "open.h"

/* What matching may take in one request, some 50 ms. "*x" of 100,000 names of ten characters takes less than half of it. */
#define MAX_STEPS (8u * 1024 * 1024)

#define RESTART_SCANS 1u
#define RETURN_SINGLE_ENTRY 2u
#define REOPEN 0x10u

/* MS-FSCC 2.4: where an entry has what. 0: not at all. */
static const struct level {
    uint8_t number;
    size_t fixed, ea_size, file_id;
} LEVELS[] = {
    {0x01, 64, 0, 0},    /* FileDirectoryInformation */
    {0x02, 68, 64, 0},   /* FileFullDirectoryInformation */
    {0x03, 94, 64, 0},   /* FileBothDirectoryInformation */
    {0x0C, 12, 0, 0},    /* FileNamesInformation */
    {0x25, 104, 64, 96}, /* FileIdBothDirectoryInformation */
    {0x26, 80, 64, 72},  /* FileIdFullDirectoryInformation */
};

static const struct level *level_of(uint8_t number)
{
    for (size_t i = 0; i < sizeof LEVELS / sizeof *LEVELS; i++)
        if (LEVELS[i].number == number)
            return &LEVELS[i];
    return NULL;
}

static void lay_entry(uint8_t *out, const struct level *level, const struct node *node, csign_bytes name)
{
    bool names_only = level->number == 0x0C;
    if (!names_only) {
        info_times(out + 8, node);
        store_le64(out + 40, node->size);
        store_le64(out + 48, node_allocation(node));
        store_le32(out + 56, node_attributes(node));
    }
    store_le32(out + (names_only ? 8 : 60), (uint32_t)name.len);
    if (level->file_id)
        store_le64(out + level->file_id, node->id);
    memcpy(out + level->fixed, name.data, name.len);
}

/* The next entry that matches: "." and ".." first. NULL: none is left. */
static const struct node *next_entry(struct open *open, csign_bytes *name, size_t *steps)
{
    static const uint8_t DOTS[4] = {'.', 0, '.', 0};
    const csign_bytes pattern = {open->pattern, open->pattern_len};
    const struct node *directory = open->node;
    while (open->dots < 2) {
        open->dots++;
        *name = (csign_bytes){DOTS, open->dots * 2u};
        if (name_matches(pattern, *name, steps))
            return open->dots == 2 && directory->parent ? directory->parent : directory;
    }
    const struct node *at = open->enumerated ? open->enumerated->hh.next : directory->children;
    for (; at && *steps < MAX_STEPS; at = at->hh.next) {
        open->enumerated = at;
        *name = node_name(at);
        if (name_matches(pattern, (csign_bytes){at->key, at->name_len}, steps))
            return at;
    }
    return NULL;
}

/* Returns how many bytes were laid; *found: there was an entry, whether it fitted or not; *steps: what its patterns took. */
static size_t enumerate(struct open *open, const struct level *level, bool single, uint8_t *out, size_t most,
                        bool *found, size_t *steps)
{
    size_t len = 0, last = 0;
    *found = false;
    for (;;) {
        const struct node *enumerated = open->enumerated;
        uint8_t dots = open->dots;
        csign_bytes name;
        const struct node *node = next_entry(open, &name, steps);
        if (!node)
            return len;
        *found = true;
        size_t start = (len + 7) & ~(size_t)7;
        if (start > most || most - start < level->fixed + name.len) { /* for the next request */
            open->enumerated = enumerated;
            open->dots = dots;
            return len;
        }
        if (len)
            store_le32(out + last, (uint32_t)(start - last));
        lay_entry(out + start, level, node, name);
        last = start;
        len = start + level->fixed + name.len;
        if (single)
            return len;
    }
}

static bool begin(struct open *open, csign_bytes pattern)
{
    if (pattern.len > MAX_NAME || pattern.len % 2)
        return false;
    open->enumerating = true;
    open->enumerated = NULL;
    open->dots = 0;
    if (pattern.len || !open->pattern_len) {
        static const uint8_t ALL[2] = {'*', 0};
        if (!pattern.len)
            pattern = (csign_bytes){ALL, 2};
        name_fold(open->pattern, pattern);
        open->pattern_len = pattern.len;
    }
    return true;
}

uint32_t serve_query_directory(struct request *request)
{
    uint32_t status, most = load_le32(request->body + 28);
    uint8_t flags = request->body[3];
    csign_bytes pattern;
    struct open *open = request_open(request, request->body + 8, &status);
    if (!open)
        return status;
    const struct level *level = level_of(request->body[2]);
    if (most > MAX_TRANSACT || !request_affords(request, most) || !node_is_directory(open->node) ||
        !request_buffer(request, load_le16(request->body + 24), load_le16(request->body + 26), &pattern))
        return STATUS_INVALID_PARAMETER;
    if (!pattern.len)
        return STATUS_OBJECT_NAME_INVALID;
    if (!level)
        return STATUS_INVALID_INFO_CLASS;
    if (!(open->access & READ_DATA))
        return STATUS_ACCESS_DENIED;
    bool first = !open->enumerating;
    if ((first || flags & (RESTART_SCANS | REOPEN)) && !begin(open, pattern))
        return STATUS_OBJECT_NAME_INVALID;
    first = !open->dots;
    if (most < level->fixed)
        return STATUS_INFO_LENGTH_MISMATCH;
    if (most > 65536) /* a client that wants more comes again */
        most = 65536;
    bool found;
    size_t steps = 0;
    uint8_t *body = reply(request, 8 + most);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    size_t len = enumerate(open, level, flags & RETURN_SINGLE_ENTRY, body + 8, most, &found, &steps);
    store_le16(body, 9);
    if (!len) {
        reply_truncate(request, 9); /* what is left is the body of an ERROR, 2.2.2 */
        if (steps >= MAX_STEPS)
            return STATUS_INSUFFICIENT_RESOURCES;
        return found ? STATUS_INFO_LENGTH_MISMATCH : first ? STATUS_NO_SUCH_FILE : STATUS_NO_MORE_FILES;
    }
    store_le16(body + 2, CSIGN_HEADER_LEN + 8);
    store_le32(body + 4, (uint32_t)len);
    reply_truncate(request, 8 + len);
    return STATUS_SUCCESS;
}
