/* SPDX-License-Identifier: Apache-2.0 */
/* Borrowed views of bytes. Nothing here owns memory: a view is valid as long as the buffer it was made from. */
#ifndef COUNTERSIGN_BYTES_H
#define COUNTERSIGN_BYTES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* csign_bytes borrows len bytes at data. data may be NULL if and only if len is 0. */
typedef struct csign_bytes {
    const uint8_t *data;
    size_t len;
} csign_bytes;

/* csign_u16_list borrows count 16-bit little-endian ids at data (2 * count bytes, any alignment): a list as it stands
   in a message, or as it is to be encoded. data may be NULL if and only if count is 0. */
typedef struct csign_u16_list {
    const uint8_t *data;
    size_t count;
} csign_u16_list;

/* csign_u16_at returns the id at index, or 0 when index is not below list.count. Not constant time: ids are public. */
uint16_t csign_u16_at(csign_u16_list list, size_t index);

#ifdef __cplusplus
}
#endif

#endif
