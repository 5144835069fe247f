# SPDX-License-Identifier: Apache-2.0
"""tcpdump on the loopback interface, for one server port, that is known to have caught everything when it is stopped."""
import os
import re
import signal
import socket
import time


class Recorder:
    def __init__(self, processes, folder, port, buffer_mib=64):
        self.processes, self.port = processes, port
        self.path, self.log = folder / "capture.pcap", folder / "tcpdump.txt"
        # --immediate-mode, or short sessions are lost; -Z root: as root tcpdump would become another user and not reach the folder.
        self.process = processes.start(["tcpdump", "--immediate-mode", "-U", "-n", "-s", "262144", "-B", str(1024 * buffer_mib), "-i", "lo", "-w", self.path,
                                        *_as_root(), "tcp", "port", str(port)], self.log)
        wait_for(lambda: "listening on" in self.log.read_text(errors="replace"), self.process, "tcpdump", self.log)

    def stop(self):
        """Ends the capture when it holds a last connection, made here, after everything before it; RuntimeError if it does not come to hold it."""
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            mark = s.getsockname()[1].to_bytes(2, "big") + self.port.to_bytes(2, "big")  # as its TCP header begins
            s.connect_ex(("127.0.0.1", self.port))
        deadline = time.monotonic() + 10
        while not (whole := mark in tail(self.path, 4096)) and time.monotonic() < deadline and self.process.poll() is None:
            time.sleep(0.02)
        self.processes.stop(self.process, signal.SIGINT)
        if not whole:
            raise RuntimeError("the capture does not reach to the end of the session")


def _as_root():
    return ["-Z", "root"] if os.geteuid() == 0 else []


def tail(path, size):
    with open(path, "rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read()


def dropped(folder):
    """How many packets of a folder's capture the kernel dropped, by tcpdump's own count; None if it does not say."""
    log = folder / "tcpdump.txt"
    found = re.search(r"(\d+) packets? dropped by kernel", log.read_text(errors="replace")) if log.exists() else None
    return int(found[1]) if found else None


def wait_for(condition, process, name, log, seconds=20):
    """Waits until a server is ready; what it said goes into the error."""
    deadline = time.monotonic() + seconds
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("%s is not ready: %s" % (name, log.read_text(errors="replace")[-800:].strip() or "it said nothing"))
        time.sleep(0.02)
