/* SPDX-License-Identifier: Apache-2.0 */
/* csign_header_parse: arguments, alignment, the end of the memory. Where the fields stand is a matter of the rules. */
#include "check.h"
#include "pages.h"
#include "samples.h"

int main(void)
{
    uint8_t message[72];
    csign_header header;
    sample_message(message, sizeof message);
    CHECK_STATUS(csign_header_parse(NULL, sample_bytes(message, 64)), CSIGN_BAD_ARGUMENT);

    pages room = pages_map(64);
    for (size_t len = 0; len <= 64; len++) {
        uint8_t *tail = pages_tail(&room, len);
        memcpy(tail, message, len);
        memset(&header, 0xA5, sizeof header);
        CHECK_STATUS(csign_header_parse(&header, sample_bytes(tail, len)), len < 64 ? CSIGN_TRUNCATED : CSIGN_OK);
        CHECK(len == 64 || all_zero(&header, sizeof header));
    }
    pages_unmap(&room);
    CHECK(header.message_id == 5 && header.session_id == 0x31 && header.command == CSIGN_COMMAND_LOGOFF);

    memset(&header, 0xA5, sizeof header);
    csign_bytes contradiction = {NULL, 64};
    CHECK_STATUS(csign_header_parse(&header, contradiction), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&header);

    for (size_t shift = 0; shift < 8; shift++) {
        uint8_t shifted[80];
        csign_header other;
        memcpy(shifted + shift, message, 72);
        CHECK_STATUS(csign_header_parse(&other, sample_bytes(shifted + shift, 72)), CSIGN_OK);
        CHECK(other.message_id == 5 && other.session_id == 0x31);
    }
    message[0] = 0xFD;
    memset(&header, 0xA5, sizeof header);
    CHECK_STATUS(csign_header_parse(&header, sample_bytes(message, 72)), CSIGN_MALFORMED);
    CHECK_ZERO(&header);
    return CHECK_RESULT();
}
