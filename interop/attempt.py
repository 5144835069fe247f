# SPDX-License-Identifier: Apache-2.0
"""An attempt to have the reference server accept what is not signed, or signed by somebody else, or agreed on by nobody; and the answer each gets.

It is a function of a client that is ready (negotiated, logged in, connected to the share), or of a fresh one. It returns what it saw: an
NTSTATUS, "closed", or a sentence. What stands beside it is what must be seen."""
import dataclasses
import struct

import smb2
from raw_client import Closed, RawClient
from server import USERS

INVALID_PARAMETER, ACCESS_DENIED, NOT_SUPPORTED = 0xC000000D, 0xC0000022, 0xC00000BB
USER_SESSION_DELETED, SUCCESS = 0xC0000203, 0
USER, SECOND_USER = sorted(USERS.items())
ECHO_BODY = struct.pack("<HH", 4, 0)


@dataclasses.dataclass
class Attempt:
    name: str
    run: object
    expected: object
    arguments: tuple = ()  # of the server


def status(response):
    return smb2.header(response).status


def ask(client, element):
    try:
        return status(client.ask(element))
    except Closed:
        return "closed"


def ready(port, **more):
    return RawClient(port).ready(*USER, **more)


def still_served(client):
    """The client's own session goes on: a rightly signed request is answered, and rightly signed."""
    response = client.ask(client.signed(client.tree_connect_element()))
    return status(response) == SUCCESS and client.verifies(response)
