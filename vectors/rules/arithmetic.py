# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of MS-SMB2 3.1.4 with hashlib and python3-cryptography (OpenSSL): expected values that owe nothing to lib/."""
import hashlib
import hmac as hmac_module
import struct

from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.cmac import CMAC

from messages import CANCEL, SERVER, SIGNED


def cmac(key, message):
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def hmac(key, message):
    return hmac_module.new(key, message, hashlib.sha256).digest()


def gmac(key, nonce, message):
    return AESGCM(key).encrypt(nonce, b"", message)


def sha512(message):
    return hashlib.sha512(message).digest()


def kdf(key, label, context, out_len, length=None, separator=b"\0", counter=b"\0\0\0\1"):
    """SP 800-108 counter mode, one block. The keyword arguments are for breaking it."""
    length = struct.pack(">I", 8 * out_len) if length is None else length
    return hmac(key, counter + label + separator + context + length)[:out_len]


def nonce(message, message_id_at=24, role=True, cancel=True, byte=8):
    """The GMAC nonce of a message. The keyword arguments are for breaking it."""
    flags, command = struct.unpack_from("<I", message, 16)[0], struct.unpack_from("<H", message, 12)[0]
    bits = (1 if role and flags & SERVER else 0) | (2 if cancel and command == CANCEL else 0)
    out = bytearray(message[message_id_at:message_id_at + 8] + bytes(4))
    out[byte] = bits
    return bytes(out)


def signed_form(message):
    """What a signature covers: SIGNED set, the signature field zero."""
    flags = struct.unpack_from("<I", message, 16)[0] | SIGNED
    return message[:16] + struct.pack("<I", flags) + message[20:48] + bytes(16) + message[64:]


def mac(algorithm, key, covered, gmac_nonce=None):
    """The 16-byte signature over exactly these bytes."""
    if algorithm == "AES-GMAC":
        return gmac(key, gmac_nonce or nonce(covered), covered)
    return cmac(key, covered) if algorithm == "AES-CMAC" else hmac(key, covered)[:16]


def put(message, tag):
    return message[:48] + tag + message[64:]


def sign(algorithm, key, message):
    message = signed_form(message)
    return put(message, mac(algorithm, key, message))


def sign_with_last_byte_0(algorithm, key, head, body_len=16):
    """A signed message whose signature ends in 00.

    All messages that are to verify are made so, but for those of SIGN-ZEROED-SIGNATURE: a library that forgets to zero
    byte 63 then fails that rule and no other, and ci/rules can tell the rules apart. For the same reason bodies are a multiple of 16
    (SIGN-COVERS-END, SIGN-GMAC), end in a byte that is not zero (SIGN-NO-TRIM) and CreditCharge is 0 (SIGN-COVERS-START)."""
    for i in range(1 << 16):
        message = sign(algorithm, key, head + struct.pack("<I", i) + bytes([0xC5]) * (body_len - 4))
        if message[63] == 0:
            return message
    raise AssertionError("no such message in 65536")
