# SPDX-License-Identifier: Apache-2.0
"""NEGOTIATE messages read, made, and made canonical: MS-SMB2 2.2.3, 2.2.4."""
import struct

import independent as ind
import recorded

PREAUTH, ENCRYPTION, COMPRESSION, NETNAME, TRANSPORT, RDMA, SIGNING, POSIX = 1, 2, 3, 5, 6, 7, 8, 0x100
POSIX_GUID = bytes.fromhex("93ad25509cb411e7b42383de968bcd7c")


def u16s(data):
    return list(struct.unpack("<%dH" % (len(data) // 2), data))


def number64(message, offset):
    return "%016x" % ind.field(message, offset, "Q")


def read_contexts(message):
    """The contexts as parsed.contexts has them; for well-formed ones."""
    out = dict.fromkeys(["preauthHashes", "preauthSalt", "ciphers", "compressionAlgorithms", "compressionFlags",
                         "netname", "transportFlags",
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
    return {"dialects": dialects_of(message), "securityMode": ind.field(message, 68, "H"),
            "capabilities": ind.field(message, 72, "I"),
            "clientGuid": message[76:92], "clientStartTime": "0" * 16 if with_contexts else number64(message, 92),
            "contexts": read_contexts(message) if with_contexts else None}


def read_response(message):
    offset, length = ind.field(message, 120, "H"), ind.field(message, 122, "H")
    return {"dialect": "%04x" % ind.field(message, 68, "H"), "securityMode": ind.field(message, 66, "H"),
            "capabilities": ind.field(message, 88, "I"),
            "serverGuid": message[72:88], "maxTransactSize": ind.field(message, 92, "I"),
            "maxReadSize": ind.field(message, 96, "I"),
            "maxWriteSize": ind.field(message, 100, "I"), "systemTime": number64(message, 104),
            "serverStartTime": number64(message, 112),
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
        out.append(context(COMPRESSION, struct.pack("<HHI%dH" % len(numbers), len(numbers), 0,
                                                    parsed["compressionFlags"], *numbers)))
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
    return canonical_header(message) + struct.pack("<HHHHI", 36, len(parsed["dialects"]), parsed["securityMode"], 0,
                                                   parsed["capabilities"]) + \
        parsed["clientGuid"] + where + message[100:fixed] + (bytes(-fixed % 8) + join(contexts) if contexts else b"")


def canonical_response(message):
    parsed = read_response(message)
    contexts = context_bytes(parsed["contexts"]) if parsed["contexts"] else []
    buffer = parsed["securityBuffer"]
    end = 128 + len(buffer)
    head = struct.pack("<HHHH", 65, parsed["securityMode"], int(parsed["dialect"], 16),
                       len(contexts)) + parsed["serverGuid"]
    sizes = message[88:120] + struct.pack("<HHI", 128 if buffer else 0, len(buffer),
                                          (end + 7) // 8 * 8 if contexts else 0)
    return canonical_header(message) + head + sizes + buffer + (bytes(-end % 8) + join(contexts) if contexts else b"")


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


def request(dialects=(0x0202, 0x0210, 0x0300, 0x0302, 0x0311), contexts=(), tail=None, offset=None, count=None,
            padding=b"\0"):
    head = ind.header(ind.NEGOTIATE, 0, 0, tree_id=0)
    fixed = 64 + 36 + 2 * len(dialects)
    at = (fixed + 7) // 8 * 8
    where = struct.pack("<IHH", at if offset is None else offset, len(contexts) if count is None else count,
                        0) if 0x0311 in dialects \
        else bytes.fromhex("0102030405060708")
    body = struct.pack("<HHHHI", 36, len(dialects), 1, 0,
                       0x7F) + bytes(range(16)) + where + struct.pack("<%dH" % len(dialects), *dialects)
    if not contexts and tail is None:
        return head + body
    return head + body + bytes(at - fixed) + (join(contexts, padding) if tail is None else tail)


def response(dialect=0x0311, contexts=(), buffer=bytes(range(1, 12)), offset=None, count=None):
    head = ind.header(ind.NEGOTIATE, 0, 0, ind.SERVER_TO_REDIR, tree_id=0)
    end = 128 + len(buffer)
    at = (end + 7) // 8 * 8
    body = struct.pack("<HHHH", 65, 1, dialect, len(contexts) if count is None else count) + bytes(range(16)) + \
        struct.pack("<IIIIQQHHI", 0x2F, 8388608, 8388607, 8388606, 0x01D0BACBADE5DAD8, 0x0102030405060708,
                    128 if buffer else 0, len(buffer),
                    at if offset is None else offset)
    return head + body + buffer + (bytes(at - end) + join(contexts) if contexts else b"")


OK_PREAUTH, OK_CIPHERS, OK_SIGNING = context(PREAUTH, preauth()), context(ENCRYPTION, ids(2, 1)), context(SIGNING, ids(2, 1, 0))
ALL = [OK_PREAUTH, OK_CIPHERS, context(COMPRESSION, struct.pack("<HHIHHH", 3, 0, 1, 1, 2, 5)),
       context(NETNAME, "srv".encode("utf-16-le")),
       context(TRANSPORT, struct.pack("<I", 1)), context(RDMA, struct.pack("<HHIHH", 2, 0, 0, 1, 2)), OK_SIGNING,
       context(POSIX, POSIX_GUID)]
