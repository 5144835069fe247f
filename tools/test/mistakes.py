# SPDX-License-Identifier: Apache-2.0
"""Conversations with one wrong signature each: every mistake that lib/diagnose knows, by name, and some together. The signer is
signer.py's; the NEGOTIATE messages are recorded ones, from the captures that FILES names."""

import hashlib
import json
import struct

import traffic
from signer import (AES_CMAC, AES_GMAC, ASYNC, CANCEL, HMAC, LABELS, READ, SERVER, Connection, header, nonce, preauth_hash,
                    signing_key)

FILES = {}  # base name: path, of vectors/captures; set by whoever imports this
NEGOTIATES = {("3.1.1", AES_GMAC): "sign-SMB3_11-AES-128-GMAC-AES-128-GCM-small", ("3.1.1", AES_CMAC): "sign-SMB3_11-AES-128-CMAC-AES-128-GCM-small",
              ("3.1.1", HMAC): "sign-SMB3_11-HMAC-SHA256-AES-128-GCM-small", ("3.0", AES_CMAC): "sign-SMB3_00-small", ("2.1", HMAC): "sign-SMB2_10-small"}
SESSION, TREE, BODY = 0x0000000041000019, 5, bytes((9 * i + 2) & 255 for i in range(53))
KEY, BIND_KEY = bytes(range(0x30, 0x50)), bytes(range(0x81, 0x91))


def negotiate(dialect, algorithm):
    """The two NEGOTIATE messages of a recorded connection."""
    name = NEGOTIATES[dialect, algorithm]
    with open(FILES[name + ".json"]) as f:
        port = json.load(f)["server_port"]
    streams = {"C": b"", "S": b""}
    for s in traffic.read(FILES[name + ".pcap"], port):
        streams[s.side] += s.data
    return [streams[side][4:4 + struct.unpack(">I", streams[side][:4])[0]] for side in "CS"]


def message(command, side, mid=0x0102000000000007, body=BODY, flags=0, **fields):
    fields.setdefault("tree", TREE)
    return header(command, mid, flags | (SERVER if side == "S" else 0), SESSION, **fields) + body


class Case:
    """A conversation with one wrong signature, and how it is wrong."""

    def __init__(self, dialect="3.1.1", algorithm=AES_GMAC, side="C", bound=False, key=KEY, neighbours=0):
        """bound: on a second connection, bound to the session; neighbours: so many more sessions on the same connection."""
        first = Connection(dialect, algorithm, negotiate(dialect, algorithm), key, SESSION)
        self.connections, self.keys = [first], [(SESSION, key)]
        self.neighbours = [Connection(dialect, algorithm, negotiate(dialect, algorithm), BIND_KEY[::-1] + bytes([i]), SESSION + 1 + i)
                           for i in range(neighbours)]
        for n in self.neighbours:
            first.events += n.events[2:]
            self.keys.append((n.session_id, n.session_key))
        if bound:
            second = Connection(dialect, algorithm, negotiate(dialect, algorithm), BIND_KEY, SESSION, bind=(first.key, algorithm))
            self.connections.append(second)
            self.keys.append((SESSION, BIND_KEY))
        self.side = side
        self.first, self.here = first, self.connections[-1]

    def wrong(self, command=READ, frame=None, start=0, end=None, **options):
        """Says one message with a signature made with options."""
        frame = message(command, self.side) if frame is None else frame
        self.here.say(self.side, self.here.sign(frame, start, end, **options))
        return self

    def derived(self, session_key=None, preauth=None, **fields):
        """Wrong in the key."""
        c = self.here
        return self.wrong(key=signing_key(c.dialect, session_key or c.session_key, preauth or c.preauth, **fields))

    def capture(self):
        frames = []
        for n, c in enumerate(self.connections):
            segments = traffic.build([(side, traffic.frame(m)) for side, m in c.events], (50000 + n, 445))
            frames.append([traffic.ethernet(traffic.ipv4(s)) for s in segments])
        if self.here is self.first and len(frames) > 1: # the wrong message comes when both connections are there
            frames.append([frames[0].pop()])
        return traffic.pcap(sum(frames, []))


def edit(start, end, value=None):
    return lambda h: h[:start] + (bytes(end - start) if value is None else value) + h[end:]


def moved(byte, shift=0):
    """The nonce's bits in another byte, shifted up."""
    def make(h):
        n = bytearray(nonce(h))
        n[8], bits = 0, n[8]
        n[byte] = bits << shift
        return bytes(n)
    return make


def bits(change):
    def make(h):
        n = nonce(h)
        return n[:8] + bytes([change(n[8])]) + n[9:]
    return make


def swapped(b):
    return b >> 1 | (b & 1) << 1


def high(b):
    return (b & 1) << 7 | (b & 2) << 5


def compound(side="C"):
    """Three elements and where they begin."""
    bodies = [BODY[:16], BODY[:24], BODY[:21]]
    at, frame = [], b""
    for i, body in enumerate(bodies):
        at.append(len(frame))
        frame += message(READ, side, mid=20 + i, body=body, following=64 + len(body) if i < 2 else 0)
    return frame, at + [len(frame)]


def in_compound(element, cover, side="C"):
    frame, at = compound(side)
    return Case(side=side).wrong(frame=frame, start=at[element], end=at[element + 1], cover=cover)


def chain(prepare=lambda m: m, messages=None, **more):
    """Wrong in the preauthentication hash. messages: of all that there are, the final response the last."""
    c = Case(**more)
    h = c.here
    return c.derived(preauth=preauth_hash(messages(h.hashed + [h.final]) if messages else h.hashed, prepare=prepare))


def padded(m):
    return m + bytes(-len(m) % 8)


def short(count):
    return lambda: Case().wrong(cover=lambda f, s, e: f[s:e - count])


def bare(count):
    """The first count messages hashed without anything before them; then the chain."""
    c = Case()
    start = hashlib.sha512(b"".join(c.here.hashed[:count])).digest()
    return c.derived(preauth=preauth_hash(c.here.hashed[count:], start=start))


def at_once():
    c = Case()
    return c.derived(preauth=preauth_hash([b"".join(c.here.hashed)]))


def late(start, end):
    return lambda: Case(side="S").wrong(edit=edit(start, end))


def asynchronous():
    return message(READ, "S", flags=ASYNC, async_id=0x1122334455)


def nonce_in(side, make, command=READ, **fields):
    return lambda: Case(side=side).wrong(frame=message(command, side, **fields), make_nonce=make)


SIGNING, APPLICATION, C2S, S2C = (LABELS[k] for k in ("signing", "application", "c2s", "s2c"))
OLD, NEW = dict(dialect="3.0", algorithm=AES_CMAC), dict()
COMMITTED = {
    "algorithm-hmac-sha256": lambda: Case().wrong(algorithm=HMAC),
    "algorithm-aes-cmac": lambda: Case().wrong(algorithm=AES_CMAC),
    "algorithm-aes-gmac": lambda: Case(**OLD).wrong(algorithm=AES_GMAC),
    "hmac-last-bytes": lambda: Case("2.1", HMAC).wrong(last=True),
    "session-for-channel": lambda: (lambda c: c.wrong(key=c.first.key))(Case(bound=True)),
    "channel-for-session": lambda: on_first(Case(bound=True), lambda c: c.connections[1].key),
    "other-session-key": lambda: (lambda c: c.derived(session_key=KEY))(Case(bound=True)),
    "other-preauth": lambda: (lambda c: c.derived(preauth=c.first.preauth))(Case(bound=True)),
    "other-signing-key": lambda: (lambda c: c.wrong(key=c.neighbours[0].key))(Case(neighbours=1)),
    "key-not-truncated": lambda: Case().derived(whole=True),
    "key-last-bytes": lambda: Case().derived(session_key=KEY[16:]),
    "key-zero": lambda: Case().derived(session_key=bytes(16)),
    "key-not-derived": lambda: Case().wrong(key=KEY[:16]),
    "derived-as-3-0": lambda: Case().derived(scheme="3.0"),
    "derived-as-3-1-1": lambda: Case("2.1", HMAC).derived(scheme="3.1.1"),
    "purpose-application": lambda: Case().derived(purpose="application"),
    "purpose-client-to-server": lambda: Case().derived(purpose="c2s"),
    "purpose-server-to-client": lambda: Case(**OLD).derived(purpose="s2c"),
    "label-without-nul": lambda: Case().derived(label=SIGNING[2][:-1]),
    "label-of-other-dialect": lambda: Case().derived(label=SIGNING[0]),
    "label-and-context-swapped": lambda: Case(**OLD).derived(label=SIGNING[1], context=SIGNING[0]),
    "context-without-nul": lambda: Case(**OLD).derived(context=SIGNING[1][:-1]),
    "context-application": lambda: Case(**OLD).derived(context=APPLICATION[1]),
    "context-server-in": lambda: Case(**OLD).derived(context=C2S[1]),
    "context-server-out": lambda: Case(**OLD).derived(context=S2C[1]),
    "context-signing": lambda: Case().derived(context=SIGNING[1]),
    "context-empty": lambda: Case().derived(context=b""),
    "context-zero": lambda: Case().derived(context=bytes(64)),
    "length-256": lambda: Case().derived(l=b"\0\0\1\0"),
    "length-in-bytes": lambda: Case().derived(l=b"\0\0\0\x10"),
    "length-little-endian": lambda: Case().derived(l=b"\x80\0\0\0"),
    "length-missing": lambda: Case().derived(l=b""),
    "counter-zero": lambda: Case().derived(counter=bytes(4)),
    "counter-little-endian": lambda: Case().derived(counter=b"\1\0\0\0"),
    "counter-missing": lambda: Case().derived(counter=b""),
    "derived-last-bytes": lambda: Case().derived(last=True),
    "separator-missing": lambda: Case().derived(separator=b""),
    "preauth-without-negotiate": lambda: chain(messages=lambda m: m[2:-1]),
    "preauth-without-negotiate-request": lambda: chain(messages=lambda m: m[1:-1]),
    "preauth-without-negotiate-response": lambda: chain(messages=lambda m: m[:1] + m[2:-1]),
    "preauth-without-zeros": lambda: bare(1),
    "preauth-without-first-request": lambda: chain(messages=lambda m: m[:2] + m[3:-1]),
    "preauth-with-final-response": lambda: chain(messages=lambda m: m),
    "preauth-without-last-request": lambda: chain(messages=lambda m: m[:-2]),
    "preauth-without-setup-responses": lambda: chain(messages=lambda m: m[:3] + m[4:-1]),
    "preauth-negotiate-only": lambda: chain(messages=lambda m: m[:2]),
    "preauth-padded": lambda: chain(padded),
    "preauth-signature-zeroed": lambda: chain(lambda m: m[:48] + bytes(16) + m[64:], bound=True),
    "preauth-with-transport-header": lambda: chain(traffic.frame),
    "preauth-hashed-at-once": at_once,
    "preauth-hashed-at-once-bare": lambda: bare(5),
    "nonce-without-role": nonce_in("S", bits(lambda b: b & 2)),
    "nonce-with-role": nonce_in("C", bits(lambda b: b | 1)),
    "nonce-without-cancel": nonce_in("C", bits(lambda b: b & 1), CANCEL),
    "nonce-cancel-from-async": nonce_in("S", bits(lambda b: b | 2), flags=ASYNC, async_id=0x1122334455),
    "nonce-bits-swapped": nonce_in("S", bits(swapped)),
    "nonce-bits-high": nonce_in("S", bits(high)),
    "nonce-bits-in-byte-9": nonce_in("S", moved(9)),
    "nonce-bits-in-byte-10": nonce_in("S", moved(10)),
    "nonce-bits-in-byte-11": nonce_in("C", moved(11), CANCEL),
    "nonce-bits-in-bytes-10-and-11": nonce_in("C", lambda h: nonce(h)[:8] + bytes([0, 0, nonce(h)[8] & 1, nonce(h)[8] >> 1]), CANCEL),
    "nonce-bits-high-in-byte-11": nonce_in("S", moved(11, 7)),
    "nonce-message-id-big-endian": nonce_in("S", lambda h: h[24:32][::-1] + nonce(h)[8:]),
    "nonce-message-id-at-28": nonce_in("C", lambda h: h[28:36] + nonce(h)[8:]),
    "nonce-message-id-at-16": nonce_in("S", lambda h: h[16:24] + nonce(h)[8:]),
    "nonce-message-id-at-20": nonce_in("S", lambda h: h[20:28] + nonce(h)[8:]),
    "nonce-session-id": nonce_in("C", lambda h: h[40:48] + nonce(h)[8:]),
    "nonce-async-id": nonce_in("S", lambda h: h[32:40] + nonce(h)[8:], flags=ASYNC, async_id=0x1122334455),
    "nonce-message-id-last": nonce_in("S", lambda h: nonce(h)[8:] + h[24:32]),
    "nonce-zero": nonce_in("S", lambda h: bytes(8) + nonce(h)[8:]),
    "range-to-frame-end": lambda: in_compound(0, lambda f, s, e: f[s:]),
    "range-from-frame-start": lambda: in_compound(2, lambda f, s, e: f[:e]),
    "range-whole-frame": lambda: in_compound(1, lambda f, s, e: f, "S"),
    **{"range-short-%d" % n: short(n) for n in range(1, 8)},
    "range-rounded-to-8": lambda: Case(**OLD).wrong(cover=lambda f, s, e: padded(f[s:e])),
    "range-rounded-to-16": lambda: Case(**OLD).wrong(frame=message(READ, "C", body=BODY[:33]), cover=lambda f, s, e: f[s:e] + bytes(-(e - s) % 16)),
    "range-rounded-down-to-8": lambda: Case(**OLD).wrong(cover=lambda f, s, e: f[s:e - (e - s) % 8]),
    "range-rounded-down-to-16": lambda: Case(**OLD).wrong(frame=message(READ, "C", body=BODY[:42]), cover=lambda f, s, e: f[s:e - (e - s) % 16]),
    "range-header-only": lambda: Case().wrong(cover=lambda f, s, e: f[s:s + 64]),
    "range-body-only": lambda: Case().wrong(cover=lambda f, s, e: f[s + 64:e]),
    "range-with-transport-header": lambda: Case().wrong(cover=lambda f, s, e: traffic.frame(f)),
    "signature-of-request": lambda: answered(Case(side="S")),
    "signature-placeholder": lambda: Case("2.1", HMAC).wrong(field=b"BSRSPYL " + bytes(8)),
    "signed-twice": lambda: Case("2.1", HMAC).wrong(field=lambda tag: tag),
    "signature-left-out": lambda: Case().wrong(cover=lambda f, s, e: f[s:s + 48] + f[s + 64:e]),
    "signed-flag-late": lambda: Case().wrong(edit=lambda h: h[:16] + bytes([h[16] & ~8]) + h[17:]),
    "priority-masked": lambda: Case().wrong(frame=message(READ, "C", flags=0x30), edit=lambda h: h[:16] + bytes([h[16] & ~0x70]) + h[17:]),
    "next-command-late": lambda: late_compound(),
    "message-id-late": late(24, 32),
    "session-id-late": late(40, 48),
    "tree-id-late": late(36, 40),
    "credits-late": late(14, 16),
    "credit-charge-late": late(6, 8),
    "status-late": lambda: Case(side="S").wrong(frame=message(READ, "S", status=0xC0000022), edit=edit(8, 12)),
    "flags-late": lambda: Case(**OLD).wrong(frame=message(READ, "C", flags=0x10), edit=edit(16, 20)),
}


def on_first(case, key):
    case.here = case.connections[0]
    return case.wrong(key=key(case))


def answered(case):
    request = case.here.sign(message(READ, "C"))
    case.here.say("C", request)
    return case.wrong(field=request[48:64])


def late_compound():
    frame, at = compound()
    return Case(**OLD).wrong(frame=frame, start=0, end=at[1], edit=edit(20, 24))


def several():
    """What engineers really leave behind: more than one mistake."""
    return {
        ("key-not-truncated", "length-256"): Case().derived(whole=True, l=b"\0\0\1\0"),
        ("nonce-without-role", "signed-flag-late"): Case(side="S").wrong(make_nonce=bits(lambda b: 0), edit=lambda h: h[:16] + bytes([h[16] & ~8]) + h[17:]),
        ("label-without-nul", "separator-missing"): Case(**OLD).derived(label=SIGNING[0][:-1], separator=b""),
        ("preauth-without-negotiate", "preauth-with-final-response"): chain(messages=lambda m: m[2:]),
        ("algorithm-aes-cmac", "key-not-derived", "range-with-transport-header"):
            Case().wrong(algorithm=AES_CMAC, key=KEY[:16], cover=lambda f, s, e: traffic.frame(f)),
        ("algorithm-aes-gmac", "nonce-without-role", "nonce-message-id-big-endian"):
            Case(side="S", **OLD).wrong(algorithm=AES_GMAC, make_nonce=lambda h: h[24:32][::-1] + bytes(4)),
    }
