# SPDX-License-Identifier: Apache-2.0
"""Seeds of the targets that call what has no wire form of its own: derive_key_diff, session_keys, sign_parts, sign_batch, backends,
sequence, tcp and keyfile: of what seeds_captures.py and seeds_vectors.py find, and written() what is in no capture. What an input looks like says each target's
file."""
import struct

DIALECTS = ["0202", "0210", "0300", "0302", "0311"]
PURPOSES = ["signing", "application", "clientToServer", "serverToClient"]
ALGORITHMS = ["HMAC-SHA256", "AES-CMAC", "AES-GMAC"]
CIPHERS = ["NONE", "AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM"]
HEADER = bytes.fromhex("fe534d42400001000000000001000000000000000000000007" + "00" * 15 + "01" + "00" * 23)


def u16(*values):
    return struct.pack("<%dH" % len(values), *values)


# Keys and sessions.

def derive_key(dialect, purpose, length, preauth, key):
    yield from any_key(DIALECTS.index(dialect), PURPOSES.index(purpose), {16: 0, 32: 1}[length], preauth, key, 0 if preauth else 2)


def any_key(dialect, purpose, length, preauth, key, flags=0):
    yield "derive_key_diff", u16(dialect) + bytes([purpose, length, flags]) + preauth.ljust(64, b"\0") + key


def agreed(dialect, signing, cipher, signing_negotiated):
    return bytes([dialect, signing, cipher, signing_negotiated])


def negotiated(fields):
    """From a vector's names."""
    return agreed(DIALECTS.index(fields["dialect"]), ALGORITHMS.index(fields["signingAlgorithm"]), CIPHERS.index(fields["cipher"]),
                  fields["signingNegotiated"])


def session(first, second, key, preauth, bind_key=b"", bind_preauth=b"", flags=0):
    lengths = bytes([flags, len(key), len(bind_key)]) + u16(40)
    yield "session_keys", (first + second + lengths + preauth.ljust(64, b"\0") + bind_preauth.ljust(64, b"\0") + HEADER + key + bind_key)


def refusals():
    """Keys and sessions that there are not, and every dialect bound to every other."""
    key, preauth = bytes(range(40)), bytes(range(64))
    for dialect in (0, 4, 0x0311, 0x02FF):
        for flags in (0, 1, 2, 4):
            yield from any_key(dialect, 2, 1, preauth, key, flags)
    yield from any_key(4, 5, 0, preauth, key)
    yield from any_key(4, 3, 24, preauth, key)
    kinds = [agreed(0, 0, 0, 0), agreed(2, 1, 1, 0), agreed(3, 1, 0, 0), agreed(4, 0, 2, 1), agreed(4, 1, 4, 1),
             agreed(4, 2, 3, 1), agreed(4, 1, 2, 0), agreed(4, 0, 2, 0), agreed(251, 1, 0, 1)]
    for a in kinds:
        for b in kinds:
            yield from session(a, b, key[:16], preauth, key[8:32], preauth[::-1])
    for bit in range(8):
        yield from session(kinds[5], kinds[5], key, preauth, key[1:], preauth[::-1], 1 << bit)


def derivations():
    """Labels and contexts as long as SMB's longest, and one longer; none."""
    for label, context in ((16, 64), (17, 64), (16, 65), (0, 16), (11, 0)):
        yield "kdf_diff", u16(32) + bytes([10, 16, label]) + bytes(range(16 + label + context))


# Messages that are signed.

def signed(algorithm, key, element):
    """One message with its key: in parts, and three times in a batch, alone, in parts and refused."""
    seed = len(element) * 40503 & 0xFFFF
    yield "sign_parts", bytes([algorithm]) + key + bytes([seed & 3, seed >> 4 & 7, 1 + seed % 9]) + u16(seed) + element
    jobs = [(algorithm, 1, 0), (algorithm + 3, 5, 9), (seed % 252, 3, 1), (255, 0, 0), (7, 13, 14), (8, 0, 2), (9, 33, 3), (2, 16, 0)]
    jobs = jobs[seed % 5:][:max(1, min(4, 32768 // max(1, len(element))))]
    yield "sign_batch", bytes([len(jobs)]) + b"".join(bytes(j) + u16(len(element)) for j in jobs) + len(jobs) * element


# Primitives.

def primitives(key, nonce, hmac_key, message):
    parts = 1 + len(message) % 5
    cuts = [len(message) // parts + i for i in range(parts - 1)]
    yield from backend_question(key, nonce, parts, cuts, hmac_key, message)


def backend_question(key, nonce, how, cuts, hmac_key, message):
    """how: the parts, plus 17 with a header, plus 34 for each larger batch; as many cuts as the target reads."""
    cuts = (cuts + 16 * [0])[:max(0, how % 17 - 1)]
    yield "backends", (key.ljust(16, b"\0")[:16] + nonce.ljust(12, b"\0")[:12] + bytes([min(255, len(hmac_key)), how]) + u16(*cuts) +
                       hmac_key[:255] + message)


def batches():
    """A message with a header and without, alone and in batches of every size; its signers by each backend there may be."""
    message = HEADER + bytes(range(256)) * 4
    for how in range(0, 256, 17):
        for parts in (0, 1, 4):
            for forms in range(8):
                yield from backend_question(bytes([7, 0, 100 + 28 * (forms % 3), forms]) + bytes(12), bytes(range(12)),
                                            min(255, how + parts), [300, 0, 17], b"key", message)
    for which in range(3, 12):
        key = bytes(range(which, which + 16))
        yield "sign_parts", bytes([which]) + key + bytes([2, 0, 3]) + u16(which) + message[:700]
        yield "sign_verify", bytes([which]) + key + u16(300, 0, 20, 100) + message[:700]
        for length, seed in ((1500, which), (9000, 7), (9000, which), (12000, 40 + which)):
            yield "sign_parts", bytes([which]) + key + bytes([2, 0, 2 + which % 2]) + u16(seed) + (HEADER + length * b"part")[:length]
        # A long part, and less than a block behind it.
        for seed in (397, 731, 1744, 2767):
            yield "sign_parts", bytes([which]) + key + bytes([2, 0, 2]) + u16(seed) + (HEADER + 9000 * b"part")[:9000]
    # As many times as there are; algorithm and key, flags with the backend, the status before; then lengths.
    mixed = [(which % 3, 1 | which // 3 << 6, 0) for which in range(12)] + [(5, 3, 0), (252, 0, 0), (255, 0, 0), (255, 64, 0), (255, 128, 0), (255, 192, 0)]
    alike = [12 * [(kind, 1, 0)] + 3 * [(3 * kind + kind, 5, 0)] for kind in range(3)]
    for spoiled in ((1, 5, 0), (252, 0, 0), (1, 17, 0)):  # in parts, without a signer, without a message
        for length in (64, 200):
            jobs = [spoiled if i in (5, 14) else (1, 1, 0) for i in range(16)]
            for some in (jobs, 16 * [(1, 5, 0)]):
                yield "sign_batch", (bytes([16]) + b"".join(bytes(j) + u16(length) for j in some) + 16 * (HEADER + length * b"body")[:length])
    yield "sign_batch", bytes([1, 0, 12, 0]) + u16(80) + HEADER + 16 * b"!"  # alone, in parts, and of a length that contradicts them
    # The same key, another one: of AES-CMAC by each backend, of AES-GMAC.
    for backend, own, other in [(b, 1, o) for b in range(4) for o in (1, 4)] + [(0, 2, 2), (0, 2, 5)]:
        for count in (3, 7, 8, 9, 16):
            for length, odd in ((40, 40), (64, 64), (65, 65), (80, 80), (128, 128), (300, 300), (200, 90), (1000, 1000), (1100, 1100)):
                jobs = [(other if i % 2 else own, (1 if i < 12 else 3) | backend << 6, 0) for i in range(count)]
                lengths = [odd if i == 9 else length for i in range(count)]
                yield "sign_batch", (bytes([count]) + b"".join(bytes(j) + u16(n) for j, n in zip(jobs, lengths)) +
                                     b"".join((HEADER + n * b"body")[:n] for n in lengths))
    # A dozen of AES-GMAC that are alike and not quite.
    for length, break_at in ((64, 16), (90, 16), (128, 13), (80, 5), (100, 11)):
        for lengths in ([length] * 16, [length + 4 * (i == break_at) for i in range(16)]):
            for other in (2, 5):
                jobs = [(other if i == break_at else 2, 1, 0) for i in range(16)]
                yield "sign_batch", (bytes([16]) + b"".join(bytes(j) + u16(n) for j, n in zip(jobs, lengths)) +
                                     b"".join((HEADER + n * b"body")[:n] for n in lengths))
    for times in range(0, 102, 17):
        for jobs in (mixed[:16], mixed[2:], *alike):
            for length, step in ((200, 9), (340, -9), (128, 0), (64, 0), (64, 300)):
                lengths = [length + step * i for i in range(len(jobs))]
                yield "sign_batch", (bytes([times + len(jobs)]) + b"".join(bytes(j) + u16(n) for j, n in zip(jobs, lengths)) +
                                     b"".join((HEADER + n * b"body")[:n] for n in lengths))


def processors():
    """The words of a processor that has everything, nothing, and all but one of what backends ask for."""
    bits = {0: (1, 9, 19, 25, 27, 28), 1: (3, 5, 8, 16, 17, 29, 30, 31), 2: (9, 10), 3: (1, 2, 5, 6, 7)}
    missing = [(word, bit) for word, of in bits.items() for bit in of]
    for without in [None, *missing]:
        words = [0xFFFFFFFF ^ (1 << without[1] if without and without[0] == word else 0) for word in range(4)]
        yield from backend_question(struct.pack("<4I", *words), b"\xFF" * 11 + bytes([5]), 1, [], b"", b"processor")
    for maker in (0, 3, 5, 6):
        yield from backend_question(b"\xFF" * 16, b"\xFF" * 8 + bytes([maker, 0, 0, 5]), 1, [], b"", b"processor")
    for hwcap in (0, 1 << 3, 1 << 4, 1 << 6, 1 << 21):
        yield from backend_question(bytes(16), struct.pack("<QI", hwcap, 0), 1, [], b"", b"processor")


# Captures.

def tcp_record(connection, side, flags, seq, ack, length, cut=0, more=0):
    """One segment or run of the target tcp; flags as in the TCP header."""
    what = connection | side << 2 | (flags >> 1 & 1) << 3 | (flags >> 4 & 1) << 4 | (flags & 1) << 5
    return bytes([what, (flags >> 2 & 1) | more]) + u16(seq & 0xFFFF, ack & 0xFFFF, length) + bytes([cut])


def tcp(segments_of_capture, port):
    """The first segments of the first connections of a capture, its payloads as lengths."""
    program, initial, connections = b"", {}, {}
    for sport, dport, flags, seq, ack, length in segments_of_capture[:250]:
        client, side = (dport, 1) if sport == port else (sport, 0)
        number = connections.setdefault(client, len(connections))
        if number > 3:
            continue
        own, other = initial.setdefault((number, side), seq), initial.setdefault((number, 1 - side), ack)
        program += tcp_record(number, side, flags, seq - own, ack - other, min(length, 0xEFF))
    yield "tcp", struct.pack("<II", 0xFFFFFF00, 1000) + program


def segments():
    """Handshake, order, overlap, loss, wrapping numbers, restart, more waiting than is kept."""
    syn = tcp_record(0, 0, 2, 0, 0, 0) + tcp_record(0, 1, 0x12, 0, 1, 0) + tcp_record(0, 0, 0x10, 1, 1, 0)
    bodies = [
        tcp_record(0, 0, 0x10, 1, 1, 100) + tcp_record(0, 1, 0x10, 1, 101, 50),
        tcp_record(0, 1, 0x10, 1, 101, 50) + tcp_record(0, 0, 0x10, 1, 1, 100),
        tcp_record(0, 0, 0x10, 51, 1, 100) + tcp_record(0, 0, 0x10, 1, 1, 80) + tcp_record(0, 0, 0x10, 1, 1, 40),
        tcp_record(0, 0, 0x10, 1, 1, 20, 7) + tcp_record(0, 0, 0x10, 28, 1, 20) + tcp_record(0, 0, 0x10, 100, 1, 9),
        tcp_record(0, 0, 0x10, 100, 1, 20, 0, 63 << 2) * 5 + tcp_record(0, 0, 0x10, 1, 1, 99),
        tcp_record(0, 0, 0x10, 100, 1, 0xFFFF, 0, 63 << 2) * 2 + tcp_record(0, 0, 0x10, 1, 1, 9, 0, 2 | 8 << 2),
        tcp_record(0, 0, 0x10, 90, 1, 20) + tcp_record(0, 0, 2, 5000, 0, 0) + tcp_record(0, 0, 0x10, 5001, 1, 30),
        tcp_record(0, 0, 4, 1, 1, 20) + tcp_record(1, 1, 0x10, 7, 7, 20) + tcp_record(1, 1, 0x11, 30, 900, 20) + tcp_record(2, 0, 0, 3, 0, 5),
    ]
    for body in bodies:
        for initial in (0, 0xFFFFFFC0):
            yield "tcp", struct.pack("<II", initial, 77) + syn + body
            yield "tcp", struct.pack("<II", initial, 77) + body


def dump(data, offset=0):
    """Bytes as Samba logs them, 16 a line."""
    at = data[offset:offset + 16]
    places = " ".join("%02X" % b for b in at[:8]).ljust(23) + "   " + " ".join("%02X" % b for b in at[8:]).ljust(23)
    rest = dump(data, offset + 16) if len(data) > offset + 16 else ""
    return "[%04X] %s   %s\n" % (offset, places, "." * len(at)) + rest


def samba_log(session_id, key):
    """What Samba logs of a session; both in hex."""
    return "debug encryption: dumping generated session keys\nSession Id    %sSession Key   %s" % (dump(bytes.fromhex(session_id)[::-1]), dump(bytes.fromhex(key)))


def key_files():
    line = "%016x %s\n"
    for text in ("# a comment\n\n\t \r\n" + line % (1, "AAbb") + line % (0, "00" * 16) + line % (1, "cc  # behind it"),
                 "\ufeff" + line % (1 << 63, "ff" * 64), line % (3, "01") * 64, line % (3, "01") * 65, "".join(line % (i % 7, "0102") for i in range(40)),
                 "1 00\n", line % (1, ""), line % (1, "abc"), line % (1, "0g"), line % (1, "00 00"), "g" * 16 + " 00\n", "0" * 16 + " 00"):
        yield "keyfile", text.encode()
    log = samba_log("00000000000000aa", "ab" * 40)
    for text in (log, log + log, log.replace("[0000] AB", "[0000] A"), log.replace("Session Id", "Session ID"), log.replace("\n", "\r\n"), log.replace("AA 00", "AA"),
                 "[2026/11/27 21:24:31.625198,  3] a.c:1(f)\n  nothing\n", "[2026/11/27 21:24:31.625198,  3] a.c:1(f)\n" + log + "  App Key   [0000] 11\n",
                 'uat:smb2_seskey_list:0100000000000000,%s,"",""\n' % ("ab" * 16), "# c\n0100000000000000,,%s,%s\n" % ("ab" * 16, "cd" * 32),
                 "0100000000000000,ab\n01,ab\n", "0100000000000000,,,\n", "0100000000000000,0g,,\n", "0100000000000000,00,1,\n", "0100000000000000,0,0,0,0\n", ",\n"):
        yield "keyfile", text.encode()


# Sequences: each operation as sequence.c reads it.
CONNECT, START, MESSAGE, FINISH, FAIL, BIND, REAUTHENTICATE, WIPE, COPY, SIGN, VERIFY, CONFUSE = range(12)
ELEMENT = bytes([5, 0, 9, 1, 0, 0, 20]) + bytes(range(20))  # CREATE, a request, MessageId 9, SessionId 1


def op(what, a=0, b=0, c=0, more=b""):
    return bytes([what, a | b << 2 | c << 4]) + more


def text(data):
    return bytes([len(data)]) + data


def message(setup, data, cut=0):
    return op(MESSAGE, setup, 0, 0, text(data) + u16(cut))


def establish(setup, connection, slot, key):
    return op(START, setup, connection) + message(setup, b"request") + message(setup, b"response", 3) + message(setup, b"last") + \
        op(FINISH, setup, slot, 0, text(key))


def sequences():
    key, other = bytes(range(16)), bytes(range(32))
    for offer in (b"\0\0\0\0", b"\1\0\0\0", b"\2\0\x10\0", b"\3\0\x10\0", b"\4\x12\x12\x07", b"\4\x02\x34\x40", b"\4\x10\x21\x20", b"\4\x88\x88\0", b"\4\x77\x67\1"):
        up = op(CONNECT, 0, 0, 0, offer) + op(CONNECT, 1, 0, 0, offer)
        one = up + establish(0, 0, 0, key)
        use = op(SIGN, 0, 0, 0, ELEMENT) + op(VERIFY, 0, 0, 0, b"\0" + ELEMENT + b"\0") + op(VERIFY, 0, 0, 0, b"\0" + ELEMENT + b"\x11")
        bind = op(START, 1, 1) + message(1, b"bind") + op(BIND, 1, 0, 0, text(other))
        use_channel = op(SIGN, 3, 0, 0, ELEMENT) + op(VERIFY, 3, 0, 0, b"\0" + ELEMENT + b"\0") + op(VERIFY, 3, 0, 0, b"\3" + ELEMENT + b"\0")
        yield "sequence", one + use + bind + use_channel
        yield "sequence", one + op(COPY, 0, 1) + op(WIPE, 0) + use + op(SIGN, 1, 0, 0, ELEMENT) + bind
        yield "sequence", up + op(CONFUSE, 0, 1, 0, text(b"first") + text(b"second")) + op(FINISH, 0, 0, 0, text(key)) + op(FINISH, 1, 1, 0, text(other)) + use
        yield "sequence", one + op(START, 2, 0) + message(2, b"again") + op(REAUTHENTICATE, 2) + use + op(START, 2, 1) + op(FAIL, 2) + op(FINISH, 2, 0, 0, text(other)) + use
        yield "sequence", one + bind + op(WIPE, 0, 0, 1) + use_channel + op(CONNECT, 1, 0, 0, b"\2\0\x10\0") + bind + op(CONNECT, 0, 0, 0, b"\4\x02\2\0") + bind + use
        yield "sequence", up + op(START, 0, 0) + op(FINISH, 0, 0, 0, b"\0") + use


def written():
    """What is in no capture and no vector."""
    yield from batches()
    yield from processors()
    yield from refusals()
    yield from derivations()
    yield from segments()
    yield from key_files()
    yield from sequences()
