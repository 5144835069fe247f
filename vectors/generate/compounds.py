# SPDX-License-Identifier: Apache-2.0
"""Vector files for signing messages and for compounds: MS-SMB2 3.1.4.1, 3.2.4.1.4, 3.3.4.1.3."""
import captures
import independent as ind
import published
import recorded
from form import VectorFile
from signing import ALGORITHMS, CREATE, INTERIM, KEY, READ, SESSION, request


def unsigned(message, junk=b"\xa5" * 16):
    """The message before it was signed, with something in the field that must not matter."""
    return ind.patch(ind.set_flags(message, ind.flags_of(message) & ~ind.SIGNED), 48, junk)


def sign():
    file = VectorFile("sign.json", "SMB2 and SMB3 signing", {
        "Published": "Messages that Microsoft, go-smb2 and smb-rs published: signing them again gives the same bytes",
        "Capture": "Messages of captures under the key that Samba logged",
        "Length": "Bodies of 0 to 80 bytes and larger ones: block and padding edges behind a 64-byte header",
        "CancelMessageId0": "Samba's client sends CANCEL with MessageId 0 under HMAC-SHA256 and AES-CMAC",
        "ByRule": "Messages that are never signed",
        "Nonce": "Signing would repeat or misuse a nonce; refused for every algorithm",
        "Shape": "Too short, not SMB2, a NextCommand that is not this element's",
        "NoSigner": "A signer that was never initialised"})
    single, p = published.load("single_messages"), published.load("smb311_session")
    for source, algorithm, key, message in [("go-smb2", ind.AES_CMAC, single["cmac30_signing"],
                                             single["cmac30_message"]),
                                            ("smb-rs", ind.AES_GMAC, single["gmac311_signing"],
                                             single["gmac311_message"]),
                                            (published.MICROSOFT, ind.AES_CMAC, p["signing"],
                                             p["session_setup_response_2"])]:
        file.group("Sign", source, signingAlgorithm=algorithm, key=key).valid("a published message", ["Published"],
                                                                              message=unsigned(message),
                                                                               signed=message, status="OK")
    for name in ("lock.cancel-gmac", "lock.cancel-cmac", "sign-SMB2_10-small",
                 "sign-SMB3_11-HMAC-SHA256-AES-128-GCM-small"):
        group, seen = None, set()
        for s in recorded.signed_elements(name):
            kind = (ind.field(s.element.data, 12, "H"), s.element.side)
            if kind not in seen and len(s.element.data) <= 400:
                seen.add(kind)
                group = group or file.group("Sign", recorded.SAMBA % name, signingAlgorithm=s.algorithm)
                group.valid("frame %d, command %d" % (s.element.frame, kind[0]), ["Capture"], key=s.key,
                            message=unsigned(s.element.data),
                            signed=s.element.data, status="OK")
    for algorithm in ALGORITHMS:
        add_sign_made(file, algorithm)
    return file


def add_sign_made(file, algorithm):
    group = file.group("Sign", "made; signatures by python3-cryptography and hashlib", signingAlgorithm=algorithm,
                       key=KEY)
    for body in list(range(0, 81)) + [127, 128, 129, 191, 192, 193, 4096]:
        message = request(body=body)
        group.valid("a body of %d bytes" % body, ["Length"], message=message, signed=ind.sign(algorithm, KEY, message),
                    status="OK")
    cancel = request(ind.CANCEL, 0, body=4)
    if algorithm == ind.AES_GMAC:
        group.invalid("CANCEL, message id 0", ["Nonce"], message=cancel, signed=None, status="NONCE_FORBIDDEN")
    else:
        group.valid("CANCEL, message id 0", ["CancelMessageId0"], message=cancel,
                    signed=ind.sign(algorithm, KEY, cancel), status="OK")
    for comment, message in [("NEGOTIATE request", request(ind.NEGOTIATE, 3)),
                             ("NEGOTIATE response", request(ind.NEGOTIATE, 3, 1)),
                             ("session 0", request(session_id=0)), ("a server's CANCEL", request(ind.CANCEL, 3, 1))]:
        group.invalid(comment, ["ByRule"], message=message, signed=None, status="NOT_SIGNED_BY_RULE")
    for comment, message in [("interim response", request(flags=1 | ind.ASYNC, status=INTERIM)),
                             ("message id all ones", request(message_id=2 ** 64 - 1)),
                             ("a break, message id all ones", request(ind.OPLOCK_BREAK, 2 ** 64 - 1, 1)),
                             ("message id 0", request(message_id=0)),
                             ("message id 0, server", request(message_id=0, flags=1))]:
        group.invalid(comment, ["Nonce"], message=message, signed=None, status="NONCE_FORBIDDEN")
    for comment, message, status in [("63 bytes", request()[:63], "TRUNCATED"), ("1 byte", b"\xfe", "TRUNCATED"),
                                     ("a transform header", b"\xfd" + request()[1:], "MALFORMED"),
                                     ("StructureSize 63", ind.patch(request(), 4, b"\x3f"), "MALFORMED"),
                                     ("NextCommand short of the element", request(body=56, next_command=112),
                                      "MALFORMED"),
                                     ("NextCommand past the element", request(body=56, next_command=128), "MALFORMED")]:
        group.invalid(comment, ["Shape"], message=message, signed=None, status=status)
    none = file.group("Sign", "the contract of csign_sign", signingAlgorithm=algorithm, key=None)
    none.invalid("no signer", ["NoSigner"], message=request(), signed=None, status="BAD_ARGUMENT")


def walk(message):
    """(offset, length) of each element."""
    offset, found = 0, []
    while True:
        step = ind.field(message, offset + 20, "I")
        found.append((offset, step or len(message) - offset))
        if not step:
            return found
        offset += step


def compounds():
    file = VectorFile("compounds.json", "SMB2 compounds, each element signed", {
        "Capture": "Compounds of captures, of client and server, under the key that Samba logged",
        "Made": "Compounds whose last element ends off a multiple of 8, and single messages",
        "OneBad": "A bit of one element inverted: that element is bad, the others are not",
        "WholeMessage": "Each element signed to the end of the message instead of its own end",
        "Walk": "NextCommand that leads nowhere: MS-SMB2 3.3.5.2.7"})
    for name in captures.names():
        add_captured_compounds(file, name)
    for algorithm in ALGORITHMS:
        add_made_compounds(file, algorithm)
    return file


def add_captured_compounds(file, name):
    if not captures.facts(name)["sessions"]:
        return
    group, seen = None, set()
    by_frame = {}
    for s in recorded.signed_elements(name):
        by_frame.setdefault((s.element.frame, s.element.message), []).append(s)
    for (frame, message), parts in by_frame.items():
        kind = tuple((ind.field(s.element.data, 12, "H"), s.element.side) for s in parts)
        if len(parts) < 2 or len(parts) != len(walk(message)) or kind in seen:
            continue
        seen.add(kind)
        group = group or file.group("Compound", recorded.SAMBA % name, signingAlgorithm=parts[0].algorithm)
        group.valid("frame %d, %d elements" % (frame, len(parts)), ["Capture"], key=parts[0].key, message=message,
                    elements=[{"offset": o, "length": n, "status": "OK"} for o, n in walk(message)], status="OK")


def compound(algorithm, flags, bodies, whole=False):
    """A signed compound of elements with those body lengths."""
    plain = []
    for i, body in enumerate(bodies):
        last = i + 1 == len(bodies)
        length = 64 + body if last else (64 + body + 7) // 8 * 8
        message = request(CREATE if i == 0 else READ, 7 + i, flags | (ind.RELATED if i else 0), body,
                          SESSION if i == 0 else 2 ** 64 - 1,
                          next_command=0 if last else length)
        plain.append(message.ljust(length, b"\0"))
    if not whole:
        return b"".join(ind.sign(algorithm, KEY, m) for m in plain)
    joined = b"".join(ind.covered(m) for m in plain)
    out, offset = b"", 0
    for m in plain:
        out += ind.patch(ind.covered(m), 48, ind.signature(algorithm, KEY, joined[offset:], ind.nonce(m)))
        offset += len(m)
    return out


def add_made_compounds(file, algorithm):
    group = file.group("Compound", "made; signatures by python3-cryptography and hashlib", signingAlgorithm=algorithm,
                       key=KEY)

    def statuses(message, bad=()):
        return [{"offset": o, "length": n, "status": "BAD_SIGNATURE" if i in bad else "OK"} for i,
                (o, n) in enumerate(walk(message))]

    for flags in (0, 1):
        for bodies in ([0], [33], [57, 49, 25], [8, 16], [1, 2, 3, 4], [0, 0]):
            message = compound(algorithm, flags, bodies)
            group.valid("%s, bodies of %s" % ("server" if flags else "client", bodies), ["Made"], message=message,
                        elements=statuses(message), status="OK")
    message = compound(algorithm, 0, [57, 49, 25])
    for i, (offset, length) in enumerate(walk(message)):
        broken = ind.patch(message, offset + length - 1, bytes([message[offset + length - 1] ^ 1]))
        group.valid("the last byte of element %d" % i, ["OneBad"], message=broken, elements=statuses(message, {i}),
                    status="OK")
    whole = compound(algorithm, 0, [57, 49, 25], whole=True)
    group.valid("all but the last signed to the end of the message", ["WholeMessage"], message=whole,
                elements=statuses(whole, {0, 1}), status="OK")
    second = walk(message)[1][0]
    for comment, broken, status, known in [
            ("NextCommand past the message", ind.patch(message, 20, (len(message) // 8 * 8 + 8).to_bytes(4, "little")),
             "TRUNCATED", 0),
            ("NextCommand at the very end", message[:second], "TRUNCATED", 1),
            ("NextCommand below 64", ind.patch(message, 20, b"\x38"), "MALFORMED", 0),
            ("NextCommand not a multiple of 8", ind.patch(message, 20, (second + 4).to_bytes(4, "little")), "MALFORMED",
             0),
            ("NextCommand of 2^32 - 8", ind.patch(message, 20, b"\xf8\xff\xff\xff"), "TRUNCATED", 0),
            ("second ProtocolId wrong", ind.patch(message, second, b"\xfd"), "MALFORMED", 1),
            ("second StructureSize wrong", ind.patch(message, second + 4, b"\x00"), "MALFORMED", 1),
            ("second NextCommand past the message", ind.patch(message, second + 20, b"\xf8\xff"), "TRUNCATED", 1),
            ("63 bytes", message[:63], "TRUNCATED", 0), ("nothing", b"", "TRUNCATED", 0)]:
        group.invalid(comment, ["Walk"], message=broken, elements=statuses(message)[:known], status=status)


FILES = [sign, compounds]
