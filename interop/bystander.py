#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A client that behaves, while others do not: signed ECHOs one after the other, and every second a new connection with a session of its own.

usage: bystander.py PORT. Prints ten lines a second: the monotonic time, answers so far, wrong ones so far, the slowest of this line in seconds."""
import struct
import sys
import time

import smb2
from raw_client import Closed, RawClient
from server import USERS

USER = next(iter(USERS.items()))
ECHO_BODY = struct.pack("<HH", 4, 0)


def echo(client):
    """Whether a signed ECHO got the right answer: signed, successful, its own."""
    request = client.signed(client.element(smb2.ECHO, ECHO_BODY))
    response = client.ask(request)
    got = smb2.header(response)
    return got.status == 0 and got.message_id == smb2.header(request).message_id and client.verifies(response)


def newcomer(port):
    client = RawClient(port).ready(*USER)
    try:
        return echo(client)
    finally:
        client.close()


def main(port):
    client = RawClient(port).ready(*USER)
    answers = wrong = 0
    slowest, line, arrival = 0.0, time.monotonic(), time.monotonic()
    while True:
        began = time.monotonic()
        new = began - arrival > 1
        try:
            right = newcomer(port) if new else echo(client)
        except (OSError, Closed, RuntimeError) as error:
            print(error, file=sys.stderr, flush=True)
            right = False
        now = time.monotonic()
        arrival = now if new else arrival
        answers, wrong, slowest = answers + right, wrong + (not right), max(slowest, now - began)
        if now - line > 0.1 or not right:
            print(now, answers, wrong, slowest, flush=True)
            slowest, line = 0.0, now
        if wrong > 10:
            return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
