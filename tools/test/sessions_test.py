#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap` on every kind of session, in conversations made by smb2.py: each message element must get exactly the verdict, algorithm,
key and cipher that its maker expects.

usage: sessions_test.py COUNTERSIGN
"""

import hashlib
import itertools
import json
import os
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, result  # noqa: E402
from smb2 import ACCESS_DENIED, AES_CMAC, BREAK, CANCEL, CIPHERS, GMAC, HMAC, LOGOFF, MORE_PROCESSING, PENDING, RELATED, TREE_CONNECT  # noqa: E402
from smb2 import Capture, Connection, Keys, kdf  # noqa: E402

SID, OTHER = 0x0000100000000055, 0x77
KEY, SECOND, THIRD = (hashlib.sha256(w).digest()[:16] for w in (b"one", b"two", b"three"))
LONG = hashlib.sha256(b"long").digest()


def judge(capture, key_text=None, *options):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        names = [os.path.join(folder, n) for n in ("capture", "keys")]
        for name, content in zip(names, (capture.pcap(), (capture.key_text() if key_text is None else key_text).encode())):
            with open(name, "wb") as f:
                f.write(content)
        run = subprocess.run([sys.argv[1], "pcap", names[0], "--keys", names[1], "--json", *options], capture_output=True)
    return json.loads(run.stdout), run.stderr.decode(), run.returncode


def expect(what, capture, remark="", key_text=None, expected=None):
    report, said, status = judge(capture, key_text)
    expected = capture.expected if expected is None else expected
    got = [tuple(m[k] for k in ("verdict", "algorithm", "key", "cipher")) for m in report["messages"]]
    check(len(got) == len(expected), what, len(got), "messages, expected", len(expected), said)
    for i, (a, b) in enumerate(zip(got, expected)):
        check(a == b, what, "message %d is" % i, a, "expected", b, said)
    check(status == (1 if any(e[0] == "bad" for e in expected) else 0), what, "exit status", status)
    check(remark in said if remark else said == "", what, said)
    return report


def begin(dialect=0x311, algorithm=GMAC, cipher="AES-128-GCM", key=KEY, sid=SID, capture=None):
    c = Connection(capture or Capture(), dialect, algorithm, cipher).negotiate()
    return c.capture, c, c.setup(sid, key)


KINDS = [(0x202, HMAC, None), (0x210, HMAC, None), (0x300, AES_CMAC, None), (0x302, AES_CMAC, "AES-128-CCM")] + \
        [(0x311, a, c) for a in (HMAC, AES_CMAC, GMAC) for c in CIPHERS]


def plain():
    for dialect, algorithm, cipher in KINDS:
        for key in (KEY, LONG, KEY[:5]):
            capture, c, keys = begin(dialect, algorithm, cipher, key)
            c.exchange(SID, keys, 3)
            c.exchange(SID)  # unsigned
            c.exchange(SID, keys, spoil=True)
            expect("%x %s %s, a key of %d bytes" % (dialect, algorithm, cipher, len(key)), capture)


def binding():
    """Each pair of algorithms that may be bound; and failed binds before and after."""
    for first, second in [(GMAC, GMAC)] + list(itertools.product((HMAC, AES_CMAC), repeat=2)):
        for dialect in (0x311, 0x302, 0x300):
            if dialect != 0x311 and (first, second) != (AES_CMAC, AES_CMAC):
                continue
            cipher = "AES-128-GCM" if dialect == 0x311 else "AES-128-CCM"
            capture, a, session = begin(dialect, first, cipher)
            a.exchange(SID, session)
            b = Connection(capture, dialect, second, cipher).negotiate()
            b.bind(SID, session, THIRD, result=ACCESS_DENIED)
            channel = b.bind(SID, session, SECOND)
            b.exchange(SID, channel, 2)
            a.exchange(SID, session)
            b.exchange(SID, channel, spoil=True)
            c = Connection(capture, dialect, second, cipher).negotiate()
            third = c.bind(SID, session, THIRD)
            c.exchange(SID, third)
            b.authenticate_again(SID, channel)
            b.exchange(SID, channel)
            what = "%x binding %s to %s" % (dialect, first, second)
            report = expect(what, capture)
            check(sum(m["key"] == "channel" for m in report["messages"]) == 16, what)
            # without the channels' keys: they are not bad, but unknown; the legs under the session's key are verified all the same
            without = [("no-key", None, None, None) if e[2] == "channel" else e for e in capture.expected]
            expect(what + ", no channel keys", capture, key_text="%016x %s\n" % (SID, KEY.hex()), expected=without)

    capture, a, session = begin()  # a connection that is not bound, or whose bind failed
    b = Connection(capture).negotiate()
    b.bind(SID, session, SECOND, result=ACCESS_DENIED)
    b.exchange(SID, session)
    capture.expected[-2:] = [("verified", GMAC, "session", None)] * 2  # another session's key fits all the same
    expect("after a failed bind", capture)

    late = Capture()  # 3.0 needs no setup in the capture, and a bind is a bind all the same
    capture, a, session = begin(0x300, AES_CMAC, "AES-128-CCM")
    late.keys = capture.keys
    b = Connection(late, 0x300, AES_CMAC, "AES-128-CCM").negotiate()
    channel = b.bind(SID, session, SECOND)
    b.exchange(SID, channel)
    expect("a bind to a session that began before the capture", late)


def again():
    """Re-authentication keeps the keys; a new session does not, even under an old id."""
    for dialect, algorithm, cipher in KINDS:
        capture, c, keys = begin(dialect, algorithm, cipher)
        c.exchange(SID, keys)
        c.authenticate_again(SID, keys)
        c.exchange(SID, keys)
        expect("%x %s re-authentication" % (dialect, algorithm), capture)
    for dialect, algorithm, cipher in KINDS:
        capture, c, keys = begin(dialect, algorithm, cipher)
        c.exchange(SID, keys)
        c.send("C", c.element("C", LOGOFF, SID, keys=keys))
        c.send("S", c.element("S", LOGOFF, SID, keys=keys))
        c.mid += 1
        keys = c.setup(SID, SECOND)
        c.exchange(SID, keys)
        expect("%x %s the same id again" % (dialect, algorithm), capture)


def several():
    """Sessions beside each other, setups that overlap, one leg or five."""
    capture, c, keys = begin()
    other = c.setup(OTHER, SECOND, legs=1)
    c.exchange(SID, keys)
    c.exchange(OTHER, other)
    third = c.setup(3, LONG, legs=5)
    c.exchange(3, third)
    expect("three sessions", capture)

    capture = Capture()
    c = Connection(capture).negotiate()
    states, sids = [[c.chain], [c.chain]], [SID, OTHER]
    mids = [c.mid, c.mid + 1]
    for leg in range(2):
        for i in (0, 1):
            c.mid = mids[i] + 2 * leg
            c.leg(states[i], "C", sids[i] if leg else 0)
        if not leg:
            for i in (1, 0):
                c.mid = mids[i]
                c.leg(states[i], "S", sids[i], MORE_PROCESSING)
    both = [Keys(c, k, states[i][0]) for i, k in enumerate((KEY, SECOND))]
    for i in (1, 0):
        c.mid = mids[i] + 2
        c.leg(states[i], "S", sids[i], keys=both[i], hashed=False)
        capture.keys.append((sids[i], (KEY, SECOND)[i]))
    c.mid = 20
    c.exchange(SID, both[0])
    c.exchange(OTHER, both[1])
    expect("two setups at once", capture)


def nobody():
    for flags in (1, 2):
        capture = Capture()
        c = Connection(capture).negotiate()
        c.setup(SID, KEY, flags=flags, known=False)
        c.exchange(SID)
        expect("guest and anonymous, %d" % flags, capture)


def stripped():
    """A message without its signature is remarked on where signing is required, and only there."""
    words = "unsigned in a session that requires signing"
    for dialect, algorithm, cipher in KINDS:
        for modes in [(1, 1, 1), (3, 1, 1), (1, 3, 1), (1, 1, 3), (1, 1, 2)]:
            required = modes != (1, 1, 1)
            c = Connection(Capture(), dialect, algorithm, cipher, modes).negotiate()
            keys = c.setup(SID, KEY)
            c.exchange(SID, keys)
            for sid in (0, SID):
                c.send("S", c.element("S", BREAK, sid, mid=2 ** 64 - 1))
            c.send("C", c.element("C", TREE_CONNECT, SID, keys=keys))
            c.send("S", c.element("S", TREE_CONNECT, SID, status=PENDING, flags=2))
            if cipher:
                c.exchange(SID, send=c.encrypted(SID, keys))
            expect("nothing is stripped, %x %s" % (dialect, modes), c.capture)
            check(judge(c.capture, None, "--require-verified")[2] == 0, "nothing is stripped", modes)
            c.exchange(SID, count=2)
            c.send("S", c.element("S", LOGOFF, SID, status=0xC0000203))
            report = expect("stripped, %x %s" % (dialect, modes), c.capture, remark=words if required else "")
            check(len([r for r in report["remarks"] if words in r["text"]]) == (4 if required else 0), modes, report["remarks"])
            check(judge(c.capture, None, "--require-verified")[2] == required, "--require-verified", modes)
    c = Connection(Capture(), modes=(3, 3, 3)).negotiate()
    c.setup(SID, KEY, flags=1, known=False)
    c.exchange(SID)
    expect("a guest signs nothing", c.capture)


def multi_protocol():
    capture = Capture()
    c = Connection(capture)
    capture.add(c.port, "C", b"\xffSMB\x72" + bytes(28) + b"\0\x22\0\x02NT LM 0.12\0\x02SMB 2.002\0\x02SMB 2.???\0")
    wildcard = struct.pack("<HHHH16sIIIIQQHHI", 65, 1, 0x2FF, 0, b"guid" * 4, 0, 65536, 65536, 65536, 0, 0, 0, 0, 0)
    c.send("S", c.element("S", 0, body=wildcard))
    c.mid = 1
    keys = c.negotiate().setup(SID, KEY)
    c.exchange(SID, keys)
    expect("SMB1 negotiate, then 3.1.1", capture)


def compounds():
    for dialect, algorithm, cipher in KINDS:
        capture, c, keys = begin(dialect, algorithm, cipher)
        for side in "CS":
            elements = [c.element(side, TREE_CONNECT, SID, keys=keys, last=False), c.element(side, TREE_CONNECT, 2 ** 64 - 1, flags=RELATED, mid=c.mid + 1, keys=keys, last=False),
                        c.element(side, TREE_CONNECT, 2 ** 64 - 1, flags=RELATED, mid=c.mid + 2, keys=keys, body=b"odd"), ]
            c.send(side, *elements)
        c.mid += 3
        c.send("C", c.element("C", TREE_CONNECT, SID, keys=keys, last=False), c.element("C", TREE_CONNECT, 2 ** 64 - 1, flags=RELATED, mid=c.mid + 1, keys=keys, spoil=True))
        expect("%x %s compound" % (dialect, algorithm), capture)


def special():
    """PENDING, CANCEL, breaks."""
    for dialect, algorithm, cipher in KINDS:
        capture, c, keys = begin(dialect, algorithm, cipher)
        c.send("C", c.element("C", 15, SID, keys=keys))
        c.send("S", c.element("S", 15, SID, status=PENDING, flags=2))
        c.send("C", c.element("C", CANCEL, SID, keys=keys, flags=2, mid=None if algorithm == GMAC else 0))
        c.send("S", c.element("S", 15, SID, status=0xC0000120, flags=2, keys=keys))
        c.send("S", c.element("S", BREAK, 0, mid=2 ** 64 - 1))
        c.send("C", c.element("C", BREAK, SID, keys=keys, mid=c.mid + 1))
        expect("%x %s PENDING, CANCEL, break" % (dialect, algorithm), capture)


def encrypted():
    for cipher in CIPHERS[1:] + ["3.0"]:
        dialect, algorithm, cipher = (0x300, AES_CMAC, "AES-128-CCM") if cipher == "3.0" else (0x311, GMAC, cipher)
        for key in (KEY, LONG):
            what = "%x %s, a key of %d bytes" % (dialect, cipher, len(key))
            capture, c, keys = begin(dialect, algorithm, cipher, key)
            c.exchange(SID, send=c.encrypted(SID, keys), count=2)
            c.exchange(SID, keys, send=c.encrypted(SID, keys))  # SIGNED inside
            c.exchange(SID, keys, send=c.encrypted(SID, keys), spoil=True)
            c.exchange(SID, keys)  # plain beside it
            for side in "CS":
                c.send_encrypted(side, SID, keys, c.element(side, TREE_CONNECT, SID, last=False), c.element(side, TREE_CONNECT, 2 ** 64 - 1, flags=RELATED, mid=c.mid + 1))
            c.send_encrypted("S", SID, keys, c.element("S", 15, SID, status=PENDING, flags=2))
            c.send_encrypted("S", SID, keys, c.element("S", BREAK, 0, mid=2 ** 64 - 1))
            c.send_encrypted("C", SID, keys, c.element("C", TREE_CONNECT, SID), spoil=True)
            c.send_encrypted("C", SID, keys, c.element("C", TREE_CONNECT, SID), key=keys.ciphers["S"])  # reflected
            c.mid += 3
            c.authenticate_again(SID, keys, send=c.encrypted(SID, keys))
            c.exchange(SID, send=c.encrypted(SID, keys))
            report = expect(what, capture)
            unreadable = [m for m in report["messages"] if m["command"] is None]
            check(len(unreadable) == 2 and all(m["session_id"] == "%016x" % SID for m in unreadable), what, unreadable)
            hidden = [("no-key", None, None, None) if e[0] in ("verified", "bad") and e[1] in (GMAC, AES_CMAC) and not e[3] else e for e in capture.expected]
            report, _, status = judge(capture, "")
            check(status == 0 and report["summary"]["encrypted"] == sum(m[0] == 0xFD for m in (e[2][4:] for e in capture.events)), what, "without a key", report["summary"])
            check(report["summary"]["no-key"] == sum(e[0] == "no-key" for e in hidden), what, "without a key", report["summary"])

            # another connection: bound inside the encryption, with the first channel's cipher keys
            capture, a, keys = begin(dialect, algorithm, cipher, key)
            b = Connection(capture, dialect, algorithm, cipher).negotiate()
            channel = b.bind(SID, keys, SECOND, send=b.encrypted(SID, keys))
            b.exchange(SID, channel)
            b.exchange(SID, send=b.encrypted(SID, keys))
            b.exchange(SID, channel, send=b.encrypted(SID, keys))
            expect(what + ", a bound channel", capture)

    capture, c, keys = begin()
    c.send_encrypted("C", SID, keys, inside=b"\xfcSMB" + struct.pack("<IHHI", 100, 1, 0, 0) + bytes(20))
    c.exchange(SID, keys)
    expect("compression inside", capture, remark="a compressed message is not judged")
    capture, c, keys = begin()
    c.send_encrypted("C", SID, keys, inside=b"no SMB2 message")
    c.send_encrypted("C", SID, keys, inside=b"")
    c.exchange(SID, keys)
    expect("something else inside", capture, remark="holds no SMB2 message")
    capture, c, keys = begin()
    capture.add(c.port, "C", b"\xfdSMB" + bytes(47))
    expect("too short", capture, remark="too short for its transform header")
    capture, c, keys = begin(cipher=None)
    keys.cipher, keys.ciphers = "AES-128-GCM", {"C": KEY, "S": KEY}
    c.send_encrypted("C", SID, keys, c.element("C", TREE_CONNECT, SID))
    capture.expected[-1] = ("encrypted", None, None, None)
    expect("no cipher was negotiated", capture)


def mistaken():
    """What opens with a key that is made wrongly is named, alone and with another mistake."""
    swap = "client-to-server and server-to-client keys are swapped"
    truncated = "the cipher key is made from the session key truncated to 16 bytes"
    without = "both NEGOTIATE messages are left out of the preauth hash"

    def key_of(capture, key, size, label=b"SMBC2SCipherKey\0", first=0):
        chain = bytes(64)
        for _, _, frame in capture.events[first:5]:
            chain = hashlib.sha512(chain + frame[4:]).digest()
        return kdf(key, label, chain, size)

    for cipher in CIPHERS[1:]:
        size = 32 if "256" in cipher else 16
        other = CIPHERS[(CIPHERS.index(cipher) + 2) % 4 or 4]
        cases = [(cipher, swap, lambda c, k: k.ciphers["S"]), (cipher, without, lambda c, k: key_of(c, LONG[:size], size, first=2)),
                 (other, "the cipher is " + other, lambda c, k: key_of(c, LONG[:32 if "256" in other else 16], 32 if "256" in other else 16))]
        if size == 32:
            cases += [(cipher, truncated, lambda c, k: key_of(c, LONG[:16], 32)),
                      (cipher, swap + ", and " + truncated, lambda c, k: key_of(c, LONG[:16], 32, b"SMBS2CCipherKey\0"))]
        for used, sentence, key in cases:
            capture, c, keys = begin(cipher=cipher, key=LONG)
            made = key(capture, keys)
            keys.cipher = used
            c.send_encrypted("C", SID, keys, c.element("C", TREE_CONNECT, SID), key=made)
            capture.expected[-1] = ("bad", cipher, "session", None)
            keys.cipher = cipher
            c.exchange(SID, send=c.encrypted(SID, keys))
            report = expect("%s, %s" % (cipher, sentence), capture)
            why = [m["why"] for m in report["messages"] if m["verdict"] == "bad"]
            check(why == ["decrypts when " + sentence], cipher, sentence, why)
    capture, c, keys = begin()
    c.send_encrypted("C", SID, keys, c.element("C", TREE_CONNECT, SID), key=bytes(16))
    why = [m["why"] for m in expect("a key from nowhere", capture)["messages"] if m["verdict"] == "bad"]
    check(len(why) == 1 and "decrypts" not in why[0], "a key from nowhere is not explained", why)


def altered():
    """Whichever byte of an encrypted message is altered, it is not decrypted."""
    for cipher in CIPHERS[1:]:
        capture, c, keys = begin(cipher=cipher)
        c.exchange(SID, keys)
        c.exchange(SID, send=c.encrypted(SID, keys))
        port, side, framed = capture.events[-1]
        for at in range(8, len(framed), 7 if cipher != "AES-128-GCM" else 1):
            capture.events[-1] = port, side, framed[:at] + bytes([framed[at] ^ 1 << at % 8]) + framed[at + 1:]
            unknown = 4 + 44 <= at < 4 + 52  # another session's
            capture.expected[-1] = ("encrypted", None, None, None) if unknown else ("bad", cipher, "session", None)
            expect("%s, byte %d altered" % (cipher, at - 4), capture)


def late():
    """Captures that begin inside a session."""
    for dialect, algorithm, cipher in KINDS:
        whole, c, keys = begin(dialect, algorithm, cipher)
        if not cipher:
            continue
        skipped = len(whole.events)
        c.exchange(SID, send=c.encrypted(SID, keys))
        c.exchange(SID, keys)
        whole.events, whole.expected = whole.events[skipped:], whole.expected[skipped:]
        text = "%s,%s,%s,%s\n" % (struct.pack("<Q", SID).hex(), KEY.hex(), keys.ciphers["S"].hex(), keys.ciphers["C"].hex())
        unsigned = [("no-key", None, None, None) if e[0] == "verified" and dialect == 0x311 else e for e in whole.expected]
        expect("%x %s late, with cipher keys" % (dialect, cipher), whole, key_text=text, expected=unsigned)
        if dialect != 0x311:
            expect("%x %s late" % (dialect, cipher), whole)


def main():
    for case in (plain, binding, again, several, nobody, stripped, multi_protocol, compounds, special, encrypted, mistaken, altered, late):
        case()
    return result(5000)


if __name__ == "__main__":
    sys.exit(main())
