/* SPDX-License-Identifier: Apache-2.0 */
/* What the two NEGOTIATE messages have in common: their header, and whether contexts are in them at all. */
#ifndef COUNTERSIGN_WIRE_NEGOTIATE_HEADER_H
#define COUNTERSIGN_WIRE_NEGOTIATE_HEADER_H

#include "../include/countersign/negotiate.h"
#include "writer.h"

/* csign_negotiate_header_parse reads the header of a NEGOTIATE whose body has at least body_len bytes and begins with
   structure_size. CSIGN_OK, CSIGN_TRUNCATED, CSIGN_MALFORMED, CSIGN_BAD_ARGUMENT as the parsers say. */
csign_status csign_negotiate_header_parse(csign_header *out, csign_bytes message, size_t body_len,
                                          uint16_t structure_size);

/* csign_negotiate_header_encode writes the header: all fields of *in but those a NEGOTIATE fixes. */
void csign_negotiate_header_encode(uint8_t out[CSIGN_HEADER_LEN], const csign_header *in, bool response);

#endif
