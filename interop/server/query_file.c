/* SPDX-License-Identifier: Apache-2.0 */
/* Information about a file (MS-FSCC 2.4). */
#include "info.h"
#include "octets.h"
#include "query.h"

enum {
    BASIC = 4,
    STANDARD = 5,
    INTERNAL = 6,
    EA = 7,
    ACCESS = 8,
    NAME = 9,
    POSITION = 14,
    FULL_EA = 15,
    MODE = 16,
    ALIGNMENT = 17,
    ALL = 18,
    ALTERNATE_NAME = 21,
    STREAM = 22,
    COMPRESSION = 28,
    NETWORK_OPEN = 34,
    ATTRIBUTE_TAG = 35,
    NORMALIZED_NAME = 48,
    ID = 59,
};

static void basic(uint8_t *out, const struct node *node)
{
    info_times(out, node);
    store_le32(out + 32, node_attributes(node));
}

/* A length and the path; the root's is a backslash. */
static size_t path(uint8_t *out, const struct node *node, bool with_backslash)
{
    size_t len = node_path(node, NULL, out + 4, MAX_DEPTH * (MAX_NAME + 2));
    if (!len && with_backslash)
        store_le16(out + 4 + len, '\\'), len += 2;
    if (!with_backslash && len) {
        node_path(node, NULL, out + 2, MAX_DEPTH * (MAX_NAME + 2));
        len -= 2; /* the length falls on the backslash */
    }
    store_le32(out, (uint32_t)len);
    return 4 + len;
}

static void all(const struct open *open, struct query *out)
{
    uint8_t *p = out->data;
    basic(p, open->node);
    info_standard(p + 40, open->node);
    store_le64(p + 64, open->node->id);
    store_le32(p + 76, open->access);
    store_le64(p + 80, open->position);
    store_le32(p + 88, open->mode);
    out->fixed = 104;
    out->len = 96 + path(p + 96, open->node, true);
}

/* The one stream of a file; a directory has none. */
static void streams(const struct node *node, struct query *out)
{
    static const char NAME_OF_DATA[] = "::$DATA";
    const size_t len = 2 * (sizeof NAME_OF_DATA - 1);
    out->fixed = 0;
    if (node_is_directory(node))
        return;
    store_le32(out->data + 4, (uint32_t)len);
    store_le64(out->data + 8, node->size);
    store_le64(out->data + 16, node_allocation(node));
    info_utf16(out->data + 24, NAME_OF_DATA);
    out->len = out->fixed = 24 + len;
}

uint32_t query_file(const struct open *open, uint8_t class, struct query *out)
{
    const struct node *node = open->node;
    uint8_t *p = out->data;
    bool readable = open->access & READ_ATTRIBUTES;
    size_t len = 0;
    switch (class) {
    case BASIC:
        if (!readable)
            return STATUS_ACCESS_DENIED;
        basic(p, node);
        len = 40;
        break;
    case STANDARD:
        info_standard(p, node);
        len = 24;
        break;
    case INTERNAL:
        store_le64(p, node->id);
        len = 8;
        break;
    case EA:        /* no size */
    case ALIGNMENT: /* none */
        len = 4;
        break;
    case ACCESS:
        store_le32(p, open->access);
        len = 4;
        break;
    case POSITION:
        store_le64(p, open->position);
        len = 8;
        break;
    case MODE:
        store_le32(p, open->mode);
        len = 4;
        break;
    case FULL_EA:
        return STATUS_NO_EAS_ON_FILE;
    case ALL:
        if (!readable)
            return STATUS_ACCESS_DENIED;
        all(open, out);
        return STATUS_SUCCESS;
    case NAME:
        out->len = path(p, node, true);
        out->fixed = 8;
        return STATUS_SUCCESS;
    case NORMALIZED_NAME:
        out->len = path(p, node, false);
        out->fixed = 8;
        return STATUS_SUCCESS;
    case ALTERNATE_NAME: /* no short names here */
        return STATUS_OBJECT_NAME_NOT_FOUND;
    case STREAM:
        streams(node, out);
        return STATUS_SUCCESS;
    case COMPRESSION:
        store_le64(p, node->size);
        len = 16;
        break;
    case NETWORK_OPEN:
        if (!readable)
            return STATUS_ACCESS_DENIED;
        info_times(p, node);
        info_sizes(p + 32, node);
        store_le32(p + 48, node_attributes(node));
        len = 56;
        break;
    case ATTRIBUTE_TAG:
        if (!readable)
            return STATUS_ACCESS_DENIED;
        store_le32(p, node_attributes(node));
        len = 8;
        break;
    case ID:
        store_le64(p, VOLUME_SERIAL);
        store_le64(p + 8, node->id);
        len = 24;
        break;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
    out->len = out->fixed = len;
    return STATUS_SUCCESS;
}
