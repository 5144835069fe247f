#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap` on what captures go through: other link types and file formats, segments split, repeated, reordered and lost,
ports used twice, keepalives, garbage. The verdicts must be those of the untouched capture, or fewer, never worse.

usage: pcap_test.py COUNTERSIGN [--short] FILE... (of vectors/captures)
"""

import json
import os
import random
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, result  # noqa: E402
import process_memory  # noqa: E402
import traffic  # noqa: E402

TOOL = sys.argv[1]
# Small ones, with every kind of thing that reassembly and key derivation must get right.
NAMES = ("compound.related1-gmac", "session.bind1", "sign-SMB2_02-small", "sign-SMB3_00-small")


def run_pcap(capture, keys, *options, want=None):
    """What `countersign pcap` prints for a capture's bytes and a key file's text."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        names = [os.path.join(folder, n) for n in ("capture", "keys")]
        for name, content in zip(names, (capture, keys.encode() if isinstance(keys, str) else keys)):
            with open(name, "wb") as f:
                f.write(content)
        run = subprocess.run([TOOL, "pcap", names[0], "--keys", names[1], *options], capture_output=True)
    check(run.returncode in ((0, 1, 2) if want is None else (want,)), "exit status", run.returncode, want, run.stderr[-500:])
    return run.stdout.decode(), run.stderr.decode()


def judge(capture, keys, *options, want=None):
    """The same, as JSON: the report and standard error."""
    out, errors = run_pcap(capture, keys, "--json", *options, want=want)
    return json.loads(out), errors


class Case:
    """A recorded capture with its keys and what the tool says of it untouched."""

    def __init__(self, path):
        with open(path) as f:
            sidecar = json.load(f)
        self.name = sidecar["name"]
        self.segments = traffic.read(path[:-4] + "pcap", sidecar["server_port"])
        self.keys = "".join("%s %s\n" % (s["session_id"], s["session_key"]) for s in sidecar["sessions"])
        self.keys += "".join("%s %s\n" % (b["session_id"], b["channel_session_key"]) for b in sidecar["bound_channels"])
        self.report, _ = judge(traffic.pcap([traffic.ethernet(traffic.ipv4(s)) for s in self.segments]), self.keys)
        self.verified = self.report["summary"]["verified"]
        check(self.verified == sidecar["expected"]["signed_verified"], self.name, "as recorded")


def without_frames(report):
    return [{k: v for k, v in m.items() if k not in ("frame", "connection")} for m in report["messages"]]


def as_set(report):
    return sorted(json.dumps(m) for m in without_frames(report))


def same(case, what, capture, ordered=True):
    report, errors = judge(capture, case.keys)
    form = without_frames if ordered else as_set
    check(form(report) == form(case.report), case.name, what, report["summary"], errors)
    check(report["error"] is None and errors == "", case.name, what, report["error"], errors)


def frames(segments, wrap=traffic.ethernet):
    return [wrap(traffic.ipv4(s)) for s in segments]


def formats(case):
    s = case.segments
    for order in "<>":
        same(case, "pcap " + order, traffic.pcap(frames(s), order=order))
        same(case, "pcapng " + order, traffic.pcapng(frames(s), order=order))
        same(case, "nanoseconds " + order, traffic.pcap(frames(s), order=order, magic=0xA1B23C4D))
    raw = lambda ip: ip  # noqa: E731
    same(case, "raw IP", traffic.pcap(frames(s, raw), link=101))
    same(case, "LINKTYPE_IPV4", traffic.pcap(frames(s, raw), link=228))
    same(case, "BSD loopback, little-endian", traffic.pcap(frames(s, lambda ip: b"\2\0\0\0" + ip), link=0))
    same(case, "BSD loopback, big-endian", traffic.pcap(frames(s, lambda ip: b"\0\0\0\2" + ip), link=0, order=">"))
    same(case, "OpenBSD loopback", traffic.pcap(frames(s, lambda ip: b"\0\0\0\2" + ip), link=108))
    same(case, "Linux any", traffic.pcap(frames(s, lambda ip: bytes(14) + b"\x08\0" + ip), link=113))
    same(case, "Linux any, v2", traffic.pcap(frames(s, lambda ip: b"\x08\0" + bytes(18) + ip), link=276))
    same(case, "VLAN", traffic.pcap(frames(s, lambda ip: traffic.ethernet(ip, b"\x81\0\0\7"))))
    same(case, "VLAN in VLAN", traffic.pcap(frames(s, lambda ip: traffic.ethernet(ip, b"\x88\xa8\0\7\x81\0\0\7"))))
    same(case, "padded frames", traffic.pcap(frames(s, lambda ip: traffic.ethernet(ip) + b"padding")))
    same(case, "offloaded, total length 0", traffic.pcap([traffic.ethernet(traffic.ipv4(x, 0)) for x in s]))
    same(case, "IPv6", traffic.pcap([traffic.ethernet(traffic.ipv6(x), b"", 0x86DD) for x in s]))
    hop = bytes([60, 0]) + bytes(6) + bytes([6, 1]) + bytes(14)
    same(case, "IPv6 with extension headers", traffic.pcap([traffic.ipv6(x, hop, 0) for x in s], link=101))
    fragment = bytes([6, 0, 0, 0]) + bytes(4)
    same(case, "IPv6, one fragment", traffic.pcap([traffic.ipv6(x, fragment, 44) for x in s], link=229))
    same(case, "other ports", traffic.pcap(frames([x.changed(ports=(445, 50000 + x.ports[0] % 1000)) for x in s])))


def segments(case):
    s = case.segments
    for size in (1, 3, 7, 63, 64, 100):
        same(case, "pieces of %d" % size, traffic.pcap(frames(traffic.split(s, size))))
        same(case, "overlapping pieces of %d" % size, traffic.pcap(frames(traffic.split(s, size + 5, 5))))
    same(case, "everything twice", traffic.pcap(frames([x for y in s for x in (y, y)])))
    same(case, "keepalive probes", traffic.pcap(frames([x for y in s for x in [y] + [y.changed(seq=y.seq - 1, data=b"\0", flags=0x10)] * bool(y.data)])))
    for seed in range(12):
        rng = random.Random(seed)
        pieces = traffic.split(s, 40 + 40 * seed)
        order = sorted(range(len(pieces)), key=lambda i: i + rng.random() * (2 + seed))
        shuffled = [pieces[i] for i in order]
        same(case, "reordered, seed %d" % seed, traffic.pcap(frames(shuffled)), ordered=False)
    for shift in (0xFFFFFF00, 0xFFFFFFFF, 0x7FFFFFF0):
        first = {side + str(p): next(x for x in s if x.side == side and x.ports == p).seq for side in "CS" for p in {x.ports for x in s}}
        moved = [x.changed(seq=x.seq - first[x.side + str(x.ports)] + shift,
                           ack=x.ack - first["SC"["CS".index(x.side)] + str(x.ports)] + shift if x.flags & traffic.ACK else 0) for x in s]
        same(case, "sequence numbers from %x" % shift, traffic.pcap(frames(moved)))


def never_worse(case, what, capture):
    report, errors = judge(capture, case.keys)
    left = as_set(case.report)
    for m in as_set(report):
        if '"verdict": "verified"' in m:
            check(m in left, case.name, what, "verified what was not", m)
    check(report["summary"]["bad"] <= case.report["summary"]["bad"], case.name, what, "bad", report["summary"], errors)
    return report, errors


def losses(case):
    s = case.segments
    with_data = [i for i, x in enumerate(s) if x.data]
    for i in range(len(s)):
        report, errors = never_worse(case, "without frame %d" % (i + 1), traffic.pcap(frames(s[:i] + s[i + 1:])))
        if i in with_data[:-2]:
            check("missing" in errors, case.name, "without frame %d: nobody says so" % (i + 1), errors)
        if i in with_data[8:] and not case.name.startswith("session."):
            check(report["summary"]["verified"] >= case.verified - 2, case.name, "without frame %d" % (i + 1), report["summary"])
        if i % 3 == 0:
            never_worse(case, "from frame %d" % (i + 2), traffic.pcap(frames(s[i + 1:])))
    for size in (20, 64, 200):
        pieces, settled = traffic.split(s, size), len(traffic.split(s[:with_data[8]], size))
        for i in range(0, len(pieces), 7 * len(pieces) // 200 + 3):
            report, _ = never_worse(case, "without piece %d of %d bytes" % (i, size), traffic.pcap(frames(pieces[:i] + pieces[i + 1:])))
            if i >= settled and not case.name.startswith("session."):  # one message is lost, and not the next ones
                check(report["summary"]["verified"] >= case.verified - 2, case.name, "without piece", i, size, report["summary"])
    for snaplen in (60, 100, 150, 200, 300):
        report, errors = never_worse(case, "snapshots of %d" % snaplen, traffic.pcap(frames(s), snaplen=snaplen))
        check("missing" in errors or "snap length" in (report["error"] or ""), case.name, "snapshots of %d: nobody says so" % snaplen)


def connections(case):
    """The same traffic on the same ports again, and interleaved with itself on others."""
    ports = sorted({x.ports for x in case.segments})
    if len(ports) > 1:
        return
    data = [(x.side, x.data) for x in case.segments if x.data]
    one = traffic.build(data, (4000, 445), (1000, 5000))
    again = traffic.build(data, (4000, 445), (900000, 7000000))
    other = traffic.build(data, (4001, 445), (77, 88))
    double = as_set({"messages": case.report["messages"] * 2})
    unfinished = traffic.build([("C", traffic.frame(data[0][1][4:] + bytes(500))[:300])], (4000, 445), (900000, 7000000))
    report, _ = judge(traffic.pcap(frames(unfinished + one)), case.keys)
    check(as_set(report) == as_set(case.report), case.name, "ports used again after half a message", report["summary"])
    for what, capture in (("ports used again", one + again), ("interleaved", [x for p in zip(one, other) for x in p])):
        report, errors = judge(traffic.pcap(frames(capture)), case.keys)
        check(as_set(report) == double and errors == "", case.name, what, report["summary"], errors)
    keepalive = [e for d in data for e in (d, (d[0], b"\x85\0\0\0"))]
    session = [("C", b"\x81\0\0\x44" + bytes(68)), ("S", b"\x82\0\0\0")]
    same(case, "NetBIOS", traffic.pcap(frames(traffic.build(session + keepalive, (4000, 139)))))
    for junk in (b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x10" + b"not an SMB frame", bytes(100), b"\xff" * 50):
        for at in (6, len(data) // 2, len(data) - 1):
            noisy = data[:at] + [(data[at][0], junk)] + data[at:]
            report, _ = never_worse(case, "junk at %d" % at, traffic.pcap(frames(traffic.build(noisy, (4000, 445)))))
            check(report["summary"]["verified"] == case.verified, case.name, "junk", junk[:8], at, report["summary"])
    web = traffic.build([("C", b"GET / HTTP/1.1\r\n\r\n"), ("S", b"HTTP/1.1 200 OK\r\n\r\n" + bytes(5000))], (4002, 80))
    same(case, "other protocols", traffic.pcap(frames(web + one + [x.changed(ports=(4003, 80)) for x in web])))


def special(case):
    """Mirrored signatures, compression, PENDING, malformed messages: made from a recorded conversation."""
    plain = [(x.side, x.data[4:]) for x in case.segments if x.data]
    said = [(i, m) for i, m in enumerate(plain) if m[0] == "S" and m[1][:4] == b"\xfeSMB" and m[1][16] & 8]
    at, (_, response) = said[-1]
    request = next(m for side, m in plain[:at] if side == "C" and m[24:32] == response[24:32])

    def capture_of(events):
        return traffic.pcap(frames(traffic.build([(s, traffic.frame(m)) for s, m in events], (4000, 445))))

    def run(events, *options, want=None):
        return judge(capture_of(events), case.keys, *options, want=want)

    mirrored = response[:8] + struct.pack("<I", 0xC0000203) + response[12:48] + request[48:64] + response[64:]
    report, _ = run(plain[:at] + [("S", mirrored)] + plain[at + 1:], want=0)
    check(report["summary"]["mirrored"] == 1 and report["summary"]["bad"] == 0, case.name, "mirrored", report["summary"])
    run(plain, "--require-verified", want=0)
    run(plain[:at] + [("S", mirrored)] + plain[at + 1:], "--require-verified", want=1)
    for keys, suspicious in ((case.keys, True), ("", False)):
        text, _ = run_pcap(capture_of(plain[:at] + [("S", mirrored)] + plain[at + 1:]), keys, want=0)
        line = [x for x in text.partition("not verified\n")[2].splitlines() if "repeats its request's signature" in x]
        check(len(line) == 1 and ("suspicious" in line[0]) == suspicious, case.name, "mirrored, text", line, text[-900:])
    # the same in a request, or with another request's signature, is just bad
    other = next(m for side, m in plain if side == "C" and m[16] & 8 and m[24:32] != response[24:32])
    report, _ = run(plain[:at] + [("S", mirrored[:48] + other[48:64] + mirrored[64:])] + plain[at + 1:], want=1)
    check(report["summary"]["mirrored"] == 0 and report["summary"]["bad"] == 1, case.name, "not mirrored", report["summary"])

    interim = response[:8] + struct.pack("<I", 0x103) + response[12:]
    report, _ = run(plain[:at] + [("S", interim)] + plain[at:], want=0)
    check(report["summary"]["not-to-be-verified"] == case.report["summary"]["not-to-be-verified"] + 1, case.name, "interim")
    forged = request[:8] + struct.pack("<I", 0x103) + request[12:]
    i = next(k for k, m in enumerate(plain) if m[1] is request)
    report, _ = run(plain[:i] + [("C", forged)] + plain[i + 1:], want=1)
    check(report["summary"]["bad"] == 1, case.name, "a request with 0x103 is no interim response", report["summary"])

    compressed = b"\xfcSMB" + struct.pack("<IHHI", 100, 1, 0, 0) + bytes(20)
    report, errors = run(plain[:at] + [("S", compressed)] + plain[at:], want=0)
    check("compressed" in errors and report["summary"] == case.report["summary"], case.name, "compressed", errors)
    run(plain[:at] + [("S", compressed)] + plain[at:], "--require-verified", want=1)

    broken = response[:20] + struct.pack("<I", 72 + (1 << 20)) + response[24:]
    report, errors = run(plain[:at] + [("S", broken)] + plain[at + 1:], want=0)
    check("CSIGN_TRUNCATED" in errors and "offset" in errors, case.name, "a wrong NextCommand", errors)

    first = next(k for k, m in enumerate(plain) if m[0] == "C" and m[1][16] & 8)
    spoiled = plain[first][1][:-1] + bytes([plain[first][1][-1] ^ 1])
    report, _ = run(plain[:first] + [("C", spoiled)] + plain[first + 1:], want=1)
    check(report["summary"]["bad"] == 1, case.name, "a spoiled request", report["summary"])
    report, _ = run([("C", plain[first][1])], want=0)
    alone = "no-key" if case.report["messages"][-1]["algorithm"] == "AES-GMAC" else "verified"  # 2.x needs no setup
    check(report["summary"][alone] == 1, case.name, "alone", report["summary"])


def started_late(case):
    """2.x and 3.0 keys need no setup in the capture: a signature that verifies tells dialect and key."""
    late = [x for x in case.segments if x.data][10:]
    report, _ = judge(traffic.pcap(frames(late)), case.keys, want=0)
    interim = report["summary"]["not-to-be-verified"]
    check(report["summary"]["verified"] == len(report["messages"]) - interim > 20, case.name, "started late", report["summary"])


def bad_input(case):
    good = traffic.pcap(frames(case.segments))
    for what, capture, words in (
        ("empty", b"", "offset 0"), ("text", b"this is no capture, but text\n" * 9, "offset 0"),
        ("no frame", good[:24], "there is nothing to judge"),
        ("snap length", traffic.pcap(frames(case.segments), snaplen=60), "snap length: capture with a larger one"),
        ("cut", good[:len(good) - 5], "offset"),
        ("a link type", traffic.pcap(frames(case.segments), link=105), "link type IEEE802_11"),
        ("a length", good[:24 + 8] + b"\xff\xff\xff\x7f" + good[24 + 12:], "offset 24"),
        ("not SMB", traffic.pcap(frames(traffic.build([("C", b"GET /")], (1, 80)))), "no SMB2 message"),
    ):
        report, errors = judge(capture, case.keys, want=2)
        check(words in (report["error"] or "") and words in errors, what, report["error"], errors)
        check(("snap length" in report["error"]) == (what == "snap length"), what, report["error"])
    session = "0" * 16
    for keys, words in (
        ("12 34\n", "line 1, column 1"), ("\n\n%s\n" % session, "line 3, column 17"), (session[1:] + "g 11\n", "line 1, column 16"),
        ("# fine\n%s 123\n" % session, "line 2, column 18"), ("%s 11 22\n" % session, "line 1, column 21"),
        ("%s 1x\n" % session, "line 1, column 19"), ("%s 11\n" % session * 65, "line 65: more than 64"), ("\0\n", "line 1"),
    ):
        report, errors = judge(good, keys, want=2)
        check(words in (report["error"] or "") and report["messages"] == [] and words in errors, keys, report["error"], errors)
    for keys in ("", "\n", "# no key\n", "\r\n", case.keys.replace("\n", " # mine\r\n"), case.keys.upper(), "\t" + case.keys.strip(), "\ufeff" + case.keys):
        _, errors = judge(good, keys, want=0)
        check(errors == "", keys, errors)


def command_line(case):
    for arguments, code, where, words in (
        ([], 2, "err", "usage"), (["--help"], 0, "out", "usage"), (["pcap"], 2, "err", "--help"), (["pcap", "--help"], 0, "out", "--keys"),
        (["pcap", "/nonexistent"], 2, "err", "/nonexistent: No such file"), (["nonsense"], 2, "err", "nonsense"),
        (["pcap", "a", "b"], 2, "err", "more than one"), (["pcap", "a", "--keys"], 2, "err", "--keys lacks its value"), (["pcap", "/"], 2, "err", ""),
        (["pcap", "a", "--nonsense=1"], 2, "err", "--nonsense is not"), (["pcap", "-x", "a"], 2, "err", "-x is not"),
        (["pcap", "a", "--json=1"], 2, "err", "--json takes no value"), (["pcap", "--keylog=a", "--keylog", "b"], 2, "err", "--keylog is given twice"),
        (["pcap", "a", "--keys", "/nonexistent"], 2, "err", "/nonexistent: No such file"),
    ):
        run = subprocess.run([TOOL] + arguments, capture_output=True, text=True)
        check(run.returncode == code and words in (run.stdout if where == "out" else run.stderr), arguments, run)
        if arguments[:1] == ["pcap"]:  # one message, the tool's own
            check(all(x.startswith(("countersign pcap: ", "Try ")) for x in run.stderr.splitlines()), arguments, run.stderr)
            check(run.stderr.count("countersign pcap: ") == (code == 2), arguments, run.stderr)
    with tempfile.NamedTemporaryFile(dir=os.environ.get("TEST_TMPDIR")) as capture:
        capture.write(traffic.pcap(frames(case.segments)))
        capture.flush()
        run = subprocess.run([TOOL, "pcap", capture.name], capture_output=True, text=True)
        check(run.returncode == 0 and "summary" in run.stdout and "no-key" in run.stdout and "\033" not in run.stdout, "text", run)
        check("the key file has no line" in run.stdout and "  0  192.0.2.1:" in run.stdout, "text", run.stdout[-900:])


def wiped(case, padding):
    """While the tool waits for its capture (a pipe), the key file's text is nowhere in its writable memory."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        capture, keys = (os.path.join(folder, n) for n in ("capture", "keys"))
        os.mkfifo(capture)
        with open(keys, "w") as f:  # not at the start, which the next user of freed memory overwrites
            f.write("#" * 2000 + "\n" + case.keys + "#" * padding + "\n")
        tool = subprocess.Popen([TOOL, "pcap", capture, "--keys", keys], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pipe = open(capture, "wb")  # returns when the tool opens it, too: the keys have been read
        key = case.keys.split()[1]
        found, seen = [], 0
        for line, content in process_memory.writable(tool):
            seen += (bytes.fromhex(key) in content) + 2 * (os.fsencode(keys) in content)
            found += [line] if key.encode() in content else []
        check(seen >= 3, "the tool's memory does not show even the key that it uses", seen)
        check(found == [], "the key file's text is still in memory", padding, found)
        pipe.close()
        check(tool.wait() == 2, "an empty pipe", tool.returncode)


def main():
    paths = {os.path.basename(p): p for p in sys.argv[2:]}
    short = "--short" in sys.argv  # sanitizers make every start of the tool slow
    cases = {n: Case(paths[n + ".json"]) for n in NAMES[:1 if short else None]}
    for case in cases.values():
        formats(case)
        segments(case)
        losses(case)
        connections(case)
    special(cases["compound.related1-gmac"])
    if not short:
        special(cases["sign-SMB2_02-small"])
        started_late(cases["sign-SMB2_02-small"])
        started_late(cases["sign-SMB3_00-small"])
    bad_input(cases["compound.related1-gmac"])
    command_line(cases["compound.related1-gmac"])
    wiped(cases["compound.related1-gmac"], 0)
    wiped(cases["compound.related1-gmac"], 100000)  # the text outgrows its first buffers
    return result(500, "%d captures, " % len(cases))


if __name__ == "__main__":
    sys.exit(main())
