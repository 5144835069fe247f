/* SPDX-License-Identifier: Apache-2.0 */
/* Writing into a buffer of limited size: see writer.h. */
#include "writer.h"

#include <string.h>

#include "../octets.h"

static int fits(const csign_writer *writer, size_t len)
{
    return writer->len <= writer->capacity && len <= writer->capacity - writer->len;
}

void csign_write(csign_writer *writer, const uint8_t *data, size_t len)
{
    if (len != 0 && fits(writer, len)) {
        memcpy(writer->out + writer->len, data, len);
    }
    writer->len += len;
}

void csign_write_zeros(csign_writer *writer, size_t len)
{
    if (len != 0 && fits(writer, len)) {
        memset(writer->out + writer->len, 0, len);
    }
    writer->len += len;
}

void csign_write_u16(csign_writer *writer, uint16_t value)
{
    uint8_t bytes[2];
    csign_store_le16(bytes, value);
    csign_write(writer, bytes, sizeof bytes);
}

void csign_write_u32(csign_writer *writer, uint32_t value)
{
    uint8_t bytes[4];
    csign_store_le32(bytes, value);
    csign_write(writer, bytes, sizeof bytes);
}

void csign_write_u64(csign_writer *writer, uint64_t value)
{
    uint8_t bytes[8];
    csign_store_le64(bytes, value);
    csign_write(writer, bytes, sizeof bytes);
}

void csign_write_pad8(csign_writer *writer)
{
    csign_write_zeros(writer, (8 - writer->len % 8) % 8);
}
