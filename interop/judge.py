# SPDX-License-Identifier: Apache-2.0
"""What a cell left behind, judged: `countersign pcap` and `countersign kdf` against Samba's log and the second opinion, and what the
cell promised. Reads files and nothing else, so that a planted fault is an edited file."""
import collections
import json
import subprocess

import capture
import live
import opinion
import recorder
import samba_log
import smb2
from server import USERS

VERDICTS = ("verified", "bad", "mirrored", "no-key", "decrypted", "encrypted", "unsigned", "not-to-be-verified")
KEYS = ("signing", "application", "client-to-server", "server-to-client")

PASSWORDS = [word for user, password in USERS.items() for word in ("--user", user, "--password", password)]


class Verdict:
    """The row of a cell: counts, and every reason why it is not as it should be."""

    def __init__(self, cell):
        self.cell, self.problems = cell, []
        self.counts = dict.fromkeys(VERDICTS, 0)
        self.messages = self.keys = self.sessions = self.compared = 0
        self.attempts = 1

    def demand(self, condition, problem):
        if not condition and problem not in self.problems:
            self.problems.append(problem)


def judge(cell, folder, tool, client_problem=None):
    """The row of a cell whose capture.pcap, port, smbd.log and client.txt are in folder."""
    row = Verdict(cell)
    row.demand(client_problem is None, client_problem)
    try:
        dropped = recorder.dropped(folder)
        row.demand(dropped == 0, "the capture is not whole: %s packets dropped" % dropped)
        logged = logged_keys(cell, folder)
        formed = opinion.form(capture.read(folder / "capture.pcap", int((folder / "port").read_text())), logged, USERS)
        report = judged_by_tool(folder, tool, formed, row)
        row.messages, row.sessions = len(formed.entries), len(formed.sessions)
        for message in report["messages"]:
            row.counts[message["verdict"]] += 1
        compare_messages(row, report["messages"], formed)
        compare_sources(row, folder, tool, report, logged)
        compare_keys(row, tool, formed, logged)
        if cell.judged:
            promises(row, cell, formed)
    except Exception as error:  # whatever it is: a cell that cannot be judged has failed, and the others go on
        row.demand(False, "%s: %s" % (type(error).__name__, error))
    return row


def logged_keys(cell, folder):
    return samba_log.read((folder / log_name(cell)).read_text(errors="replace"))


def log_name(cell):
    """The log of the side that is Samba's."""
    return "smbd.log" if cell.server == "samba" else "client.txt"


def judged_by_tool(folder, tool, formed, row):
    """The tool's JSON report, with a key file made from Samba's log and, for bound channels, the password."""
    lines = [(identity, session.session_key) for identity, session in formed.sessions.items() if session.session_key]
    lines += formed.bound_keys
    text = "".join("%016x %s\n" % (identity, key.hex()) for identity, key in lines)
    (folder / "keys").touch(0o600)
    (folder / "keys").write_text(text)
    report = told(folder, tool, row, ["--keys", folder / "keys"])
    row.demand(not report["remarks"], "countersign pcap remarks: %s" % report["remarks"][:2])
    return report


def told(folder, tool, row, sources):
    run = subprocess.run([tool, "pcap", folder / "capture.pcap", *sources, "--json"], capture_output=True, text=True)
    try:
        report = json.loads(run.stdout)
    except ValueError:
        raise RuntimeError("countersign pcap: exit status %d, no JSON; %s" % (run.returncode, run.stderr.strip()[-300:])) from None
    expected = 1 if row.cell.denied else 0
    row.demand(run.returncode == expected or not row.cell.judged, "countersign pcap: exit status %d, expected %d%s" %
               (run.returncode, expected, "; %s" % report["error"] if report["error"] else ""))
    return report


def compare_sources(row, folder, tool, report, logged):
    """The tool finds the same with the passwords or the keytab alone, and with Samba's log as it is, as with the key file."""
    sources = [("the keytab", ["--keytab", folder / "keytab"], {"keytab"}) if row.cell.kerberos else ("the passwords", PASSWORDS, {"password"})]
    if logged:
        sources.append(("Samba's log", ["--keys", folder / log_name(row.cell), *PASSWORDS], {"key file", "password"}))
    for name, options, kinds in sources:
        if not row.cell.guest:
            other = told(folder, tool, row, options)["messages"]
            named = {message["source"] for message in other} - {None}
            row.demand(named <= kinds, "with %s countersign pcap names as the source of keys: %s" % (name, ", ".join(sorted(named))))
            row.demand(verdicts(other) == verdicts(report["messages"]), "with %s countersign pcap judges otherwise than with a key file" % name)
    if row.cell.live:
        captured, recorded = (verdicts(counted_from_first(messages)) for messages in (live.messages(folder), report["messages"]))
        first = next((number for number, pair in enumerate(zip(captured, recorded), 1) if pair[0] != pair[1]), None)
        row.demand(captured == recorded, "countersign pcap --interface says otherwise than of the recording: %d messages, not %d; the first that "
                   "differs: %s" % (len(captured), len(recorded), first))


def counted_from_first(messages):
    """With frames and connections counted from those of the first message: one may have begun a few packets before the other."""
    return [{**message, **{name: message[name] - messages[0][name] for name in ("frame", "connection")}} for message in messages]


def verdicts(messages):
    """The messages without what depends on where the keys come from."""
    return [{name: value for name, value in message.items() if name not in ("why", "source")} for message in messages]


def compare_messages(row, messages, formed):
    """Message by message: the tool's verdict and the second opinion; of what is bad, the mistakes that it names."""
    differences, entries = [], formed.entries
    for ours, theirs in zip(messages, entries):
        row.compared += 1
        left, right = as_told(ours), as_formed(theirs, formed.mistakes)
        if left != right:
            differences.append("frame %d.%d is %s, the second opinion is %s" % (theirs.frame, theirs.element, left[2:], right[2:]))
    row.demand(len(messages) == len(entries), "countersign pcap lists %d messages, the second opinion %d" % (len(messages), len(entries)))
    row.demand(not differences, "%d messages are judged differently: %s" % (len(differences), "; ".join(differences[:3])))


def as_told(message):
    more = {"verified": ("algorithm", "key"), "bad": ("mistakes",)}.get(message["verdict"], ())
    return tuple(message[name] for name in ("frame", "element", "side", "command", "message_id", "session_id", "status", "verdict", "cipher", *more))


def as_formed(entry, mistakes):
    def digits(number, count):
        return None if number is None else "%0*x" % (count, number)
    more = {"verified": (entry.algorithm, entry.key), "bad": (mistakes.get((entry.frame, entry.element)),)}.get(entry.verdict, ())
    return (entry.frame, entry.element, entry.side, None if entry.command is None else smb2.command_name(entry.command),
            digits(entry.message_id, 16), digits(entry.session_id, 16), digits(entry.status, 8), entry.verdict, entry.cipher, *more)


def compare_keys(row, tool, formed, logged):
    """`countersign kdf` from session key and preauthentication hash, against what Samba logged."""
    for identity, session in formed.sessions.items():
        truth, settled = logged.get(identity, {}), session.negotiated
        if "session" not in truth:
            continue
        command = [tool, "kdf", "--session-key", "-", "--dialect", settled.dialect, "--signing", settled.signing, "--json"]
        if settled.dialect == "3.1.1":
            command += ["--preauth", session.preauth.hex()]
        if settled.dialect >= "3":
            command += ["--cipher", settled.cipher or "none"]
        run = subprocess.run(command, input=truth["session"].hex(), capture_output=True, text=True)
        row.demand(run.returncode == 0, "countersign kdf: " + run.stderr.strip()[-300:])
        if run.returncode:
            continue
        ours = json.loads(run.stdout)["keys"]
        for name in KEYS:
            # Without a cipher Samba logs cipher keys that nobody uses; then there are none to compare.
            if name in truth and (settled.cipher or name in ("signing", "application")):
                row.keys += 1
                row.demand(ours[name] == truth[name].hex(), "the %s key of session %016x is not the one that Samba logged" % (name, identity))


def promises(row, cell, formed):
    """What the cell promised about its sessions and messages."""
    counts = collections.Counter(entry.verdict for entry in formed.entries)
    row.demand(formed.entries, "no SMB2 traffic at all")
    row.demand(formed.sessions, "no session was established")
    for session in formed.sessions.values():
        if cell.dialect:
            promised = (cell.dialect, cell.signing, cell.cipher)
            row.demand(tuple(session.negotiated) == promised, "negotiated %s, promised %s" % (tuple(session.negotiated), promised))
        row.demand(bool(session.flags & 1) == cell.guest, "session flags %#x" % session.flags)
        row.demand(cell.guest or session.channel, "no key was logged for a session")
    # Samba logs keys from 3.0 on; 2.x derives none. Where neither smbd nor smbclient takes part nobody does; the second opinion has the passwords.
    logs = cell.server == "samba" or cell.client == "smbclient"
    row.demand(row.keys > 0 or cell.guest or not logs or (cell.dialect or "3") < "3", "no key was compared")
    row.demand((counts["verified"] + counts["bad"] > 0) == cell.signed, "%d signed messages" % (counts["verified"] + counts["bad"]))
    row.demand(bool(counts["decrypted"]) == cell.encrypted or not cell.dialect, "%d messages were encrypted" % counts["decrypted"])
    row.demand(counts["encrypted"] == 0, "%d messages stay encrypted" % counts["encrypted"])
    row.demand(counts["mirrored"] == 0 or cell.mirrored, "%d mirrored signatures" % counts["mirrored"])
    row.demand(counts["no-key"] == 0 or cell.no_key, "%d signed messages without a key" % counts["no-key"])
    bad_promises(row, cell, formed)
    if cell.dialect and cell.signed and not cell.encrypted:
        loose = [e for e in formed.entries if e.verdict == "unsigned" and e.command != smb2.SESSION_SETUP and
                 not (e.command == smb2.OPLOCK_BREAK and e.message_id == smb2.ALL_ONES)]  # smbd does not sign a break of its own accord
        row.demand(bool(loose) != cell.required, "%d unsigned messages, with signing %s" % (len(loose), "required" if cell.required else "only offered"))
    row.demand(not cell.bound or any(e.key == "channel" for e in formed.entries), "no message of a bound channel was verified")
    row.demand(bool(formed.smb1) == cell.smb1, "%d SMB1 messages" % formed.smb1)


def bad_promises(row, cell, formed):
    """A bad signature is what it is called if the server, too, denies the request for it."""
    bad = [entry for entry in formed.entries if entry.verdict == "bad"]
    row.demand(bool(bad) == cell.denied, "%d bad signatures" % len(bad))
    answers = {(e.session_id, e.message_id): e.status for e in formed.entries if e.side == "server" and e.verdict == "verified"}
    accepted = [e for e in bad if e.side != "client" or answers.get((e.session_id, e.message_id)) != smb2.ACCESS_DENIED]
    unexplained = [e for e in bad if not formed.mistakes.get((e.frame, e.element))]
    row.demand(not unexplained, "%d bad signatures without an explanation" % len(unexplained))
    row.demand(not accepted, "%d bad signatures that the server did not deny" % len(accepted))
    if cell.all_bad:
        right = [e for e in formed.entries if e.side == "client" and e.verdict == "verified"]
        row.demand(not right, "%d requests verify, and none should" % len(right))
