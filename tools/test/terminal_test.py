#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap` on a terminal: colours where they are wanted, and a bar on standard error for what takes longer, gone at the end.

usage: terminal_test.py COUNTERSIGN FILE... (of vectors/captures)
"""

import json
import os
import re
import pty
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, result  # noqa: E402
import big_traffic  # noqa: E402
import traffic  # noqa: E402

TOOL = sys.argv[1]


def run(arguments, out_terminal=False, error_terminal=False, stopped=0.0, **environment):
    """Exit status, output and errors; either on a terminal. stopped: for so many seconds it is made to sleep at its beginning."""
    ends = [pty.openpty() if terminal else os.pipe() for terminal in (out_terminal, error_terminal)]
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    tool = subprocess.Popen([TOOL, "pcap", *arguments], stdout=ends[0][1], stderr=ends[1][1], env={**clean, **environment})
    texts = [b"", b""]

    def read(i):
        try:
            while chunk := os.read(ends[i][0], 65536):
                texts[i] += chunk
        except OSError:  # a terminal's other end is closed
            pass

    readers = [threading.Thread(target=read, args=(i,)) for i in (0, 1)]
    for r in readers:
        r.start()
    if stopped:
        wait_for_reading(tool)
        tool.send_signal(signal.SIGSTOP)
        time.sleep(stopped)
        tool.send_signal(signal.SIGCONT)
    status = tool.wait()
    for _, writer in ends:
        os.close(writer)
    for r in readers:
        r.join()
    for reader, _ in ends:
        os.close(reader)
    return status, texts[0].decode(), texts[1].decode()


def wait_for_reading(tool):
    """Until it has read some of the capture: time that passes before that is not the reading's."""
    while tool.poll() is None:
        with open("/proc/%d/io" % tool.pid) as f:
            if int(re.match(r"rchar: (\d+)", f.read()).group(1)) > 2000000:
                return


def colours(capture):
    for options, terminal, environment, wanted in (
        ([], False, {}, False), ([], True, {}, True), ([], True, {"NO_COLOR": "1"}, False), (["--color=auto"], True, {}, True),
        ([], True, {"NO_COLOR": ""}, True), ([], True, {"TERM": "dumb"}, False), ([], True, {"TERM": "xterm"}, True), (["--color=always"], False, {"TERM": "dumb"}, True),
        (["--color", "never"], True, {}, False), (["--color=always"], False, {"NO_COLOR": "1"}, True), (["--json"], True, {}, False),
    ):
        status, out, errors = run([capture, *options], out_terminal=terminal, **environment)
        check(status == 0 and errors == "" and ("\033[" in out) == wanted, options, terminal, environment, out[:200], errors)
    _, out, _ = run([capture], out_terminal=True)
    check("\033[33mno-key" in out and "0  bad" in out and "\033[1;31m" not in out, "nothing bad is not red", out)
    status, _, errors = run([capture, "--color=sometimes"])
    check(status == 2 and "'sometimes' is not auto, always or never" in errors, errors)


def bars(capture):
    status, out, errors = run([capture], error_terminal=True, stopped=1.3)
    check(status == 0 and "% " in errors.replace("%,", "% ") and "s left" in errors, "no bar", errors[:300])
    check(errors.endswith("\r\033[K") and "left" not in out, "the bar stays", errors[-100:])
    status, _, errors = run([capture], stopped=1.3)
    check(status == 0 and errors == "", "a bar where there is no terminal", errors[:300])


def arguments():
    """What the command line has for the terminal to obey does not reach it; what cannot be written is an error."""
    for words in (["\033[31m"], ["pcap", "--\033[31m"], ["pcap", "x", "--color", "\033[31m"], ["pcap", "\033[31m"], ["pcap", "x", "--keys", "\033[31m"],
                  ["kdf", "--dialect", "\033[31m"], ["kdf", "\033[31m"], ["decode", "\033[31m"], ["explain", "\033[31m"]):
        said = subprocess.run([TOOL, *words], capture_output=True)
        check(said.returncode == 2 and b"\033" not in said.stderr + said.stdout and b"?[31m" in said.stderr, words, said)
    with tempfile.NamedTemporaryFile(dir=os.environ.get("TEST_TMPDIR"), suffix="\033[31m") as message:
        said = subprocess.run([TOOL, "decode", message.name], capture_output=True)
        check(said.returncode == 2 and b"\033" not in said.stderr and b"?[31m" in said.stderr, said)
    for words in (["--help"], ["help"], ["pcap", "--help"], ["explain", "--help"], ["kdf", "--help"], ["decode", "--help"]):
        with open("/dev/full", "w") as full:
            said = subprocess.run([TOOL, *words], stdout=full, stderr=subprocess.PIPE)
        check(said.returncode == 2 and b"cannot be written" in said.stderr, words, said)


def main():
    arguments()
    path = next(p for p in sys.argv[2:] if p.endswith("sign-SMB3_11-AES-128-GMAC-AES-128-GCM-small.json"))
    with open(path) as f:
        segments = traffic.read(path[:-4] + "pcap", json.load(f)["server_port"])
    colours(path[:-4] + "pcap")
    with tempfile.NamedTemporaryFile(dir=os.environ.get("TEST_TMPDIR")) as capture:
        capture.write(big_traffic.header())
        for chunk in big_traffic.connections(segments, 60000000):
            capture.write(chunk)
        capture.flush()
        bars(capture.name)
    return result(10)


if __name__ == "__main__":
    sys.exit(main())
