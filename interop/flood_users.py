# SPDX-License-Identifier: Apache-2.0
"""Floods of requests: sessions, trees, files, credits."""
import collections
import os
import random
import select
import socket
import struct
import time

import smb2
from bystander import ECHO_BODY, USER
from flood import MIB, is_closed
from raw_client import CREATE, SUCCESS, RawClient

CHANGE_NOTIFY, READ, WRITE = 15, 8, 9
LOGON_FAILURE, INSUFFICIENT_RESOURCES = 0xC000006D, 0xC000009A
WINDOW = 8192  # credits: what MS-SMB2 3.3.1.2 leaves to the server, and this one states
NO_ROOM = 0.2  # seconds after which the server takes no more


# ---- sessions and trees ----

def legs(flood, client, count):
    """First legs of SESSION_SETUP, none followed by a second."""
    for _ in range(count):
        client.session_id = 0
        got = smb2.header(client.ask(client.setup_element(client.first_token()))).status
        flood.seen["begun" if got == smb2.MORE_PROCESSING_REQUIRED else "refused"] += 1
        flood.demand(got in (smb2.MORE_PROCESSING_REQUIRED, INSUFFICIENT_RESOURCES), "a leg got %08x" % got)


def setups_on_one(flood):
    client = RawClient(flood.port)
    client.negotiate()
    while flood.going():
        legs(flood, client, 50)
    flood.demand(flood.seen["begun"] <= 16, "as many as were asked for")


def setups_on_many(flood):
    held = []
    while flood.going() and len(held) < 500:
        held.append(RawClient(flood.port))
        held[-1].negotiate()
        legs(flood, held[-1], 8)
    flood.seen["connections"] = len(held)
    flood.hold()


def trees(flood):
    client = flood.ready()
    while flood.going():
        got = smb2.header(client.ask(client.signed(client.tree_connect_element()))).status
        flood.seen["connected" if got == SUCCESS else "refused"] += 1
        flood.demand(got in (SUCCESS, INSUFFICIENT_RESOURCES), "a TREE_CONNECT got %08x" % got)
    flood.demand(flood.seen["refused"], "as many as were asked for")


def wrong_passwords(flood):
    client = RawClient(flood.port)
    client.negotiate()
    while flood.going():
        client.session_id = 0
        got = smb2.header(client.login(USER[0], "wrong")).status
        flood.seen["authentications"] += 1
        flood.demand(got == LOGON_FAILURE, "a wrong password got %08x" % got)


def broken_tokens(flood):
    """AUTHENTICATE messages of which a field is longer or shorter, or some of its bytes are others."""
    chance = random.Random(1)

    def alter(third):
        name = chance.choice(("lanman", "ntlm", "session_key"))
        value = bytearray(third[name])
        value = bytearray(value[:chance.choice((0, 1, 15, 16, 23, 24, len(value), chance.randrange(len(value) + 1)))])
        for _ in range(min(len(value), chance.randrange(4))):
            value[chance.randrange(len(value))] = chance.randrange(256)
        third[name] = bytes(value)
    while flood.going():
        client = RawClient(flood.port)
        client.negotiate()
        got = smb2.header(client.login(chance.choice([USER[0], "nobody-known"]), USER[1], alter=alter)).status
        flood.seen["refused" if got else "let in"] += 1
        flood.demand(got in (0, LOGON_FAILURE), "a broken token got %08x" % got)
        client.close()


def right_passwords(flood):
    while flood.going():
        flood.ready().close()
        flood.seen["authentications"] += 1


# ---- files ----

def opened(client, name, directory=False):
    """A FileId: an open of a file or directory that is made if it is not there."""
    name = name.encode("utf-16le")
    body = struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, 0x0012019F, 0, 7, 1 if directory and not name else 3, 1 if directory else 0, 120,
                       len(name), 0, 0) + (name or b"\0")
    response = client.ask(client.signed(client.element(CREATE, body, credits=WINDOW)))
    if smb2.header(response).status != SUCCESS:
        raise RuntimeError("CREATE: %08x" % smb2.header(response).status)
    return response[128:144]


def charged(client, command, body, size):
    charge = max(1, (size + 65535) // 65536)
    element = client.element(command, body, credits=WINDOW, charge=charge)
    client.message_id += charge - 1
    return element


def compound(client, elements):
    """One message of several elements, each signed."""
    padded = [element + bytes(-len(element) % 8) for element in elements[:-1]]
    chained = [element[:20] + struct.pack("<I", len(element)) + element[24:] for element in padded] + elements[-1:]
    return b"".join(map(client.signed, chained))


def read_element(client, file, size, offset=0):
    return charged(client, READ, struct.pack("<HBBIQ16sIIIHHB", 49, 0, 0, size, offset, file, 0, 0, 0, 0, 0, 0), size)


def file_of(client, size):
    file = opened(client, "of %d %d" % (size, os.getpid()))
    body = struct.pack("<HHIQ16sIIHHI", 49, 112, size, 0, file, 0, 0, 0, 0, 0) + os.urandom(size)
    response = client.ask(client.signed(charged(client, WRITE, body, size)))
    while smb2.header(response).status == smb2.PENDING:
        response = client.receive()
    if smb2.header(response).status != SUCCESS:
        raise RuntimeError("WRITE: %08x" % smb2.header(response).status)
    return file


def never_reads(flood, clients=4):
    """READs of 1 MiB as long as the server takes them; the answers are not read."""
    held = []
    for _ in range(clients):
        client = flood.ready()
        held.append(client)
        file = file_of(client, MIB)
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(400):
            if not select.select([], [client.socket], [], NO_ROOM)[1]:
                break
            client.send(client.signed(read_element(client, file, MIB)))
            flood.seen["MiB asked for"] += 1
    flood.hold()
    return held


def many_never_read(flood):
    """Together more than --max-memory of the server: those that hold most are dropped."""
    held = never_reads(flood, 16)
    dropped = sum(is_closed(client.socket) for client in held)
    flood.seen["clients dropped"] = dropped
    flood.demand(0 < dropped < len(held), "of %d clients %d were dropped" % (len(held), dropped))


def big_compounds(flood):
    """One message that asks for 64 times 8 MiB."""
    client = flood.ready()
    file = file_of(client, 8 * MIB)
    client.send(compound(client, [read_element(client, file, 8 * MIB) for _ in range(64)]))
    flood.seen["MiB asked for"] = 512
    statuses = collections.Counter(smb2.header(element).status for _, element in smb2.elements(client.receive()))
    flood.demand(set(statuses) <= {SUCCESS, INSUFFICIENT_RESOURCES} and statuses[SUCCESS], "answers: %s" % statuses)
    flood.hold()


def waiting(flood):
    """CHANGE_NOTIFYs that wait for ever, more than may."""
    client = flood.ready()
    file = opened(client, "", directory=True)
    while flood.going():
        got = smb2.header(client.ask(client.signed(client.element(CHANGE_NOTIFY, struct.pack("<HHI16sII", 32, 1, 65536, file, 0xFFF, 0))))).status
        flood.seen["waiting" if got == smb2.PENDING else "refused"] += 1
        flood.demand(got in (smb2.PENDING, INSUFFICIENT_RESOURCES), "a CHANGE_NOTIFY got %08x" % got)
    flood.demand(flood.seen["refused"], "as many as were asked for")


# ---- credits ----

def ids_out_of_window(flood):
    """MessageIds that were not granted, and one that was used; each closes the connection."""
    for ahead in iter_until(flood, (1000, WINDOW, 1 << 32, (1 << 63) - 10, -1)):
        client = flood.ready()
        client.send(client.signed(client.element(smb2.ECHO, ECHO_BODY, message_id=client.message_id + ahead)))
        flood.closed(client, "a MessageId that was not granted")
        client.close()


def charges(flood):
    """More credits in one request than there are."""
    for charge in iter_until(flood, (65535, WINDOW + 1, 30)):
        client = flood.ready()
        client.send(client.signed(client.element(smb2.ECHO, ECHO_BODY, charge=charge)))
        flood.closed(client, "a CreditCharge of %d" % charge)
        client.close()


def iter_until(flood, values):
    while flood.going():
        yield from values


def echoed(client, credits):
    """The credits that an ECHO was granted."""
    response = client.ask(client.signed(client.element(smb2.ECHO, ECHO_BODY, credits=credits)))
    return struct.unpack("<H", response[14:16])[0]


def no_credits(flood):
    """A client that asks for none is left with one; one that asks for all gets no more than the window."""
    for wanted in (0, 65535):
        client = RawClient(flood.port)
        client.credits = 1
        client.negotiate()
        client.login(*USER)
        until, left = time.monotonic() + (flood.until - time.monotonic()) / (2 if wanted == 0 else 1), 1
        while time.monotonic() < until:
            left += echoed(client, wanted) - 1
            flood.seen["requests"] += 1
            flood.demand(1 <= left <= WINDOW, "%d credits" % left)
        flood.seen["most %d" % left] += 1
