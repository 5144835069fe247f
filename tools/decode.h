/* SPDX-License-Identifier: Apache-2.0 */
/* A NEGOTIATE message as a document: every field and every context, unknown ones too, with its offset, and what is wrong with it. */
#ifndef COUNTERSIGN_TOOLS_DECODE_H
#define COUNTERSIGN_TOOLS_DECODE_H

#include <jansson.h>
#include <stdbool.h>

#include "countersign/bytes.h"

/* decode_negotiate makes the document of an input: an SMB2 message, or one behind a 4-byte transport header. Offsets count
   from the SMB2 header. The document's "error" is null or an object with "status", "text" and "offset". */
json_t *decode_negotiate(csign_bytes input);

/* decode_contexts lists the contexts of a 3.1.1 message: count of them, the first at offset. Stops where one runs out. */
json_t *decode_contexts(csign_bytes message, size_t offset, size_t count);

/* decode_id is {"id": "0x0002", "name": "AES-128-GCM"}; name is null for an unknown number. */
json_t *decode_id(uint32_t id, int digits, const char *name);

/* decode_hex is a string of hex digits. */
json_t *decode_hex(csign_bytes bytes);

/* decode_print prints a document as indented text. */
void decode_print(const json_t *document, FILE *out);

#endif
