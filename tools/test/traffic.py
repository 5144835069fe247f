# SPDX-License-Identifier: Apache-2.0
"""Captures for tests: reads the recorded ones and writes them anew, in other link types and file formats, with segments split,
repeated, reordered or lost. Knows only struct; shares nothing with the tool."""

import struct

SYN, ACK = 0x02, 0x10


class Segment:
    """One TCP segment: side is 'C' or 'S', seq and ack are absolute."""

    def __init__(self, side, seq, ack, flags, data, ports):
        self.side, self.seq, self.ack, self.flags, self.data, self.ports = side, seq, ack, flags, data, ports

    def changed(self, **fields):
        s = Segment(self.side, self.seq, self.ack, self.flags, self.data, self.ports)
        s.__dict__.update(fields)
        return s


def read(path, server_port):
    """The segments of a recorded capture (pcap, little-endian, Ethernet, IPv4)."""
    with open(path, "rb") as f:
        raw = f.read()
    assert raw[:4] == b"\xd4\xc3\xb2\xa1" and struct.unpack("<I", raw[20:24])[0] == 1, path
    segments, at = [], 24
    while at < len(raw):
        caplen = struct.unpack("<I", raw[at + 8:at + 12])[0]
        ip = raw[at + 16 + 14:at + 16 + caplen]
        at += 16 + caplen
        total = struct.unpack(">H", ip[2:4])[0]
        tcp = ip[4 * (ip[0] & 15):total]
        sport, dport, seq, ack, offset, flags = struct.unpack(">HHIIBB", tcp[:14])
        side = "S" if sport == server_port else "C"
        segments.append(Segment(side, seq, ack, flags, tcp[4 * (offset >> 4):], (dport, sport) if side == "S" else (sport, dport)))
    return segments


def tcp_bytes(s):
    sport, dport = s.ports if s.side == "C" else s.ports[::-1]
    return struct.pack(">HHIIBBHHH", sport, dport, s.seq & 0xFFFFFFFF, s.ack & 0xFFFFFFFF, 0x50, s.flags, 512, 0, 0) + s.data


def ipv4(s, total=None):
    tcp = tcp_bytes(s)
    ends = [bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])]
    source, target = ends if s.side == "C" else ends[::-1]
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp) if total is None else total, 1, 0x4000, 64, 6, 0) + source + target + tcp


def ipv6(s, extensions=b"", first=6):
    tcp = extensions + tcp_bytes(s)
    ends = [bytes.fromhex("20010db8000000000000000000000001"), bytes.fromhex("20010db8000000000000000000000002")]
    source, target = ends if s.side == "C" else ends[::-1]
    return struct.pack(">IHBB", 0x60000000, len(tcp), first, 64) + source + target + tcp


def ethernet(payload, tags=b"", ethertype=0x0800):
    return bytes(12) + tags + struct.pack(">H", ethertype) + payload


def pcap(frames, link=1, order="<", magic=0xA1B2C3D4, snaplen=None):
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    for n, f in enumerate(frames):
        kept = f[:snaplen] if snaplen else f
        out += struct.pack(order + "IIII", n, 0, len(kept), len(f)) + kept
    return out


def pcapng(frames, link=1, order="<"):
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)

    out = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack(order + "HHI", link, 0, 262144))
    for n, f in enumerate(frames):
        out += block(6, struct.pack(order + "IIIII", 0, 0, n, len(f), len(f)) + f)
    return out


def conversation(segments, ports, isn=(1000, 5000)):
    """Segments of one connection made anew from another's data, in its order, with other ports and sequence numbers."""
    return build([(s.side, s.data) for s in segments if s.data], ports, isn)


def build(events, ports, isn=(1000, 5000)):
    """A connection that says the given (side, bytes) one after another."""
    c, s = isn
    out = [Segment("C", c, 0, SYN, b"", ports), Segment("S", s, c + 1, SYN | ACK, b"", ports)]
    c, s = c + 1, s + 1
    for side, data in events:
        if side == "C":
            out.append(Segment("C", c, s, ACK, data, ports))
            c += len(data)
        else:
            out.append(Segment("S", s, c, ACK, data, ports))
            s += len(data)
    return out


def split(segments, size, overlap=0):
    """Each segment in pieces of size bytes, each repeating overlap bytes of the one before."""
    out = []
    for s in segments:
        if not s.data:
            out.append(s)
            continue
        for at in range(0, len(s.data), size):
            start = max(0, at - overlap)
            out.append(s.changed(seq=s.seq + start, data=s.data[start:at + size]))
    return out


def frame(message):
    """A message behind its transport header."""
    return struct.pack(">I", len(message)) + message
