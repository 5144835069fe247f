# SPDX-License-Identifier: Apache-2.0
"""Keys, binding and the preauthentication chain: MS-SMB2 3.1.4.2, 3.1.4.4.1, 3.2.4.1.8, 3.3.5.5.

Expected keys are data where a rule stands alone: SP 800-108 (KDF-FORMULA), 2.x, the chain. What is built on another rule is told by
what it is built on, so that a fault in the one is not reported as a fault of the other: NAME_kdf says that NAME is what csign_kdf_sp800_108
gives for this key, label, context and length; NAME_derived, what csign_derive_key gives; NAME_chain, what csign_preauth_update gives. The finished keys, by
value, are vectors."""
import struct

from arithmetic import hmac, kdf, sha512
from collect import Rule

KEY16 = bytes.fromhex("270e1ba896585eeb7af3472d3b4c75a7")
KEY32 = KEY16 + bytes.fromhex("5c07e6b1884d20f39a6e11d4c3b8027f")
HASH = bytes((7 * i + 3) % 256 for i in range(64))
OTHER_HASH = bytes((5 * i + 1) % 256 for i in range(64))
HMAC, CMAC, GMAC = "HMAC-SHA256", "AES-CMAC", "AES-GMAC"
REFUSED = {"status": "CSIGN_BAD_ARGUMENT"}

LABELS = {  # purpose: 3.1.1 label; 3.0 label and context
    "SIGNING": (b"SMBSigningKey\0", b"SMB2AESCMAC\0", b"SmbSign\0"),
    "APPLICATION": (b"SMBAppKey\0", b"SMB2APP\0", b"SmbRpc\0"),
    "CLIENT_TO_SERVER": (b"SMBC2SCipherKey\0", b"SMB2AESCCM\0", b"ServerIn \0"),
    "SERVER_TO_CLIENT": (b"SMBS2CCipherKey\0", b"SMB2AESCCM\0", b"ServerOut\0"),
}


def derived(key, label, context, out_len=16):
    return {"key": key, "label": label, "context": context, "out_len": out_len}


def formula():
    label, context = b"SMBSigningKey\0", HASH
    args = derived(KEY16, label, context)
    right = hmac(KEY16, b"\0\0\0\1" + label + b"\0" + context + b"\0\0\0\x80")[:16]
    with Rule("KDF-FORMULA", "kdf") as rule:
        rule.accept("HMAC(Ki, 00000001 || Label || 00 || Context || L), its first L/8 bytes", args, {"out": right})
        assert right == kdf(KEY16, label, context, 16)
        for comment, wrong in (
                ("no separator: the label's own NUL is none", kdf(KEY16, label, context, 16, separator=b"")),
                ("L little-endian", kdf(KEY16, label, context, 16, length=struct.pack("<I", 128))),
                ("L in bytes", kdf(KEY16, label, context, 16, length=struct.pack(">I", 16))),
                ("L of 256", kdf(KEY16, label, context, 16, length=struct.pack(">I", 256))),
                ("counter from 0", kdf(KEY16, label, context, 16, counter=bytes(4))),
                ("counter of one byte", kdf(KEY16, label, context, 16, counter=b"\1")),
                ("counter behind the input", hmac(KEY16, label + b"\0" + context + b"\0\0\0\x80" + b"\0\0\0\1")[:16]),
                ("the last bytes", kdf(KEY16, label, context, 16 + 16, length=struct.pack(">I", 128))[16:])):
            rule.refuse(comment, args, differs={"out": wrong})


def labels():
    for purpose, (label, old_label, old_context) in LABELS.items():
        name = purpose.replace("_", "-")
        other = LABELS["SIGNING" if purpose != "SIGNING" else "APPLICATION"]
        for dialect, suffix, right, wrong in (
                (0x0311, "311", derived(KEY16, label, HASH), derived(KEY16, label[:-1], HASH)),
                (0x0300, "30", derived(KEY16, old_label, old_context), derived(KEY16, old_label[:-1], old_context)),
                (0x0302, "302", derived(KEY16, old_label, old_context), derived(KEY16, old_label, old_context[:-1]))):
            if suffix == "302":
                continue
            args = {"purpose": purpose, "dialect": dialect, "session_key": KEY16, "preauth": HASH, "out_len": 16}
            with Rule("KEY-LABEL-%s-%s" % (suffix, name), "derive_key") as rule:
                rule.accept("its label", args, {"out_kdf": right})
                if suffix == "30":
                    rule.accept("3.0.2 likewise", dict(args, dialect=0x0302), {"out_kdf": right})
                rule.refuse("without its NUL", args, differs={"out_kdf": wrong})
                rule.refuse("another purpose's", args, differs={"out_kdf": derived(
                    KEY16, other[0] if suffix == "311" else other[1], HASH if suffix == "311" else other[2])})
                if suffix == "30":
                    rule.refuse("the context without its NUL", args,
                                differs={"out_kdf": derived(KEY16, old_label, old_context[:-1])})
                    rule.refuse("the context without its last letter", args,
                                differs={"out_kdf": derived(KEY16, old_label, old_context[:-2] + b"\0")})


def lengths():
    app = {"purpose": "APPLICATION", "dialect": 0x0210, "preauth": b"", "out_len": 16}
    with Rule("KEY-SESSION-KEY-FIRST-16", "derive_key") as rule:
        rule.accept("the first 16 of 32 bytes", dict(app, session_key=KEY32), {"out": KEY32[:16]})
        rule.refuse("the last 16", dict(app, session_key=KEY32), differs={"out": KEY32[16:]})
    with Rule("KEY-SESSION-KEY-PADDED", "derive_key") as rule:
        rule.accept("8 bytes, then 8 of zero", dict(app, session_key=KEY16[:8]), {"out": KEY16[:8] + bytes(8)})
        rule.refuse("8 bytes over again", dict(app, session_key=KEY16[:8]), differs={"out": KEY16[:8] * 2})
    cipher = {"purpose": "CLIENT_TO_SERVER", "dialect": 0x0311, "session_key": KEY32, "preauth": HASH}
    label = LABELS["CLIENT_TO_SERVER"][0]
    with Rule("KEY-CIPHER-256-FULL-KEY", "derive_key") as rule:
        # HMAC pads a key with zeros, so one more byte of zero changes nothing, whatever the label.
        rule.accept("from all 32 bytes, and a zero behind", dict(cipher, out_len=32),
                    {"out_derived": dict(cipher, session_key=KEY32 + b"\0", out_len=32)})
        rule.refuse("from the first 16", dict(cipher, out_len=32),
                    differs={"out_derived": dict(cipher, session_key=KEY16, out_len=32)})
    with Rule("KEY-CIPHER-128-SESSION-KEY", "derive_key") as rule:
        twice = dict(cipher, session_key=KEY16 * 2, out_len=16)
        rule.accept("from the first 16 bytes", twice, {"out_derived": dict(cipher, session_key=KEY16, out_len=16)})
        rule.refuse("from all 32", twice, differs={"out_kdf": derived(KEY16 * 2, label, HASH)})
    signing = {"purpose": "SIGNING", "dialect": 0x0311, "session_key": KEY32, "preauth": HASH}
    with Rule("KEY-SIGNING-16", "derive_key") as rule:
        for purpose in ("SIGNING", "APPLICATION"):
            rule.accept("%s: 16 bytes" % purpose, dict(signing, purpose=purpose, out_len=16))
            rule.refuse("%s: 32 bytes" % purpose, dict(signing, purpose=purpose, out_len=32), REFUSED)
    with Rule("KEY-CIPHER-256-AT-311-ONLY", "derive_key") as rule:
        rule.accept("3.1.1: 32 bytes", dict(cipher, out_len=32))
        rule.refuse("3.0.2: 32 bytes", dict(cipher, dialect=0x0302, out_len=32), REFUSED)
    with Rule("KEY-CIPHER-NOT-IN-2X", "derive_key") as rule:
        rule.accept("3.0", dict(cipher, dialect=0x0300, out_len=16))
        rule.refuse("2.1", dict(cipher, dialect=0x0210, out_len=16), REFUSED)
    with Rule("KEY-PREAUTH-AT-311", "derive_key") as rule:
        rule.accept("3.1.1 with its hash", dict(signing, out_len=16))
        rule.accept("3.0 without", dict(signing, dialect=0x0300, preauth=b"", out_len=16))
        rule.refuse("3.1.1 without", dict(signing, preauth=b"", out_len=16), REFUSED)


def negotiated(dialect=0x0311, signing=GMAC, cipher="AES-128-GCM", signing_negotiated=None, cipher_negotiated=None):
    new = dialect == 0x0311
    return {"dialect": dialect, "signing_algorithm": signing, "cipher": cipher, "preauth_hash": 1 if new else 0,
            "signing_negotiated": new if signing_negotiated is None else signing_negotiated,
            "cipher_negotiated": new if cipher_negotiated is None else cipher_negotiated}


def session(key=KEY32, preauth=HASH, **what):
    return {"negotiated": negotiated(**what), "session_key": key, "preauth": preauth}


def sessions():
    two = dict(dialect=0x0210, signing=HMAC, cipher="NONE")
    three = dict(dialect=0x0302, signing=CMAC, cipher="AES-128-CCM")
    signing_key = {"purpose": "SIGNING", "dialect": 0x0311, "session_key": KEY16, "preauth": HASH, "out_len": 16}
    with Rule("SESSION-2X-KEYS-DIRECT", "session") as rule:
        rule.accept("signing and application keys are SessionKey", session(KEY16, **two),
                    {"signing": KEY16, "application": KEY16, "client_to_server": b"", "server_to_client": b""})
        rule.refuse("derived", session(KEY16, **two), differs={"signing": kdf(KEY16, b"SMB2AESCMAC\0", b"SmbSign\0", 16)})
    with Rule("SESSION-2X-HMAC-ONLY", "session") as rule:
        rule.accept("HMAC-SHA256", session(**two), {"signer": HMAC})
        for algorithm in (CMAC, GMAC):
            rule.refuse(algorithm, session(**dict(two, signing=algorithm)), REFUSED)
    with Rule("SESSION-2X-NO-CIPHER", "session") as rule:
        rule.accept("none", session(**two))
        rule.refuse("AES-128-CCM", session(**dict(two, cipher="AES-128-CCM")), REFUSED)
    with Rule("SESSION-30-CMAC-ONLY", "session") as rule:
        rule.accept("AES-CMAC", session(**three), {"signer": CMAC})
        for algorithm in (HMAC, GMAC):
            rule.refuse(algorithm, session(**dict(three, signing=algorithm)), REFUSED)
    with Rule("SESSION-30-CCM-ONLY", "session") as rule:
        rule.accept("AES-128-CCM", session(**three))
        for cipher in ("AES-128-GCM", "AES-256-CCM", "AES-256-GCM"):
            rule.refuse(cipher, session(**dict(three, cipher=cipher)), REFUSED)
    with Rule("SESSION-30-CIPHER-KEYS-16", "session") as rule:
        rule.accept("16-byte cipher keys", session(**three), {"client_to_server_len": 16, "server_to_client_len": 16})
        rule.refuse("32 bytes", session(**three), differs={"client_to_server_len": 32})
    with Rule("SESSION-311-ALGORITHMS", "session") as rule:
        for algorithm in (HMAC, CMAC, GMAC):
            rule.accept("%s, the derived key" % algorithm, session(KEY16, signing=algorithm),
                        {"signer": algorithm, "signing_derived": signing_key})
        rule.refuse("HMAC with SessionKey itself", session(KEY16, signing=HMAC), differs={"signing": KEY16})
    with Rule("SESSION-311-NOT-NEGOTIATED-CMAC", "session") as rule:
        rule.accept("no algorithm negotiated: AES-CMAC", session(signing=CMAC, signing_negotiated=False), {"signer": CMAC})
        rule.refuse("HMAC-SHA256 (0) without having been negotiated", session(signing=HMAC, signing_negotiated=False), REFUSED)
    with Rule("SESSION-311-CIPHER-KEYS", "session") as rule:
        for cipher, n in (("AES-128-CCM", 16), ("AES-128-GCM", 16), ("AES-256-CCM", 32), ("AES-256-GCM", 32)):
            rule.accept(cipher, session(cipher=cipher), {"client_to_server_len": n, "server_to_client_len": n})
        rule.refuse("AES-256-GCM with 16", session(cipher="AES-256-GCM"), differs={"client_to_server_len": 16})
    with Rule("SESSION-311-NO-CIPHER-NO-KEYS", "session") as rule:
        rule.accept("no cipher: no such keys", session(cipher="NONE"), {"client_to_server": b"", "server_to_client": b""})
        rule.refuse("keys all the same", session(cipher="NONE"), differs={"client_to_server_len": 16})
    with Rule("SESSION-SIGNING-L-128", "session") as rule:
        big = session(KEY16 * 2, cipher="AES-256-GCM")
        rule.accept("L = 128 from SessionKey beside a 256-bit cipher", big, {
            "signing_derived": signing_key, "application_derived": dict(signing_key, purpose="APPLICATION")})
        rule.refuse("from FullSessionKey", big, differs={"signing_kdf": derived(KEY16 * 2, LABELS["SIGNING"][0], HASH)})
    with Rule("SESSION-KEY-NOT-EMPTY", "session") as rule:
        rule.accept("one byte", session(b"\x01", **two))
        rule.refuse("none: anonymous and guest sessions sign nothing", session(b"", **two), REFUSED)


def binding():
    def bind(old, new, key=KEY16, preauth=OTHER_HASH):
        return {"session": session(**old), "connection": negotiated(**new), "session_key": key, "preauth": preauth}

    def refused(code):
        return {"status": "CSIGN_UNSUPPORTED", "ntstatus": code}

    same = {"status": "CSIGN_OK", "ntstatus": 0}
    gmac, cmac, hm = dict(signing=GMAC), dict(signing=CMAC), dict(signing=HMAC)
    old2 = dict(dialect=0x0210, signing=HMAC, cipher="NONE")
    with Rule("BIND-GMAC-OUT-OF-SEQUENCE", "bind") as rule:
        rule.accept("GMAC to GMAC", bind(gmac, gmac), same)
        rule.refuse("GMAC to CMAC", bind(gmac, cmac), refused(0xC000042A))
        rule.refuse("GMAC to HMAC", bind(gmac, hm), refused(0xC000042A))
        rule.refuse("GMAC to a 2.1 connection: the algorithm is judged first", bind(gmac, old2), refused(0xC000042A))
    with Rule("BIND-TO-GMAC-NOT-SUPPORTED", "bind") as rule:
        rule.accept("CMAC to CMAC", bind(cmac, cmac), same)
        rule.refuse("CMAC to GMAC", bind(cmac, gmac), refused(0xC00000BB))
        rule.refuse("HMAC to GMAC", bind(hm, gmac), refused(0xC00000BB))
    with Rule("BIND-CMAC-HMAC-ACROSS", "bind") as rule:
        rule.accept("CMAC to HMAC", bind(cmac, hm), same)
        rule.accept("HMAC to CMAC", bind(hm, cmac), same)
        rule.refuse("demanding the same", bind(cmac, hm), differs={"status": "CSIGN_UNSUPPORTED"})
        rule.accept("the channel has the new connection's algorithm", bind(cmac, hm), {"signer": HMAC})
        rule.refuse("the session's", bind(cmac, hm), differs={"signer": CMAC})
    with Rule("BIND-2X-NOT-ACCEPTED", "bind") as rule:
        three = dict(dialect=0x0300, signing=CMAC, cipher="NONE")
        rule.accept("3.0 to 3.0", bind(three, three), same)
        rule.refuse("3.0 to 2.1", bind(three, old2), refused(0xC00000D0))
        rule.refuse("2.1 to 3.0", bind(old2, three), refused(0xC00000D0))
        rule.refuse("2.1 to 2.1", bind(old2, old2), refused(0xC00000D0))
    with Rule("BIND-DIALECT-EQUAL", "bind") as rule:
        rule.accept("3.0 to 3.0", bind(dict(dialect=0x0300, signing=CMAC, cipher="AES-128-CCM"),
                                      dict(dialect=0x0300, signing=CMAC, cipher="AES-128-CCM")), same)
        rule.refuse("3.0 to 3.0.2", bind(dict(dialect=0x0300, signing=CMAC, cipher="AES-128-CCM"),
                                        dict(dialect=0x0302, signing=CMAC, cipher="AES-128-CCM")), refused(0xC000000D))
    with Rule("BIND-CIPHER-EQUAL", "bind") as rule:
        rule.accept("AES-128-CCM to AES-128-CCM", bind(dict(cmac, cipher="AES-128-CCM"), dict(cmac, cipher="AES-128-CCM")), same)
        rule.refuse("AES-128-CCM to AES-128-GCM", bind(dict(cmac, cipher="AES-128-CCM"), cmac), refused(0xC000000D))
        rule.refuse("AES-128-GCM to none", bind(cmac, dict(cmac, cipher="NONE")), refused(0xC000000D))
    with Rule("BIND-KEY", "bind") as rule:
        whole = bind(cmac, cmac, key=KEY32[16:])
        right = {"purpose": "SIGNING", "dialect": 0x0311, "session_key": KEY32[16:], "preauth": OTHER_HASH, "out_len": 16}
        rule.accept("from the binding authentication's key and the connection's chain", whole, {"signing_derived": right})
        rule.refuse("from the session's key", whole, differs={"signing_derived": dict(right, session_key=KEY16)})
        rule.refuse("from the session's chain", whole, differs={"signing_derived": dict(right, preauth=HASH)})


def chain():
    first, second = b"NEGOTIATE request", b"NEGOTIATE response"
    with Rule("PREAUTH-STARTS-AT-0", "preauth") as rule:
        rule.accept("64 zero bytes", {"messages": []}, {"value": bytes(64)})
        rule.refuse("SHA-512 of nothing", {"messages": []}, differs={"value": sha512(b"")})
    after = sha512(sha512(HASH + first) + second)
    args = {"start": HASH, "messages": [first, second]}
    with Rule("PREAUTH-CHAIN", "preauth") as rule:
        rule.accept("SHA-512(H || message), message by message", args, {"value": after})
        rule.refuse("H left out", args, differs={"value": sha512(second)})
        rule.refuse("all messages in one", args, differs={"value": sha512(HASH + first + second)})
        rule.refuse("the message first", args, differs={"value": sha512(second + sha512(first + HASH))})
    short, message = bytes(range(1, 61)), bytes(range(1, 121))
    pieces = [short[:20], short[20:50], b"", short[50:]]
    parts = {"start": HASH, "parts": pieces}
    with Rule("PREAUTH-PARTS", "preauth") as rule:
        rule.accept("one message in four pieces", parts, {"value_chain": {"start": HASH, "messages": [short]}})
        rule.refuse("each as a message", parts, differs={"value_chain": {"start": HASH, "messages": pieces}})
    with Rule("PREAUTH-WHOLE-MESSAGE", "preauth") as rule:
        whole = {"start": HASH, "messages": [message]}
        rule.accept("as sent", whole, {"value_chain": whole})
        rule.refuse("signature bytes as zero", whole, differs={"value_chain": {
            "start": HASH, "messages": [message[:48] + bytes(16) + message[64:]]}})
        rule.refuse("without the last byte", whole, differs={"value_chain": {"start": HASH, "messages": [message[:-1]]}})


def build():
    formula()
    labels()
    lengths()
    sessions()
    binding()
    chain()
