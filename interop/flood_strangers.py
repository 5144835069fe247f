# SPDX-License-Identifier: Apache-2.0
"""Floods of bytes and of connections: most need no account."""
import contextlib
import os
import random
import resource
import struct
import time

import smb2
from flood import MIB, is_closed
from raw_client import Closed, RawClient

ANSWERED = [command for command in range(1, 24) if command != smb2.CANCEL]


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


def nobodys_claims(flood):
    """Likewise by who has authenticated as nobody."""
    stranger_claims(flood, nobody=True)


def stranger_claims(flood, nobody=False):
    """A message of 8 MiB is announced by who has not authenticated."""
    while flood.going():
        client = RawClient(flood.port)
        if nobody:
            client.negotiate()
            client.login("", "")
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
