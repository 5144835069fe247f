/* SPDX-License-Identifier: Apache-2.0 */
/* Kerberos' AP exchange (RFC 4120 section 5.5) inside GSS-API tokens (RFC 4121 section 4.1), as far as it can be read without keys. Needs no
   Kerberos library; what decrypts is in keytab.h. */
#ifndef COUNTERSIGN_TOOLS_KERBEROS_H
#define COUNTERSIGN_TOOLS_KERBEROS_H

#include "key_source.h"

/* kerberos_encrypted: EncryptedData (RFC 4120 section 5.2.9). */
typedef struct kerberos_encrypted {
    int32_t enctype;
    csign_bytes cipher;
} kerberos_encrypted;

/* kerberos_exchange: the parts of AP-REQ and AP-REP; borrows the tokens. */
typedef struct kerberos_exchange {
    size_t frame;       /* of AP-REQ */
    csign_bytes ticket; /* DER; length 0: there is no AP-REQ, so this is not Kerberos */
    kerberos_encrypted authenticator;
    bool mutual;               /* AP-REP is asked for, and may change the key */
    kerberos_encrypted ap_rep; /* cipher.len 0: there is none */
} kerberos_exchange;

/* kerberos_find fills *out from the tokens of one setup. False: there is no AP-REQ among them, or they go on with NTLM. */
bool kerberos_find(kerberos_exchange *out, const security_token *tokens, size_t count);

/* kerberos_subkey finds the key inside a decrypted Authenticator (section 5.5.1) or EncAPRepPart (5.5.2). False: it has none. */
bool kerberos_subkey(csign_key *out, csign_bytes decrypted);

#endif
