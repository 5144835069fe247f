#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a server has to outlive: each flood goes on until its time is over, holds what it has to the end, and says what it did.

usage: floods.py NAME PORT SECONDS. Prints what was done, and a line `PROBLEM ...` for each answer that is not the protocol's."""
import dataclasses
import sys

import flood_strangers as strangers
import flood_users as users
import flood_work as work
from flood import Flood


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
    Kind("garbage", strangers.garbage, 20),
    Kind("garbage behind a header", strangers.garbage_behind_a_header, 20),
    Kind("half messages", strangers.half_messages, 100, quick=True),
    Kind("claims of 16 MiB", strangers.claims, 20),
    Kind("claims of 8 MiB by strangers", strangers.stranger_claims, 20),
    Kind("claims of 8 MiB by nobody", strangers.nobodys_claims, 20),
    Kind("slow senders", strangers.slow_senders, 20, seconds=4, arguments=PATIENCE),
    Kind("idle connections", strangers.idle, 200, quick=True, seconds=4),
    Kind("idle sessions", strangers.idle_sessions, 100, seconds=5),
    Kind("connections come and go", strangers.come_and_go, 20),
    Kind("half sessions, one connection", users.setups_on_one, 20),
    Kind("half sessions, many connections", users.setups_on_many, 200, seconds=5),
    Kind("tree connects", users.trees, 20),
    Kind("wrong passwords", users.wrong_passwords, 40, quick=True),
    Kind("broken tokens", users.broken_tokens, 40),
    Kind("right passwords", users.right_passwords, 40),
    Kind("never reads", users.never_reads, 120, quick=True),
    Kind("many never read", users.many_never_read, 110, seconds=5, arguments=("--max-memory", "64")),
    Kind("a compound of 512 MiB", users.big_compounds, 60),
    Kind("strangers' ECHOs", work.strangers_echo, 20, quick=True, seconds=3),
    Kind("sizes of files", work.sizes, 40),
    Kind("patterns", work.patterns, 40, seconds=6),
    Kind("requests that wait", users.waiting, 20),
    Kind("MessageIds out of the window", users.ids_out_of_window, 20),
    Kind("CreditCharge beyond the window", users.charges, 20),
    Kind("credits, none and all", users.no_credits, 20))}


def main(name, port, seconds):
    flood = Flood(port, seconds)
    FLOODS[name].run(flood)
    seen = flood.seen
    print(", ".join("%d %s" % (seen[w], w) if not w[-1].isdigit() else w for w in seen if not w.startswith("PROBLEM")))
    for problem in (w for w in seen if w.startswith("PROBLEM")):
        print("%s (%d times)" % (problem, seen[problem]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
