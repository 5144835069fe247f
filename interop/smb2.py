# SPDX-License-Identifier: Apache-2.0
"""What the bytes of SMB2 say (MS-SMB2 2.2): header, compounds, NEGOTIATE, SESSION_SETUP. Only what a second opinion on signatures needs."""
import collections
import struct

NEGOTIATE, SESSION_SETUP, LOGOFF, ECHO, CANCEL, OPLOCK_BREAK = 0, 1, 2, 13, 12, 18
COMMANDS = ("NEGOTIATE SESSION_SETUP LOGOFF TREE_CONNECT TREE_DISCONNECT CREATE CLOSE FLUSH READ WRITE LOCK IOCTL CANCEL ECHO "
            "QUERY_DIRECTORY CHANGE_NOTIFY QUERY_INFO SET_INFO OPLOCK_BREAK").split()
DIALECTS = {0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1"}
HMAC, CMAC, GMAC = "HMAC-SHA256", "AES-CMAC", "AES-GMAC"
SIGNING = {0: HMAC, 1: CMAC, 2: GMAC}
CIPHERS = {0: None, 1: "AES-128-CCM", 2: "AES-128-GCM", 3: "AES-256-CCM", 4: "AES-256-GCM"}
ACCESS_DENIED = 0xC0000022
PENDING, MORE_PROCESSING_REQUIRED = 0x103, 0xC0000016
ALL_ONES = (1 << 64) - 1

Header = collections.namedtuple("Header", "command status flags next message_id session_id signature response related signed asynchronous")
Negotiated = collections.namedtuple("Negotiated", "dialect signing cipher")


def header(element):
    (status, command, flags, following, message_id, session_id) = struct.unpack("<8xIH2xIIQ8xQ", element[:48])
    return Header(command, status, flags, following, message_id, session_id, element[48:64], bool(flags & 1), bool(flags & 4),
                  bool(flags & 8), bool(flags & 2))


def command_name(command):
    return COMMANDS[command] if command < len(COMMANDS) else "0x%04x" % command


def elements(message):
    """(index, bytes) of each element of a compound."""
    index = 0
    while True:
        length = struct.unpack("<I", message[20:24])[0] or len(message)
        yield index, message[:length]
        message, index = message[length:], index + 1
        if not message:
            return


def contexts(message, offset, count):
    """{type: data} of the negotiate contexts of a 3.1.1 message."""
    found = {}
    for _ in range(count):
        kind, length = struct.unpack("<HH", message[offset:offset + 4])
        found[kind] = message[offset + 8:offset + 8 + length]
        offset += (8 + length + 7) & ~7
    return found


def negotiated(request, response):
    """What a NEGOTIATE exchange settled; None while an SMB1 negotiate leaves the dialect open (0x02FF)."""
    dialect, count = struct.unpack("<HH", response[68:72])
    if dialect == 0x02FF:
        return None
    if dialect == 0x0311:
        chosen = contexts(response, struct.unpack("<I", response[124:128])[0], count)
        signing = struct.unpack("<H", chosen[8][2:4])[0] if 8 in chosen else 1
        cipher = struct.unpack("<H", chosen[2][2:4])[0] if 2 in chosen else 0
        return Negotiated(DIALECTS[dialect], SIGNING[signing], CIPHERS[cipher])
    if dialect < 0x0300:
        return Negotiated(DIALECTS[dialect], HMAC, None)
    both = request is not None and request[72] & response[88] & 0x40  # SMB2_GLOBAL_CAP_ENCRYPTION
    return Negotiated(DIALECTS[dialect], CMAC, "AES-128-CCM" if both else None)


def security_buffer(element):
    """The security buffer of a SESSION_SETUP request; empty if the message is too short to have one."""
    offset, length = struct.unpack("<HH", element[76:80].ljust(4, b"\0"))
    return element[offset:offset + length]
