#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap --interface` on the loopback interface of a network namespace of its own, and `countersign pcap -` on a pipe: recorded
conversations go through real sockets and are judged as they go.

usage: live_test.py COUNTERSIGN FILE... (of vectors/captures)
"""

import fcntl
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, result  # noqa: E402
import traffic  # noqa: E402

TOOL = os.path.abspath(sys.argv[1])
PORT = 4450
WAIT = 20  # seconds, for what takes milliseconds
SETTLE = 0.6  # until what has been sent has been judged, too


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running


class Recorded:
    def __init__(self, path):
        with open(path) as f:
            sidecar = json.load(f)
        self.segments = traffic.read(path[:-4] + "pcap", sidecar["server_port"])
        self.events = [(s.side, s.data) for s in self.segments if s.data]
        self.keys = "".join("%s %s\n" % (s["session_id"], s["session_key"]) for s in sidecar["sessions"])
        self.verified = sidecar["expected"]["signed_verified"]
        self.messages = len(sidecar["verdict_per_pdu"])
        # the last response of the session's setup
        self.final = next(i for i, (side, d) in enumerate(self.events) if side == "S" and d[16:18] == b"\1\0" and d[12:16] == bytes(4))


def converse(events, before=lambda i: None):
    """Says the events over a TCP connection on the loopback interface, each when the one before has arrived."""
    with socket.create_server(("127.0.0.1", PORT)) as listener, socket.create_connection(("127.0.0.1", PORT)) as client:
        server, _ = listener.accept()
        with server:
            for i, (side, data) in enumerate(events):
                before(i)
                source, target = (client, server) if side == "C" else (server, client)
                source.sendall(data)
                left = len(data)
                while left:
                    left -= len(target.recv(left))


class Tool:
    """The tool, started. Interfaces: only when it is capturing."""

    def __init__(self, *arguments, keys="", stdin=None, prefix=()):
        self.folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        self.keys = os.path.join(self.folder.name, "keys")
        with open(self.keys, "w") as f:
            f.write(keys)
        self.lines, self.errors, self.came = [], [], threading.Condition()
        self.process = subprocess.Popen([*prefix, TOOL, "pcap", *arguments, "--keys", self.keys], stdin=stdin,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=stdin is None)
        self.readers = [threading.Thread(target=self.read, args=x) for x in ((self.process.stdout, self.lines), (self.process.stderr, self.errors))]
        for r in self.readers:
            r.start()
        end = time.monotonic() + WAIT
        while "--interface" in arguments and self.process.poll() is None and time.monotonic() < end and not capturing():
            time.sleep(0.01)
        time.sleep(0.1)

    def read(self, pipe, into):
        for line in pipe:
            with self.came:
                into.append(line if isinstance(line, str) else line.decode())
                self.came.notify_all()

    def wait_for(self, words):
        """Until a line has them, while the tool goes on."""
        with self.came:
            return self.came.wait_for(lambda: any(words in line for line in self.lines), WAIT)

    def end(self, number=None):
        """Exit status, output and errors; number: after this signal."""
        begun = time.monotonic()
        if number is not None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(WAIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        if number is not None:
            check(time.monotonic() - begun < 5, "the end took", time.monotonic() - begun)
        for r in self.readers:
            r.join()
        self.folder.cleanup()
        return status, "".join(self.lines), "".join(self.errors)


def capturing():
    """Whether a packet socket runs in this network namespace."""
    with open("/proc/net/packet") as f:
        return any(line.split()[5] == "1" for line in f.read().splitlines()[1:])


def verdict_count(report, verdict):
    found = re.search(r"(?m)^ +([0-9,]+)  %s$" % verdict, report)
    return int(found.group(1).replace(",", "")) if found else 0


def interfaces(recorded):
    tool = Tool("--interface", "lo", keys=recorded.keys)
    converse(recorded.events)
    time.sleep(SETTLE)
    status, out, errors = tool.end(signal.SIGINT)
    check(status == 0 and verdict_count(out, "verified") == recorded.verified and errors == "", "Ctrl-C", status, out, errors)
    check("127.0.0.1:%d" % PORT in out and "not verified" not in out, "Ctrl-C", out)

    tool = Tool("-i", "lo", "--interface=lo")
    status, _, errors = tool.end()
    check(status == 2 and "--interface is given twice" in errors, "twice", errors)

    tool = Tool("--interface", "lo", "--json-lines", "--filter", "tcp port %d" % PORT, keys=recorded.keys)
    converse(recorded.events)
    check(tool.wait_for('"verdict":"verified"'), "no message before the end")
    time.sleep(SETTLE)
    status, out, _ = tool.end(signal.SIGTERM)
    lines = [json.loads(x) for x in out.splitlines()]
    check(status == 0 and lines[-1]["summary"]["verified"] == recorded.verified, "SIGTERM", status, lines[-1])

    tool = Tool("--interface", "lo", "--filter", "tcp port %d" % (PORT + 1), keys=recorded.keys)
    converse(recorded.events)
    status, out, errors = tool.end(signal.SIGINT)
    check(status == 2 and "no SMB2 message in 0 frames" in errors, "another port", status, out, errors)

    tool = Tool("--interface", "lo", "--count", "5", "--json", keys=recorded.keys)
    converse(recorded.events)
    status, out, _ = tool.end()
    check(status == 0 and len(json.loads(out)["messages"]) == 5, "--count", status, out)

    begun = time.monotonic()
    tool = Tool("--interface", "lo", "--seconds", "1", "--messages", keys=recorded.keys)
    converse(recorded.events)
    status, out, _ = tool.end()
    check(status == 0 and 0.9 < time.monotonic() - begun < WAIT and len(re.findall(r"(?m)^ +\d+\.\d ", out)) >= recorded.verified, "--seconds", status, out)


def what_is_wrong(recorded):
    """A bad signature is said at once; so is a session without a key, which is said once; and a key that comes in time is used."""
    spoiled = [(s, d[:-1] + bytes([d[-1] ^ 1]) if i == recorded.final + 1 else d) for i, (s, d) in enumerate(recorded.events)]
    tool = Tool("--interface", "lo", keys=recorded.keys)
    converse(spoiled)
    check(tool.wait_for("  bad  "), "nothing is said of a bad signature")
    status, out, _ = tool.end(signal.SIGINT)
    check(status == 1 and verdict_count(out, "bad") == 1, "bad", status, out)

    tool = Tool("--interface", "lo", "--require-verified")
    converse(recorded.events)
    check(tool.wait_for("  no-key: "), "nothing is said of a missing key")
    status, out, _ = tool.end(signal.SIGINT)
    check(status == 1 and out.count("  no-key: ") == 2, "no key is said", out.count("  no-key: "), "times", out)  # once as it comes

    tool = Tool("--interface", "lo", "--json-lines", "--require-verified")

    def add_keys(i):
        if i == recorded.final:
            with open(tool.keys, "a") as f:
                f.write("# a session\n" + recorded.keys)

    converse(recorded.events, add_keys)
    time.sleep(SETTLE)
    status, out, _ = tool.end(signal.SIGINT)
    last = json.loads(out.splitlines()[-1])
    check(status == 0 and last["summary"]["verified"] == recorded.verified, "a key that comes in time", status, last)

    tool = Tool("--interface", "lo", "--json-lines")

    def half_a_line(i):
        text = recorded.keys[:recorded.keys.index("\n") - 3]
        if i in (recorded.final + 1, recorded.final + 5):
            with open(tool.keys, "w") as f:
                f.write(text if i == recorded.final + 1 else recorded.keys)
        time.sleep(0.05)

    converse(recorded.events, half_a_line)
    time.sleep(SETTLE)
    _, out, _ = tool.end(signal.SIGINT)
    summary = json.loads(out.splitlines()[-1])["summary"]
    check(summary["bad"] == 0 and 0 < summary["verified"] < recorded.verified, "a key that comes late, its line in two", summary)


def dropped(recorded):
    """A tool that is stopped while more comes than the kernel keeps."""
    tool = Tool("--interface", "lo", "--require-verified", "--json-lines", keys=recorded.keys)
    converse(recorded.events)
    tool.wait_for('"verdict":"verified"')
    time.sleep(SETTLE)
    tool.process.send_signal(signal.SIGSTOP)
    converse([("C", bytes(1 << 20))] * 100)
    tool.process.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    status, out, errors = tool.end(signal.SIGINT)
    check("dropped by the kernel" in out and "dropped by the kernel" in errors and status == 1, "dropped", status, out[-600:], errors[-600:])


def refused():
    for arguments, prefix, words in (
        (("--interface", "nowhere0"), (), "there is no interface 'nowhere0'; there are: any, lo"),
        (("--interface", "lo", "--filter", "tcp prt 1"), (), "the filter 'tcp prt 1'"),
        (("--interface", "lo"), ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all"), "setcap cap_net_raw+ep"),
    ):
        status, out, errors = Tool(*arguments, prefix=prefix).end()
        check(status == 2 and words in errors and len(errors.splitlines()) == 1, arguments, status, out, errors)


def pipes(recorded):
    """What comes is judged before more comes, and a wait ends with a signal."""
    records = [traffic.pcap([traffic.ethernet(traffic.ipv4(s))])[24:] for s in recorded.segments]
    part = len(records) * 2 // 3
    tool = Tool("-", "--json-lines", keys=recorded.keys, stdin=subprocess.PIPE)
    tool.process.stdin.write(traffic.pcap([]) + b"".join(records[:part]) + records[part][:9])
    tool.process.stdin.flush()
    check(tool.wait_for('"verdict":"verified"'), "no message before the end of the pipe")
    time.sleep(0.2)
    status, out, errors = tool.end(signal.SIGINT)
    last = json.loads(out.splitlines()[-1])
    check(status == 0 and last["error"] is None and 0 < last["summary"]["verified"] < recorded.verified, "a pipe", status, last, errors)
    tool.process.stdin.close()
    tool = Tool("-", "--seconds", "1", keys=recorded.keys, stdin=subprocess.PIPE)
    tool.process.stdin.write(traffic.pcap([]) + b"".join(records))
    tool.process.stdin.flush()
    status, out, errors = tool.end()
    check(status == 0 and verdict_count(out, "verified") == recorded.verified, "a pipe for a second", status, out, errors)
    tool.process.stdin.close()


def enter_namespace():
    """Starts this anew in a network namespace: as root by itself (a chroot allows no user namespace), else with a user namespace."""
    os.environ["LIVE_TEST_INSIDE"] = "1"
    for own in (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"]):
        if subprocess.run([*own, "true"], stderr=subprocess.DEVNULL).returncode == 0:
            os.execvp(own[0], [*own, sys.executable, *sys.argv])
    sys.exit("FAILED: neither root nor a user namespace may have a network namespace here")


def main():
    if os.environ.get("LIVE_TEST_INSIDE") is None:
        enter_namespace()
    raise_loopback()
    paths = {os.path.basename(p)[:-5]: p for p in sys.argv[2:] if p.endswith(".json")}
    recorded = Recorded(paths["sign-SMB3_11-AES-128-GMAC-AES-128-GCM-small"])
    interfaces(recorded)
    what_is_wrong(recorded)
    dropped(recorded)
    refused()
    pipes(recorded)
    return result(20)


if __name__ == "__main__":
    sys.exit(main())
