/* SPDX-License-Identifier: Apache-2.0 */
/* What a call has to say, one meaning a value. A length is never returned through a status, and only CSIGN_OK ever
   means that a message is authentic. */
#ifndef COUNTERSIGN_STATUS_H
#define COUNTERSIGN_STATUS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* csign_status; the comment gives the NTSTATUS with which a server answers (MS-ERREF 2.3.1, MS-SMB2 3.3.5). */
typedef enum csign_status {
    CSIGN_OK = 0,             /* 0x00000000 */
    CSIGN_NOT_SIGNED,         /* 0xC0000022 verify: the SIGNED flag is clear; whether that is acceptable is policy */
    CSIGN_NOT_SIGNED_BY_RULE, /* 0xC0000022 a message that is never signed; unauthenticated */
    CSIGN_BAD_SIGNATURE,      /* 0xC0000022 the signature does not belong to this message and key */
    CSIGN_TRUNCATED,          /* 0xC000000D a header, field or context runs past its container */
    CSIGN_MALFORMED,          /* 0xC000000D fields contradict each other or the standard */
    CSIGN_DUPLICATE_CONTEXT,  /* 0xC000000D a negotiate context that may occur once occurs twice */
    CSIGN_MISSING_CONTEXT,    /* 0xC000000D SMB 3.1.1 without a PREAUTH_INTEGRITY_CAPABILITIES context */
    CSIGN_NO_DIALECT,         /* 0xC00000BB no dialect in common */
    CSIGN_NO_OVERLAP,         /* 0xC05D0000 SMB 3.1.1: no preauthentication hash in common */
    CSIGN_NOT_OFFERED,        /* 0xC00000C3 client: the server chose what was never offered */
    CSIGN_UNSUPPORTED,        /* 0xC00000BB well formed, but not something this library or this policy does */
    CSIGN_NONCE_FORBIDDEN,    /* 0xC000000D signing would repeat or misuse a nonce */
    CSIGN_NO_SPACE,           /* 0xC0000023 the output buffer is too small; the needed size is reported */
    CSIGN_BAD_ARGUMENT        /* 0xC000000D the caller's mistake, an uninitialised signer included */
} csign_status;

/* csign_status_name returns the enumerator's name, "CSIGN_OK" for example; "CSIGN_?" for a number that is no status.
   The string is static. */
const char *csign_status_name(csign_status status);

/* csign_status_text returns one static English sentence for a log, without a final full stop. */
const char *csign_status_text(csign_status status);

/* csign_status_ntstatus returns the NTSTATUS in the table above; 0xC000000D (STATUS_INVALID_PARAMETER) for a number
   that is no status. */
uint32_t csign_status_ntstatus(csign_status status);

#ifdef __cplusplus
}
#endif

#endif
