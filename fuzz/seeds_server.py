# SPDX-License-Identifier: Apache-2.0
"""Seeds of the target server: conversations as clients have them, in the form that server.c reads."""
import struct

MESSAGE_ID, SESSION_ID, TREE_ID, FILE_ID, SHAPE, PREVIOUS, BY_ASYNC_ID = 1, 2, 4, 8, 16, 32, 64
ALL = MESSAGE_ID | SESSION_ID | TREE_ID | FILE_ID | SHAPE
AS_IS, RIGHT, FLIPPED, SESSIONS_OWN, ANOTHERS, UNFLAGGED = range(6)
PLAIN, SEALED, SEALED_FLIPPED, SEALED_AS_ANOTHER = range(4)
MESSAGE, RAW, CLOSE, TIME_OUT = 0, 2, 4, 6
(NEGOTIATE, SESSION_SETUP, LOGOFF, TREE_CONNECT, TREE_DISCONNECT, CREATE, CLOSE_FILE, FLUSH, READ, WRITE, LOCK, IOCTL, CANCEL, ECHO, QUERY_DIRECTORY,
 CHANGE_NOTIFY, QUERY_INFO, SET_INFO, OPLOCK_BREAK) = range(19)
RELATED = 4
NOTHING = b"\xff" * 16
DIALECTS = [0x0202, 0x0210, 0x0300, 0x0302, 0x0311]
OFFERED, ENCRYPTION, GUESTS, PEER_ORDER, KEYS = 1, 2, 4, 8, 16  # settings


def header(command, flags=0, charge=1, credits=64):
    return b"\xfeSMB" + struct.pack("<HHIHHII", 64, charge, 0, command, credits, flags, 0) + bytes(40)


def element(command, body, sign=RIGHT, session=0, tree=0, file=0, fill=ALL, flags=0, bit=0, charge=1):
    data = header(command, flags, charge) + body
    return bytes([fill, session, tree, file, sign, bit]) + struct.pack("<H", len(data)) + data


def message(*elements, c=0, how=PLAIN, slot=0):
    data = bytes([how, slot]) + b"".join(elements)
    return bytes([MESSAGE + c]) + struct.pack("<H", len(data)) + data


def raw(data, c=0):
    return bytes([RAW + c]) + struct.pack("<H", len(data)) + data


def close(c=0):
    return bytes([CLOSE + c, 0, 0])


def time_out():
    return bytes([TIME_OUT, 0, 0])


def utf16(text):
    return text.encode("utf-16-le")


# ---- requests ----

def context(kind, data):
    return struct.pack("<HHI", kind, len(data), 0) + data + bytes(-len(data) % 8)


def negotiate(dialects=DIALECTS, mode=1, signing=(2, 1, 0), ciphers=(2, 1, 4, 3), c=0, capabilities=0x7F):
    contexts = b""
    if 0x0311 in dialects:
        contexts = context(1, struct.pack("<HHH", 1, 4, 1) + b"salt") + context(2, struct.pack("<%dH" % (1 + len(ciphers)), len(ciphers), *ciphers))
        contexts += context(8, struct.pack("<%dH" % (1 + len(signing)), len(signing), *signing))
    offset = 64 + 36 + 2 * len(dialects)
    pad = -offset % 8 if contexts else 0
    tail = struct.pack("<IHH", offset + pad, 3, 0) if contexts else bytes(8)
    body = struct.pack("<HHHHI", 36, len(dialects), mode, 0, capabilities) + b"client guid 1234" + tail
    body += struct.pack("<%dH" % len(dialects), *dialects) + bytes(pad) + contexts
    return message(element(NEGOTIATE, body, AS_IS, fill=MESSAGE_ID | SHAPE), c=c)


def token(verdict, user=0, key=16, seed=1):
    return bytes([verdict, user, key, seed])


CONTINUE, DONE, FAIL, ANONYMOUS = (token(v) for v in range(4))


def setup(data, mode=1, flags=0):
    return struct.pack("<HBBIIHHQ", 25, flags, mode, 0, 0, 64 + 24, len(data), 0) + data


def first(data=DONE, c=0, mode=1, fill=MESSAGE_ID | SHAPE, **more):
    return message(element(SESSION_SETUP, setup(data, mode), AS_IS, fill=fill, **more), c=c)


def leg(data=DONE, session=0, sign=AS_IS, c=0, flags=0):
    return message(element(SESSION_SETUP, setup(data, 1, flags), sign, session, fill=MESSAGE_ID | SESSION_ID | SHAPE), c=c)


def tree_connect(name="\\\\s\\share", **more):
    path = utf16(name)
    return element(TREE_CONNECT, struct.pack("<HHHH", 9, 0, 72, len(path)) + path, fill=ALL & ~TREE_ID, **more)


def create(name, access=0x1F01FF, disposition=3, options=0, oplock=0, share=7, contexts=b"", **more):
    path = utf16(name)
    tail = path + bytes(-len(path) % 8) if contexts else path
    at = 64 + 56 + len(tail) if contexts else 0
    body = struct.pack("<HBBIQQIIIIIHHII", 57, 0, oplock, 2, 0, 0, access, 0, share, disposition, options, 120, len(path), at, len(contexts))
    return element(CREATE, body + tail + contexts + (b"" if path or contexts else b"\0"), **more)


def read(length=64, offset=0, **more):
    return element(READ, struct.pack("<HBBIQ", 49, 0, 0, length, offset) + NOTHING + struct.pack("<IIIHH", 0, 0, 0, 0, 0) + b"\0", **more)


def write(data=b"some data", offset=0, **more):
    return element(WRITE, struct.pack("<HHIQ", 49, 112, len(data), offset) + NOTHING + bytes(16) + data, **more)


def of_file(command, body, **more):
    return element(command, body, **more)


def close_file(**more):
    return element(CLOSE_FILE, struct.pack("<HHI", 24, 1, 0) + NOTHING, **more)


def flush(**more):
    return element(FLUSH, struct.pack("<HHI", 24, 0, 0) + NOTHING, **more)


def lock(flags=2, offset=0, length=10, count=1, **more):
    return element(LOCK, struct.pack("<HHI", 48, count, 0) + NOTHING + count * struct.pack("<QQII", offset, length, flags, 0), **more)


def notify(what=0xFFF, tree=1, **more):
    return element(CHANGE_NOTIFY, struct.pack("<HHI", 32, tree, 4096) + NOTHING + struct.pack("<II", what, 0), **more)


def query_directory(level=37, pattern="*", flags=0, **more):
    name = utf16(pattern)
    return element(QUERY_DIRECTORY, struct.pack("<HBBI", 33, level, flags, 0) + NOTHING + struct.pack("<HHI", 96, len(name), 4096) + name, **more)


def query_info(kind=1, level=18, more_info=0, most=4096, **more):
    return element(QUERY_INFO, struct.pack("<HBBIHHIII", 41, kind, level, most, 0, 0, 0, more_info, 0) + NOTHING + b"\0", **more)


def set_info(level, data, kind=1, more_info=0, **more):
    return element(SET_INFO, struct.pack("<HBBIHHI", 33, kind, level, len(data), 96, 0, more_info) + NOTHING + data, **more)


def ioctl(code, data=b"", **more):
    return element(IOCTL, struct.pack("<HHI", 57, 0, code) + NOTHING + struct.pack("<IIIIIIII", 120, len(data), 0, 0, 0, 4096, 1, 0) + data + b"\0", **more)


def plain(command, **more):
    return element(command, struct.pack("<HH", 4, 0), **more)


def cancel(**more):
    return plain(CANCEL, **more)


def break_(level=0, **more):
    return element(OPLOCK_BREAK, struct.pack("<HBBI", 24, level, 0, 0) + NOTHING, **more)


# ---- conversations ----

def begin(c=0, **offer):
    return negotiate(c=c, **offer) + first(CONTINUE, c=c) + leg(c=c) + message(tree_connect(), c=c)


def files():
    yield message(create("a")) + message(write()) + message(read()) + message(flush()) + message(query_info()) + message(close_file())
    yield message(create("a")) + message(write(offset=4096 - 9)) + message(write(9 * b"some data", 4096 - 81)) + message(read(offset=4000))
    yield message(create("d", options=1)) + message(create("d\\a")) + message(query_directory(file=0)) + message(query_directory(37, "a*", 1, file=0))
    yield message(create("a"), write(fill=ALL & ~FILE_ID, flags=RELATED), read(fill=ALL & ~FILE_ID, flags=RELATED), close_file(fill=ALL & ~FILE_ID, flags=RELATED))
    for level in (4, 5, 6, 7, 8, 9, 14, 16, 17, 18, 21, 22, 34, 35, 48):
        yield message(create("a")) + message(query_info(1, level))
    for level in range(1, 12):
        yield message(create("a")) + message(query_info(2, level))
    yield message(create("a")) + message(query_info(3, 0, 7)) + message(set_info(0, bytes([1, 0, 0, 0x80]) + bytes(16), 3, 4))
    yield message(create("a")) + message(set_info(20, struct.pack("<Q", 1000))) + message(set_info(13, b"\1")) + message(close_file())
    yield message(create("a")) + message(set_info(10, bytes(16) + struct.pack("<I", 2) + utf16("b"))) + message(create("b", file=1))
    yield message(create("a")) + message(set_info(4, struct.pack("<QQQQII", 1, 2, 3, 4, 0x20, 0)))
    contexts = struct.pack("<IHHHHI", 0, 16, 4, 0, 24, 0) + b"MxAc" + bytes(4)
    yield message(create("a", contexts=contexts)) + message(ioctl(0x000900C0)) + message(ioctl(0x001401FC, fill=ALL & ~FILE_ID))


def renamed(name, over=0, **more):
    return set_info(10, bytes([over]) + bytes(15) + struct.pack("<I", 2 * len(name)) + utf16(name), **more)


def changed():
    """Names, deletions, oplocks and security descriptors, and who is told of them."""
    d, a, b = create("d", options=1), create("d\\a"), create("b", oplock=1)
    descriptor = bytes([1, 0, 4, 0x80]) + bytes(12) + struct.pack("<I", 20) + bytes([2, 0, 8, 0, 0, 0, 0, 0])
    secured = struct.pack("<IHHHHI", 0, 16, 4, 0, 24, len(descriptor)) + b"SecD" + bytes(4) + descriptor
    yield message(d) + message(notify()) + message(create("d")) + message(set_info(13, b"\1", file=1)) + message(close_file(file=1)) + message(close_file())
    yield message(d) + message(a) + message(renamed("e")) + message(renamed("c", file=1)) + message(query_info(1, 9, file=1))
    yield message(d) + message(a) + message(close_file(file=1)) + message(b) + message(close_file(file=2)) + message(renamed("e")) + message(renamed("b", 1))
    yield message(a) + message(create("c")) + message(close_file(file=0)) + message(create("f")) + message(renamed("c", 1, file=1)) + message(renamed("f", 1))
    yield message(create("x")) + message(close_file()) + message(create("y")) + message(renamed("x", file=1)) + message(renamed("x", 1, file=1))
    yield message(b) + message(create("b", oplock=1)) + message(write(file=1)) + message(create("b", disposition=5))
    yield message(b) + message(lock()) + message(create("b", oplock=9)) + message(create("b", oplock=1, access=0x80))
    yield message(create("s", contexts=secured)) + message(query_info(3, 0, 7)) + message(query_info(3, 0, 7, 0)) + message(query_info(most=4))
    yield message(create("t", options=0x1000)) + message(create("t", file=0)) + message(close_file())


def waiting():
    d, a = create("d", options=1), create("a")
    held = message(a) + message(lock())
    second = message(create("a", file=0))
    yield message(d) + message(notify()) + message(create("d\\a"))
    yield message(d) + message(notify()) + message(cancel(fill=ALL | BY_ASYNC_ID))
    yield message(d) + message(notify()) + message(cancel(sign=AS_IS)) + message(cancel(sign=FLIPPED))
    yield message(d) + message(notify()) + message(cancel())
    yield message(d) + message(notify()) + message(close_file())
    yield message(d) + message(notify()) + message(plain(LOGOFF))
    yield message(d) + message(notify()) + message(plain(TREE_DISCONNECT))
    yield message(d) + message(notify()) + close()
    yield message(d) + message(notify()) + leg(FAIL, sign=RIGHT)
    yield held + second + message(lock(file=1)) + message(lock(4)) + message(lock(4, file=1))
    yield held + second + message(lock(file=1), plain(ECHO, flags=RELATED)) + message(lock(4))
    yield held + second + message(lock(file=1)) + message(plain(LOGOFF))
    yield held + second + message(lock(file=1)) + message(cancel(fill=ALL | BY_ASYNC_ID))
    yield held + second + message(lock(file=1)) + message(close_file(file=1))
    batch = message(create("a", oplock=9))
    yield batch + message(create("a")) + message(break_(1))
    yield batch + message(create("a"), plain(ECHO, flags=RELATED)) + time_out()
    yield batch + message(create("a")) + message(plain(LOGOFF))
    yield batch + message(create("a")) + message(cancel())
    yield batch + message(create("a")) + close()
    yield batch + message(create("a")) + message(close_file())


def refused():
    for sign in (AS_IS, FLIPPED, ANOTHERS, UNFLAGGED):
        yield message(create("a", sign=sign))
        yield message(tree_connect(sign=sign), create("a", sign=sign, flags=RELATED))
        yield message(create("a"), write(sign=sign, flags=RELATED, fill=ALL & ~FILE_ID))
        yield message(plain(ECHO, sign=sign)) + message(plain(LOGOFF, sign=sign))
        yield leg(sign=sign)
    yield message(element(99, bytes(4))) + message(plain(ECHO, flags=RELATED)) + message(plain(ECHO, session=1, fill=MESSAGE_ID | SHAPE))
    yield message(plain(ECHO, fill=MESSAGE_ID | SHAPE, sign=AS_IS), plain(ECHO, flags=RELATED))


def sessions():
    """Two, on one connection and on two; another authentication, binding, PreviousSessionId, and each sort of end."""
    work = message(create("a")) + message(write())
    for sign in (RIGHT, AS_IS, SESSIONS_OWN, FLIPPED):
        yield leg(CONTINUE, sign=sign) + leg(token(1, 0, 16, 9), sign=sign) + work
        yield negotiate(c=1) + leg(CONTINUE, 0, sign, 1, 1) + leg(token(1, 0, 16, 5), 0, sign, 1, 1) + message(plain(ECHO), c=1) + message(create("a"), c=1)
    yield leg(token(1, 1), sign=RIGHT) + work + leg(FAIL, sign=RIGHT) + message(plain(ECHO))
    yield negotiate(c=1) + leg(token(1, 1), 0, SESSIONS_OWN, 1, 1) + leg(FAIL, 0, SESSIONS_OWN, 1, 1) + message(plain(ECHO))
    yield negotiate(c=1) + leg(DONE, 0, SESSIONS_OWN, 1, 1) + close() + message(create("a"), c=1)
    yield negotiate(c=1) + leg(DONE, 0, SESSIONS_OWN, 1, 1) + message(plain(LOGOFF), c=1) + message(plain(ECHO))
    yield negotiate(c=1, signing=(1,)) + leg(DONE, 0, SESSIONS_OWN, 1, 1)
    yield negotiate(c=1, dialects=[0x0302]) + leg(DONE, 0, SESSIONS_OWN, 1, 1)
    yield first(token(1, 1)) + message(tree_connect(session=1)) + message(create("a", session=1, tree=1)) + message(create("a", session=1, sign=ANOTHERS))
    yield negotiate(c=1) + first(c=1, fill=MESSAGE_ID | SHAPE | PREVIOUS) + message(plain(ECHO)) + message(plain(ECHO, session=1), c=1)
    yield first(fill=MESSAGE_ID | SHAPE | PREVIOUS) + message(plain(ECHO, session=1))
    yield first(token(1, 1), fill=MESSAGE_ID | SHAPE | PREVIOUS) + message(plain(ECHO)) + message(plain(ECHO, session=1))
    yield message(create("d", options=1)) + message(notify()) + negotiate(c=1) + first(c=1, fill=MESSAGE_ID | SHAPE | PREVIOUS)
    yield first(ANONYMOUS) + message(tree_connect(session=1, sign=AS_IS)) + message(tree_connect("\\\\s\\IPC$", session=1, sign=AS_IS))
    yield first(FAIL) + message(tree_connect(session=1, sign=AS_IS)) + message(tree_connect("\\\\s\\IPC$", session=1, sign=AS_IS))
    again = element(SESSION_SETUP, setup(DONE), AS_IS, fill=MESSAGE_ID | SHAPE)
    yield message(plain(ECHO), again) + message(plain(ECHO, session=1))
    yield 17 * first(CONTINUE) + leg(session=3) + first(CONTINUE)
    yield first(CONTINUE) + first(CONTINUE) + leg(session=2) + leg(session=1) + close()


def across():
    """Two sessions on two connections, one of which waits for the other."""
    start = begin() + negotiate(c=1) + first(token(1, 1), c=1) + message(tree_connect(session=1), c=1)
    hold = message(create("a", oplock=9)), message(create("a"), lock(flags=RELATED, fill=ALL & ~FILE_ID))
    mine = {"session": 1, "tree": 1}
    wait = message(create("a", **mine), c=1), message(create("a", **mine), c=1) + message(lock(file=1, **mine), c=1)
    let_go = message(break_(1)), message(close_file()), message(plain(LOGOFF)), close(), time_out()
    for held, waits in zip(hold, wait):
        for end in let_go:
            yield start + held + waits + end
            yield start + held + waits + message(create("a", **mine), c=1) + end
        yield start + held + waits + message(plain(LOGOFF, session=1), c=1) + message(close_file())
        yield start + held + waits + message(cancel(session=1, file=0), c=1) + message(close_file())
        yield start + held + waits + close(1) + message(close_file())
    yield start + message(create("d", options=1)) + message(notify()) + message(create("d\\b", **mine), c=1)


def regressions():
    """What once went wrong."""
    ids = MESSAGE_ID | SESSION_ID | SHAPE
    # A second leg in the message whose first one's answer is still to be hashed.
    yield negotiate() + message(element(SESSION_SETUP, setup(CONTINUE), AS_IS, fill=MESSAGE_ID | SHAPE), element(SESSION_SETUP, setup(DONE), AS_IS, flags=RELATED, fill=ids))
    # Sessions and a channel that end in the message that made them.
    made = element(SESSION_SETUP, setup(DONE), AS_IS, fill=MESSAGE_ID | SHAPE)
    bound = element(SESSION_SETUP, setup(DONE, flags=1), SESSIONS_OWN, fill=ids)
    end = plain(LOGOFF, sign=AS_IS, flags=RELATED)
    yield negotiate() + message(made, end)
    yield negotiate() + message(made, element(SESSION_SETUP, setup(FAIL), AS_IS, flags=RELATED, fill=MESSAGE_ID | SHAPE))
    yield begin() + negotiate(c=1) + message(bound, end, c=1) + message(bound, end, c=1)
    # A session that ends while an answer in it is still to be signed.
    replace = element(SESSION_SETUP, setup(DONE), AS_IS, fill=MESSAGE_ID | SHAPE | PREVIOUS)
    yield begin() + message(plain(ECHO), replace) + message(plain(ECHO, session=1))
    # One that is replaced by a SESSION_SETUP encrypted with its key.
    yield begin() + message(replace, how=SEALED) + message(plain(ECHO, session=1))
    # Two that wait for one oplock when somebody closes the file who had not to wait.
    yield begin() + message(create("a", oplock=9)) + 2 * message(create("a")) + message(create("a", access=0x80)) + message(close_file(file=1))
    # What the crypto library notes of a message that is not authentic.
    yield begin(ciphers=(1,)) + message(plain(ECHO), how=SEALED_FLIPPED)
    # Who had no name at first has no key, whatever name comes later.
    yield negotiate() + first(ANONYMOUS) + leg() + message(tree_connect(sign=AS_IS)) + message(create("a", sign=AS_IS))
    # The root's security descriptor.
    yield begin() + message(create("", options=1)) + message(set_info(0, bytes([1, 0, 4, 0x80]) + bytes(16), 3, 4))


def encrypted(how):
    yield message(create("a"), how=how) + message(write(), how=how) + message(read(), how=how) + message(create("b"))
    yield message(create("a", sign=AS_IS), read(sign=AS_IS, flags=RELATED), how=how)
    yield message(create("d", options=1), how=how) + message(notify(), how=how) + message(plain(LOGOFF), how=how)
    yield first(how and DONE) + message(create("a", session=1), how=how) + message(create("a"), how=how, slot=1)


def settings(flags=0, policy=0):
    return bytes([flags, policy])


def conversations():
    for tail in (*files(), *changed(), *waiting(), *refused(), *sessions()):
        yield settings() + begin() + tail
    for whole in (*across(), *regressions()):
        yield settings() + whole
    for whole in regressions():
        yield settings(OFFERED) + whole
    for how in (SEALED, SEALED_FLIPPED, SEALED_AS_ANOTHER):
        for tail in encrypted(how):
            yield settings() + begin() + tail
    for tail in encrypted(SEALED):  # where it is demanded, SESSION_SETUP alone comes plain
        yield settings(ENCRYPTION) + negotiate() + first() + message(tree_connect(sign=AS_IS), how=SEALED) + tail
    for policy in range(1, 5):
        for tail in (*list(files())[:3], *list(waiting())[:4], *sessions(), *list(refused())[:5]):
            yield settings(0, policy) + begin() + tail
    for signing in ((0,), (1,), (2,), ()):
        for cipher in ((1,), (2,), (3,), (4,)):
            yield settings() + begin(signing=signing or (9,), ciphers=cipher) + message(create("a"), how=SEALED) + message(create("b"))
    for tail in (*files(), *list(refused())[:5], *sessions()):
        yield settings(OFFERED | GUESTS) + begin() + tail
    for data in (FAIL, ANONYMOUS):
        ipc, share = (message(tree_connect(name, sign=AS_IS)) for name in ("\\\\s\\IPC$", "\\\\s\\share"))
        yield settings(GUESTS) + negotiate() + first(data) + share + ipc + share + message(create("a", sign=AS_IS))
    yield settings(PEER_ORDER | KEYS) + begin()
    yield settings(OFFERED) + begin(mode=2) + message(create("a", sign=AS_IS))
    guid = struct.pack("<I", 0x7F) + b"client guid 1234" + struct.pack("<HH", 1, 2) + struct.pack("<HH", 0x0300, 0x0302)
    yield settings() + begin(dialects=[0x0300, 0x0302]) + message(ioctl(0x00140204, guid))
    smb1 = b"\xffSMBr" + bytes(28) + b"\x0c\0" + b"\x02SMB 2.002\0\x02SMB 2.???\0"
    yield settings() + raw(smb1) + begin()
    yield settings(0, 4) + raw(smb1) + first() + message(tree_connect())
    yield settings() + raw(b"\xfdSMB" + bytes(80)) + begin(c=1) + raw(b"\xfcSMB", 1)


def written():
    for data in conversations():
        yield "server", data
