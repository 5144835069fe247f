#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The second opinion on the recorded captures, against the verdicts recorded beside them; then with faults, each of which it must see.

usage: opinion_test.py FILE... (of vectors/captures)
"""
import json
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import capture  # noqa: E402
import opinion  # noqa: E402
import smb2  # noqa: E402

LINE = re.compile(r"^(\d+)\.(\d+):([CS]) (\S+) mid=(-?\d+) st=([0-9a-f]+): (.*)$")
NAMES = {"session": "session", "signing": "signing", "app": "application", "serverin": "client-to-server", "serverout": "server-to-client"}
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)
        print("FAILED", what)


def logged_keys(sidecar):
    """As samba_log.read gives them; a session that no log shows has the sidecar's session key."""
    found = {int(s["session_id"], 16): {"session": bytes.fromhex(s["session_key"])} for s in sidecar["sessions"] if s["session_key"]}
    for record in sidecar["samba_logged_keys"]:
        found[int(record["id"], 16)] = {NAMES[k]: bytes.fromhex(v) for k, v in record.items() if k in NAMES}
    return found


def recorded(sidecar):
    """{(frame, element): verdict} as the sidecar's lines say it, in the opinion's words."""
    verdicts = {}
    for match in filter(None, map(LINE.match, sidecar["verdict_per_pdu"])):
        frame, element, verdict = int(match[1]), int(match[2]), match[7]
        if verdict.startswith("unsigned"):
            verdict = "unsigned"
        elif verdict.startswith("ok"):
            _, key, algorithm = verdict.split(" ")
            verdict = "verified %s %s" % (algorithm, "channel" if key == "bound-channel" else "session")
        verdicts[frame, element] = {"FAIL": "bad", "enc": "decrypted"}.get(verdict, verdict)
    return verdicts


def said(formed):
    """The same of an opinion; what is not signed by rule is `unsigned` in the sidecars."""
    return {(e.frame, e.element): "unsigned" if e.verdict == "not-to-be-verified" else
            " ".join(filter(None, (e.verdict, e.algorithm, e.key))) for e in formed.entries}


def main():
    sidecars = [p for p in sys.argv[1:] if p.endswith(".json") and not p.endswith("negotiate-messages.json")]
    total, noticed = 0, 0
    for path in sorted(sidecars):
        with open(path, encoding="utf-8") as file:
            sidecar = json.load(file)
        messages = capture.read(os.path.join(os.path.dirname(path), sidecar["pcap"]), sidecar["server_port"])
        logged, passwords = logged_keys(sidecar), sidecar["users"]
        formed = opinion.form(messages, logged, passwords)
        expected, got = recorded(sidecar), said(formed)
        for place in sorted(set(expected) | set(got)):
            check(expected.get(place) == got.get(place), "%s, frame %d.%d: %s, recorded %s" % (path, *place, got.get(place), expected.get(place)))
        for identity, session in formed.sessions.items():
            preauth = [s["preauth_hash"] for s in sidecar["sessions"] if int(s["session_id"], 16) == identity]
            check(not preauth or not preauth[0] or preauth[0] == session.preauth.hex(), "%s: preauthentication hash" % path)
        bad = [place for place, verdict in got.items() if verdict == "bad"]
        check(sorted(formed.mistakes) == sorted(bad) and all(m == ["preauth-without-negotiate"] for m in formed.mistakes.values()),
              "%s: mistakes %s" % (path, formed.mistakes))
        total += len(got)

        # A flipped byte at the end of each signed message, a wrong key: nothing verifies then.
        flipped = [m._replace(data=m.data[:-1] + bytes([m.data[-1] ^ 1])) for m in messages]
        wrong = {i: {**k, "signing": bytes(16)} for i, k in logged.items()}
        last = {m.frame: len(list(smb2.elements(m.data))) - 1 for m in messages if m.data[:1] == b"\xfe"}
        setup = {e.frame for e in formed.entries if e.command in (smb2.NEGOTIATE, smb2.SESSION_SETUP)}
        changed = opinion.form([f if m.frame not in setup else m for f, m in zip(flipped, messages)], logged, passwords)
        after = {(e.frame, e.element): e.verdict for e in changed.entries}
        for e in formed.entries:
            hit = (e.verdict == "verified" and last[e.frame] == e.element) or (e.verdict == "decrypted" and e.element == 0)
            if hit and e.frame not in setup:
                noticed += 1
                now = after[e.frame, e.element]
                check(now == "bad", "%s, frame %d: a flipped byte is %s" % (path, e.frame, now))
        if any(k.get("signing") for k in logged.values()):
            keyless = opinion.form(messages, wrong, passwords)
            check(not any(e.verdict == "verified" and e.key == "session" for e in keyless.entries), path + ": a wrong key verifies")
    print("%d captures, %d messages as recorded, %d flipped bytes seen" % (len(sidecars), total, noticed))
    check(len(sidecars) >= 20 and total > 1300 and noticed > 700, "too little was compared")
    print("%d failures" % len(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
