#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap` takes no more memory for ten times the capture: peaks of its resident memory over captures that are made here and
piped in. A recorded connection again and again, one that goes on and on, ever new sessions and ever new connections that never end.

usage: memory_test.py COUNTERSIGN [--megabytes=N] FILE... (of vectors/captures)     N: of the bigger captures (300)
"""

import json
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import big_traffic  # noqa: E402
import traffic  # noqa: E402

TOOL = sys.argv[1]
ALLOWED = 3 << 10  # KiB between the two
failures = 0


def run(folder, keys, chunks, *options):
    name = os.path.join(folder, "keys")
    with open(name, "w") as f:
        f.write(keys)
    with open(os.path.join(folder, "out"), "w+") as out, open(os.path.join(folder, "errors"), "w+") as errors:
        tool = subprocess.Popen([TOOL, "pcap", "-", "--keys", name, "--stats", *options], stdin=subprocess.PIPE, stdout=out, stderr=errors)
        size = 0
        with tool.stdin as pipe:
            pipe.write(big_traffic.header())
            for chunk in chunks:
                size += len(chunk)
                pipe.write(chunk)
        tool.wait()
        for f in (out, errors):
            f.seek(0)
        said, report = errors.read(), out.read()
    peak = re.search(r"peak memory (\d+) KiB", said)
    return size, int(peak.group(1)) if peak else None, tool.returncode, report, said


def compare(folder, what, keys, capture, total, words, *options):
    """Both sizes, their peaks, and words that the report must have: of what could not be kept, or that all is verified."""
    global failures
    rows = [run(folder, keys, capture(t), *options) for t in (total // 10, total)]
    (small, first, _, _, _), (big, second, code, report, said) = rows
    print("%-40s %6.1f MB %6s KiB   %6.1f MB %6s KiB" % (what, small / 1e6, first, big / 1e6, second), flush=True)
    good = first and second and second <= first + ALLOWED and big > 9 * small and code == 0
    for word in words:
        good = good and re.search(word, report)
    if not good:
        failures += 1
        print("FAILED", what, code, report[:2000], said[-2000:])


def new_sessions(segments, total):
    """The same connections with a session of its own in each."""
    chunk_of = next(big_traffic.connections(segments, 1))
    marks = [m.start() for m in re.finditer(b"\xfeSMB", chunk_of) if chunk_of[m.start() + 40:m.start() + 48] not in (bytes(8), b"\xff" * 8)]
    for n, chunk in enumerate(big_traffic.connections(segments, total)):
        chunk = bytearray(chunk)
        for m in marks:
            struct.pack_into("<Q", chunk, m + 40, 1000 + n)
        yield bytes(chunk)


def never_ending(segments, total):
    """Connections that begin, say their first word and stay."""
    said = traffic.conversation([s for s in segments if s.data][:1], (1, 445))
    records = [big_traffic.record(s) for s in said]
    for n in range(total // sum(map(len, records))):
        for r, s in zip(records, said):
            struct.pack_into(">H", r, big_traffic.SPORT + (0 if s.side == "C" else 2), 1024 + n % 60000)
            r[big_traffic.RECORD + big_traffic.IP + (13 if s.side == "C" else 17)] = n // 60000 + 1
        yield b"".join(records)


def main():
    total = int(next((a[12:] for a in sys.argv if a.startswith("--megabytes=")), 300)) * 1000000
    paths = {os.path.basename(p)[:-5]: p for p in sys.argv[2:] if p.endswith(".json")}

    def recorded(name):
        with open(paths[name]) as f:
            sidecar = json.load(f)
        keys = "".join("%s %s\n" % (s["session_id"], s["session_key"]) for s in sidecar["sessions"])
        return traffic.read(paths[name][:-4] + "pcap", sidecar["server_port"]), keys

    segments, keys = recorded("sign-SMB3_11-AES-128-GMAC-AES-128-GCM-small")
    opening, rest = big_traffic.setup_and_rest(segments)
    small, _ = recorded("compound.related1-gmac")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        compare(folder, "a connection again and again", keys, lambda t: big_traffic.connections(segments, t), total, [r"\n +0  bad\n", "more connections: "])
        compare(folder, "one long connection", keys, lambda t: big_traffic.one_connection(opening, rest, t), total, [r"\n +0  bad\n", "on 1 connection\n"])
        compare(folder, "one long connection, JSON Lines", keys, lambda t: big_traffic.one_connection(opening, rest, t), total // 5, [], "--json-lines")
        compare(folder, "ever new sessions without a key", "", lambda t: new_sessions(small, t), total, ["sessions.*were forgotten", "in other sessions"])
        compare(folder, "ever new connections that never end", "", lambda t: never_ending(small, t), total, ["connections were open at once"])
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
