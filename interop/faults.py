# SPDX-License-Identifier: Apache-2.0
"""Planted faults: what the lab must see red. Recordings of some cells are judged as they are (green), then each with
one fault."""
import dataclasses
import shutil
import struct
from unittest import mock

import attacked
import attacks
import attacks_signatures
import attempt
import cells
import clients
import flooded
import judge
from floods import FLOODS

WRAPPER = """#!/usr/bin/python3
import json, subprocess, sys
run = subprocess.run([%r, *sys.argv[1:]], stdin=sys.stdin, capture_output=True, text=True)
if sys.argv[1] == "pcap":
    report = json.loads(run.stdout)
    messages = report["messages"]
    %s
    print(json.dumps(report))
else:
    print(run.stdout.replace(%s))
"""


def edit(path, change):
    path.write_bytes(change(path.read_bytes()))


def flip_message(raw, nth):
    """A bit of the last byte of the nth frame that carries a signed message, not one of SESSION_SETUP."""
    at, seen = 24, 0
    while at < len(raw):
        caplen = struct.unpack("<I", raw[at + 8:at + 12])[0]
        frame = raw[at + 16:at + 16 + caplen]
        smb = frame.find(b"\xfeSMB")
        if smb > 0 and frame[smb + 16] & 8 and frame[smb + 12] > 1:
            seen += 1
            if seen == nth:
                end = at + 16 + caplen
                return raw[:end - 1] + bytes([raw[end - 1] ^ 1]) + raw[end:]
        at += 16 + caplen
    raise ValueError("the capture has no frame to change")


def without_session(raw):
    """The capture until its first SESSION_SETUP: traffic, but no signature."""
    at = 24
    while at < len(raw):
        caplen = struct.unpack("<I", raw[at + 8:at + 12])[0]
        smb = raw.find(b"\xfeSMB", at, at + 16 + caplen)
        if smb > 0 and raw[smb + 12] == 1:
            return raw[:at]
        at += 16 + caplen
    raise ValueError("the capture has no SESSION_SETUP")


def turn_key(name):
    """Another first byte of a key in Samba's log."""
    def change(text):
        start = text.index(b"\n" + name + b" ") + 1
        digit = text.index(b"[0000] ", start) + 7
        return text[:digit] + (b"1" if text[digit:digit + 1] == b"0" else b"0") + text[digit + 1:]
    return change


# name: (cell, file, change) of a recording; what is said of red must contain the words
EDITS = {
    "a flipped byte in a message": ("signed", "capture.pcap", lambda raw: flip_message(raw, 7), "bad signatures"),
    "an empty capture": ("signed", "capture.pcap", lambda raw: raw[:24], "no SMB2 traffic at all"),
    "no capture": ("signed", "capture.pcap", lambda raw: b"", "pcap"),
    "a capture without a signature": ("signed", "capture.pcap", without_session, "0 signed messages"),
    "a capture that lost packets": ("signed", "tcpdump.txt", lambda raw: raw.replace(b"\n0 packets dropped", b"\n3 packets dropped"), "packets dropped"),
    "a wrong session key in the log": ("signed", "smbd.log", turn_key(b"Session Key"), "the signing key"),
    "a wrong signing key in the log": ("signed", "smbd.log", turn_key(b"Signing Key"), "the signing key"),
    "a wrong application key in the log": ("signed", "smbd.log", turn_key(b"App Key"), "the application key"),
    "a wrong client-to-server key in the log": ("encrypted", "smbd.log", turn_key(b"ServerIn Key"), "the client-to-server key"),
    "a wrong server-to-client key in the log": ("encrypted", "smbd.log", turn_key(b"ServerOut Key"), "the server-to-client key"),
    "a message that was not captured live": ("live", "live.jsonl", lambda raw: raw[raw.index(b"\n") + 1:], "otherwise than of the recording"),
    "a log without keys": ("signed", "smbd.log", lambda raw: b"", "no key was compared"),
}
LIE, SAME = "pass", "'', ''"
# what a countersign would do that is wrong: the change of its report, of its keys
TOOLS = {
    "a tool that calls an unsigned message verified": ("signed", "next(m for m in messages if m['verdict'] == 'unsigned')['verdict'] = 'verified'", SAME, "judged differently"),
    "a tool that leaves a message out": ("signed", "messages.pop()", SAME, "lists"),
    "a tool that names another algorithm": ("signed", "messages[-1]['algorithm'] = 'AES-CMAC'", SAME, "judged differently"),
    "a tool that does not decrypt": ("encrypted", "messages[-1].update(verdict='encrypted', cipher=None)", SAME, "judged differently"),
    "a tool that takes passwords wrongly": ("signed", "'--keys' in sys.argv or messages.pop()", SAME, "judges otherwise than with a key file"),
    "a tool that reads Samba's log wrongly": ("signed", "any(a.endswith('smbd.log') for a in sys.argv) and messages.pop()", SAME, "judges otherwise"),
    "a tool that names another source of keys": ("signed", "'--keys' in sys.argv or messages[-1].update(source='keytab')", SAME, "the source of keys"),
    "a tool that derives other keys": ("signed", LIE, "'\"signing\": \"', '\"signing\": \"00'", "the signing key"),
}
# a promise that the recording does not keep: the change of the cell
PROMISES = {
    "another signing algorithm": ("signed", {"signing": "AES-CMAC"}, "promised"),
    "another cipher": ("encrypted", {"cipher": "AES-128-GCM"}, "promised"),
    "another dialect": ("signed", {"dialect": "3.0.2"}, "promised"),
    "unsigned messages": ("signed", {"required": False}, "only offered"),
    "no signed message": ("signed", {"signed": False}, "signed messages"),
    "encryption": ("signed", {"encrypted": True}, "0 messages were encrypted"),
    "no encryption": ("encrypted", {"encrypted": False}, "messages were encrypted"),
    "a guest": ("signed", {"guest": True}, "session flags"),
    "a bound channel": ("signed", {"bound": True}, "bound channel"),
    "an SMB1 negotiate": ("signed", {"smb1": True}, "0 SMB1 messages"),
    "a denied request": ("signed", {"denied": True}, "0 bad signatures"),
    "no denied request": ("wrong", {"denied": False, "all_bad": False}, "bad signatures"),
    "no right request": ("bound", {"all_bad": True}, "requests verify"),
    "no mirrored signature": ("ended", {"mirrored": None}, "mirrored signatures"),
    "a key for every message": ("unknown", {"no_key": None}, "without a key"),
}
RECORDINGS = {"signed": "sign.3.1.1.AES-GMAC.AES-128-GCM.required", "encrypted": "encrypt.3.1.1.AES-GMAC.AES-256-GCM", "wrong": "impacket.3.1.1",
              "bound": "session.bind_negative_smb3signCtoHs", "ended": "session.reconnect1", "unknown": "session-id", "live": "live.sign"}
# a client that does not do what it should, in a cell of its own
CLIENTS = {
    "a test that is skipped": ("smbtorture", {"tests": ("smb2.lock.rw-none",)}, "not successful"),
    "a test that fails": ("smbtorture", {"tests": ("smb2.compound.interim2",)}, "not successful"),
    "a client that fails": ("smbclient", {"session": {"script": "get nothing"}}, "exit status 1"),
    "a client that gets another file": ("smbclient", {"session": {"script": "put {source} a; lcd /; get a /dev/null; !true {target}"}}, "another file"),
}

# an answer of the reference server that is not the expected one: the change of the attempt
ATTEMPTS = {
    "another answer expected": {"expected": attempt.SUCCESS},
    "a server that takes what is not signed": {"arguments": ("--signing", "offered")},
}
# a flood that is not withstood: the change of the flood, and of the runner's bounds
WITHSTOOD = {
    "more memory than is allowed": ({"mib": 0}, {}, "are the most"),
    "more memory than connection.h states": ({}, {"stated_bound": lambda: 0}, "more than the bound"),
    "a flood that cannot run": ({"name": "nothing"}, {}, "exit status: 1"),
    "a client that waits too long": ({}, {"SLOWEST": 0.0}, "not served"),
}


def recordings(lab):
    """The recordings: {name: (cell, folder, what went wrong)}."""
    by_name = {cell.name: cell for cell in cells.all_cells()}
    made = {}
    for name, cell in ((name, by_name[cell]) for name, cell in RECORDINGS.items()):
        folder = lab.place(cell)
        made[name] = cell, folder, lab.record(cell, folder)
    return made


def copy(lab, made, name, number):
    folder = lab.folder / ("fault-%d" % number)
    shutil.copytree(made[name][1], folder)
    return folder


def plant(lab):
    """Runs all of it; returns how many faults were not seen."""
    made, missed, number = recordings(lab), 0, 0

    def expect(fault, cell, folder, tool, problem, words):
        nonlocal missed
        row = judge.judge(cell, folder, tool, problem)
        seen = any(words in p for p in row.problems) if words else not row.problems
        missed += not seen
        print("%-8s %s: %s" % ("ok" if seen else "MISSED", fault, "; ".join(row.problems)[:160] or "green"))

    for name, (cell, folder, problem) in made.items():
        expect("no fault, " + cell.name, cell, folder, lab.tool, problem, None)
    for fault, (name, file, change, words) in EDITS.items():
        number += 1
        folder = copy(lab, made, name, number)
        edit(folder / file, change)
        expect(fault, made[name][0], folder, lab.tool, None, words)
    for fault, (name, report, keys, words) in TOOLS.items():
        number += 1
        folder = copy(lab, made, name, number)
        tool = folder / "countersign"
        tool.write_text(WRAPPER % (str(lab.tool), report, keys))
        tool.chmod(0o700)
        expect(fault, made[name][0], folder, tool, None, words)

    for fault, (name, change, words) in PROMISES.items():
        cell, folder, _ = made[name]
        expect("promised, and not so: " + fault, dataclasses.replace(cell, **change), folder, lab.tool, None, words)
    for fault, (client, change, words) in CLIENTS.items():
        cell = cells.Cell("fault." + fault.replace(" ", "-"), client, client_options=clients.samba_options(), options=cells.MANDATORY, **change)
        folder = lab.place(cell)
        expect(fault, cell, folder, lab.tool, lab.record(cell, folder), words)
    return missed + plant_attempts(lab) + plant_floods(lab)


def plant_attempts(lab):
    missed, unsigned = 0, next(a for a in attacks.ATTEMPTS if a.run is attacks_signatures.unsigned)
    for fault, change in {"no fault": {}, **ATTEMPTS}.items():
        differing = attacked.differing(attacked.run(lab, [dataclasses.replace(unsigned, **change)]))
        seen = bool(differing) == bool(change)
        missed += not seen
        print("%-8s an attempt, %s: %s" % ("ok" if seen else "MISSED", fault, "; ".join(differing) or "green"))
    return missed


def plant_floods(lab):
    missed, flood = 0, dataclasses.replace(FLOODS["half messages"], seconds=0.5)
    for fault, (change, bounds, words) in {"no fault": ({}, {}, None), **WITHSTOOD}.items():
        with mock.patch.multiple(flooded, **{"SLOWEST": flooded.SLOWEST, **bounds}):
            problems = flooded.run(lab, dataclasses.replace(flood, **change)).problems
        seen = any(words in p for p in problems) if words else not problems
        missed += not seen
        print("%-8s a flood, %s: %s" % ("ok" if seen else "MISSED", fault, "; ".join(problems)[:160] or "green"))
    return missed
