# SPDX-License-Identifier: Apache-2.0
"""A signer of SMB2 messages after MS-SMB2 3.1.4.1, 3.1.4.2 and 3.1.4.4.1, and conversations that it signs, with a place for every
mistake. Knows only the standard and python3-cryptography; shares nothing with the tool or the library."""

import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.cmac import CMAC

HMAC, AES_CMAC, AES_GMAC = "HMAC-SHA256", "AES-CMAC", "AES-GMAC"
SERVER, ASYNC, RELATED, SIGNED = 1, 2, 4, 8
NEGOTIATE, SESSION_SETUP, TREE_CONNECT, READ, CANCEL = 0, 1, 3, 8, 12
MORE_PROCESSING = 0xC0000016
LABELS = {  # label and context of 3.0, label of 3.1.1; each with its NUL
    "signing": (b"SMB2AESCMAC\0", b"SmbSign\0", b"SMBSigningKey\0"),
    "application": (b"SMB2APP\0", b"SmbRpc\0", b"SMBAppKey\0"),
    "c2s": (b"SMB2AESCCM\0", b"ServerIn \0", b"SMBC2SCipherKey\0"),
    "s2c": (b"SMB2AESCCM\0", b"ServerOut\0", b"SMBS2CCipherKey\0"),
}


def header(command, message_id, flags, session_id=0, tree=0, status=0, following=0, credits=31, async_id=None):
    place = struct.pack("<Q", async_id) if async_id is not None else struct.pack("<II", 0xFEFF, tree)
    return (b"\xfeSMB" + struct.pack("<HHIHHIIQ", 64, 1, status, command, credits, flags, following, message_id) + place +
            struct.pack("<Q", session_id) + bytes(16))


def preauth_hash(messages, start=bytes(64), prepare=lambda m: m):
    for m in messages:
        start = hashlib.sha512(start + prepare(m)).digest()
    return start


def kdf(key, label, context, l=b"\0\0\0\x80", counter=b"\0\0\0\1", separator=b"\0", last=False):
    whole = hmac.new(key, counter + label + separator + context + l, hashlib.sha256).digest()
    return whole[16:] if last else whole[:16]


def signing_key(dialect, session_key, preauth, purpose="signing", scheme=None, label=None, context=None, whole=False, **fields):
    """scheme: None as the dialect has it, else "3.0" or "3.1.1"; label, context: instead of the right ones."""
    key = session_key if whole else session_key[:16].ljust(16, b"\0")
    scheme = scheme or {"2.1": None, "3.0": "3.0", "3.1.1": "3.1.1"}[dialect]
    if scheme is None:
        return key
    old_label, old_context, new_label = LABELS[purpose]
    if scheme == "3.0":
        return kdf(key, old_label if label is None else label, old_context if context is None else context, **fields)
    return kdf(key, new_label if label is None else label, preauth if context is None else context, **fields)


def nonce(head):
    server = struct.unpack("<I", head[16:20])[0] & SERVER
    cancel = 2 if struct.unpack("<H", head[12:14])[0] == CANCEL else 0
    return head[24:32] + bytes([server | cancel, 0, 0, 0])


def mac(algorithm, key, covered, nonce_bytes, last=False):
    if algorithm == HMAC:
        whole = hmac.new(key, covered, hashlib.sha256).digest()
        return whole[16:] if last else whole[:16]
    if algorithm == AES_CMAC:
        c = CMAC(algorithms.AES(key))
        c.update(covered)
        return c.finalize()
    return AESGCM(key).encrypt(nonce_bytes, b"", covered)


def signature(algorithm, key, frame, start, end, edit=lambda h: h, cover=None, make_nonce=nonce, field=bytes(16), last=False):
    """Of frame[start:end]. edit changes the 64 bytes of the header before signing; cover(frame with that header, start, end) gives the
    bytes covered; field is what the signature field holds, or a function of the right signature."""
    flags = struct.unpack("<I", frame[start + 16:start + 20])[0] | SIGNED
    head = edit(frame[start:start + 16] + struct.pack("<I", flags) + frame[start + 20:start + 48] + bytes(16))
    if callable(field):
        field = field(signature(algorithm, key, frame, start, end))
    head = head[:48] + field
    whole = frame[:start] + head + frame[start + 64:]
    return mac(algorithm, key, cover(whole, start, end) if cover else whole[start:end], make_nonce(head), last)


def with_signature(frame, start, tag):
    flags = struct.unpack("<I", frame[start + 16:start + 20])[0] | SIGNED
    return frame[:start + 16] + struct.pack("<I", flags) + frame[start + 20:start + 48] + tag + frame[start + 64:]


class Connection:
    """A connection's NEGOTIATE messages, as recorded, and a session setup of two rounds behind them. events: (side, message)."""

    def __init__(self, dialect, algorithm, negotiate, session_key, session_id, bind=None):
        """bind: (session's signing key, its algorithm) of the session that this binds to; None: a new session."""
        self.dialect, self.algorithm, self.session_key, self.session_id = dialect, algorithm, session_key, session_id
        request, response = negotiate
        token = [bytes((i * k + 5) & 255 for i in range(40 + k)) for k in (3, 5, 8, 13)]
        flag = 1 if bind else 0
        ask = lambda mid, sid, t: header(SESSION_SETUP, mid, 0, sid) + struct.pack("<HBBIIHHQ", 25, flag, 1, 0, 0, 88, len(t), 0) + t
        answer = lambda mid, status, t: (header(SESSION_SETUP, mid, SERVER, session_id, status=status) +
                                         struct.pack("<HHHH", 9, 0, 72, len(t)) + t)
        legs = [ask(1, session_id if bind else 0, token[0]), answer(1, MORE_PROCESSING, token[1]), ask(2, session_id, token[2])]
        if bind:
            legs = [with_signature(m, 0, signature(bind[1], bind[0], m, 0, len(m))) for m in legs]
        self.hashed = [request, response] + legs
        self.preauth = preauth_hash(self.hashed)
        self.key = signing_key(dialect, session_key, self.preauth)
        final = answer(2, 0, token[3])
        self.final = with_signature(final, 0, signature(algorithm, self.key, final, 0, len(final)))
        self.events = list(zip("CSCSCS", self.hashed + [self.final]))

    def say(self, side, message):
        self.events.append((side, message))

    def sign(self, frame, start=0, end=None, **options):
        """frame with the signature of one element, which is right unless options say otherwise. algorithm, key: instead of its own."""
        end = len(frame) if end is None else end
        algorithm, key = options.pop("algorithm", self.algorithm), options.pop("key", self.key)
        return with_signature(frame, start, signature(algorithm, key, frame, start, end, **options))
