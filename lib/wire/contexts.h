/* SPDX-License-Identifier: Apache-2.0 */
/* Negotiate contexts: finding them in a message, reading and writing each of them (MS-SMB2 2.2.3.1, 2.2.4.1). */
#ifndef COUNTERSIGN_WIRE_CONTEXTS_H
#define COUNTERSIGN_WIRE_CONTEXTS_H

#include "../include/countersign/negotiate.h"
#include "writer.h"

enum { CONTEXT_HEADER_LEN = 8 };

/* One context in a message; data is its Data field. */
typedef struct csign_context {
    uint16_t type;
    csign_bytes data;
} csign_context;

/* csign_context_at views the context whose header is at offset. CSIGN_OK, or CSIGN_TRUNCATED: header or data run past
   message. */
csign_status csign_context_at(csign_context *out, csign_bytes message, size_t offset);

/* Whose contexts, and between what they may lie. */
typedef struct csign_context_area {
    bool response;
    size_t offset, count; /* NegotiateContextOffset, NegotiateContextCount */
    size_t earliest;      /* the end of what lies before: dialects, or the fixed part */
    size_t security_offset, security_len;
} csign_context_area;

/* csign_contexts_parse reads all contexts of message into *out, which must be zeroed; contexts_status tells how it
   went. */
void csign_contexts_parse(csign_negotiate_contexts *out, csign_bytes message, const csign_context_area *area);

/* One parser a context: data is the Data field. CSIGN_OK sets the has_ flag and the views; otherwise nothing is set.
   CSIGN_TRUNCATED: too short for its fixed part or counts; CSIGN_MALFORMED: the rest. In a response one id is chosen,
   so one must be there. */
csign_status csign_context_parse_preauth(csign_negotiate_contexts *out, csign_bytes data, bool response);
csign_status csign_context_parse_encryption(csign_negotiate_contexts *out, csign_bytes data, bool response);
csign_status csign_context_parse_compression(csign_negotiate_contexts *out, csign_bytes data);
csign_status csign_context_parse_netname(csign_negotiate_contexts *out, csign_bytes data);
csign_status csign_context_parse_transport(csign_negotiate_contexts *out, csign_bytes data);
csign_status csign_context_parse_rdma_transform(csign_negotiate_contexts *out, csign_bytes data);
csign_status csign_context_parse_signing(csign_negotiate_contexts *out, csign_bytes data, bool response);
csign_status csign_context_parse_posix(csign_negotiate_contexts *out, csign_bytes data);

/* csign_contexts_encodable says whether the parsers above would read back what csign_contexts_encode writes. */
bool csign_contexts_encodable(const csign_negotiate_contexts *in, bool response);

/* csign_contexts_count counts the contexts that *in has; csign_contexts_encode writes them, ascending by type, each
   padded to 8. */
uint16_t csign_contexts_count(const csign_negotiate_contexts *in);
void csign_contexts_encode(csign_writer *writer, const csign_negotiate_contexts *in);

#endif
