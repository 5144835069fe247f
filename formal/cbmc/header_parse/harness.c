/* SPDX-License-Identifier: Apache-2.0 */
/* The header parser reads nothing outside an element of any length and leaves *out zeroed when it fails. */
#include "wire/header.c"
#include "proof.h"

void harness(void)
{
    csign_bytes element = any_view(MESSAGE_MAX);
    csign_header header;
    size_t i;
    csign_status status = csign_header_parse(&header, element);
    CHECK(csign_header_parse(NULL, element) == CSIGN_BAD_ARGUMENT);
    CHECK(status != CSIGN_BAD_ARGUMENT);
    if (status == CSIGN_OK) {
        CHECK(element.len >= CSIGN_HEADER_LEN);
        CHECK(header.protocol_id == 0x424D53FEu && header.structure_size == 64);
        CHECK(header.session_id >> 56 == element.data[47] && header.signature[15] == element.data[63]);
    } else {
        __CPROVER_assume(i < sizeof header);
        CHECK(((const uint8_t *)&header)[i] == 0);
        CHECK(element.len >= 64 || status == CSIGN_TRUNCATED);
    }
}
