# SPDX-License-Identifier: Apache-2.0
"""Big captures for tests, made piece by piece from a recorded one: its connections again and again on new ports, or one connection
that goes on and on. With big messages signed here, by python's cryptography and the key that Samba logged."""

import hashlib
import hmac
import struct

import traffic

RECORD, IP, TCP = 16, 14, 20  # lengths of the headers that traffic.py writes: pcap's, Ethernet's, IPv4's
SPORT, SEQ, ACK = (RECORD + IP + TCP + n for n in (0, 4, 8))


def header():
    return traffic.pcap([])


def record(segment):
    """A segment as pcap writes it, to be changed in place."""
    return bytearray(traffic.pcap([traffic.ethernet(traffic.ipv4(segment))])[24:])


def closed(segments, ports):
    """FIN both ways behind a connection's last segments."""
    last = {s.side: s for s in segments}
    end = {side: s.seq + len(s.data) + bool(s.flags & traffic.SYN) for side, s in last.items()}
    return [traffic.Segment("C", end["C"], end["S"], 0x11, b"", ports), traffic.Segment("S", end["S"], end["C"] + 1, 0x11, b"", ports)]


def connections(segments, total):
    """Chunks of a capture of about total bytes: the recorded one-connection conversation on ever new client ports and addresses."""
    said = traffic.conversation(segments, (1, 445))
    said += closed(said, (1, 445))
    records = [record(s) for s in said]
    size = sum(map(len, records))
    for n in range(max(1, total // size)):
        for r, s in zip(records, said):
            at = SPORT + (0 if s.side == "C" else 2)
            struct.pack_into(">H", r, at, 1024 + n % 60000)
            r[RECORD + IP + (13 if s.side == "C" else 17)] = n // 60000 + 1  # the client's address
        yield b"".join(records)


def one_connection(opening, rounds, total, mtu=1448):
    """Chunks of a capture of about total bytes: (side, bytes) events to begin with, then those of `rounds` over and over."""
    ports, isn = (4000, 445), (1000, 5000)
    said = traffic.split(traffic.build(opening, ports, isn), mtu)
    yield b"".join(record(s) for s in said)
    sent = {side: isn["CS".index(side)] + 1 + sum(len(d) for s, d in opening if s == side) for side in "CS"}
    step = {side: sum(len(d) for s, d in rounds if s == side) for side in "CS"}
    segments = traffic.split(traffic.build(rounds, ports, (sent["C"] - 1, sent["S"] - 1))[2:], mtu)
    records = [record(s) for s in segments]
    size = sum(map(len, records))
    for n in range(max(1, total // size)):
        for r, s in zip(records, segments):
            other = "S" if s.side == "C" else "C"
            struct.pack_into(">II", r, SEQ, (s.seq + n * step[s.side]) & 0xFFFFFFFF, (s.ack + n * step[other]) & 0xFFFFFFFF)
        yield b"".join(records)


def setup_and_rest(segments):
    """A conversation's events up to its session, and those behind it but the last two, which end it."""
    said = [(s.side, s.data) for s in segments if s.data]
    final = next(i for i, (side, d) in enumerate(said) if side == "S" and d[4:8] == b"\xfeSMB" and d[16:18] == b"\1\0" and d[12:16] == bytes(4))
    return said[:final + 1], said[final + 1:-2]


def sign(message, algorithm, key):
    """MS-SMB2 3.1.4.1, for a request that is not CANCEL or a response."""
    from cryptography.hazmat.primitives import cmac
    from cryptography.hazmat.primitives.ciphers import algorithms
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    flags = struct.unpack("<I", message[16:20])[0] | 8
    message = message[:16] + struct.pack("<I", flags) + message[20:48] + bytes(16) + message[64:]
    if algorithm == "HMAC-SHA256":
        tag = hmac.new(key, message, hashlib.sha256).digest()[:16]
    elif algorithm == "AES-CMAC":
        mac = cmac.CMAC(algorithms.AES(key))
        mac.update(message)
        tag = mac.finalize()
    else:
        tag = AESGCM(key).encrypt(message[24:32] + struct.pack("<I", flags & 1), b"", message)
    return message[:48] + tag + message[64:]


def writes(session_id, algorithm, key, size, count):
    """Events: WRITE requests with so many bytes of data, and their responses."""
    events = []
    for n in range(count):
        def smb(flags, body):
            head = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 1, 0, 9, 1, flags, 0, 1000 + n, 0, 1, session_id) + bytes(16)  # noqa: B023
            return traffic.frame(sign(head + body, algorithm, key))
        data = hashlib.shake_256(bytes([n])).digest(size)
        events.append(("C", smb(0, struct.pack("<HHIQ", 49, 112, size, 0) + bytes(32) + data)))
        events.append(("S", smb(1, struct.pack("<HHIIHH", 17, 0, size, 0, 0, 0) + b"\0")))
    return events
