# SPDX-License-Identifier: Apache-2.0
"""SMB2 messages in the captures of vectors/captures, for seeds: pcap, Ethernet, IPv4, TCP, the 4-byte transport length.

The captures are our own recordings on a loopback interface, so this reads what is there and refuses the rest; the reader for other
people's captures is in tools/.
"""
import json
import pathlib
import struct


class Message:
    """One SMB2 message as sent: data, whether the server sent it, and the connection it came on."""

    def __init__(self, data, from_server, connection):
        self.data, self.from_server, self.connection = data, from_server, connection

    def elements(self):
        """The elements of a compound, each with its padding."""
        at = 0
        while True:
            (length,) = struct.unpack_from("<I", self.data, at + 20)
            yield self.data[at:at + length] if length else self.data[at:]
            if not length:
                return
            at += length


def _segments(path):
    """(source port, destination port, flags, sequence number, acknowledgement, payload) of each TCP segment, in the capture's order."""
    raw = path.read_bytes()
    magic, _, _, _, _, _, link = struct.unpack_from("<IHHiIII", raw)
    if magic not in (0xA1B2C3D4, 0xA1B23C4D) or link != 1:
        raise SystemExit(f"{path}: not a little-endian pcap file with Ethernet frames")
    at = 24
    while at < len(raw):
        (caplen,) = struct.unpack_from("<I", raw, at + 8)
        frame = raw[at + 16:at + 16 + caplen]
        at += 16 + caplen
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        ip = 14
        tcp = ip + 4 * (frame[ip] & 15)
        end = ip + struct.unpack_from(">H", frame, ip + 2)[0]
        sport, dport, seq, ack = struct.unpack_from(">HHII", frame, tcp)
        yield sport, dport, frame[tcp + 13], seq, ack, frame[tcp + 4 * (frame[tcp + 12] >> 4):end]


def messages(path, server_port):
    """The SMB2 messages of a capture that are not encrypted, in order; connections are numbered as they appear."""
    streams, connections, found = {}, {}, []
    for sport, dport, _, seq, _, payload in _segments(path):
        if not payload:
            continue
        client = dport if sport == server_port else sport
        number = connections.setdefault(client, len(connections))
        state = streams.setdefault((sport, dport), [seq, b"", number])
        skip = (state[0] - seq) & 0xFFFFFFFF
        if skip >= len(payload):
            continue
        state[0] = (seq + len(payload)) & 0xFFFFFFFF
        state[1] += payload[skip:]
        while len(state[1]) >= 4:
            length = int.from_bytes(state[1][1:4], "big")
            if len(state[1]) < 4 + length:
                break
            data, state[1] = state[1][4:4 + length], state[1][4 + length:]
            if data[:4] == b"\xfeSMB" and len(data) >= 64:
                found.append(Message(data, sport == server_port, number))
    return found


def files(folder):
    """(capture, key file's text) of each capture, whole."""
    for pcap in sorted(pathlib.Path(folder).glob("*.pcap")):
        about = json.loads(pcap.with_suffix(".json").read_text())
        lines = [f"{s['session_id']} {s['session_key']}\n" for s in about["sessions"] if s.get("session_key")]
        lines += [f"{s['session_id']} {s['channel_session_key']}\n" for s in about["bound_channels"]]
        yield pcap.read_bytes(), "".join(lines).encode()


def headers(folder):
    """(segments with the length of their payload instead of it, server port) of each capture."""
    for pcap in sorted(pathlib.Path(folder).glob("*.pcap")):
        yield ([(*segment[:5], len(segment[5])) for segment in _segments(pcap)],
               json.loads(pcap.with_suffix(".json").read_text())["server_port"])


def load(folder):
    """(messages, signing keys by session id) of each capture; a key is (algorithm id, 16 bytes)."""
    algorithms = {"HMAC-SHA256": 0, "AES-CMAC": 1, "AES-GMAC": 2, "AES-128-CMAC": 1, "AES-128-GMAC": 2}
    for pcap in sorted(pathlib.Path(folder).glob("*.pcap")):
        about = json.loads(pcap.with_suffix(".json").read_text())
        by_connection = {c["conn"]: c for c in about["connections"]}
        keys = {}
        for s in about["sessions"]:
            connection = by_connection.get(s["established_on_conn"], {})
            if s.get("session_key") and connection.get("signing") in algorithms:
                key = (s.get("derived") or {}).get("signing") or s["session_key"].ljust(32, "0")[:32]
                keys[int(s["session_id"], 16)] = (algorithms[connection["signing"]], bytes.fromhex(key))
        yield messages(pcap, about["server_port"]), keys
