# SPDX-License-Identifier: Apache-2.0
"""SMB2 and SMB3 conversations for tests, made of MS-SMB2 and python3-cryptography, which share nothing with the tool: both sides'
messages, signed and encrypted, and what a right reader must say of each. A Capture holds the frames of all connections in order;
Capture.expected has (verdict, algorithm, key, cipher) for each message element."""

import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM
from cryptography.hazmat.primitives.cmac import CMAC

import traffic

NEGOTIATE, SESSION_SETUP, LOGOFF, TREE_CONNECT, ECHO, CANCEL, BREAK = 0, 1, 2, 3, 13, 12, 18
MORE_PROCESSING, PENDING, ACCESS_DENIED = 0xC0000016, 0x103, 0xC0000022
SERVER, ASYNC, RELATED, SIGNED = 1, 2, 4, 8
HMAC, AES_CMAC, GMAC = "HMAC-SHA256", "AES-CMAC", "AES-GMAC"
SIGNING = [HMAC, AES_CMAC, GMAC]
CIPHERS = [None, "AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM"]
NOT_SIGNED, BY_RULE = ("unsigned", None, None, None), ("not-to-be-verified", None, None, None)


def kdf(key, label, context, size):
    """SP 800-108 in counter mode, one block."""
    return hmac.new(key, struct.pack(">I", 1) + label + b"\0" + context + struct.pack(">I", 8 * size), hashlib.sha256).digest()[:size]


def tag(algorithm, key, message):
    """The signature of an element whose SIGNED flag is set and whose Signature is zero."""
    if algorithm == HMAC:
        return hmac.new(key, message, hashlib.sha256).digest()[:16]
    if algorithm == AES_CMAC:
        mac = CMAC(algorithms.AES(key))
        mac.update(message)
        return mac.finalize()
    bits = (message[16] & SERVER) | (2 if message[12] == CANCEL else 0)
    return AESGCM(key).encrypt(message[24:32] + struct.pack("<I", bits), b"", message)


class Keys:
    """What a session key gives on a connection with a preauthentication hash. algorithm signs; name is what reports call it."""

    def __init__(self, connection, session_key, chain, name="session"):
        c, short = connection, session_key[:16].ljust(16, b"\0")
        self.algorithm, self.cipher, self.name = c.algorithm, c.cipher, name
        if c.dialect < 0x300:
            self.signing, self.ciphers = short, None
            return
        size = 32 if c.cipher and "256" in c.cipher else 16
        base = session_key if size == 32 else short
        if c.dialect == 0x311:
            self.signing = kdf(short, b"SMBSigningKey\0", chain, 16)
            self.ciphers = {"C": kdf(base, b"SMBC2SCipherKey\0", chain, size), "S": kdf(base, b"SMBS2CCipherKey\0", chain, size)}
        else:
            self.signing = kdf(short, b"SMB2AESCMAC\0", b"SmbSign\0", 16)
            self.ciphers = {"C": kdf(short, b"SMB2AESCCM\0", b"ServerIn \0", 16), "S": kdf(short, b"SMB2AESCCM\0", b"ServerOut\0", 16)}


class Element:
    """One message element, and what is expected of it."""

    def __init__(self, data, expected):
        self.data, self.expected = data, expected


class Capture:
    def __init__(self):
        self.events, self.expected, self.keys, self.ports = [], [], [], 40000

    def add(self, port, side, message):
        self.events.append((port, side, traffic.frame(message)))

    def segments(self):
        state, out = {}, []
        for port, side, data in self.events:
            if port not in state:
                state[port] = {"C": 1001, "S": 5001}
                out += traffic.build([], (port, 445))
            at = state[port]
            out.append(traffic.Segment(side, at[side], at["SC"["CS".index(side)]], traffic.ACK, data, (port, 445)))
            at[side] += len(data)
        return out

    def pcap(self):
        return traffic.pcap([traffic.ethernet(traffic.ipv4(s)) for s in self.segments()])

    def key_text(self):
        return "".join("%016x %s\n" % (i, k.hex()) for i, k in self.keys)


class Connection:
    def __init__(self, capture, dialect=0x311, algorithm=GMAC, cipher="AES-128-GCM", modes=(0, 0, 1)):
        """modes: SecurityMode of NEGOTIATE request and response, of SESSION_SETUP."""
        self.modes = modes
        self.capture, self.dialect, self.algorithm, self.cipher = capture, dialect, algorithm, cipher
        capture.ports += 1
        self.port, self.mid, self.chain = capture.ports, 0, bytes(64)

    # ---- messages ----

    def element(self, side, command, sid=0, body=b"\x04\0\0\0", status=0, flags=0, mid=None, keys=None, last=True, spoil=False):
        """An element; keys: signed with them. spoil: with a wrong signature."""
        flags |= SERVER if side == "S" else 0
        flags |= SIGNED if keys else 0
        body += b"" if last else bytes(-len(body) % 8)
        mid = self.mid if mid is None else mid
        data = struct.pack("<4sHHIHHIIQQQ16s", b"\xfeSMB", 64, 1, status, command, 1, flags, 0 if last else 64 + len(body), mid, 0, sid, bytes(16)) + body
        if not keys:
            by_rule = command == NEGOTIATE or (side == "S" and status == PENDING) or (command in (SESSION_SETUP, ECHO) and sid == 0) \
                or (command == BREAK and sid == 0 and mid == 2 ** 64 - 1 and side == "S")
            return Element(data, BY_RULE if by_rule else NOT_SIGNED)
        signature = tag(keys.algorithm, keys.signing, data)
        if spoil:
            signature = bytes([signature[0] ^ 1]) + signature[1:]
        return Element(data[:48] + signature + data[64:], ("bad" if spoil else "verified", keys.algorithm, keys.name, None))

    def send(self, side, *elements):
        self.capture.add(self.port, side, b"".join(e.data for e in elements))
        self.capture.expected += [e.expected for e in elements]

    def send_encrypted(self, side, sid, keys, *elements, spoil=False, key=None, inside=None):
        """spoil: the tag is wrong. key: another than the session's for this direction. inside: bytes instead of elements."""
        plain = b"".join(e.data for e in elements) if inside is None else inside
        aead = AESCCM(key or keys.ciphers[side], tag_length=16) if "CCM" in keys.cipher else AESGCM(key or keys.ciphers[side])
        nonce = struct.pack("<Q", len(self.capture.events)).ljust(11 if "CCM" in keys.cipher else 12, b"n")
        additional = nonce.ljust(16, b"\0") + struct.pack("<IHHQ", len(plain), 0, 1, sid)
        sealed = aead.encrypt(nonce, plain, additional)
        signature = bytes([sealed[-16] ^ spoil]) + sealed[-15:]
        self.capture.add(self.port, side, b"\xfdSMB" + signature + additional + sealed[:-16])
        if spoil or key:
            self.capture.expected.append(("bad", keys.cipher, "session", None))
        elif inside is None:
            self.capture.expected += [e.expected[:3] + (keys.cipher,) if e.expected[0] in ("verified", "bad") else ("decrypted", None, None, keys.cipher)
                                      for e in elements]

    def exchange(self, sid, keys=None, count=1, send=None, **more):
        """count requests and responses."""
        send = send or self.send
        for _ in range(count):
            send("C", self.element("C", TREE_CONNECT, sid, b"\x09\0" + bytes(6), keys=keys, **more))
            send("S", self.element("S", TREE_CONNECT, sid, b"\x10\0" + bytes(14), keys=keys, **more))
            self.mid += 1

    def encrypted(self, sid, keys):
        """For exchange(send=...)."""
        return lambda side, *elements: self.send_encrypted(side, sid, keys, *elements)

    # ---- negotiation ----

    def hashed(self, element):
        self.chain = hashlib.sha512(self.chain + element.data).digest()
        return element

    def negotiate(self):
        modern = self.dialect == 0x311
        encryption = 0x40 if self.cipher and not modern else 0

        def contexts(server):
            lists = [(1, struct.pack("<HHH", 1, 4, 1) + (b"salt" if server else b"SALT"))]
            lists += [(2, struct.pack("<HH", 1, CIPHERS.index(self.cipher)))] if self.cipher else []
            lists += [(8, struct.pack("<HH", 1, SIGNING.index(self.algorithm)))]
            out = b""
            for kind, data in lists:
                out += bytes(-len(out) % 8) + struct.pack("<HHI", kind, len(data), 0) + data
            return out, len(lists)

        extra, count = contexts(False)
        request = struct.pack("<HHHHI16s", 36, 1, self.modes[0], 0, encryption, b"guid" * 4) + (struct.pack("<IHH", 104, count, 0) if modern else bytes(8))
        request += struct.pack("<H", self.dialect) + (bytes(2) + extra if modern else b"")
        self.send("C", self.hashed(self.element("C", NEGOTIATE, body=request)))
        extra, count = contexts(True)
        answer = struct.pack("<HHHH16sIIIIQQHHI", 65, self.modes[1], self.dialect, count if modern else 0, b"guid" * 4, encryption, 65536, 65536, 65536, 0, 0,
                             0, 0, 128 if modern else 0) + (extra if modern else b"")
        self.send("S", self.hashed(self.element("S", NEGOTIATE, body=answer)))
        self.mid += 1
        return self

    # ---- session setup ----

    def setup_body(self, side, flags=0, token=b"token"):
        if side == "C":
            return struct.pack("<HBBIIHHQ", 25, flags, self.modes[2], 0, 0, 88, len(token), 0) + token
        return struct.pack("<HHHH", 9, flags, 72, len(token)) + token

    def leg(self, state, side, sid, status=0, flags=0, keys=None, send=None, hashed=True):
        """One SESSION_SETUP message; state is a list with the setup's hash."""
        element = self.element(side, SESSION_SETUP, sid, self.setup_body(side, flags), status, keys=keys)
        if hashed:
            state[0] = hashlib.sha512(state[0] + element.data).digest()
        (send or self.send)(side, element)
        if side == "S":
            self.mid += 1

    def setup(self, sid, session_key, legs=2, flags=0, known=True):
        """A new session: its keys. flags: of the last response; guest and anonymous sign nothing."""
        state = [self.chain]
        for i in range(legs):
            self.leg(state, "C", sid if i else 0)
            if i + 1 < legs:
                self.leg(state, "S", sid, MORE_PROCESSING)
        keys = Keys(self, session_key, state[0])
        self.leg(state, "S", sid, flags=flags, keys=None if flags & 3 else keys, hashed=False)
        if known:
            self.capture.keys.append((sid, session_key))
        return keys

    def bind(self, sid, session, binding_key, result=0, send=None, known=True):
        """Binds this connection to a session, whose keys sign every leg but the success: the channel's keys."""
        state = [self.chain]
        self.leg(state, "C", sid, flags=1, keys=session, send=send)
        self.leg(state, "S", sid, MORE_PROCESSING, keys=session, send=send)
        self.leg(state, "C", sid, flags=1, keys=session, send=send)
        channel = Keys(self, binding_key, state[0], "channel")
        self.leg(state, "S", sid, result, keys=session if result else channel, send=send, hashed=False)
        if known and not result:
            self.capture.keys.append((sid, binding_key))
        return channel

    def authenticate_again(self, sid, keys, send=None):
        state = [self.chain]
        self.leg(state, "C", sid, keys=keys, send=send)
        self.leg(state, "S", sid, MORE_PROCESSING, keys=keys, send=send)
        self.leg(state, "C", sid, keys=keys, send=send)
        self.leg(state, "S", sid, keys=keys, send=send)
