/* SPDX-License-Identifier: Apache-2.0 */
/* What gss-ntlmssp 1.2 does not do with the NTLM messages in SPNEGO's tokens. The Version field of NTLM's messages (MS-NLMP 2.2.1.1, 2.2.1.3) is optional, and impacket leaves it out; it takes no message without
   one; and it takes no anonymous user. */
#ifndef SERVER_NTLM_TOKEN_H
#define SERVER_NTLM_TOKEN_H

#include <stdbool.h>

#include <countersign/bytes.h>

/* ntlm_with_version: a copy of a SPNEGO token whose NTLM message has the field, zeroed; to be freed with free(). NULL: it has one, or there
   is no NTLM message in it. */
uint8_t *ntlm_with_version(csign_bytes token, size_t *len);

/* ntlm_is_anonymous: whether the token's AUTHENTICATE message is of nobody: no user, no response, or one zero byte (MS-NLMP 3.2.5.1.2). */
bool ntlm_is_anonymous(csign_bytes token);

/* ntlm_is_safe: whether gss-ntlmssp 1.2 can be given the token. Of an AUTHENTICATE message it reads an LM response of any length as one of 24 bytes, and
   ends the process over an NTLMv1 response of a user that it does not know, and over a session key of no bytes. So an LM response has 24 bytes or none,
   the NT response is NTLMv2's: a hash, fixed fields, and pairs that end (MS-NLMP 2.2.2.4, 2.2.2.7, 2.2.2.8), and EncryptedRandomSessionKey has 16. */
bool ntlm_is_safe(csign_bytes token);

#endif
