# SPDX-License-Identifier: Apache-2.0
"""The session key of an NTLMv2 authentication, from its AUTHENTICATE message and the password (MS-NLMP 3.3.2, 3.1.5.1.2).

For what no log shows: the key of a bound channel, and sessions with a server that is not Samba.
"""
import hashlib
import hmac

from impacket import ntlm

AUTHENTICATE = b"NTLMSSP\0\x03\0\0\0"


def session_key(blob, passwords):
    """16 bytes, or None: no AUTHENTICATE message in blob, anonymous, or a user who is not in passwords ({name: password})."""
    at = blob.find(AUTHENTICATE)
    if at < 0:
        return None
    message = ntlm.NTLMAuthChallengeResponse()
    message.fromString(blob[at:])
    user, domain = (message[name].decode("utf-16le") for name in ("user_name", "domain_name"))
    if user not in passwords or len(message["ntlm"]) < 24:
        return None
    owf = ntlm.NTOWFv2(user, passwords[user], domain)
    base = hmac.new(owf, message["ntlm"][:16], hashlib.md5).digest()
    if not message["flags"] & ntlm.NTLMSSP_NEGOTIATE_KEY_EXCH:
        return base
    return ntlm.generateEncryptedSessionKey(base, message["session_key"])
