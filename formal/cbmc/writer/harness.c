/* SPDX-License-Identifier: Apache-2.0 */
/* The writer of the encoders, in any state: it never writes past its capacity and counts every byte. */
#include "proof.h"
#include "wire/writer.c"

void harness(void)
{
    csign_writer writer;
    csign_bytes data = any_view(MESSAGE_MAX);
    unsigned which;
    __CPROVER_assume(writer.capacity <= MESSAGE_MAX && writer.len <= MESSAGE_MAX);
    writer.out = any_bytes(writer.capacity);
    const csign_writer before = writer;
    size_t added;
    switch (which % 6) {
    case 0:
        csign_write(&writer, data.data, data.len);
        added = data.len;
        break;
    case 1:
        csign_write_zeros(&writer, data.len);
        added = data.len;
        break;
    case 2:
        csign_write_u16(&writer, (uint16_t)(which & 0xFFFFu));
        added = 2;
        break;
    case 3:
        csign_write_u32(&writer, which);
        added = 4;
        break;
    case 4:
        csign_write_u64(&writer, which);
        added = 8;
        break;
    default:
        csign_write_pad8(&writer);
        CHECK(writer.len % 8 == 0 && writer.len - before.len < 8);
        added = writer.len - before.len;
    }
    CHECK(writer.len - before.len == added);
    CHECK(writer.out == before.out && writer.capacity == before.capacity);
}
