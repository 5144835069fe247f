/* SPDX-License-Identifier: Apache-2.0 */
/* Names, sentences and NTSTATUS values of csign_status (values: MS-ERREF 2.3.1, MS-SMB2 3.3.5). Rows of fixed width
   instead of pointers: such a table needs no relocation and stays in read-only memory. */
#include "../include/countersign/status.h"

#include <stddef.h>

typedef struct row {
    uint32_t ntstatus;
    char name[26];
    char text[88];
} row;

static const row rows[] = {
    {0x00000000u, "CSIGN_OK", "success"},
    {0xC0000022u, "CSIGN_NOT_SIGNED", "the message is not signed"},
    {0xC0000022u, "CSIGN_NOT_SIGNED_BY_RULE", "messages of this kind are never signed; this one is unauthenticated"},
    {0xC0000022u, "CSIGN_BAD_SIGNATURE", "the signature does not belong to this message and key"},
    {0xC000000Du, "CSIGN_TRUNCATED", "a header, field or context runs past the end of what contains it"},
    {0xC000000Du, "CSIGN_MALFORMED", "fields contradict each other or the standard"},
    {0xC000000Du, "CSIGN_DUPLICATE_CONTEXT", "a negotiate context that may occur once occurs twice"},
    {0xC000000Du, "CSIGN_MISSING_CONTEXT", "SMB 3.1.1 without a PREAUTH_INTEGRITY_CAPABILITIES context"},
    {0xC00000BBu, "CSIGN_NO_DIALECT", "the peers have no dialect in common"},
    {0xC05D0000u, "CSIGN_NO_OVERLAP", "the peers have no preauthentication integrity hash in common"},
    {0xC00000C3u, "CSIGN_NOT_OFFERED", "the server chose what was never offered"},
    {0xC00000BBu, "CSIGN_UNSUPPORTED", "well formed, but not supported here"},
    {0xC000000Du, "CSIGN_NONCE_FORBIDDEN", "signing this message would repeat or misuse a nonce"},
    {0xC0000023u, "CSIGN_NO_SPACE", "the output buffer is too small"},
    {0xC000000Du, "CSIGN_BAD_ARGUMENT", "the call's arguments are wrong"},
};

static const row unknown = {0xC000000Du, "CSIGN_?", "this number is not a countersign status"};

static const row *row_of(csign_status status)
{
    size_t index = (size_t)status;
    return index < sizeof rows / sizeof rows[0] ? &rows[index] : &unknown;
}

const char *csign_status_name(csign_status status)
{
    return row_of(status)->name;
}

const char *csign_status_text(csign_status status)
{
    return row_of(status)->text;
}

uint32_t csign_status_ntstatus(csign_status status)
{
    return row_of(status)->ntstatus;
}
