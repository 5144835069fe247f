# SPDX-License-Identifier: Apache-2.0
"""SMB2 messages out of the captures: classic pcap, Ethernet, IPv4, TCP on loopback. Streams are put in order by sequence number; what
these recordings do not need (pcapng, IP fragments, wrap-around) is refused."""
import json
import os
import struct
from collections import namedtuple

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "captures")
Element = namedtuple("Element", "frame side client_port index data message")  # message: the whole of a compound


def packets(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"\xd4\xc3\xb2\xa1" or struct.unpack_from("<I", data, 20)[0] != 1:
        raise ValueError("%s: not a little-endian pcap of Ethernet frames" % path)
    offset, frame = 24, 0
    while offset < len(data):
        captured, original = struct.unpack_from("<II", data, offset + 8)
        if captured != original:
            raise ValueError("%s: frame %d is cut" % (path, frame + 1))
        frame += 1
        yield frame, data[offset + 16:offset + 16 + captured]
        offset += 16 + captured


def segments(path):
    for frame, packet in packets(path):
        if packet[12:14] != b"\x08\x00" or packet[23] != 6:
            continue
        ip = packet[14:14 + struct.unpack_from(">H", packet, 16)[0]]
        tcp = ip[4 * (ip[0] & 15):]
        source, target, sequence = struct.unpack_from(">HHI", tcp)
        yield frame, source, target, sequence, tcp[13], tcp[4 * (tcp[12] >> 4):]


def messages(path, server_port):
    """(frame in which it was complete, side, client port, bytes from the protocol id) of every transport frame."""
    streams = {}
    for frame, source, target, sequence, flags, payload in segments(path):
        if server_port not in (source, target):
            continue
        key = (source, target)
        if flags & 2:
            streams[key] = (sequence + 1, b"")
        if key not in streams or not payload:
            continue
        expected, rest = streams[key]
        if sequence > expected:
            raise ValueError("%s: frame %d is ahead of its stream" % (path, frame))
        fresh = payload[expected - sequence:]
        rest += fresh
        while len(rest) >= 4 and len(rest) >= 4 + (length := struct.unpack(">I", rest[:4])[0] & 0xFFFFFF):
            client = target if source == server_port else source
            yield frame, "S" if source == server_port else "C", client, rest[4:4 + length]
            rest = rest[4 + length:]
        streams[key] = (expected + len(fresh), rest)


def elements(name):
    """The plain SMB2 elements of a capture, in order."""
    found = []
    for frame, side, client, message in messages(os.path.join(FOLDER, name + ".pcap"), facts(name)["server_port"]):
        offset = index = 0
        while message[offset:offset + 4] == b"\xfeSMB":
            step = struct.unpack_from("<I", message, offset + 20)[0]
            found.append(Element(frame, side, client, index, message[offset:offset + step] if step else message[offset:], message))
            if step == 0:
                break
            offset, index = offset + step, index + 1
    return found


def facts(name):
    with open(os.path.join(FOLDER, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def names():
    return sorted(f[:-5] for f in os.listdir(FOLDER) if f.endswith(".json") and f != "negotiate-messages.json")
