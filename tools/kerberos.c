/* SPDX-License-Identifier: Apache-2.0 */
/* Kerberos' AP exchange: see kerberos.h. Tags are RFC 4120's: [APPLICATION n] is 0x60 + n, field [n] is 0xA0 + n. */
#include "kerberos.h"

#include <string.h>

#include "der.h"
#include "octets.h"
#include "spnego.h"

#define TOKEN_AP_REQ 0x0100u
#define TOKEN_AP_REP 0x0200u
#define AUTHENTICATOR 0x62u
#define AP_REQ 0x6Eu
#define AP_REP 0x6Fu
#define ENC_AP_REP_PART 0x7Bu
#define INTEGER 0x02u
#define BIT_STRING 0x03u
#define OCTET_STRING 0x04u
#define SEQUENCE 0x30u
#define FIELD(n) (0xA0u + (n))
#define MUTUAL_REQUIRED 0x20u /* bit 2 of the first octet of ap-options */

/* Finds field [n] of a SEQUENCE's content: its own content. False: it is not there. */
static bool field(csign_bytes *out, csign_bytes sequence, uint8_t n)
{
    uint8_t tag;
    while (der_take(&sequence, &tag, out))
        if (tag == FIELD(n))
            return true;
    return false;
}

static bool encrypted(kerberos_encrypted *out, csign_bytes in)
{
    csign_bytes number, cipher;
    int32_t enctype = 0;

    if (!der_enter(&in, SEQUENCE) || !field(&number, in, 0) || !der_enter(&number, INTEGER) || number.len == 0 ||
        number.len > 4 || !field(&cipher, in, 2) || !der_enter(&cipher, OCTET_STRING))
        return false;
    for (size_t i = 0; i < number.len; i++)
        enctype = enctype * 256 + (i == 0 ? (int8_t)number.data[i] : number.data[i]);
    *out = (kerberos_encrypted){enctype, cipher};
    return cipher.len != 0;
}

static bool ap_req(kerberos_exchange *out, csign_bytes in)
{
    csign_bytes options, authenticator;

    if (!der_enter(&in, AP_REQ) || !der_enter(&in, SEQUENCE) || !field(&options, in, 2) ||
        !der_enter(&options, BIT_STRING) || options.len < 2 || !field(&out->ticket, in, 3) ||
        !field(&authenticator, in, 4))
        return false;
    out->mutual = (options.data[1] & MUTUAL_REQUIRED) != 0; /* behind the count of unused bits */
    return encrypted(&out->authenticator, authenticator);
}

static bool ap_rep(kerberos_exchange *out, csign_bytes in)
{
    csign_bytes part;
    return der_enter(&in, AP_REP) && der_enter(&in, SEQUENCE) && field(&part, in, 2) && encrypted(&out->ap_rep, part);
}

/* The Kerberos message of a token, and its kind; 0: it is none. */
static unsigned token_kind(csign_bytes *token)
{
    /* 1.2.840.113554.1.2.2, and Microsoft's with a bit lost */
    static const uint8_t oids[2][11] = {{0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02},
                                        {0x2A, 0x86, 0x48, 0x82, 0xF7, 0x12, 0x01, 0x02, 0x02}};
    if (!spnego_take_oid(token, (csign_bytes){oids[0], 9}) && !spnego_take_oid(token, (csign_bytes){oids[1], 9}))
        return 0;
    if (token->len < 2)
        return 0;
    unsigned kind = load_be16(token->data);
    *token = (csign_bytes){token->data + 2, token->len - 2};
    return kind;
}

bool kerberos_find(kerberos_exchange *out, const security_token *tokens, size_t count)
{
    kerberos_exchange found = {0};

    for (size_t i = 0; i < count; i++) {
        csign_bytes message = spnego_token(tokens[i].bytes);
        unsigned kind = token_kind(&message);
        if (kind == TOKEN_AP_REQ && !tokens[i].from_server) {
            found = (kerberos_exchange){.frame = tokens[i].frame};
            if (!ap_req(&found, message))
                found.ticket.len = 0;
        } else if (kind == TOKEN_AP_REP && tokens[i].from_server && found.ticket.len != 0) {
            ap_rep(&found, message);
        } else if (message.len >= 8 && memcmp(message.data, "NTLMSSP", 8) == 0) {
            found.ticket.len = 0; /* the server did not take the first choice */
        }
    }
    *out = found;
    return found.ticket.len != 0;
}

bool kerberos_subkey(csign_key *out, csign_bytes decrypted)
{
    csign_bytes in = decrypted, subkey, value;
    bool authenticator = der_enter(&in, AUTHENTICATOR);

    if ((!authenticator && !der_enter(&in, ENC_AP_REP_PART)) || !der_enter(&in, SEQUENCE) ||
        !field(&subkey, in, authenticator ? 6 : 2) || !der_enter(&subkey, SEQUENCE) || !field(&value, subkey, 1) ||
        !der_enter(&value, OCTET_STRING) || value.len == 0 || value.len > sizeof out->bytes)
        return false;
    memcpy(out->bytes, value.data, value.len);
    out->len = value.len;
    return true;
}
