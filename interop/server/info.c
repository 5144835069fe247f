/* SPDX-License-Identifier: Apache-2.0 */
#include "info.h"

#include "octets.h"

void info_times(uint8_t *out, const struct node *node)
{
    store64(out, node->created);
    store64(out + 8, node->accessed);
    store64(out + 16, node->written);
    store64(out + 24, node->changed);
}

void info_sizes(uint8_t *out, const struct node *node)
{
    store64(out, node_allocation(node));
    store64(out + 8, node->size);
}

void info_standard(uint8_t *out, const struct node *node)
{
    info_sizes(out, node);
    store32(out + 16, node->delete_pending ? 0 : 1); /* NumberOfLinks */
    out[20] = node->delete_pending;
    out[21] = node_is_directory(node);
}

void info_utf16(uint8_t *out, const char *ascii)
{
    for (; *ascii; ascii++, out += 2)
        store16(out, (uint8_t)*ascii);
}
