# SPDX-License-Identifier: Apache-2.0
"""The other implementation: python3-cryptography (OpenSSL), hashlib and hmac, and MS-SMB2 3.1.4 written down once more. Nothing
here knows lib/; the keyword arguments are for making the mistakes that the invalid tests are about."""
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives import cmac as cmac_module
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode

HMAC_SHA256, AES_CMAC, AES_GMAC = "HMAC-SHA256", "AES-CMAC", "AES-GMAC"
SERVER_TO_REDIR, ASYNC, RELATED, SIGNED = 1, 2, 4, 8
NEGOTIATE, SESSION_SETUP, LOGOFF, CANCEL, ECHO, OPLOCK_BREAK = 0, 1, 2, 0x0C, 0x0D, 0x12
H0 = bytes(64)


def sha512(message):
    return hashlib.sha512(message).digest()


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def aes_cmac(key, message):
    mac = cmac_module.CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def aes_gmac(key, nonce, message):
    return AESGCM(key).encrypt(nonce, b"", message)


def kbkdf(key, label, context, length):
    """SP 800-108 by python3-cryptography's own KBKDF, which refuses an empty key."""
    return KBKDFHMAC(algorithm=hashes.SHA256(), mode=Mode.CounterMode, length=length, rlen=4, llen=4,
                     location=CounterLocation.BeforeFixed, label=label, context=context, fixed=None).derive(key)


def kdf(key, label, context, length, bits=None, separator=b"\0", counter=1):
    """The same in one line, for one block or less, with everything that can be got wrong."""
    bits = 8 * length if bits is None else bits
    return hmac_sha256(key, struct.pack(">I", counter) + label + separator + context + struct.pack(">I", bits))[:length]


LABELS_30 = {"signing": (b"SMB2AESCMAC\0", b"SmbSign\0"), "application": (b"SMB2APP\0", b"SmbRpc\0"),
             "clientToServer": (b"SMB2AESCCM\0", b"ServerIn \0"), "serverToClient": (b"SMB2AESCCM\0", b"ServerOut\0")}
LABELS_311 = {"signing": b"SMBSigningKey\0", "application": b"SMBAppKey\0",
              "clientToServer": b"SMBC2SCipherKey\0", "serverToClient": b"SMBS2CCipherKey\0"}


def label_and_context(dialect, purpose, preauth):
    return (LABELS_311[purpose], preauth) if dialect == "0311" else LABELS_30[purpose]


def derive_key(dialect, purpose, session_key, preauth, length=16):
    short = session_key[:16].ljust(16, b"\0")
    if dialect in ("0202", "0210"):
        return short
    label, context = label_and_context(dialect, purpose, preauth)
    key = session_key if length == 32 else short
    value = kbkdf(key, label, context, length)
    assert value == kdf(key, label, context, length)
    return value


def session_keys(dialect, cipher, session_key, preauth):
    keys = {p: derive_key(dialect, p, session_key, preauth) for p in ("signing", "application")}
    length = 0 if cipher == "NONE" or dialect < "0300" else 32 if "256" in cipher else 16
    for p in ("clientToServer", "serverToClient"):
        keys[p] = derive_key(dialect, p, session_key, preauth, length) if length else None
    return keys


def chain(messages, start=H0):
    """The preauth hash after each message."""
    hashes_after = []
    for message in messages:
        start = sha512(start + message)
        hashes_after.append(start)
    return hashes_after


def field(message, offset, form):
    return struct.unpack_from("<" + form, message, offset)[0]


def patch(message, offset, data):
    return message[:offset] + data + message[offset + len(data):]


def flags_of(message):
    return field(message, 16, "I")


def set_flags(message, flags):
    return patch(message, 16, struct.pack("<I", flags))


def nonce(message):
    bits = (flags_of(message) & SERVER_TO_REDIR) | (2 if field(message, 12, "H") == CANCEL else 0)
    return message[24:32] + struct.pack("<I", bits)


def covered(message):
    """What a signature covers: the element with SIGNED set and its signature zero."""
    return patch(set_flags(message, flags_of(message) | SIGNED), 48, bytes(16))


def signature(algorithm, key, message, gmac_nonce=None):
    """The signature over message as it stands, which must be in its covered form."""
    if algorithm == AES_GMAC:
        return aes_gmac(key, gmac_nonce or nonce(message), message)
    return aes_cmac(key, message) if algorithm == AES_CMAC else hmac_sha256(key, message)[:16]


def sign(algorithm, key, message, gmac_nonce=None):
    message = covered(message)
    return patch(message, 48, signature(algorithm, key, message, gmac_nonce))


def is_signed_right(algorithm, key, message):
    return signature(algorithm, key, covered(message)) == message[48:64]


def header(command, message_id, session_id, flags=0, status=0, next_command=0, tree_id=5):
    return (b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 1, status, command, 31, flags, next_command, message_id, 0,
                                     tree_id,
                                     session_id) + bytes(16))
