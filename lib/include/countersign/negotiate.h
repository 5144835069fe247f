/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE: views of request and response with their contexts, the encoders, and what both sides make of them
   (MS-SMB2 2.2.3, 2.2.4, 3.2.5.2, 3.3.5.4). Everything here is public data: nothing is constant time. */
#ifndef COUNTERSIGN_NEGOTIATE_H
#define COUNTERSIGN_NEGOTIATE_H

#include <stdbool.h>

#include "bytes.h"
#include "message.h"
#include "status.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ContextType, MS-SMB2 2.2.3.1. */
#define CSIGN_CONTEXT_PREAUTH_INTEGRITY 0x0001u
#define CSIGN_CONTEXT_ENCRYPTION 0x0002u
#define CSIGN_CONTEXT_COMPRESSION 0x0003u
#define CSIGN_CONTEXT_NETNAME 0x0005u
#define CSIGN_CONTEXT_TRANSPORT 0x0006u
#define CSIGN_CONTEXT_RDMA_TRANSFORM 0x0007u
#define CSIGN_CONTEXT_SIGNING 0x0008u
#define CSIGN_CONTEXT_POSIX 0x0100u

/* Capabilities bit: encryption, the only way 3.0 and 3.0.2 negotiate a cipher. MS-SMB2 2.2.3. */
#define CSIGN_CAP_ENCRYPTION 0x00000040u

/* The contexts of a message. A has_ flag says that the context is there and well formed; its views are empty
   otherwise. Lists keep the wire's order and every id, known or not. contexts_status is the first error among the
   contexts, in the order of the message, a missing PREAUTH_INTEGRITY last; contexts_error_offset is where in the
   message that context begins or should have begun, which may be behind its end. COMPRESSION, TRANSPORT and
   RDMA_TRANSFORM are optional features, so what is wrong inside them stands apart in their own status: it matters only
   to a server that supports the feature. */
#define CSIGN_NEGOTIATE_CONTEXT_FIELDS                                                                                 \
    csign_status contexts_status;                                                                                      \
    size_t contexts_error_offset;                                                                                      \
    bool has_preauth; /* PREAUTH_INTEGRITY_CAPABILITIES */                                                             \
    csign_u16_list preauth_hashes;                                                                                     \
    csign_bytes preauth_salt;                                                                                          \
    bool has_encryption; /* ENCRYPTION_CAPABILITIES */                                                                 \
    csign_u16_list ciphers;                                                                                            \
    bool has_compression; /* COMPRESSION_CAPABILITIES */                                                               \
    csign_status compression_status;                                                                                   \
    csign_u16_list compression_algorithms;                                                                             \
    uint32_t compression_flags;                                                                                        \
    bool has_netname; /* NETNAME_NEGOTIATE_CONTEXT_ID: UTF-16LE, no terminator */                                      \
    csign_bytes netname;                                                                                               \
    bool has_transport; /* TRANSPORT_CAPABILITIES */                                                                   \
    csign_status transport_status;                                                                                     \
    uint32_t transport_flags;                                                                                          \
    bool has_rdma; /* RDMA_TRANSFORM_CAPABILITIES */                                                                   \
    csign_status rdma_status;                                                                                          \
    csign_u16_list rdma_transforms;                                                                                    \
    bool has_signing; /* SIGNING_CAPABILITIES */                                                                       \
    csign_u16_list signing_algorithms;                                                                                 \
    bool has_posix; /* POSIX extensions: 16-byte GUIDs */                                                              \
    csign_bytes posix;

typedef struct csign_negotiate_contexts {
    CSIGN_NEGOTIATE_CONTEXT_FIELDS
} csign_negotiate_contexts;

/* csign_negotiate_request: a view of a message, or what is to be encoded. The contexts can be read one by one
   (request.ciphers) or together (request.contexts). header: for an encoder only credit_charge, status, credits,
   message_id, process_id, tree_id, session_id, signature and flags other than SERVER_TO_REDIR and SIGNED count. */
typedef struct csign_negotiate_request {
    csign_header header;
    csign_u16_list dialects;
    uint16_t security_mode;
    uint32_t capabilities;
    uint8_t client_guid[16];
    uint64_t client_start_time; /* when 3.1.1 is not among the dialects */
    union {
        csign_negotiate_contexts contexts;
        struct {
            CSIGN_NEGOTIATE_CONTEXT_FIELDS
        };
    };
} csign_negotiate_request;

/* csign_negotiate_response: likewise. dialect is the number on the wire, known or not. */
typedef struct csign_negotiate_response {
    csign_header header;
    uint16_t security_mode;
    uint16_t dialect;
    uint8_t server_guid[16];
    uint32_t capabilities;
    uint32_t max_transact_size;
    uint32_t max_read_size;
    uint32_t max_write_size;
    uint64_t system_time;       /* FILETIME: 100 ns since 1601 */
    uint64_t server_start_time; /* FILETIME, or 0 */
    csign_bytes security_buffer;
    union {
        csign_negotiate_contexts contexts;
        struct {
            CSIGN_NEGOTIATE_CONTEXT_FIELDS
        };
    };
} csign_negotiate_response;

/* csign_negotiate_request_parse views message (from the SMB2 header, one element) as a NEGOTIATE request. It fails on
   header, fixed part and dialect list alone; what is wrong with the contexts is in out->contexts_status, because it
   matters only when 3.1.1 is selected. Without 3.1.1 among the dialects the contexts are not read (those bytes are
   ClientStartTime). Views borrow message. *out is zeroed on failure. CSIGN_OK; CSIGN_TRUNCATED; CSIGN_MALFORMED: not a
   NEGOTIATE, a wrong StructureSize, SIGNED set, NextCommand not 0, DialectCount 0; CSIGN_BAD_ARGUMENT for NULL.
   MS-SMB2 2.2.3, 3.3.5.4. */
csign_status csign_negotiate_request_parse(csign_negotiate_request *out, csign_bytes message);

/* csign_negotiate_response_parse views message as a NEGOTIATE response, likewise. Contexts are read only when dialect
   is 3.1.1, and with the stricter rules for responses: exactly one id where one is chosen, no duplicates, nothing
   inside the security buffer. CSIGN_MALFORMED also: a security buffer that lies over the fixed part. Unlike in a
   request SIGNED is no error, and neither parser judges SERVER_TO_REDIR or Status: they are in header. MS-SMB2 2.2.4,
   3.2.5.2. */
csign_status csign_negotiate_response_parse(csign_negotiate_response *out, csign_bytes message);

/* csign_negotiate_request_encode writes *in as a message, contexts ascending by type, padded to 8 between each other
   and not behind the last: the canonical form. out may be NULL if and only if capacity is 0; out must not overlap what
   *in borrows. *out_len is the length written, or on CSIGN_NO_SPACE the capacity needed, else 0; nothing is written on
   failure. CSIGN_BAD_ARGUMENT: NULL, no dialect, a list or view too long for its 16-bit field, contexts without 3.1.1
   among the dialects, contexts_status not CSIGN_OK, a context whose ids a parser would refuse, client_start_time with
   3.1.1. The optional contexts' own status is not looked at: it speaks of what is not there. */
csign_status csign_negotiate_request_encode(uint8_t *out, size_t capacity, size_t *out_len,
                                            const csign_negotiate_request *in);

/* csign_negotiate_response_encode likewise; the security buffer stands directly behind the fixed part. */
csign_status csign_negotiate_response_encode(uint8_t *out, size_t capacity, size_t *out_len,
                                             const csign_negotiate_response *in);

/* csign_negotiate_policy: what the local side accepts. Lists are ordered, most preferred first. */
typedef struct csign_negotiate_policy {
    csign_dialect dialect_min, dialect_max; /* both included */
    csign_signing_algorithm signing[3];
    size_t signing_count;
    csign_cipher ciphers[4];
    size_t cipher_count;
    bool peer_order;      /* true: the peer's order decides, among what is allowed locally */
    bool refuse_fallback; /* true: CSIGN_UNSUPPORTED instead of falling back, at 3.1.1, to an AES-CMAC not in signing */
    uint32_t capabilities; /* CSIGN_CAP_ENCRYPTION: AES-128-CCM for 3.0 and 3.0.2, where capabilities alone decide */
    bool compression, transport,
        rdma_transforms; /* optional features: whether a malformed context of theirs is an error */
} csign_negotiate_policy;

/* csign_negotiate_policy_init sets the default: 2.0.2 to 3.1.1; AES-GMAC, AES-CMAC, HMAC-SHA256; AES-128-GCM,
   AES-128-CCM, AES-256-GCM, AES-256-CCM; local order; fallback allowed; CSIGN_CAP_ENCRYPTION; no optional feature.
   Then change fields. */
void csign_negotiate_policy_init(csign_negotiate_policy *out);

/* csign_negotiated: what the two sides agreed on. signing_negotiated and cipher_negotiated say that the contexts carry
   it (3.1.1); without them the dialect alone decides: HMAC-SHA256 in 2.x, AES-CMAC in 3.x, and as cipher NONE, or
   AES-128-CCM in 3.0 and 3.0.2 when both capabilities say so. preauth_hash is 1 (SHA-512) in 3.1.1, else 0; key
   derivation goes by cipher and does not look at cipher_negotiated or preauth_hash. */
typedef struct csign_negotiated {
    csign_dialect dialect;
    csign_signing_algorithm signing_algorithm;
    bool signing_negotiated;
    csign_cipher cipher;
    bool cipher_negotiated;
    uint16_t preauth_hash;
} csign_negotiated;

/* csign_negotiate_select chooses, on the server, from a parsed request. *out is zeroed on failure. CSIGN_OK;
   CSIGN_NO_DIALECT; with 3.1.1: the request's contexts_status, CSIGN_NO_OVERLAP without SHA-512, the status of an
   optional context whose feature the policy supports; CSIGN_UNSUPPORTED: refuse_fallback; CSIGN_BAD_ARGUMENT: NULL, or
   a policy that names an unknown dialect, algorithm or cipher, or counts past its arrays. MS-SMB2 3.3.5.4. */
csign_status csign_negotiate_select(csign_negotiated *out, const csign_negotiate_policy *local,
                                    const csign_negotiate_request *request);

/* csign_negotiate_respond prepares the response to request: SERVER_TO_REDIR, the request's MessageId, dialect,
   encryption capability (3.0, 3.0.2), and the chosen contexts alone: PREAUTH_INTEGRITY with salt, ENCRYPTION and
   SIGNING when negotiated; header.credits is 1, credit_charge and process_id are the request's. The caller fills in
   the rest (server_guid, sizes, times, security_mode, security_buffer), changes what it likes and encodes it. out
   borrows salt, which must outlive the encoding. *out is zeroed on failure. CSIGN_OK; CSIGN_BAD_ARGUMENT: NULL, a
   combination that csign_session_derive refuses too, a cipher at 3.1.1 without cipher_negotiated, a salt longer than
   65529 bytes. MS-SMB2 3.3.5.4. */
csign_status csign_negotiate_respond(csign_negotiate_response *out, const csign_negotiated *chosen,
                                     const csign_negotiate_request *request, csign_bytes salt);

/* csign_negotiate_accept checks, on the client, a parsed response against the request that was sent. On any failure
   the connection must be dropped; *out is zeroed. CSIGN_OK; CSIGN_NOT_OFFERED: a dialect, algorithm, cipher or context
   that was not sent (NETNAME, which means nothing in a response, is ignored); the response's contexts_status;
   CSIGN_UNSUPPORTED: offered, but unknown to this library (a signing algorithm above 2, say); CSIGN_BAD_ARGUMENT for
   NULL. MS-SMB2 3.2.5.2. */
csign_status csign_negotiate_accept(csign_negotiated *out, const csign_negotiate_request *sent,
                                    const csign_negotiate_response *response);

#ifdef __cplusplus
}
#endif

#endif
