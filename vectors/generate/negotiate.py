# SPDX-License-Identifier: Apache-2.0
"""The vector file for NEGOTIATE messages: MS-SMB2 2.2.3, 2.2.4. The reader here is the third opinion: what it reads in a
message of negotiate-messages.json must be what that file's own parser read."""
import json
import os

import captures
import independent as ind
import published
import recorded
from form import VectorFile
from negotiate_messages import (ALL, ENCRYPTION, OK_CIPHERS, OK_PREAUTH, OK_SIGNING, PREAUTH, SIGNING, canonical_request,
                                canonical_response, context, ids, join, preauth, read_request, read_response, request,
                                response)


def lists_agree(entry, request, response):
    """What negotiate-messages.json says about its messages, against what is read here."""
    parsed = read_request(request)
    pairs = [(entry["dialects"], ["%04x" % d for d in parsed["dialects"]]),
             (entry["security_mode"], parsed["securityMode"]),
             (entry["capabilities"], parsed["capabilities"]),
             (entry["response_dialect"], read_response(response)["dialect"]),
             (entry["sends_signing_capabilities"], SIGNING in [k for k, _ in recorded.contexts(request)])]
    for listed, message in [("request_contexts", request), ("response_contexts", response)]:
        pairs.append(([(c["type"], c["data"]) for c in entry.get(listed) or []],
                      [(k, d.hex()) for k, d in recorded.contexts(message)]))
    return all(theirs == ours for theirs, ours in pairs)


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
            ("Layout", "all contexts", request(contexts=ALL)),
            ("Layout", "all contexts, from the last to the first", request(contexts=ALL[::-1])),
            ("Layout", "padding of 0xFF", request(contexts=ALL, padding=b"\xff")),
            ("Layout", "reserved fields not zero",
                                                                                   request(contexts=[context(k, d, 0xA5A5A5A5) for k, d in
                                                                                                     recorded.contexts(request(contexts=ALL))])),
            ("Layout", "an unknown context first", request(contexts=[context(0x7777, b"abc")] + ALL)),
            ("Layout", "bytes behind the last counted context", request(contexts=ALL) + b"\xee" * 9),
            ("Layout", "8 bytes between dialects and contexts",
             request(contexts=[OK_PREAUTH], tail=bytes(8) + join([OK_PREAUTH]), offset=120)),
            ("Layout", "no salt", request(contexts=[context(PREAUTH, preauth(salt=b""))])),
            ("Layout", "unknown ids in every list", request(contexts=[context(PREAUTH, preauth((7, 1, 9))),
                                                                      context(ENCRYPTION, ids(99, 2)),
                                                                       context(SIGNING, ids(77, 2, 88))])),
            ("Slack", "SIGNING and ENCRYPTION rounded up to 8",
             request(contexts=[OK_PREAUTH, context(ENCRYPTION, ids(1) + bytes(4)),
                                                                                   context(SIGNING, ids(2) + bytes(4))])),
            ("NoContexts", "without 3.1.1", request((0x0202, 0x0300))),
            ("NoContexts", "one dialect", request((0x0210,))),
            ("NoContexts", "unknown dialects only", request((0x02FF, 0x9999)))]:
        group.valid(comment, [flag], message=message, parsed=read_request(message),
                    canonical=canonical_request(message))
    group = file.group("NegotiateResponse", "made; MS-SMB2 2.2.4", status="OK")
    answer = [OK_PREAUTH, context(ENCRYPTION, ids(2)), context(SIGNING, ids(1))]
    for flag, comment, message in [
            ("Layout", "three contexts", response(contexts=answer)),
            ("Layout", "three contexts, from the last", response(contexts=answer[::-1])),
            ("Layout", "an empty security buffer at offset 0", response(contexts=answer, buffer=b"")),
            ("Layout", "cipher 0", response(contexts=[OK_PREAUTH, context(ENCRYPTION, ids(0))])),
            ("Slack", "SIGNING rounded up to 8", response(contexts=[OK_PREAUTH, context(SIGNING, ids(1) + bytes(4))])),
            ("NoContexts", "3.0, reserved fields set", response(0x0300, offset=0xFFFFFFFF, count=0xFFFF)),
            ("NoContexts", "2.0.2", response(0x0202)), ("NoContexts", "0x02FF", response(0x02FF))]:
        group.valid(comment, [flag], message=message, parsed=read_response(message),
                    canonical=canonical_response(message))


def add_fixed(file):
    good = request(contexts=ALL)
    group = file.group("NegotiateRequest", "made; MS-SMB2 2.2.3, 3.3.5.4", parsed=None, canonical=None)
    for comment, message, status in [
            ("nothing", b"", "TRUNCATED"), ("63 bytes", good[:63], "TRUNCATED"),
            ("the header alone", good[:64], "TRUNCATED"),
            ("99 bytes", good[:99], "TRUNCATED"),
            ("one byte of a dialect missing", request((0x0202, 0x0300))[:-1], "TRUNCATED"),
            ("DialectCount 65535", ind.patch(request((0x0202,)), 66, b"\xff\xff"), "TRUNCATED"),
            ("DialectCount 0", ind.patch(good, 66, b"\0\0"), "MALFORMED"),
            ("SIGNED set", ind.set_flags(good, 8), "MALFORMED"),
            ("another command", ind.patch(good, 12, b"\1"), "MALFORMED"),
            ("ProtocolId of SMB1", b"\xff" + good[1:], "MALFORMED"),
            ("header StructureSize 65", ind.patch(good, 4, b"\x41"), "MALFORMED"),
            ("StructureSize 37", ind.patch(good, 64, b"\x25"), "MALFORMED"),
            ("NextCommand set", ind.patch(good, 20, b"\x80"), "MALFORMED")]:
        group.invalid(comment, ["Fixed"], message=message, status=status)
    good = response(contexts=[OK_PREAUTH])
    group = file.group("NegotiateResponse", "made; MS-SMB2 2.2.4", parsed=None, canonical=None)
    for comment, message, status in [
            ("nothing", b"", "TRUNCATED"), ("the header alone", good[:64], "TRUNCATED"),
            ("127 bytes", good[:127], "TRUNCATED"),
            ("a security buffer past the end", ind.patch(good, 122, b"\xff\xff"), "TRUNCATED"),
            ("a security buffer over the fixed part", ind.patch(good, 120, b"\x7f\0"), "MALFORMED"),
            ("another command", ind.patch(good, 12, b"\1"), "MALFORMED"),
            ("ProtocolId of a transform", b"\xfd" + good[1:], "MALFORMED"),
            ("StructureSize 64", ind.patch(good, 64, b"\x40"), "MALFORMED")]:
        group.invalid(comment, ["Fixed"], message=message, status=status)


def add_bad_contexts(file):
    """The parse succeeds; contexts.status is the refusal that selection gives at 3.1.1."""
    group = file.group("NegotiateRequest", "made; MS-SMB2 2.2.3.1, 3.3.5.4", status="OK")
    cut = request(contexts=[OK_PREAUTH])
    for comment, message, status in [
            ("no contexts", request(contexts=[], count=0), "MISSING_CONTEXT"),
            ("no PREAUTH", request(contexts=[OK_CIPHERS]), "MISSING_CONTEXT"),
            ("two PREAUTH", request(contexts=[OK_PREAUTH, OK_PREAUTH]), "DUPLICATE_CONTEXT"),
            ("two ENCRYPTION", request(contexts=[OK_PREAUTH, OK_CIPHERS, OK_CIPHERS]), "DUPLICATE_CONTEXT"),
            ("two SIGNING", request(contexts=[OK_PREAUTH, OK_SIGNING, OK_SIGNING]), "DUPLICATE_CONTEXT"),
            ("data past the end", cut[:-1], "TRUNCATED"),
            ("a context header past the end", request(contexts=[OK_PREAUTH], count=2), "TRUNCATED"),
            ("PREAUTH with no hash", request(contexts=[context(PREAUTH, preauth(()))]), "MALFORMED"),
            ("ENCRYPTION with no cipher", request(contexts=[OK_PREAUTH, context(ENCRYPTION, ids())]), "MALFORMED"),
            ("SIGNING with no algorithm", request(contexts=[OK_PREAUTH, context(SIGNING, ids())]), "MALFORMED")]:
        parsed = dict(read_request(request((0x0202, 0x0210, 0x0300, 0x0302, 0x0311))), contexts={"status": status})
        group.valid(comment, ["BadContext"], message=message, parsed=parsed, canonical=None)


FILES = [negotiate]
