# SPDX-License-Identifier: Apache-2.0
"""How the reference server ends, and how it does not begin: signals with clients connected, kill -9 and a new start on the same port, a port that is
taken, a user file that is not one, options that are none. Each with its exit status and a message that says what is wrong. And what it says while it
serves."""
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import tempfile
import time

import server
from bystander import USER, echo
from flood_users import file_of, read_element
from processes import cpu
from raw_client import Closed, RawClient

NOBODY = 65534
AT_ONCE = 1.0  # seconds
NOT_BEGUN = 64  # argp's exit status for a command line that it does not take


class Checks:
    def __init__(self, lab):
        self.lab, self.failed = lab, 0
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=lab.folder))
        self.users = self.folder / "accounts"
        self.users.write_text("%s:%s:%s\n" % (server.DOMAIN, *USER))

    def check(self, condition, what):
        print("%-7s %s" % ("ok" if condition else "FAILED", what))
        self.failed += not condition

    def start(self, *arguments):
        (self.folder / "server.txt").unlink(missing_ok=True)  # else the line of the one before would be taken for this one's
        return server.reference(self.lab, self.folder, self.folder / "server.log", arguments)

    def refused(self, what, arguments, status, *words, **more):
        """The server does not begin: its exit status, and the words of its message."""
        run = subprocess.run([self.lab.server, *map(str, arguments)], capture_output=True, text=True, timeout=20, check=False, **more)
        said = run.stderr.strip()
        self.check(run.returncode == status and all(str(w) in said for w in words) and not run.stdout,
                   "%s: exit status %d, %s" % (what, run.returncode, said.replace("\n", " | ")[:160]))


def clients(port):
    """One with a session, one that has said nothing, one in the middle of a message, one that waits for an answer."""
    one = RawClient(port).ready(*USER)
    half = socket.create_connection(("127.0.0.1", port))
    half.sendall(b"\0\0\1\0half")
    return one, socket.create_connection(("127.0.0.1", port)), half


def ended_by(checks, number):
    process, port = checks.start()
    held = clients(port)
    began = time.monotonic()
    process.send_signal(number)
    status = process.wait(10)
    took = time.monotonic() - began
    name = signal.Signals(number).name
    checks.check(status == (-number if number == signal.SIGKILL else 0) and took < AT_ONCE,
                 "%s with clients connected: exit status %d after %.0f ms" % (name, status, took * 1000))
    try:
        held[0].receive()
        closed = False
    except Closed:
        closed = True
    checks.check(closed, "%s: the client's connection is closed" % name)
    again, same = checks.start("--port", port)
    checks.check(same == port and echo(RawClient(port).ready(*USER)), "%s, then started again on port %d at once: it serves" % (name, port))
    checks.lab.processes.stop(process)
    checks.lab.processes.stop(again)
    checks.check(sorted(p.name for p in checks.folder.iterdir()) == ["accounts", "server.log", "server.txt", "users"],
                 "%s: no file is left that was not there" % name)


def not_begun(checks):
    users, missing, empty, folder = checks.users, checks.folder / "missing", checks.folder / "empty", checks.folder
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        checks.refused("a port that is taken", ("--users", users, "--port", port), 1, "127.0.0.1", port, "in use")
    checks.refused("an address that is not this machine's", ("--users", users, "--address", "192.0.2.1"), 1, "192.0.2.1", "address")
    checks.refused("no address", ("--users", users, "--address", "nowhere"), 1, "nowhere")
    checks.refused("a user file that does not exist", ("--users", missing), 1, missing, "No such file")
    empty.touch()
    checks.refused("an empty user file", ("--users", empty), 1, empty, "DOMAIN:user:password")
    checks.refused("a folder as user file", ("--users", folder), 1, folder)
    empty.write_text("alice secret\n")
    checks.refused("a user file of other lines", ("--users", empty), 1, empty, "DOMAIN:user:password")
    empty.write_text("alice:secret\n")
    checks.refused("a user file without domains", ("--users", empty), 1, empty, "DOMAIN:user:password")
    empty.write_text("W:alice:secret\nW:bob\n")
    checks.refused("a user file with one wrong line", ("--users", empty), 1, empty, "line 2", "DOMAIN:user:password")
    empty.write_text("W:alice:se:cret\n")
    checks.refused("a colon in a password", ("--users", empty), 1, empty, "line 1", "colon")
    empty.write_text("\ufeffW:alice:secret\n")
    checks.refused("a byte order mark", ("--users", empty), 1, empty, "line 1")
    if os.geteuid() == 0:
        unreadable(checks)
    checks.refused("a keytab that does not exist", ("--users", users, "--keytab", missing), 1, missing, "No such file")
    empty.write_bytes(b"\x05\x02garbage")
    checks.refused("a keytab that is none", ("--users", users, "--keytab", empty), 1, empty)
    for arguments, words in {(): ("--users FILE is required",), ("--nothing",): ("--nothing",), ("--port", "70000"): ("--port", "70000", "65535"),
                             ("--port", "x"): ("--port", "x"), ("--dialects", "3.1.1"): ("--dialects", "MIN-MAX"),
                             ("--dialects", "3.1.1-2.1"): ("begins above",), ("--dialects", "1.0-2.1"): ("1.0", "2.0.2"),
                             ("--signing-algorithms", "MD5"): ("MD5", "AES-128-GMAC"), ("--ciphers", "AES-128-GCM,AES-128-GCM"): ("twice",),
                             ("--order", "mine"): ("mine", "peer"), ("--signing", "perhaps"): ("perhaps", "required"),
                             ("--encryption", "on"): ("on", "required"), ("--max-connections", "many"): ("many",), ("--patience", "0"): ("--patience",),
                             ("--share", ""): ("--share",), ("--share", "x" * 81): ("--share",), ("stray",): ("stray",)}.items():
        checks.refused(" ".join(arguments) or "no option", arguments, NOT_BEGUN, *words)


def unreadable(checks):
    """Root reads everything: another user tries, in a folder that lets him pass."""
    with tempfile.TemporaryDirectory(prefix="csign-") as folder:
        os.chmod(folder, 0o755)
        users = pathlib.Path(folder) / "users"
        users.write_text(checks.users.read_text())
        users.chmod(0o600)
        program = pathlib.Path(folder) / "server"
        program.write_bytes(checks.lab.server.read_bytes())
        program.chmod(0o755)
        run = subprocess.run([program, "--users", users], capture_output=True, text=True, timeout=20, check=False, user=NOBODY, group=NOBODY, extra_groups=[])
        checks.check(run.returncode == 1 and re.search(r"%s: Permission denied" % users, run.stderr),
                     "a user file that may not be read: exit status %d, %s" % (run.returncode, run.stderr.strip()))


def half_closed(checks):
    """Who sends nothing more may still read: more than the sockets hold."""
    process, port = checks.start()
    client, requests, size = RawClient(port).ready(*USER), 200, 65536
    file = file_of(client, size)
    for _ in range(requests):
        client.send(client.signed(read_element(client, file, size)))
    client.socket.shutdown(socket.SHUT_WR)
    answered = 0
    try:
        while True:
            answered += client.verifies(client.receive())
    except Closed:
        pass
    checks.check(answered == requests, "a client that closes its side behind %d requests: %d answers" % (requests, answered))
    checks.lab.processes.stop(process)


def logged(checks):
    """Keys are in the log if they are asked for, and with --quiet nothing is."""
    for option in (None, "--debug-keys", "--quiet"):
        log = checks.folder / "server.log"
        log.write_text("")
        process, port = checks.start(*([option] if option else []), "--max-connections", "2")
        client, second = RawClient(port).ready(*USER), socket.create_connection(("127.0.0.1", port))
        with socket.create_connection(("127.0.0.1", port), 5) as third:
            checks.check(not third.recv(1), "a third connection with --max-connections 2 is closed")
        checks.lab.processes.stop(process)
        second.close()
        text, wanted = log.read_text(), option or "no option"
        shown = client.key.hex() in text
        checks.check(shown == (option == "--debug-keys"), "the log with %s: the signing key is%s there" % (wanted, "" if shown else " not"))
        checks.check(bool(text) == (option != "--quiet") == ("--max-connections" in text), "the log with %s: %d lines" % (wanted, text.count("\n")))


def out_of_descriptors(checks):
    """It pauses instead of trying again at once, and goes on when there are some."""
    process, port = checks.start()
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (20, 20))
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    before = cpu(process.pid)
    time.sleep(2)
    took, lines = cpu(process.pid) - before, (checks.folder / "server.log").read_text().count("accept:")
    checks.check(took < 0.5 and 1 <= lines <= 4, "out of descriptors: %.2f s of CPU time in 2 s, %d lines in the log" % (took, lines))
    for one in held:
        one.close()
    checks.check(echo(RawClient(port).ready(*USER)), "out of descriptors, and then no longer: it serves")
    checks.lab.processes.stop(process)


def main(lab):
    checks = Checks(lab)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        ended_by(checks, number)
    half_closed(checks)
    logged(checks)
    out_of_descriptors(checks)
    not_begun(checks)
    print("%d of them failed" % checks.failed)
    return checks.failed
