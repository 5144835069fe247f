# SPDX-License-Identifier: Apache-2.0
"""SMB2 messages for the rule tests, written from MS-SMB2 2.2.1, 2.2.3 and 2.2.4 and from nothing in lib/.

Every builder makes a correct message by default; a rule's test overrides the one thing that the rule is about."""
import struct

PREAUTH, ENCRYPTION, COMPRESSION, NETNAME, TRANSPORT, RDMA, SIGNING, POSIX = 1, 2, 3, 5, 6, 7, 8, 0x100
SERVER, ASYNC, RELATED, SIGNED = 1, 2, 4, 8
NEGOTIATE, SESSION_SETUP, LOGOFF, CANCEL, ECHO, OPLOCK_BREAK = 0, 1, 2, 0x0C, 0x0D, 0x12
ALL_ONES = 0xFFFFFFFFFFFFFFFF
SALT = bytes(range(0x40, 0x60))
GUID = bytes(range(0x10, 0x20))
POSIX_GUID = bytes.fromhex("93AD25509CB411E7B42383DE968BCD7C")


def header(command=NEGOTIATE, flags=0, message_id=1, session_id=0, status=0, next_command=0, credit_charge=0, credit=1,
           process_id=0, tree_id=0, signature=bytes(16), protocol_id=b"\xfeSMB", structure_size=64):
    return protocol_id + struct.pack("<HHIHHIIQIIQ", structure_size, credit_charge, status, command, credit, flags,
                                     next_command, message_id, process_id, tree_id, session_id) + signature


def async_header(async_id, **fields):
    return header(process_id=async_id & 0xFFFFFFFF, tree_id=async_id >> 32, **fields)


# ---- contexts: (type, data) or a dict with what is to be wrong

def ids(*values):
    return struct.pack("<%dH" % len(values), *values)


def preauth(hashes=(1,), salt=SALT, count=None, salt_len=None, slack=b""):
    return PREAUTH, struct.pack("<HH", len(hashes) if count is None else count,
                                len(salt) if salt_len is None else salt_len) + ids(*hashes) + salt + slack


def encryption(*ciphers, count=None, slack=b""):
    return ENCRYPTION, ids(len(ciphers) if count is None else count, *ciphers) + slack


def signing(*algorithms, count=None, slack=b""):
    return SIGNING, ids(len(algorithms) if count is None else count, *algorithms) + slack


def compression(*algorithms, count=None, flags=0, padding=0):
    return COMPRESSION, struct.pack("<HHI", len(algorithms) if count is None else count, padding, flags) + ids(*algorithms)


def rdma(*transforms, count=None, reserved=0):
    n = len(transforms) if count is None else count
    return RDMA, struct.pack("<HHI", n, reserved & 0xFFFF, reserved >> 16) + ids(*transforms)


def transport(flags=1, data=None):
    return TRANSPORT, struct.pack("<I", flags) if data is None else data


def netname(text):
    return NETNAME, text.encode("utf-16-le")


def posix(data=POSIX_GUID):
    return POSIX, data


def context_list(contexts, pad=0, reserved=0, lengths=None):
    """The contexts one after another, each at a multiple of 8 of where the first one stands, the last unpadded.
    lengths: {index: DataLength} for those that lie about it."""
    out = b""
    for i, (kind, data) in enumerate(contexts):
        out += bytes([pad]) * (-len(out) % 8)
        out += struct.pack("<HHI", kind, (lengths or {}).get(i, len(data)), reserved) + data
    return out


def request(contexts=(preauth(), encryption(2, 1), signing(2, 1, 0)), dialects=(0x0311,), count=None, offset=None, gap=0,
            dialect_count=None, structure_size=36, capabilities=0x40, security_mode=1, start_time=None, tail=b"",
            raw_contexts=None, context_options=None, **head):
    """gap: bytes between the end of the dialects and the contexts; None for the least that aligns."""
    fixed = 64 + 36 + 2 * len(dialects)
    raw = context_list(contexts, **(context_options or {})) if raw_contexts is None else raw_contexts
    padding = -fixed % 8 + gap
    if 0x0311 not in dialects and start_time is not None:
        last, raw, padding = struct.pack("<Q", start_time), b"", 0
    else:
        last = struct.pack("<IHH", fixed + padding if offset is None else offset,
                           len(contexts) if count is None else count, 0)
    body = struct.pack("<HHHHI", structure_size, len(dialects) if dialect_count is None else dialect_count, security_mode,
                       0, capabilities) + GUID + last
    return header(**head) + body + ids(*dialects) + (bytes(padding) + raw if raw else b"") + tail


def response(contexts=(preauth(), encryption(2), signing(2)), dialect=0x0311, count=None, offset=None, gap=0,
             structure_size=65, capabilities=0x40, security_mode=1, buffer=b"\x60\x28" + bytes(6), buffer_offset=128,
             buffer_len=None, tail=b"", context_options=None, **head):
    raw = context_list(contexts, **(context_options or {}))
    fixed = 64 + 64 + len(buffer)
    padding = -fixed % 8 + gap
    if offset is None:
        offset = fixed + padding if dialect == 0x0311 else 0
    body = struct.pack("<HHHH", structure_size, security_mode, dialect,
                       (len(contexts) if dialect == 0x0311 else 0) if count is None else count) + GUID
    body += struct.pack("<IIIIQQ", capabilities, 0x100000, 0x100000, 0x100000, 0x01DAC0FFEE000000, 0)
    body += struct.pack("<HHI", buffer_offset, len(buffer) if buffer_len is None else buffer_len, offset)
    fields = dict(flags=SERVER)
    fields.update(head)
    return header(**fields) + body + buffer + (bytes(padding) + raw if dialect == 0x0311 else b"") + tail
