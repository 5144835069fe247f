# SPDX-License-Identifier: Apache-2.0
"""The vector file for NEGOTIATE messages: MS-SMB2 2.2.3, 2.2.4. The reader here is the third opinion: what it reads in a message of
negotiate-messages.json must be what that file's own parser read."""
import json
import os
import struct

import captures
import independent as ind
import published
import recorded
from form import VectorFile

PREAUTH, ENCRYPTION, COMPRESSION, NETNAME, TRANSPORT, RDMA, SIGNING, POSIX = 1, 2, 3, 5, 6, 7, 8, 0x100
POSIX_GUID = bytes.fromhex("93ad25509cb411e7b42383de968bcd7c")


def u16s(data):
    return list(struct.unpack("<%dH" % (len(data) // 2), data))


def number64(message, offset):
    return "%016x" % ind.field(message, offset, "Q")


def read_contexts(message):
    """The contexts as parsed.contexts has them; for well-formed ones."""
    out = dict.fromkeys(["preauthHashes", "preauthSalt", "ciphers", "compressionAlgorithms", "compressionFlags", "netname", "transportFlags",
                         "rdmaTransforms", "signingAlgorithms", "posix"])
    for kind, data in recorded.contexts(message):
        count = ind.field(data, 0, "H") if len(data) > 1 else 0
        if kind == PREAUTH:
            out["preauthHashes"] = u16s(data[4:4 + 2 * count])
            salt = 4 + 2 * count
            out["preauthSalt"] = data[salt:salt + ind.field(data, 2, "H")]
        elif kind == ENCRYPTION:
            out["ciphers"] = u16s(data[2:2 + 2 * count])
        elif kind == COMPRESSION:
            out["compressionAlgorithms"], out["compressionFlags"] = u16s(data[8:8 + 2 * count]), ind.field(data, 4, "I")
        elif kind == NETNAME:
            out["netname"] = data
        elif kind == TRANSPORT:
            out["transportFlags"] = ind.field(data, 0, "I")
        elif kind == RDMA:
            out["rdmaTransforms"] = u16s(data[8:8 + 2 * count])
        elif kind == SIGNING:
            out["signingAlgorithms"] = u16s(data[2:2 + 2 * count])
        elif kind == POSIX:
            out["posix"] = data
    return {"status": "OK", **out}


def dialects_of(message):
    return u16s(message[100:100 + 2 * ind.field(message, 66, "H")])


def read_request(message):
    with_contexts = 0x0311 in dialects_of(message)
    return {"dialects": dialects_of(message), "securityMode": ind.field(message, 68, "H"), "capabilities": ind.field(message, 72, "I"),
            "clientGuid": message[76:92], "clientStartTime": "0" * 16 if with_contexts else number64(message, 92),
            "contexts": read_contexts(message) if with_contexts else None}


def read_response(message):
    offset, length = ind.field(message, 120, "H"), ind.field(message, 122, "H")
    return {"dialect": "%04x" % ind.field(message, 68, "H"), "securityMode": ind.field(message, 66, "H"), "capabilities": ind.field(message, 88, "I"),
            "serverGuid": message[72:88], "maxTransactSize": ind.field(message, 92, "I"), "maxReadSize": ind.field(message, 96, "I"),
            "maxWriteSize": ind.field(message, 100, "I"), "systemTime": number64(message, 104), "serverStartTime": number64(message, 112),
            "securityBuffer": message[offset:offset + length] if length else b"",
            "contexts": read_contexts(message) if ind.field(message, 68, "H") == 0x0311 else None}


def context_bytes(parsed):
    """The contexts as an encoder writes them: ascending by type, exactly as long as their counts say, padded to 8 in between."""
    out = []
    if parsed["preauthHashes"] is not None:
        out.append(context(PREAUTH, preauth(parsed["preauthHashes"], parsed["preauthSalt"])))
    if parsed["ciphers"] is not None:
        out.append(context(ENCRYPTION, ids(*parsed["ciphers"])))
    if parsed["compressionAlgorithms"] is not None:
        numbers = parsed["compressionAlgorithms"]
        out.append(context(COMPRESSION, struct.pack("<HHI%dH" % len(numbers), len(numbers), 0, parsed["compressionFlags"], *numbers)))
    if parsed["netname"] is not None:
        out.append(context(NETNAME, parsed["netname"]))
    if parsed["transportFlags"] is not None:
        out.append(context(TRANSPORT, struct.pack("<I", parsed["transportFlags"])))
    if parsed["rdmaTransforms"] is not None:
        numbers = parsed["rdmaTransforms"]
        out.append(context(RDMA, struct.pack("<HHI%dH" % len(numbers), len(numbers), 0, 0, *numbers)))
    if parsed["signingAlgorithms"] is not None:
        out.append(context(SIGNING, ids(*parsed["signingAlgorithms"])))
    if parsed["posix"] is not None:
        out.append(context(POSIX, parsed["posix"]))
    return out


def canonical_header(message):
    """Command, StructureSize, NextCommand and the two flags are the encoder's; bytes 32..39 are written as they were read."""
    flags = ind.flags_of(message) & ~ind.SIGNED
    return message[:16] + struct.pack("<II", flags, 0) + message[24:64]


def canonical_request(message):
    parsed = read_request(message)
    fixed = 100 + 2 * len(parsed["dialects"])
    contexts = context_bytes(parsed["contexts"]) if parsed["contexts"] else []
    where = struct.pack("<IHH", (fixed + 7) // 8 * 8, len(contexts), 0) if contexts else message[92:100]
    return canonical_header(message) + struct.pack("<HHHHI", 36, len(parsed["dialects"]), parsed["securityMode"], 0, parsed["capabilities"]) + \
        parsed["clientGuid"] + where + message[100:fixed] + (bytes(-fixed % 8) + join(contexts) if contexts else b"")


def canonical_response(message):
    parsed = read_response(message)
    contexts = context_bytes(parsed["contexts"]) if parsed["contexts"] else []
    buffer = parsed["securityBuffer"]
    end = 128 + len(buffer)
    head = struct.pack("<HHHH", 65, parsed["securityMode"], int(parsed["dialect"], 16), len(contexts)) + parsed["serverGuid"]
    sizes = message[88:120] + struct.pack("<HHI", 128 if buffer else 0, len(buffer), (end + 7) // 8 * 8 if contexts else 0)
    return canonical_header(message) + head + sizes + buffer + (bytes(-end % 8) + join(contexts) if contexts else b"")


def lists_agree(entry, request, response):
    """What negotiate-messages.json says about its messages, against what is read here."""
    parsed = read_request(request)
    pairs = [(entry["dialects"], ["%04x" % d for d in parsed["dialects"]]), (entry["security_mode"], parsed["securityMode"]),
             (entry["capabilities"], parsed["capabilities"]), (entry["response_dialect"], read_response(response)["dialect"]),
             (entry["sends_signing_capabilities"], SIGNING in [k for k, _ in recorded.contexts(request)])]
    for listed, message in [("request_contexts", request), ("response_contexts", response)]:
        pairs.append(([(c["type"], c["data"]) for c in entry.get(listed) or []], [(k, d.hex()) for k, d in recorded.contexts(message)]))
    return all(theirs == ours for theirs, ours in pairs)


def context(kind, data, reserved=0):
    return struct.pack("<HHI", kind, len(data), reserved) + data


def join(contexts, padding=b"\0"):
    out = b""
    for c in contexts:
        out += padding * (-len(out) % 8) + c
    return out


def ids(*numbers):
    return struct.pack("<H", len(numbers)) + struct.pack("<%dH" % len(numbers), *numbers)


def preauth(hashes=(1,), salt=bytes(range(32))):
    return struct.pack("<HH", len(hashes), len(salt)) + \
        struct.pack("<%dH" % len(hashes), *hashes) + salt


def request(dialects=(0x0202, 0x0210, 0x0300, 0x0302, 0x0311), contexts=(), tail=None, offset=None, count=None, padding=b"\0"):
    head = ind.header(ind.NEGOTIATE, 0, 0, tree_id=0)
    fixed = 64 + 36 + 2 * len(dialects)
    at = (fixed + 7) // 8 * 8
    where = struct.pack("<IHH", at if offset is None else offset, len(contexts) if count is None else count, 0) if 0x0311 in dialects \
        else bytes.fromhex("0102030405060708")
    body = struct.pack("<HHHHI", 36, len(dialects), 1, 0, 0x7F) + bytes(range(16)) + where + struct.pack("<%dH" % len(dialects), *dialects)
    if not contexts and tail is None:
        return head + body
    return head + body + bytes(at - fixed) + (join(contexts, padding) if tail is None else tail)


def response(dialect=0x0311, contexts=(), buffer=bytes(range(1, 12)), offset=None, count=None):
    head = ind.header(ind.NEGOTIATE, 0, 0, ind.SERVER_TO_REDIR, tree_id=0)
    end = 128 + len(buffer)
    at = (end + 7) // 8 * 8
    body = struct.pack("<HHHH", 65, 1, dialect, len(contexts) if count is None else count) + bytes(range(16)) + \
        struct.pack("<IIIIQQHHI", 0x2F, 8388608, 8388607, 8388606, 0x01D0BACBADE5DAD8, 0x0102030405060708, 128 if buffer else 0, len(buffer),
                    at if offset is None else offset)
    return head + body + buffer + (bytes(at - end) + join(contexts) if contexts else b"")


OK_PREAUTH, OK_CIPHERS, OK_SIGNING = context(PREAUTH, preauth()), context(ENCRYPTION, ids(2, 1)), context(SIGNING, ids(2, 1, 0))
ALL = [OK_PREAUTH, OK_CIPHERS, context(COMPRESSION, struct.pack("<HHIHHH", 3, 0, 1, 1, 2, 5)), context(NETNAME, "srv".encode("utf-16-le")),
       context(TRANSPORT, struct.pack("<I", 1)), context(RDMA, struct.pack("<HHIHH", 2, 0, 0, 1, 2)), OK_SIGNING, context(POSIX, POSIX_GUID)]


def negotiate():
    file = VectorFile("negotiate.json", "SMB2 NEGOTIATE messages", {
        "Microsoft": "The requests and responses of the sessions that Microsoft published",
        "Client": "What eleven clients send and Samba answers, vectors/captures/negotiate-messages.json; that file's own parser agrees with the expected values",
        "Slack": "Longer than its counted ids: nmap's PREAUTH, Linux' SIGNING",
        "Layout": "Order, padding and gaps between contexts are free; unknown contexts and bytes behind the last one are ignored",
        "NoContexts": "3.1.1 is not at hand: the bytes where contexts would be named are ClientStartTime or reserved",
        "Fixed": "Header, fixed part or dialect list wrong: nothing can be read",
        "BadContext": "The message is read, and the first error among its contexts stands beside it"})
    for name, what in [("smb311_session", "first channel"), ("smb311_binding", "second channel")]:
        p = published.load(name)
        file.group("NegotiateRequest", published.MICROSOFT).valid(what, ["Microsoft"], message=p["negotiate_request"],
                                                                  parsed=read_request(p["negotiate_request"]),
                              canonical=canonical_request(p["negotiate_request"]), status="OK")
        file.group("NegotiateResponse", published.MICROSOFT).valid(what, ["Microsoft"], message=p["negotiate_response"],
                                                                   parsed=read_response(p["negotiate_response"]),
                              canonical=canonical_response(p["negotiate_response"]), status="OK")
    with open(os.path.join(captures.FOLDER, "negotiate-messages.json"), encoding="utf-8") as text:
        listed = json.load(text)
    requests, responses = [file.group(t, "own captures, vectors/captures/negotiate-messages.json") for t in ("NegotiateRequest", "NegotiateResponse")]
    for name, entry in listed.items():
        req, res = bytes.fromhex(entry["negotiate_request_hex"]), bytes.fromhex(entry["negotiate_response_hex"])
        if not lists_agree(entry, req, res):
            raise ValueError("negotiate-messages.json, %s: its parser and this one differ" % name)
        slack = ["Slack"] if "nmap" in name or "default, -m" in name else []
        requests.valid(name, ["Client"] + slack, message=req, parsed=read_request(req),
                              canonical=canonical_request(req), status="OK")
        responses.valid("to " + name, ["Client"], message=res, parsed=read_response(res),
                              canonical=canonical_response(res), status="OK")
    add_layouts(file)
    add_fixed(file)
    add_bad_contexts(file)
    return file


def add_layouts(file):
    group = file.group("NegotiateRequest", "made; MS-SMB2 2.2.3", status="OK")
    for flag, comment, message in [
            ("Layout", "all contexts", request(contexts=ALL)), ("Layout", "all contexts, from the last to the first", request(contexts=ALL[::-1])),
            ("Layout", "padding of 0xFF", request(contexts=ALL, padding=b"\xff")), ("Layout", "reserved fields not zero",
                                                                                   request(contexts=[context(k, d, 0xA5A5A5A5) for k, d in
                                                                                                     recorded.contexts(request(contexts=ALL))])),
            ("Layout", "an unknown context first", request(contexts=[context(0x7777, b"abc")] + ALL)),
            ("Layout", "bytes behind the last counted context", request(contexts=ALL) + b"\xee" * 9),
            ("Layout", "8 bytes between dialects and contexts", request(contexts=[OK_PREAUTH], tail=bytes(8) + join([OK_PREAUTH]), offset=120)),
            ("Layout", "no salt", request(contexts=[context(PREAUTH, preauth(salt=b""))])),
            ("Layout", "unknown ids in every list", request(contexts=[context(PREAUTH, preauth((7, 1, 9))), context(ENCRYPTION, ids(99, 2)),
                                                                       context(SIGNING, ids(77, 2, 88))])),
            ("Slack", "SIGNING and ENCRYPTION rounded up to 8", request(contexts=[OK_PREAUTH, context(ENCRYPTION, ids(1) + bytes(4)),
                                                                                   context(SIGNING, ids(2) + bytes(4))])),
            ("NoContexts", "without 3.1.1", request((0x0202, 0x0300))), ("NoContexts", "one dialect", request((0x0210,))),
            ("NoContexts", "unknown dialects only", request((0x02FF, 0x9999)))]:
        group.valid(comment, [flag], message=message, parsed=read_request(message), canonical=canonical_request(message))
    group = file.group("NegotiateResponse", "made; MS-SMB2 2.2.4", status="OK")
    answer = [OK_PREAUTH, context(ENCRYPTION, ids(2)), context(SIGNING, ids(1))]
    for flag, comment, message in [
            ("Layout", "three contexts", response(contexts=answer)), ("Layout", "three contexts, from the last", response(contexts=answer[::-1])),
            ("Layout", "an empty security buffer at offset 0", response(contexts=answer, buffer=b"")),
            ("Layout", "cipher 0", response(contexts=[OK_PREAUTH, context(ENCRYPTION, ids(0))])),
            ("Slack", "SIGNING rounded up to 8", response(contexts=[OK_PREAUTH, context(SIGNING, ids(1) + bytes(4))])),
            ("NoContexts", "3.0, reserved fields set", response(0x0300, offset=0xFFFFFFFF, count=0xFFFF)),
            ("NoContexts", "2.0.2", response(0x0202)), ("NoContexts", "0x02FF", response(0x02FF))]:
        group.valid(comment, [flag], message=message, parsed=read_response(message), canonical=canonical_response(message))


def add_fixed(file):
    good = request(contexts=ALL)
    group = file.group("NegotiateRequest", "made; MS-SMB2 2.2.3, 3.3.5.4", parsed=None, canonical=None)
    for comment, message, status in [
            ("nothing", b"", "TRUNCATED"), ("63 bytes", good[:63], "TRUNCATED"), ("the header alone", good[:64], "TRUNCATED"),
            ("99 bytes", good[:99], "TRUNCATED"), ("one byte of a dialect missing", request((0x0202, 0x0300))[:-1], "TRUNCATED"),
            ("DialectCount 65535", ind.patch(request((0x0202,)), 66, b"\xff\xff"), "TRUNCATED"),
            ("DialectCount 0", ind.patch(good, 66, b"\0\0"), "MALFORMED"), ("SIGNED set", ind.set_flags(good, 8), "MALFORMED"),
            ("another command", ind.patch(good, 12, b"\1"), "MALFORMED"), ("ProtocolId of SMB1", b"\xff" + good[1:], "MALFORMED"),
            ("header StructureSize 65", ind.patch(good, 4, b"\x41"), "MALFORMED"), ("StructureSize 37", ind.patch(good, 64, b"\x25"), "MALFORMED"),
            ("NextCommand set", ind.patch(good, 20, b"\x80"), "MALFORMED")]:
        group.invalid(comment, ["Fixed"], message=message, status=status)
    good = response(contexts=[OK_PREAUTH])
    group = file.group("NegotiateResponse", "made; MS-SMB2 2.2.4", parsed=None, canonical=None)
    for comment, message, status in [
            ("nothing", b"", "TRUNCATED"), ("the header alone", good[:64], "TRUNCATED"), ("127 bytes", good[:127], "TRUNCATED"),
            ("a security buffer past the end", ind.patch(good, 122, b"\xff\xff"), "TRUNCATED"),
            ("a security buffer over the fixed part", ind.patch(good, 120, b"\x7f\0"), "MALFORMED"),
            ("another command", ind.patch(good, 12, b"\1"), "MALFORMED"), ("ProtocolId of a transform", b"\xfd" + good[1:], "MALFORMED"),
            ("StructureSize 64", ind.patch(good, 64, b"\x40"), "MALFORMED")]:
        group.invalid(comment, ["Fixed"], message=message, status=status)


def add_bad_contexts(file):
    """The parse succeeds; contexts.status is the refusal that selection gives at 3.1.1."""
    group = file.group("NegotiateRequest", "made; MS-SMB2 2.2.3.1, 3.3.5.4", status="OK")
    cut = request(contexts=[OK_PREAUTH])
    for comment, message, status in [
            ("no contexts", request(contexts=[], count=0), "MISSING_CONTEXT"), ("no PREAUTH", request(contexts=[OK_CIPHERS]), "MISSING_CONTEXT"),
            ("two PREAUTH", request(contexts=[OK_PREAUTH, OK_PREAUTH]), "DUPLICATE_CONTEXT"),
            ("two ENCRYPTION", request(contexts=[OK_PREAUTH, OK_CIPHERS, OK_CIPHERS]), "DUPLICATE_CONTEXT"),
            ("two SIGNING", request(contexts=[OK_PREAUTH, OK_SIGNING, OK_SIGNING]), "DUPLICATE_CONTEXT"),
            ("data past the end", cut[:-1], "TRUNCATED"), ("a context header past the end", request(contexts=[OK_PREAUTH], count=2), "TRUNCATED"),
            ("PREAUTH with no hash", request(contexts=[context(PREAUTH, preauth(()))]), "MALFORMED"),
            ("ENCRYPTION with no cipher", request(contexts=[OK_PREAUTH, context(ENCRYPTION, ids())]), "MALFORMED"),
            ("SIGNING with no algorithm", request(contexts=[OK_PREAUTH, context(SIGNING, ids())]), "MALFORMED")]:
        parsed = dict(read_request(request((0x0202, 0x0210, 0x0300, 0x0302, 0x0311))), contexts={"status": status})
        group.valid(comment, ["BadContext"], message=message, parsed=parsed, canonical=None)


FILES = [negotiate]
