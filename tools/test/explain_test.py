#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign explain` names every mistake that it knows: each is committed by a signer of its own (mistakes.py), in a capture made
here, and must be named back with the right evidence; then some together, and signatures that no mistake explains.

usage: explain_test.py COUNTERSIGN HEADER FILE...     HEADER: countersign/diagnose.h; FILE: of vectors/captures
"""

import json
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import smb2  # noqa: E402
from checks import check, result  # noqa: E402
from mistakes import COMMITTED, FILES, KEY, OLD, READ, SESSION, Case, message, several  # noqa: E402

TOOL, HEADER = sys.argv[1], sys.argv[2]
FILES.update((os.path.basename(f), f) for f in sys.argv[3:])
IMPACKET = "verifies when both NEGOTIATE messages are left out of the preauth hash"


def explain_text(capture, keys, *options):
    """What it prints for a capture's bytes and (session, key) pairs, and its exit status."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        names = [os.path.join(folder, n) for n in ("capture", "keys")]
        with open(names[0], "wb") as f:
            f.write(capture)
        with open(names[1], "w") as f:
            f.write("".join("%016x %s\n" % (i, k.hex()) for i, k in keys))
        run = subprocess.run([TOOL, "explain", names[0], "--keys", names[1], *options], capture_output=True, text=True)
    check(run.returncode in (0, 1), "exit status", run.returncode, run.stderr[-500:])
    return run.stdout, run.returncode


def explain(capture, keys, *options):
    text, status = explain_text(capture, keys, "--json", *options)
    return json.loads(text), status


def known():
    """The names of all mistakes, from the public header: a new one without a case here is a failure."""
    with open(HEADER) as f:
        names = re.findall(r"^ +CSIGN_MISTAKE_([A-Z0-9_]+)", f.read(), re.M)
    return [n.lower().replace("_", "-") for n in names if n not in ("NONE", "COUNT")]


def named(case, wanted, alone):
    report, status = explain(case.capture(), case.keys, "--show-keys")
    check(status == 1 and len(report["wrong"]) == 1, wanted, "one wrong signature", status, report["summary"])
    if not report["wrong"]:
        return None
    evidence = report["wrong"][0]["evidence"]
    found = [tuple(sorted(m["name"] for m in e["mistakes"])) for e in evidence["explanations"]]
    check(tuple(sorted(wanted)) in found, wanted, "is named", found)
    check(evidence["complete"] and (not alone or all(len(f) == 1 for f in found)), wanted, "with as few as can be", found)
    side, signed = case.here.events[-1]
    check(report["wrong"][0]["side"] == {"C": "client", "S": "server"}[side], wanted, "side")
    start = evidence["right"]["range"][0]
    check(evidence["signature"] == signed[start + 48:start + 64].hex(), wanted, "the signature as it is")
    right = case.here.sign(signed, *evidence["right"]["range"])
    check(evidence["expected"] == right[start + 48:start + 64].hex(), wanted, "the signature as it should be")
    check(evidence["right"]["key"] == case.here.key.hex(), wanted, "the right key", evidence["right"]["key"])
    return evidence["sentence"], len(found)


def by_files(case, *options, want=1, hashed=lambda c: c.hashed):
    """The same without a capture: message and setup in files, as hex. hashed: other messages than those of the hash."""
    c = case.here
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        names = []
        for i, data in enumerate([c.events[-1][1], c.final] + hashed(c)):
            names.append(os.path.join(folder, "m%d" % i))
            with open(names[-1], "w") as f:
                f.write(data.hex(" ", 16) + "\n")
        setup = [o for n in names[2:] for o in ("--preauth", n)] if c.dialect == "3.1.1" else []
        command = [TOOL, "explain", "--message", names[0], "--final", names[1], *setup, "--session-key", "-", "--dialect", c.dialect,
                   "--signing", c.algorithm, "--hex", "--json", *options]
        run = subprocess.run(command, input=c.session_key.hex().encode(), capture_output=True)
    check(run.returncode == want, "exit status of files", run.returncode, run.stderr[-500:])
    return json.loads(run.stdout)["sentence"] if want < 2 else run.stderr.decode()


def many():
    """Every kind of wrong signature in one session is searched, and what is not searched says so."""
    case = Case(**OLD)
    for shift in range(1, 8):
        case.wrong(cover=lambda f, s, e: f[s:e - shift])
    case.wrong(cover=lambda f, s, e: f[s:s + 64])
    for i in range(3):
        case.wrong(key=bytes([i + 1]) * 16)
    report, _ = explain(case.capture(), case.keys)
    sentences = [w["why"] if w["evidence"] is None else w["evidence"]["sentence"] for w in report["wrong"]]
    check(sum("verifies when" in s for s in sentences) == 8, "many kinds", sentences)
    check(sum(w["messages"] for w in report["wrong"]) == 11, "each is in one group", report["wrong"])
    frame = report["wrong"][6]["frame"]
    alone, _ = explain(case.capture(), case.keys, "--frame", str(frame))
    check(len(alone["wrong"]) == 1 and "verifies when" in alone["wrong"][0]["why"], "one frame", alone["wrong"])

    for body in (b"", b"\4\0\0\0"):  # a header alone, or little more
        for name, cover in (("range-header-only", lambda f, s, e: f[s:s + 64]), ("range-with-transport-header", lambda f, s, e: struct.pack(">I", len(f)) + f)):
            small = Case(**OLD)
            small.wrong(frame=message(4, "C", body=body), cover=cover)
            if body or "transport" in name:
                check(named(small, (name,), True), name, len(body))


def unknown_channel():
    """A channel whose key is not known is no wrong signature, inside an encrypted session neither."""
    capture = smb2.Capture()
    first = smb2.Connection(capture, 0x311, smb2.GMAC, "AES-128-GCM").negotiate()
    keys = first.setup(SESSION, KEY)
    second = smb2.Connection(capture, 0x311, smb2.GMAC, "AES-128-GCM").negotiate()
    channel = second.bind(SESSION, keys, KEY[::-1], send=second.encrypted(SESSION, keys), known=False)
    second.exchange(SESSION, channel, send=second.encrypted(SESSION, keys))
    second.exchange(SESSION, channel)
    text, status = explain_text(capture.pcap(), [(SESSION, KEY)])
    check(status == 0 and text.startswith("no wrong signature\n") and "2 messages without a key" in text, "an unknown channel's key", text)
    report, _ = explain(capture.pcap(), [(SESSION, KEY)])
    check(report["summary"]["no-key"] == 2, "an unknown channel's key", report["summary"])


def without_capture():
    first = "the session's signing key is used for the bound channel"
    check(by_files(COMMITTED["preauth-without-negotiate"]()) == IMPACKET, "files: a hash")
    check(by_files(COMMITTED["hmac-last-bytes"]()) == "verifies when the signature is the last 16 bytes of the HMAC", "files: 2.1")
    check(by_files(COMMITTED["range-from-frame-start"](), "--element", "3").endswith("covers the elements before it too"), "files: an element")
    bound = COMMITTED["session-for-channel"]()
    other = ["--channel", "--other-session-key", KEY.hex(), "--other-preauth", bound.first.preauth.hex()]
    check(by_files(bound, *other) == "verifies when " + first, "files: a channel")
    answer = COMMITTED["signature-of-request"]()
    request = answer.here.events[-2][1][48:64].hex()
    check("holds the request's signature" in by_files(answer, "--request-signature", request), "files: a request")
    check(by_files(Case().wrong(), want=0) == "verifies", "files: a right signature")
    for hashed, why in ((lambda c: c.hashed + [c.final], "number 6, is a response whose status is not MORE_PROCESSING_REQUIRED"),
                        (lambda c: c.hashed[1::-1] + c.hashed[2:], "number 1, must be the NEGOTIATE request"),
                        (lambda c: c.hashed[:1] * 2 + c.hashed[2:], "number 2, must be the NEGOTIATE response"),
                        (lambda c: c.hashed[:-1], "number 4, must not be the last"), (lambda c: c.hashed[:2] + c.hashed[3:], "number 3, must be a SESSION_SETUP request"),
                        (lambda c: c.hashed[:3] + c.hashed[2:3] + c.hashed[4:], "number 4, must be a SESSION_SETUP response"),
                        (lambda c: c.hashed[:2] + c.hashed[:1] + c.hashed[3:], "number 3, must be a SESSION_SETUP message")):
        check(why in by_files(Case().wrong(), want=2, hashed=hashed), "files: order", why)
    unsigned = Case()
    unsigned.here.say("C", message(READ, "C"))
    check("SIGNED flag of this element is clear" in by_files(unsigned, want=2), "files: unsigned")
    for options, why in ((("--element", "2"), "there is no element 2"), (("--other-preauth", "00"), "has 1 bytes and not 64"),
                         (("--final", "/nonexistent"), "is given twice"), (("--frame", "x"), "no number")):
        check(why in by_files(Case().wrong(), *options, want=2), "files: refused", options)


def recorded():
    """The one recorded capture with wrong signatures."""
    name = "cl-impacket-311"
    with open(FILES[name + ".json"]) as f:
        session = json.load(f)["sessions"][0]
    with tempfile.NamedTemporaryFile("w", dir=os.environ.get("TEST_TMPDIR")) as keys:
        keys.write("%s %s\n" % (session["session_id"], session["session_key"]))
        keys.flush()
        for subcommand in ("explain", "pcap"):
            run = subprocess.run([TOOL, subcommand, FILES[name + ".pcap"], "--keys", keys.name], capture_output=True, text=True)
            check(run.returncode == 1 and IMPACKET in run.stdout, name, subcommand, run.stdout)
        for options, found in ((["--frame", "12"], True), (["--frame", "11"], False)):
            run = subprocess.run([TOOL, "explain", FILES[name + ".pcap"], "--keys", keys.name, *options], capture_output=True, text=True)
            check((IMPACKET in run.stdout) == found, name, options, run.stdout)
    print("%s: %s" % (name, IMPACKET))


def main():
    names = known()
    check(set(names) == set(COMMITTED), "a case for every mistake", set(names) ^ set(COMMITTED))
    print("%-36s %s" % ("mistake", "sentence"))
    for name in names:
        said = named(COMMITTED[name](), (name,), True)
        if said:
            print("%-36s %s%s" % (name, said[0], " (or %d more)" % (said[1] - 1) if said[1] > 1 else ""))
    for wanted, case in several().items():
        said = named(case, wanted, False)
        print("%s\n    %s" % (" + ".join(wanted), said and said[0]))

    for n in (1, 3, 5):
        check(named((lambda c: c.wrong(key=c.neighbours[n].key))(Case(neighbours=6)), ("other-signing-key",), True), "one of many sessions", n)
    check(named((lambda c: c.derived(preauth=c.neighbours[2].preauth))(Case(neighbours=6)), ("other-preauth",), True), "the hash of one of many")
    many()
    unknown_channel()
    without_capture()
    recorded()
    nothing, status = explain(Case().wrong(key=bytes(range(16))).capture(), [(SESSION, KEY)])
    check(status == 1 and nothing["wrong"][0]["evidence"]["explanations"] == [], "a key from nowhere is not explained")
    check(re.search(r"no mistake explains it: \d+ were tried", nothing["wrong"][0]["evidence"]["sentence"]), "and what was tried is said")
    print(nothing["wrong"][0]["evidence"]["sentence"])
    little, _ = explain(Case().wrong(key=bytes(range(16))).capture(), [(SESSION, KEY)], "--work", "1")
    check("ended at its bound" in little["wrong"][0]["evidence"]["sentence"], "a bound that is reached is said")
    good, status = explain(Case().wrong().capture(), [(SESSION, KEY)])
    check(status == 0 and good["wrong"] == [], "a right signature needs no explanation")
    return result(700, "%d mistakes, " % len(names))


if __name__ == "__main__":
    sys.exit(main())
