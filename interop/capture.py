# SPDX-License-Identifier: Apache-2.0
"""SMB messages of a capture: classic pcap with Ethernet frames, IPv4, TCP, the 4-byte transport length.

Knows only struct and shares nothing with the tool: what it reads is compared with what the tool read. Good for what tcpdump writes
here, on a loopback interface; whatever else it meets is an error, never passed over.
"""
import collections
import struct

# frame: number, from 1, of the frame that completed the message; connection: (client port, server port); side: which end sent it.
Message = collections.namedtuple("Message", "frame connection side data")


class CaptureError(Exception):
    """The capture cannot be read; the text says where."""


class Stream:
    """One direction of a TCP connection: segments in, messages out."""

    def __init__(self):
        self.next, self.early, self.buffer = None, {}, bytearray()

    def add(self, seq, data):
        """Takes in a segment; returns the messages that are whole with it."""
        if self.next is None:  # the SYN was not seen
            raise CaptureError("a connection that starts in the middle")
        self.early[seq] = max(self.early.get(seq, b""), data, key=len)
        progress = True
        while progress:
            progress = False
            for start in sorted(self.early, key=self.ahead):
                known = -self.ahead(start)
                if known < 0:
                    break
                piece = self.early.pop(start)[known:]
                self.buffer += piece
                self.next = (self.next + len(piece)) & 0xFFFFFFFF
                progress = True
        return list(self.messages())

    def ahead(self, seq):
        distance = (seq - self.next) & 0xFFFFFFFF
        return distance - (1 << 32) if distance >= 1 << 31 else distance

    def messages(self):
        while len(self.buffer) >= 4:
            length = struct.unpack(">I", self.buffer[:4])[0]
            if length >> 24:
                raise CaptureError("a transport header that begins with %02x" % (length >> 24))
            if len(self.buffer) < 4 + length:
                return
            yield bytes(self.buffer[4:4 + length])
            del self.buffer[:4 + length]


def packets(raw):
    """(number, TCP segment with its IPv4 total length applied) of each frame."""
    if raw[:4] != b"\xd4\xc3\xb2\xa1" or struct.unpack("<I", raw[20:24])[0] != 1:
        raise CaptureError("not a little-endian pcap of Ethernet frames")
    at, number = 24, 0
    while at < len(raw):
        number += 1
        caplen, length = struct.unpack("<II", raw[at + 8:at + 16])
        frame = raw[at + 16:at + 16 + caplen]
        at += 16 + caplen
        if caplen != length or len(frame) != caplen:
            raise CaptureError("frame %d is cut" % number)
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            raise CaptureError("frame %d is not IPv4 with TCP" % number)
        ip = frame[14:]
        yield number, ip[4 * (ip[0] & 15):struct.unpack(">H", ip[2:4])[0]]


def read(path, server_port):
    """The messages to and from a server port, in the order in which they were complete."""
    with open(path, "rb") as file:
        raw = file.read()
    streams, found = {}, []
    for number, tcp in packets(raw):
        source, target, seq, _, offset, flags = struct.unpack(">HHIIBB", tcp[:14])
        if server_port not in (source, target):
            raise CaptureError("frame %d is of another port" % number)
        side = "server" if source == server_port else "client"
        connection = (target, source) if side == "server" else (source, target)
        stream = streams.setdefault((connection, side), Stream())
        if flags & 2:  # SYN: a connection, perhaps one more with the same ports
            streams[connection, side] = stream = Stream()
            stream.next = (seq + 1) & 0xFFFFFFFF
        data = tcp[4 * (offset >> 4):]
        if data:
            found += [Message(number, connection, side, message) for message in stream.add(seq, data)]
    return found
