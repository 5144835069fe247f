# SPDX-License-Identifier: Apache-2.0
"""What all floods share: the time that is left, and what was seen."""
import collections
import socket
import time

from bystander import USER
from raw_client import Closed, RawClient

MIB = 1 << 20


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
