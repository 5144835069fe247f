# SPDX-License-Identifier: Apache-2.0
"""Seeds of the target diagnose: claims of every kind with each mistake, some with several, and claims that are none. What an input
looks like says diagnose.c."""
import struct

MISTAKES = 102  # csign_mistake, CSIGN_MISTAKE_COUNT left out and NONE in
CHANNEL, NO_FRAME, NO_KEY, NO_MESSAGES, NULL_MESSAGE, FINAL, NULL_FINAL, NULL_OTHER_KEY = (1 << i for i in range(8))
OTHER_PREAUTH, REQUEST_SIGNATURE, SHORT_SCRATCH, NO_SCRATCH, NO_MISTAKES, AS_IT_IS, WHOLE_FRAME, OTHER_SESSION = (1 << i for i in range(8, 16))
EVERYTHING = FINAL | OTHER_PREAUTH | REQUEST_SIGNATURE


def header(command, flags, following):
    return (bytes.fromhex("fe534d424000010016000000") + struct.pack("<HHIIQIIQ", command, 31, flags, following, 0x990000000017, 7, 5, 0x41) +
            bytes(16))


def element(command, flags, length, last=False):
    body = bytes((7 * i + 3) & 255 for i in range(length - 64))
    return header(command, flags, 0 if last else length) + body


def compound(command, flags):
    """Three elements of 72, 80 and 77 bytes."""
    return element(command, flags, 72) + element(command, flags, 80) + element(command, flags, 77, True)


def claim(dialect, algorithm, flags, mistakes, frame, offset=0, length=0, work=0, count=4, message_len=67, key_len=32, other_len=24, number=None):
    """number: the count of mistakes, where it is not their number."""
    numbers = bytes(mistakes[:3]).ljust(3, b"\0")
    data = bytes([dialect, algorithm]) + struct.pack("<H", flags) + bytes([len(mistakes) if number is None else number]) + numbers
    data += bytes([work, count, message_len, key_len, other_len]) + struct.pack("<HH", offset, length)
    data += bytes(range(100, 164)) + bytes(range(60, 76))
    data += bytes(range(1, 1 + key_len)) + bytes(range(200, 200 + other_len))
    for i in range(count + (1 if flags & FINAL else 0)):
        message = (header(0 if i < 2 else 1, i % 2, 0)[:48] + (bytes([0x5C] * 16) if i == 2 else bytes(16)) + bytes([i] * 200))
        data += message[:message_len]
    return "diagnose", data + frame


def each_mistake():
    kinds = [
        (4, 2, EVERYTHING, compound(5, 0x1B), 72, 80),
        (4, 2, EVERYTHING | CHANNEL | WHOLE_FRAME, element(12, 0x08, 77, True), 0, 0),
        (2, 1, EVERYTHING | OTHER_SESSION, compound(9, 0x09), 152, 77),
        (0, 0, FINAL | REQUEST_SIGNATURE, compound(9, 0x08), 0, 72),
    ]
    for dialect, algorithm, flags, frame, offset, length in kinds:
        yield claim(dialect, algorithm, flags, [], frame, offset, length)
        yield claim(dialect, algorithm, flags | AS_IT_IS, [], frame, offset, length, work=100)
        for mistake in range(1, MISTAKES):
            yield claim(dialect, algorithm, flags, [mistake], frame, offset, length)
    for dialect, algorithm, flags, frame, offset, length in kinds[:2]:
        for mistake in range(1, MISTAKES - 8, 5):
            yield claim(dialect, algorithm, flags, [mistake, mistake + 7], frame, offset, length)
            yield claim(dialect, algorithm, flags, [mistake + 7, mistake, 79], frame, offset, length)


def poor():
    """As little as a claim can have; then the most messages."""
    bare = bytes.fromhex("fe534d424000") + bytes(58)
    for dialect, algorithm, count in ((2, 1, 0), (1, 0, 0), (3, 1, 0), (4, 1, 3), (4, 0, 3)):
        for mistakes in ([], [12], [80], [81, 82]):
            yield claim(dialect, algorithm, WHOLE_FRAME, mistakes, bare, count=count, message_len=64, key_len=5, other_len=0)
    yield claim(4, 2, WHOLE_FRAME, [38], bare + b"body", count=9, message_len=72)
    # Mistakes that look alike here: more combinations fit than are kept.
    like = element(5, 0x08, 76, True)
    like = like[:24] + bytes([7]) + bytes(15) + like[40:]
    yield claim(4, 2, WHOLE_FRAME, [19, 70], like, work=255, count=3, message_len=64, key_len=16, other_len=0)
    yield claim(2, 1, WHOLE_FRAME, [19], element(5, 0x09, 64, True), work=255, count=0, message_len=0, key_len=16, other_len=0)


def refused():
    frame = element(5, 0x09, 72, True)
    for flag in (NO_FRAME, NO_KEY, NO_MESSAGES, NULL_MESSAGE, NULL_FINAL, FINAL | NULL_FINAL, NULL_OTHER_KEY, SHORT_SCRATCH, NO_SCRATCH,
                 NO_MISTAKES):
        for mistakes in ([], [72]):
            yield claim(4, 2, WHOLE_FRAME | flag, mistakes, frame)
    yield claim(4, 3, WHOLE_FRAME, [], frame)
    yield claim(250, 1, WHOLE_FRAME, [], frame)
    yield claim(255, 1, WHOLE_FRAME, [], frame)
    for offset, length in ((0, 63), (73, 64), (9, 64), (0, 73)):
        yield claim(4, 2, 0, [], frame, offset, length)
    yield claim(4, 2, WHOLE_FRAME, [], frame, key_len=0)
    yield claim(4, 2, WHOLE_FRAME, [], frame, count=2)
    yield claim(4, 2, WHOLE_FRAME, [], frame, count=3, message_len=63)
    yield claim(2, 1, WHOLE_FRAME | FINAL, [], frame, count=0, message_len=63)
    yield claim(2, 1, WHOLE_FRAME | NO_MESSAGES, [], frame, count=0)
    yield claim(4, 2, WHOLE_FRAME, [], frame, count=65, message_len=16)
    for mistakes, number in (([0], 1), ([MISTAKES], 1), ([255], 1), ([1, 2], 2), ([1], 4), ([56], 1)):
        yield claim(4, 2, WHOLE_FRAME, mistakes, frame, number=number)


def written():
    yield from each_mistake()
    yield from poor()
    yield from refused()
