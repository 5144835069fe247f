# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap` over the captures of vectors/captures: exit code and verdict counts against each capture's own JSON file."""
import json
import shlex
import subprocess


def key_file(about, path):
    """The session keys that go with a capture, in the form of countersign's --keys: a session's own first, then its channels'."""
    lines = [f"{s['session_id']} {s['session_key']}\n" for s in about["sessions"] if s.get("session_key")]
    lines += [f"{s['session_id']} {s['channel_session_key']}\n" for s in about["bound_channels"]]
    path.write_text("".join(lines))


def expected(about):
    """What the verdicts must add up to: each line is a set of verdicts and the number of messages that have one of them."""
    e = about["expected"]
    return [(("verified",), e["signed_verified"]), (("bad",), e["signed_but_wrong"]),
            (("decrypted",), e["encrypted_frames"]), (("encrypted",), e["undecryptable"]),
            (("mirrored",), e["signed_flag_but_signature_echoes_request"]), (("no-key",), e["signed_no_key"]),
            (("unsigned", "not-to-be-verified"), e["unsigned"])]


def check(tool, pcap, work):
    about = json.loads(pcap.with_suffix(".json").read_text())
    keys = work / (pcap.stem + ".keys")
    key_file(about, keys)
    command = [str(tool), "pcap", str(pcap), "--keys", str(keys), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    row = {"capture": pcap.name, "command": shlex.join(command), "exit": done.returncode, "verdicts": {}, "wrong": []}
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        row["wrong"].append(f"exit {done.returncode}, no JSON: {(done.stderr or done.stdout).strip()[-300:]}")
        return row
    row["verdicts"] = answer["summary"]
    wanted_exit = 1 if about["expected"]["signed_but_wrong"] else 0
    if done.returncode != wanted_exit:
        row["wrong"].append(f"exit {done.returncode} instead of {wanted_exit}")
    if answer["error"] is not None:
        row["wrong"].append(f"error: {answer['error']}")
    for verdicts, number in expected(about):
        found = sum(answer["summary"][v] for v in verdicts)
        if found != number:
            row["wrong"].append(f"{found} messages are {' or '.join(verdicts)} instead of {number}")
    return row


def check_all(tool, captures, work):
    work.mkdir(parents=True, exist_ok=True)
    return [check(tool, pcap, work) for pcap in sorted(captures.glob("*.pcap"))]
