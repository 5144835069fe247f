#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap` over every capture, message by message against the verdicts recorded beside it.

usage: captures_test.py COUNTERSIGN FILE... (of vectors/captures)

The sidecars were made by another program with Samba's own logged keys, so they are a second opinion. Each capture is judged with a
key file made here from its sidecar: first with all keys, then without the first session's, then without any.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, result  # noqa: E402

LINE = re.compile(r"^(\d+)\.(\d+):([CS]) (\S+) mid=(-?\d+) st=([0-9a-f]+): (.*)$")
COUNTED = {"signed_verified": "verified", "signed_but_wrong": "bad", "signed_no_key": "no-key",
           "signed_flag_but_signature_echoes_request": "mirrored", "undecryptable": "encrypted", "encrypted_frames": "decrypted"}


def judge(tool, capture, lines, *options):
    with tempfile.NamedTemporaryFile("w", dir=os.environ.get("TEST_TMPDIR"), suffix=".keys") as keys:
        keys.write("# made by captures_test\n\n" + "".join("%s %s\n" % line for line in lines))
        keys.flush()
        run = subprocess.run([tool, "pcap", capture, "--keys", keys.name, "--json", *options], capture_output=True)
    check(run.returncode in (0, 1, 2), "%s: exit status %d %s" % (capture, run.returncode, run.stderr.decode()[-2000:]))
    return json.loads(run.stdout), run.returncode


def by_rule(m):
    """protocol: what is never signed, for a message whose SIGNED flag is clear."""
    if m["command"] == "NEGOTIATE" or (m["side"] == "server" and m["status"] == "00000103"):
        return True
    no_session = int(m["session_id"], 16) == 0
    if m["command"] == "OPLOCK_BREAK" and m["message_id"] == "f" * 16 and m["side"] == "server" and no_session:
        return True
    return m["command"] in ("SESSION_SETUP", "ECHO") and no_session


def expected(line):
    """(frame, element, side, command, message id, status), then (verdict, algorithm, key); None: SMB1."""
    match = LINE.match(line)
    if not match:
        check(re.match(r"^\d+:SMB1$", line), "an unknown line in a sidecar: " + line)
        return None
    frame, element, side, command, mid, status, verdict = match.groups()
    place = (int(frame), int(element), {"C": "client", "S": "server"}[side], command,
             "%016x" % (int(mid) % (1 << 64)), "%08x" % int(status, 16))
    if verdict == "enc":
        return place, ("decrypted", None, None)
    if verdict.startswith("unsigned"):
        return place, ("unsigned", None, None)
    if verdict == "FAIL":
        return place, ("bad", "AES-CMAC", "session")
    ok, key, algorithm = verdict.split(" ")
    check(ok == "ok", "an unknown verdict in a sidecar: " + line)
    return place, ("verified", algorithm, {"chan": "session", "session": "session", "bound-channel": "channel"}[key])


def all_lines(sidecar):
    return [(s["session_id"], s["session_key"]) for s in sidecar["sessions"]] + \
           [(b["session_id"], b["channel_session_key"]) for b in sidecar["bound_channels"]]


def compare(name, sidecar, report, status):
    wanted = [e for e in map(expected, sidecar["verdict_per_pdu"]) if e]
    ciphers = {s["session_id"]: next(c["cipher"] for c in sidecar["connections"] if c["conn"] == s["established_on_conn"])
               for s in sidecar["sessions"]}
    check(len(report["messages"]) == len(wanted), "%s: %d messages, expected %d" % (name, len(report["messages"]), len(wanted)))
    wrongly = [r for r in report["remarks"] if "requires signing" in r["text"]]
    check(wrongly == [], "%s: nobody takes a signature away" % name, wrongly)
    for (place, verdict), m in zip(wanted, report["messages"]):
        is_place = tuple(m[k] for k in ("frame", "element", "side", "command", "message_id", "status"))
        is_verdict = tuple(m[k] for k in ("verdict", "algorithm", "key"))
        if verdict[0] == "unsigned" and by_rule(m):
            verdict = ("not-to-be-verified", None, None)
        cipher = ciphers[m["session_id"]] if verdict[0] == "decrypted" else None
        check(is_place == place, "%s: message %s, expected %s" % (name, is_place, place))
        check(is_verdict == verdict, "%s: %s is %s, expected %s" % (name, place, is_verdict, verdict))
        check(m["cipher"] == cipher, "%s: %s came in %s, expected %s" % (name, place, m["cipher"], cipher))
    total, counts = report["summary"], sidecar["expected"]
    for key, verdict in COUNTED.items():
        check(total[verdict] == counts[key], "%s: %d %s, expected %d" % (name, total[verdict], verdict, counts[key]))
    check(total["unsigned"] + total["not-to-be-verified"] == counts["unsigned"], name + ": unsigned")
    check(status == (1 if counts["signed_but_wrong"] else 0), "%s: exit status %d" % (name, status))
    check(report["error"] is None, "%s: error %s" % (name, report["error"]))


def recount(name, report):
    seen = dict.fromkeys(report["summary"], 0)
    for m in report["messages"]:
        seen[m["verdict"]] += 1
    check(seen == report["summary"], "%s: the summary does not count the messages" % name)


def main():
    tool = sys.argv[1]
    sidecars = [a for a in sys.argv[2:] if a.endswith(".json") and not a.endswith("negotiate-messages.json")]
    check(len(sidecars) == sum(a.endswith(".pcap") for a in sys.argv), "as many sidecars as captures")
    totals = {"verified": 0, "channel": 0, "decrypted": 0, "messages": 0}
    check(len(sidecars) >= 20, "only %d captures" % len(sidecars))
    print("%-48s %8s %4s %8s %8s %6s %9s" % ("capture", "verified", "bad", "unsigned", "mirrored", "no-key", "decrypted"))
    for path in sorted(sidecars):
        with open(path) as f:
            sidecar = json.load(f)
        name, capture = sidecar["name"], os.path.join(os.path.dirname(path), sidecar["pcap"])
        lines = all_lines(sidecar)
        report, status = judge(tool, capture, lines)
        compare(name, sidecar, report, status)
        recount(name, report)
        s = report["summary"]
        print("%-48s %8d %4d %8d %8d %6d %9d" % (name, s["verified"], s["bad"], s["unsigned"] + s["not-to-be-verified"],
                                                  s["mirrored"], s["no-key"], s["decrypted"]))
        totals["verified"] += s["verified"]
        totals["decrypted"] += s["decrypted"]
        totals["messages"] += len(report["messages"])
        totals["channel"] += sum(m["key"] == "channel" for m in report["messages"])

        none, status = judge(tool, capture, [])
        check(none["summary"]["no-key"] == s["verified"] + s["bad"] + s["no-key"] and status == 0, name + ": without keys")
        opaque = [(m["frame"], m["command"], m["cipher"], m["session_id"]) for m in none["messages"] if m["verdict"] == "encrypted"]
        check(opaque == [(m["frame"], None, None, m["session_id"]) for m in report["messages"] if m["verdict"] == "decrypted"],
              name + ": encrypted without keys")
        _, strict = judge(tool, capture, [], "--require-verified")
        check(strict == (1 if any(none["summary"][v] for v in ("no-key", "mirrored", "encrypted")) else 0), name + ": --require-verified without keys")

        # With every key's first bit turned, nothing verifies, and no key bytes appear anywhere.
        wrong, status = judge(tool, capture, [(i, "%0*x" % (len(k), int(k, 16) ^ 1 << 4 * len(k) - 1)) for i, k in lines])
        check(wrong["summary"]["verified"] == wrong["summary"]["decrypted"] == 0, name + ": verified with a wrong key")
        tags = [(m["frame"], m["algorithm"], m["key"]) for m in wrong["messages"] if m["command"] is None]
        check(tags == [(m["frame"], m["cipher"], "session") for m in report["messages"] if m["verdict"] == "decrypted"] and
              all(m["verdict"] == "bad" for m in wrong["messages"] if m["command"] is None), name + ": tags under a wrong key")
        check(not any(k[:16] in json.dumps(report) for _, k in lines), name + ": a key in the report")
    print(totals)
    check(totals["verified"] > 800 and totals["channel"] >= 8 and totals["decrypted"] > 200, "too little was compared")
    return result(5000)


if __name__ == "__main__":
    sys.exit(main())
