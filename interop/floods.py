#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a server has to outlive: each flood goes on until its time is over, holds what it has to the end, and says what it did.

usage: floods.py NAME PORT SECONDS. Prints what was done, and a line `PROBLEM ...` for each answer that is not the protocol's."""
import collections
import contextlib
import dataclasses
import os
import random
import resource
import select
import socket
import struct
import sys
import time

import smb2
from bystander import ECHO_BODY, USER
from raw_client import CREATE, SUCCESS, Closed, RawClient

CHANGE_NOTIFY, READ, WRITE, RELATED = 15, 8, 9, 4
LOGON_FAILURE, INSUFFICIENT_RESOURCES = 0xC000006D, 0xC000009A
MIB = 1 << 20
WINDOW = 8192  # credits: what MS-SMB2 3.3.1.2 leaves to the server, and this one states
DONT_READ = 0.2
ANSWERED = [command for command in range(1, 24) if command != smb2.CANCEL]


class Flood:
    """The time that is left, and what was seen."""

    def __init__(self, port, seconds):
        self.port, self.until = port, time.monotonic() + seconds
        self.seen = collections.Counter()

    def going(self):
        return time.monotonic() < self.until

    def demand(self, condition, problem):
        if not condition:
            self.seen["PROBLEM " + problem] += 1

    def hold(self):
        time.sleep(max(0, self.until - time.monotonic()))

    def socket(self):
        return socket.create_connection(("127.0.0.1", self.port), 10)

    def ready(self, **more):
        return RawClient(self.port).ready(*USER, **more)

    def closed(self, client, what):
        """Whatever comes, the server must close."""
        try:
            while True:
                client.receive()
        except Closed:
            self.seen["closed"] += 1
        except OSError as error:
            self.demand(False, "%s: %s" % (what, error))


def is_closed(s):
    """Whether the other side has closed a socket; what it sent before is thrown away."""
    s.setblocking(False)
    try:
        while s.recv(65536):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        pass
    return True


# ---- bytes ----

def garbage(flood):
    """Bytes without meaning."""
    while flood.going():
        with flood.socket() as s, contextlib.suppress(ConnectionError):
            s.sendall(os.urandom(random.randrange(1, 65536)))
            flood.seen["sent"] += 1


def garbage_behind_a_header(flood):
    """Headers as they should be, of a connection that was negotiated, and bodies without meaning."""
    while flood.going():
        client = RawClient(flood.port)
        client.negotiate()
        with contextlib.suppress(Closed, ConnectionError):
            for _ in range(200):
                client.ask(client.element(random.choice(ANSWERED), os.urandom(random.randrange(1, 2000))))
                flood.seen["answered"] += 1
        client.close()


def half_messages(flood):
    """Messages that never get to their end: of strangers, and of users, from whom more is taken."""
    held = []
    for _ in range(200):
        held.append(flood.socket())
        held[-1].sendall(struct.pack(">I", 65536) + bytes(60000))
    for _ in range(4):
        held.append(flood.ready().socket)
        held[-1].sendall(struct.pack(">I", 8 * MIB) + bytes(8 * MIB - 1))
    flood.seen["connections"] = len(held)
    flood.hold()


def claims(flood):
    """A message of 16 MiB is announced."""
    while flood.going():
        client = RawClient(flood.port)
        with contextlib.suppress(ConnectionError):
            client.socket.sendall(b"\0\xff\xff\xff" + bytes(65536))
        flood.closed(client, "a claim of 16 MiB")
        client.close()


def stranger_claims(flood):
    """A message of 8 MiB is announced by who has not authenticated."""
    while flood.going():
        client = RawClient(flood.port)
        with contextlib.suppress(ConnectionError):
            client.socket.sendall(b"\0\x80\0\0" + bytes(65536))
        flood.closed(client, "a claim of 8 MiB without authentication")
        client.close()


def slow_senders(flood):
    """A byte now and then: never idle, and never at the end of a message."""
    held = [flood.socket() for _ in range(300)]
    held += [flood.ready().socket for _ in range(20)]
    flood.seen["connections"] = len(held)
    for s in held:
        s.sendall(struct.pack(">I", 1000))
    while flood.going():
        for s in held:
            with contextlib.suppress(ConnectionError):
                s.send(b"\0")
        time.sleep(0.1)
    flood.seen["closed"] = sum(map(is_closed, held))
    flood.demand(flood.seen["closed"] == len(held), "slow senders that are still served: %d" % (len(held) - flood.seen["closed"]))


# ---- connections ----

def idle(flood):
    """Connections that say nothing."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    held = [flood.socket() for _ in range(min(10000, most - 200))]
    flood.seen["connections"] = len(held)
    flood.seen["RLIMIT_NOFILE %d" % most] += 1
    flood.hold()
    flood.demand(not any(map(is_closed, held)), "connections were closed")


def idle_sessions(flood):
    """Connections with a session each, that say nothing more."""
    held = []
    while flood.going() and len(held) < 1000:
        held.append(flood.ready())
    flood.seen["sessions"] = len(held)
    flood.hold()


def come_and_go(flood):
    while flood.going():
        flood.socket().close()
        flood.seen["connections"] += 1


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
    flood.demand(flood.seen["begun"] <= 64, "as many as were asked for")


def setups_on_many(flood):
    held = []
    while flood.going() and len(held) < 500:
        held.append(RawClient(flood.port))
        held[-1].negotiate()
        legs(flood, held[-1], 17)
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


def read_element(client, file, size, offset=0):
    return charged(client, READ, struct.pack("<HBBIQ16sIIIHHB", 49, 0, 0, size, offset, file, 0, 0, 0, 0, 0, 0), size)


def file_of(client, size):
    file = opened(client, "of %d %d" % (size, os.getpid()))
    body = struct.pack("<HHIQ16sIIHHI", 49, 112, size, 0, file, 0, 0, 0, 0, 0) + os.urandom(size)
    response = client.ask(client.signed(charged(client, WRITE, body, size)))
    if smb2.header(response).status != SUCCESS:
        raise RuntimeError("WRITE: %08x" % smb2.header(response).status)
    return file


def never_reads(flood):
    """READs of 1 MiB as long as the server takes them; the answers are not read."""
    held = []
    for _ in range(4):
        client = flood.ready()
        held.append(client)
        file = file_of(client, MIB)
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(400):
            if not select.select([], [client.socket], [], DONT_READ)[1]:
                break
            client.send(client.signed(read_element(client, file, MIB)))
            flood.seen["MiB asked for"] += 1
    flood.hold()


def big_compounds(flood):
    """One message that asks for 64 times 8 MiB."""
    client = flood.ready()
    file = file_of(client, 8 * MIB)
    elements = []
    for number in range(64):
        element = read_element(client, file, 8 * MIB)
        element += bytes(-len(element) % 8)
        if number < 63:
            element = element[:20] + struct.pack("<I", len(element)) + element[24:]
        elements.append(client.signed(element))
    client.send(b"".join(elements))
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


@dataclasses.dataclass
class Kind:
    name: str
    run: object
    mib: int  # what the server may grow by
    quick: bool = False
    seconds: float = 2.0  # at least
    arguments: tuple = ()  # of the server


PATIENCE = ("--patience", "2")
FLOODS = {kind.name: kind for kind in (
    Kind("garbage", garbage, 20, quick=True),
    Kind("garbage behind a header", garbage_behind_a_header, 20),
    Kind("half messages", half_messages, 100, quick=True),
    Kind("claims of 16 MiB", claims, 20, quick=True),
    Kind("claims of 8 MiB by strangers", stranger_claims, 20),
    Kind("slow senders", slow_senders, 20, seconds=4, arguments=PATIENCE),
    Kind("idle connections", idle, 200, quick=True, seconds=4),
    Kind("idle sessions", idle_sessions, 100, seconds=5),
    Kind("connections come and go", come_and_go, 20),
    Kind("half sessions, one connection", setups_on_one, 20, quick=True),
    Kind("half sessions, many connections", setups_on_many, 200, seconds=5),
    Kind("tree connects", trees, 20),
    Kind("wrong passwords", wrong_passwords, 40, quick=True),
    Kind("right passwords", right_passwords, 40),
    Kind("never reads", never_reads, 120, quick=True),
    Kind("a compound of 512 MiB", big_compounds, 60),
    Kind("requests that wait", waiting, 20),
    Kind("MessageIds out of the window", ids_out_of_window, 20),
    Kind("CreditCharge beyond the window", charges, 20),
    Kind("credits, none and all", no_credits, 20, quick=True))}


def main(name, port, seconds):
    flood = Flood(port, seconds)
    FLOODS[name].run(flood)
    seen = flood.seen
    print(", ".join("%d %s" % (seen[w], w) if not w[-1].isdigit() else w for w in seen if not w.startswith("PROBLEM")))
    for problem in (w for w in seen if w.startswith("PROBLEM")):
        print("%s (%d times)" % (problem, seen[problem]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
