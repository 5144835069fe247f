# SPDX-License-Identifier: Apache-2.0
"""Signatures, derived keys and decryption by python3-cryptography alone (MS-SMB2 3.1.4)."""
import hashlib
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import cmac, hashes, hmac
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode

import smb2

PURPOSES = {  # label and context of 3.0 and 3.0.2; label of 3.1.1, whose context is the preauthentication hash
    "signing": (b"SMB2AESCMAC\0", b"SmbSign\0", b"SMBSigningKey\0"),
    "application": (b"SMB2APP\0", b"SmbRpc\0", b"SMBAppKey\0"),
    "client-to-server": (b"SMB2AESCCM\0", b"ServerIn \0", b"SMBC2SCipherKey\0"),
    "server-to-client": (b"SMB2AESCCM\0", b"ServerOut\0", b"SMBS2CCipherKey\0"),
}


def chained(value, message):
    """The preauthentication hash after one more message."""
    return hashlib.sha512(value + message).digest()


def derived(key, purpose, dialect, preauth, length=16):
    """A key of a session, from the session key (whole for a 32-byte one)."""
    if dialect < "3":
        return key
    label, context, label311 = PURPOSES[purpose]
    if dialect == "3.1.1":
        label, context = label311, preauth
    return KBKDFHMAC(hashes.SHA256(), Mode.CounterMode, length, 4, 4, CounterLocation.BeforeFixed, label, context, None).derive(key)


def signature(algorithm, key, element):
    """The signature that an element should carry."""
    message = element[:48] + bytes(16) + element[64:]
    if algorithm == smb2.HMAC:
        mac = hmac.HMAC(key, hashes.SHA256())
    elif algorithm == smb2.CMAC:
        mac = cmac.CMAC(algorithms.AES(key))
    else:
        head = smb2.header(element)
        bits = (1 if head.response else 0) | (2 if head.command == smb2.CANCEL else 0)
        return AESGCM(key).encrypt(struct.pack("<QI", head.message_id, bits), b"", message)
    mac.update(message)
    return mac.finalize()[:16]


def encrypted(key, message, session_id):
    """A transform message of AES-GCM (MS-SMB2 2.2.41)."""
    nonce = os.urandom(12)
    head = nonce + bytes(4) + struct.pack("<IHHQ", len(message), 0, 1, session_id)
    sealed = AESGCM(key).encrypt(nonce, message, head)
    return b"\xfdSMB" + sealed[-16:] + head + sealed[:-16]


def decrypted(cipher, key, message):
    """The message inside a transform message (MS-SMB2 2.2.41), or None if its tag is wrong."""
    aead, nonce_length = (AESCCM, 11) if cipher.endswith("CCM") else (AESGCM, 12)
    try:
        return aead(key).decrypt(message[20:20 + nonce_length], message[52:] + message[4:20], message[20:52])
    except InvalidTag:
        return None
