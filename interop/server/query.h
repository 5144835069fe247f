/* SPDX-License-Identifier: Apache-2.0 */
/* What QUERY_INFO gives out. */
#ifndef SERVER_QUERY_H
#define SERVER_QUERY_H

#include <string.h>

#include "open.h"

#define MAX_FIXED 128u /* bytes of what has no name in it, and these alone are cleared beforehand */

struct query {
    uint8_t data[MAX_FIXED + MAX_DEPTH * (MAX_NAME + 2)];
    size_t len;
    size_t fixed; /* a buffer that is smaller than this gets nothing; one smaller than len gets a part */
};

static inline void query_clear(struct query *query)
{
    memset(query->data, 0, MAX_FIXED);
    query->len = query->fixed = 0;
}

uint32_t query_file(const struct open *open, uint8_t class, struct query *out);
uint32_t query_filesystem(const struct open *open, uint8_t class, struct query *out);

#endif
