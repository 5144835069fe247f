/* SPDX-License-Identifier: Apache-2.0 */
/* The SMB2 packet header and the walk through compounded messages (MS-SMB2 2.2.1, 3.3.5.2.7). Everything here is
   public data: nothing is constant time. */
#ifndef COUNTERSIGN_MESSAGE_H
#define COUNTERSIGN_MESSAGE_H

#include "bytes.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CSIGN_HEADER_LEN 64u

/* Flags, MS-SMB2 2.2.1.2. 3.1.1 also sets priority bits (0x70): test bits, never compare the whole field. */
#define CSIGN_FLAG_SERVER_TO_REDIR 0x00000001u
#define CSIGN_FLAG_ASYNC 0x00000002u
#define CSIGN_FLAG_RELATED 0x00000004u
#define CSIGN_FLAG_SIGNED 0x00000008u

/* Command: those that signing and key derivation treat apart. */
#define CSIGN_COMMAND_NEGOTIATE 0x0000u
#define CSIGN_COMMAND_SESSION_SETUP 0x0001u
#define CSIGN_COMMAND_LOGOFF 0x0002u
#define CSIGN_COMMAND_CANCEL 0x000Cu
#define CSIGN_COMMAND_ECHO 0x000Du
#define CSIGN_COMMAND_OPLOCK_BREAK 0x0012u

/* csign_header: every field of the 64 bytes, in host byte order. Bytes 8..11 are Status in a response, ChannelSequence
   and Reserved in a 3.x request. Bytes 32..39 are AsyncId when the ASYNC flag is set, else Reserved (process_id, for
   history's sake) and TreeId: both readings are given. */
typedef struct csign_header {
    uint32_t protocol_id;    /* 0x424D53FE */
    uint16_t structure_size; /* 64 */
    uint16_t credit_charge;
    uint32_t status;
    uint16_t command;
    uint16_t credits; /* CreditRequest, CreditResponse */
    uint32_t flags;
    uint32_t next_command;
    uint64_t message_id;
    uint64_t async_id;
    uint32_t process_id;
    uint32_t tree_id;
    uint64_t session_id;
    uint8_t signature[16];
} csign_header;

/* csign_header_parse reads the header at the start of element, which may be longer. *out is zeroed on failure.
   CSIGN_OK; CSIGN_TRUNCATED under 64 bytes; CSIGN_MALFORMED when ProtocolId is not FE 'S' 'M' 'B' (a transform header
   among others) or StructureSize is not 64; CSIGN_BAD_ARGUMENT for NULL. NextCommand is not judged:
   csign_compound_next does. */
csign_status csign_header_parse(csign_header *out, csign_bytes element);

/* csign_compound_next moves to the next element of a message (without its transport length). Start with *offset and
   *len 0; CSIGN_OK gives the element at message.data[*offset] with *len bytes, its padding included; after the last
   element CSIGN_OK with *len 0. A message that is not compounded is one element. CSIGN_TRUNCATED: no room for a header
   where one must be, or NextCommand leads past the message. CSIGN_MALFORMED: ProtocolId or StructureSize wrong,
   NextCommand below 64 or not a multiple of 8. CSIGN_BAD_ARGUMENT: NULL, or *offset and *len that no earlier call
   gave. On failure *len is 0 and *offset is where the trouble is; stop there: a further call with *len 0 and *offset
   not 0 is CSIGN_BAD_ARGUMENT. Stop as well when CSIGN_OK comes with *len 0: with *offset 0 a further call would begin
   again. */
csign_status csign_compound_next(csign_bytes message, size_t *offset, size_t *len);

#ifdef __cplusplus
}
#endif

#endif
