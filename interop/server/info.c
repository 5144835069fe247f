/* SPDX-License-Identifier: Apache-2.0 */
#include "info.h"

#include "octets.h"

void info_times(uint8_t *out, const struct node *node)
{
    store_le64(out, node->created);
    store_le64(out + 8, node->accessed);
    store_le64(out + 16, node->written);
    store_le64(out + 24, node->changed);
}

void info_sizes(uint8_t *out, const struct node *node)
{
    store_le64(out, node_allocation(node));
    store_le64(out + 8, node->size);
}

void info_standard(uint8_t *out, const struct node *node)
{
    info_sizes(out, node);
    store_le32(out + 16, node->delete_pending ? 0 : 1); /* NumberOfLinks */
    out[20] = node->delete_pending;
    out[21] = node_is_directory(node);
}

void info_utf16(uint8_t *out, const char *ascii)
{
    for (; *ascii; ascii++, out += 2)
        store_le16(out, (uint8_t)*ascii);
}
