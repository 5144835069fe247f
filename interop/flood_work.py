# SPDX-License-Identifier: Apache-2.0
"""Floods of work: small requests that could take a server long. Nobody else may wait for it."""
import contextlib
import socket
import struct

import smb2
from bystander import ECHO_BODY
from flood import MIB
from flood_users import WINDOW, compound, opened
from raw_client import RawClient

CLOSE, QUERY_DIRECTORY, SET_INFO = 6, 14, 17
SIZES = (64 * MIB, 1)


def answers(client, count):
    """The statuses of so many answers, in one message or in several."""
    statuses = []
    while len(statuses) < count:
        statuses += [smb2.header(element).status for _, element in smb2.elements(client.receive())]
    return statuses


def strangers_echo(flood):
    """ECHOs of who has not authenticated, and does not read the answers."""
    held = [RawClient(flood.port) for _ in range(4)]
    for client in held:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.negotiate()
        client.ask(client.element(smb2.ECHO, ECHO_BODY, credits=WINDOW))
        client.socket.settimeout(0.2)
        with contextlib.suppress(OSError):
            while flood.going():
                client.send(client.element(smb2.ECHO, ECHO_BODY, credits=WINDOW))
                flood.seen["sent"] += 1
    flood.hold()


def sizes(flood):
    """A file becomes 64 MiB long, and short again, 32 times in a message, and 20 messages wait."""
    client = flood.ready()
    file = opened(client, "sizes")
    client.ask(client.signed(client.element(smb2.ECHO, ECHO_BODY, credits=WINDOW)))
    while flood.going():
        for _ in range(20):
            client.send(compound(client, [client.element(SET_INFO, struct.pack("<HBBIHHI16sQ", 33, 1, 20, 8, 96, 0, 0, file, size), credits=2)
                                          for size in SIZES * 32]))
        flood.demand(set(answers(client, 20 * 64)) == {0}, "a size was not set")
        flood.seen["sizes"] += 20 * 64


def patterns(flood):
    """Patterns of many wildcards, in a directory of many long names."""
    client = flood.ready()
    directory = opened(client, "", directory=True)
    for number in range(1500):
        file = opened(client, "%06d" % number + "a" * 249)
        client.ask(client.signed(client.element(CLOSE, struct.pack("<HHI16s", 24, 0, 0, file))))
    wanted = ("*" * 250 + "z").encode("utf-16le"), ("*a" * 120 + "z").encode("utf-16le"), ("*?" * 120 + "z").encode("utf-16le")
    while flood.going():
        client.send(compound(client, [client.element(QUERY_DIRECTORY, struct.pack("<HBBI16sHHI", 33, 12, 1, 0, directory, 96, len(p), 65536) + p, credits=2)
                                      for p in wanted * 20]))
        answers(client, 60)
        flood.seen["patterns"] += 60

