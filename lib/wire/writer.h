/* SPDX-License-Identifier: Apache-2.0 */
/* Writing into a buffer of limited size. Every write is counted, and done only where it fits: an encoder runs once
   with capacity 0 to learn the size and once more to write, so that no size is computed in two places. */
#ifndef COUNTERSIGN_WIRE_WRITER_H
#define COUNTERSIGN_WIRE_WRITER_H

#include "../include/countersign/bytes.h"

typedef struct csign_writer {
    uint8_t *out;
    size_t capacity;
    size_t len; /* of what was written or would have been */
} csign_writer;

void csign_write(csign_writer *writer, const uint8_t *data, size_t len);
void csign_write_zeros(csign_writer *writer, size_t len);
void csign_write_u16(csign_writer *writer, uint16_t value);
void csign_write_u32(csign_writer *writer, uint32_t value);
void csign_write_u64(csign_writer *writer, uint64_t value);
void csign_write_pad8(csign_writer *writer);

#endif
