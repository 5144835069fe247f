# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap --interface` beside tcpdump: what it says of the traffic as it comes must be what it says of the recording."""
import json
import os
import re
import signal
import time

from recorder import wait_for


class Live:
    def __init__(self, lab, folder, port, keys):
        self.processes, self.output = lab.processes, folder / "live.jsonl"
        command = [lab.tool, "pcap", "--interface", "lo", "--filter", "tcp port %d" % port, *keys, "--json-lines"]
        self.process = self.processes.start(command, self.output, errors=folder / "live.txt")
        wait_for(lambda: captures(self.process.pid), self.process, "countersign pcap --interface", folder / "live.txt")

    def stop(self):
        """Ends it when it has had nothing to say for a while: the traffic is over by now."""
        size, since = -1, time.monotonic()
        while time.monotonic() - since < 0.5:
            now = self.output.stat().st_size
            if now != size:
                size, since = now, time.monotonic()
            time.sleep(0.05)
        self.processes.stop(self.process, signal.SIGTERM)


def captures(pid):
    """Whether a process has a packet socket that is bound to an interface and running."""
    try:
        mine = {re.sub(r"\D", "", os.readlink("/proc/%d/fd/%s" % (pid, fd))) for fd in os.listdir("/proc/%d/fd" % pid)}
        with open("/proc/%d/net/packet" % pid, encoding="ascii") as table:
            rows = [line.split() for line in table][1:]
    except OSError:
        return False
    return any(row[8] in mine and row[4] != "0" and row[5] == "1" for row in rows)


def messages(folder):
    """The messages that it listed."""
    lines = [json.loads(line) for line in (folder / "live.jsonl").read_text().splitlines()]
    return [line["message"] for line in lines if "message" in line]
