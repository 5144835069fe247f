/* SPDX-License-Identifier: Apache-2.0 */
/* SPNEGO: see spnego.h. */
#include "spnego.h"

#include <string.h>

#include "der.h"

#define INITIAL_TOKEN 0x60u /* [APPLICATION 0] */
#define OID 0x06u
#define SEQUENCE 0x30u
#define OCTET_STRING 0x04u
#define CHOICE_INIT 0xA0u
#define CHOICE_RESP 0xA1u
#define FIELD_TOKEN 0xA2u /* mechToken and responseToken alike */

bool spnego_take_oid(csign_bytes *token, csign_bytes oid)
{
    csign_bytes inside = *token, found;
    uint8_t tag;
    if (!der_enter(&inside, INITIAL_TOKEN) || !der_take(&inside, &tag, &found) || tag != OID || found.len != oid.len ||
        memcmp(found.data, oid.data, oid.len) != 0)
        return false;
    *token = inside;
    return true;
}

csign_bytes spnego_token(csign_bytes buffer)
{
    static const uint8_t spnego_oid[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x02};
    csign_bytes in = buffer, field;
    uint8_t tag;
    bool initial = spnego_take_oid(&in, (csign_bytes){spnego_oid, sizeof spnego_oid});

    if (!der_enter(&in, initial ? CHOICE_INIT : CHOICE_RESP) || !der_enter(&in, SEQUENCE))
        return buffer;
    while (der_take(&in, &tag, &field))
        if (tag == FIELD_TOKEN && der_enter(&field, OCTET_STRING))
            return field;
    return (csign_bytes){NULL, 0};
}
