#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Where `countersign pcap` takes keys from: passwords, Samba's logs, Wireshark's lists, key files, several at once; and --keylog. Whatever
the source, the verdicts must be those of the key file made from a capture's sidecar.

usage: keys_test.py COUNTERSIGN FILE... (of vectors/captures and tools/test/data)
"""

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, result  # noqa: E402
import process_memory  # noqa: E402
import traffic  # noqa: E402
from captures_test import all_lines  # noqa: E402

TOOL = sys.argv[1]


class Folder:
    """A folder for key files; name(text) writes one and says where it is."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR"))
        self.count = 0
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def new(self):
        self.count += 1
        return os.path.join(self.folder.name, "%d" % self.count)

    def name(self, text):
        path = self.new()
        with open(path, "w") as f:
            f.write(text)
        return path


def judge(capture, *options, stdin="", want=(0, 1)):
    run = subprocess.run([TOOL, "pcap", capture, "--json", *options], input=stdin.encode(), capture_output=True)
    check(run.returncode in want, capture, options, "exit status", run.returncode, run.stderr[-500:])
    report = json.loads(run.stdout)
    given = {name for option, name in (("--keys", "key file"), ("--password", "password"), ("--keytab", "keytab")) if any(o.startswith(option) for o in options)}
    sources = {m.pop("source") for m in report["messages"]} - {None}  # for the same must come of all
    check(sources <= given and (sources or not report["summary"]["verified"]), capture, options, "keys come from", sources)
    return {k: report[k] for k in ("messages", "summary", "error")}, run.stderr.decode()


def key_text(lines):
    return "".join("%s %s\n" % line for line in lines)


def wire(session_id):
    return bytes.fromhex(session_id)[::-1].hex()


def passwords(sidecars, files):
    """The passwords alone give what the key file gives."""
    verified = channels = decrypted = 0
    for capture, sidecar in sidecars:
        name = sidecar["name"]
        if name.startswith("krb"):
            continue
        password = sidecar["users"]["games"]
        check(set(sidecar["users"].values()) == {password}, name, "one password is enough")
        by_file, _ = judge(capture, "--keys", files.name(key_text(all_lines(sidecar))))
        for options, stdin in ((["--password", "-"], password + "\n"), (["--password", password], ""), (["--password=-"], password + "\r\n")):
            by_password, said = judge(capture, *options, stdin=stdin)
            check(by_password == by_file, name, options, by_password["summary"], by_file["summary"], said)
            check(password not in said, name, "the password is repeated")
        named = [s for s in sidecar["sessions"] if s["user"]]
        verified += by_password["summary"]["verified"]
        decrypted += by_password["summary"]["decrypted"]
        channels += sum(m["key"] == "channel" for m in by_password["messages"])
        if not named:
            continue
        wrong, said = judge(capture, "--password", "-", stdin="passw0rd1\n", want=(0,))
        check(wrong["summary"]["verified"] == wrong["summary"]["decrypted"] == 0, name, "a wrong password", wrong["summary"])
        check("the password is not that of user" in said and "\\games" in said and "passw0rd1" not in said, name, said)
        for options in (["--user", "GAMES"], ["--user", "news", "--password", "other", "--user", "games"], ["--domain", "nowhere"], ["--user", "bob"]):
            # each in both orders: what stands beside a password belongs to it
            report, said = judge(capture, *options, "--password", password)
            right = options[-1] in ("games", "GAMES")
            check((report == by_file) == right, name, options, report["summary"], said)
            check(right or "users seen: " in said and "\\games" in said, name, options, said)
    check(verified > 700 and channels >= 8 and decrypted == 152, "too little was compared", verified, channels, decrypted)


def logs(data, files):
    """Samba's logs as they are, and Wireshark's list in all its forms."""
    capture = data["logged.pcap"]
    by_smbd, said = judge(capture, "--keys", data["logged-smbd.log"], want=(0,))
    check(said == "", "smbd's log", said)
    check(by_smbd["summary"]["verified"] > 10 and by_smbd["summary"]["decrypted"] > 10 and by_smbd["summary"]["no-key"] == 0, by_smbd["summary"])
    with open(data["logged-smbclient.log"]) as f:
        log = f.read()
    dumps = [line.split("[0000]")[1][:52].split() for line in log.splitlines() if line.startswith(("Session Id", "Session Key"))]
    pairs = [("".join(i[:8]).lower(), "".join(k[:16]).lower()) for i, k in zip(dumps[::2], dumps[1::2])]
    check(len(pairs) == 2 and all(len(i) == 16 and len(k) == 32 for i, k in pairs), pairs)
    for what, text in (
        ("the client's log", log), ("indented", "".join("  " + line + "\n" for line in log.splitlines())), ("CRLF", log.replace("\n", "\r\n")),
        ("twice", log + log), ("UAT", "# This file is automatically generated, DO NOT MODIFY.\n" + "".join("%s,%s,,\n" % p for p in pairs)),
        ("UAT, quotes", "".join('%s,%s,"",""\n' % p for p in pairs)), ("UAT, old", "".join("%s,%s\n" % p for p in pairs)),
        ("-o", "".join('uat:smb2_seskey_list:%s,%s,"",""\n' % p for p in pairs)), ("-o, shell", "".join("-o 'uat:smb2_seskey_list:%s,%s,\"\",\"\"'\r\n" % p for p in pairs)),
        ("ours", key_text([(wire(i), k) for i, k in pairs])),
    ):
        report, said = judge(capture, "--keys", files.name(text), want=(0,))
        check(report == by_smbd and said == "", what, report["summary"], said)
    report, _ = judge(capture, *[x for p in pairs for x in ("--keys", files.name("%s,%s\n" % p))], want=(0,))
    check(report == by_smbd, "a file for each session", report["summary"])

    # The cipher keys alone, from the log: what is encrypted is decrypted, what is signed has no key.
    into, out = ([("".join(d)).replace(" ", "") for d in re.findall(label + r" +\[0000\] (.{49})[^\n]*\n(?:\[0010\] (.{49}))?", log)]
                 for label in ("ServerIn Key", "ServerOut Key"))
    check([len(k) for k in into + out] == [32, 64, 32, 64], into, out)
    alone = "".join("%s,,%s,%s\n" % (i, o, c) for (i, _), c, o in zip(pairs, into, out))
    report, _ = judge(capture, "--keys", files.name(alone), want=(0,))
    check(report["summary"]["decrypted"] == by_smbd["summary"]["decrypted"], "cipher keys alone", report["summary"], alone)
    check(report["summary"]["no-key"] == by_smbd["summary"]["verified"], "cipher keys alone", report["summary"])


def bad_lines(data, files):
    i, k = "0" * 16, "1" * 32
    dump = "Session Id    [0000] 5E 65 67 E1 00 00 00 00                             ^eg.....\n"
    for text, words in (
        ("%s,%s\n%s,%s,,,,\n" % (i, k, i, k), "line 2, column 1: there must be two to four fields"),
        ("%s,12x4\n" % i, "line 1, column 20: the session key contains"), ("%s,123\n" % i, "line 1, column 18: the session key has an odd"),
        ("\n%s0,%s\n" % (i, k), "line 2, column 1: the session id must have"), ("%s,%s,11,\n" % (i, k), "line 1, column 51: a cipher key must have"),
        ("%s,,,\n" % i, "line 1, column 18: the line has no key"), ("%s,,%s,%sg\n" % (i, k, k[1:]), "line 1, column 83: the cipher key contains"),
        ("%s;%s\n" % (i, k), "line 1, column 1: the session id must have"),
        (dump + "Session Key   [0000] zz\n", "line 2, column 15: the session key is no dump"), (dump.replace("67 ", "6  "), "line 1, column 15: the session id is not 8 bytes"),
        ("[2026/11/27 21:24:31.625198,  0] a.c:1(f)\n  Session Key   [0000] 11 11 11 11\n", "line 2, column 17: a session key without a session id"),
        ("[2026/11/27 21:24:31.625198,  3] a.c:1(f)\n  nothing\n", "debug encryption = yes"),
    ):
        report, said = judge(data["logged.pcap"], "--keys", files.name(text), want=(2,))
        check(words in said and words in report["error"] and k[1:] not in said, words, said)
    _, said = judge(data["logged.pcap"], "--keys", "-", want=(2,))
    check("/dev/stdin" in said, said)
    with open(data["logged-smbd.log"]) as f:
        report, _ = judge(data["logged.pcap"], "--keys", "/dev/stdin", stdin=f.read(), want=(0,))
    check(report["summary"]["verified"] > 10, "keys from standard input", report["summary"])
    run = subprocess.run([TOOL, "pcap", "x", "--user", "a"], capture_output=True, text=True)
    check(run.returncode == 2 and "need a --password" in run.stderr, run)
    run = subprocess.run([TOOL, "pcap", "x", "--password", b"\xff"], capture_output=True, text=True)
    check(run.returncode == 2 and "must be UTF-8" in run.stderr, run)


def kerberos(data, files):
    """A keytab gives the keys that Samba logged; a wrong one, and a damaged exchange, are said to be."""
    capture, keytab = data["kerberos.pcap"], data["kerberos.keytab"]
    report, said = judge(capture, "--keytab", keytab, want=(0,))
    s = report["summary"]
    check(s["verified"] == 55 and s["decrypted"] == 24 and s["no-key"] == s["encrypted"] == 0 and said == "", s, said)
    logged, _ = judge(capture, "--keys", data["kerberos-smbclient.log"], want=(0,))
    check(logged["summary"]["verified"] == 26 and logged["summary"]["decrypted"] == 24, "Samba logs no key of a 2.1 session", logged["summary"])
    check(all(a == b for a, b in zip(logged["messages"], report["messages"]) if a["verdict"] in ("verified", "decrypted")), "as Samba's keys")
    both, said = judge(capture, "--keytab", keytab, "--keys", data["kerberos-smbclient.log"], "--password", "x", want=(0,))
    check(both == report and "no user logs on with NTLM" in said and "different" not in said, both["summary"], said)
    log = files.new()
    judge(capture, "--keytab", keytab, "--keylog", log)
    check(judge(capture, "--keys", log, want=(0,))[0] == report, "--keylog of a keytab's keys")

    with open(keytab, "rb") as f:
        content = f.read()
    at = content.index(b"\0\x12\0\x20") + 4  # AES-256, 32 bytes
    wrong = files.new()
    with open(wrong, "wb") as f:
        f.write(content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
    report, said = judge(capture, "--keytab", wrong, want=(0,))
    check(report["summary"]["verified"] == 0 and said.count("does not decrypt the ticket for cifs/files.lab.test@LAB.TEST") == 3, said)
    check(content[at:at + 32].hex() not in said and judge(capture, "--keytab", wrong, "--keytab", keytab)[0] == both, "the second keytab")
    damaged, empty = files.new(), files.new()
    for name, start in ((damaged, content[:8]), (empty, content[:2])):  # cut further on, libkrb5 leaks what it has read
        with open(name, "wb") as f:
            f.write(start)
    for name, words in (("/nonexistent", "/nonexistent: no keytab with keys"), (data["kerberos-smbclient.log"], "no keytab with keys: the file is damaged"),
                        (damaged, "no keytab with keys: the file is damaged"), (empty, "no keytab with keys: ")):
        _, said = judge(capture, "--keytab", name, want=(2,))
        check(words in said and "nonexistent or" not in said and ("damaged" in words) == ("damaged" in said), said)

    segments = traffic.read(capture, 14450)
    final = next(i for i, x in enumerate(segments) if x.side == "S" and len(x.data) > 140 and x.data[16:18] == b"\1\0")
    answer = segments[final].data
    for what, changed, words in (
        ("AP-REP", answer[:150] + bytes([answer[150] ^ 1]) + answer[151:], "AP-REP of this session is damaged"),
        ("no AP-REP", answer[:74] + b"\0\0" + answer[76:], "lacks this session's Kerberos AP-REP"),
    ):
        altered = files.new()
        with open(altered, "wb") as f:
            f.write(traffic.pcap([traffic.ethernet(traffic.ipv4(x)) for x in segments[:final] + [segments[final].changed(data=changed)] + segments[final + 1:]]))
        report, said = judge(altered, "--keytab", keytab, want=(0,))
        check(words in said and 0 < report["summary"]["verified"] < 55, what, said, report["summary"])


def wiped(files):
    """While the tool waits for its capture (a pipe), the password is nowhere in its writable memory."""
    capture, password = files.new(), "p" * 600 + "is found easily"  # not its start, which the next user of freed memory overwrites
    os.mkfifo(capture)
    tool = subprocess.Popen([TOOL, "pcap", capture, "--password", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    tool.stdin.write(password.encode() + b"\n")
    tool.stdin.flush()
    pipe = open(capture, "wb")  # returns when the tool opens it, too: the password has been read
    found, seen = [], 0
    for line, content in process_memory.writable(tool):
        seen += os.fsencode(capture) in content
        found += [line for form in ("utf-8", "utf-16-le") if password[600:].encode(form) in content]
    check(seen >= 1, "the tool's memory does not show even the name of its capture")
    check(found == [], "the password is still in memory", found)
    pipe.close()
    tool.stdin.close()
    check(tool.wait() == 2, "an empty pipe", tool.returncode)


def several(sidecars, files):
    """A key file beats the password; that they differ is said."""
    capture, sidecar = next(s for s in sidecars if s[1]["name"] == "session.reauth1")
    lines, password = all_lines(sidecar), sidecar["users"]["games"]
    wrong = [(i, "%032x" % (int(k, 16) ^ 1)) for i, k in lines]
    right, _ = judge(capture, "--keys", files.name(key_text(lines)))
    report, said = judge(capture, "--keys", files.name(key_text(wrong)), "--password", password, want=(1,))
    check(report["summary"]["verified"] == 0 and "give this session different keys" in said, report["summary"], said)
    report, said = judge(capture, "--keys", files.name(key_text(lines)), "--password", password, want=(0,))
    check(report == right and said == "", report["summary"], said)
    report, said = judge(capture, "--keys", files.name(key_text(lines)), "--keys", files.name(key_text(wrong)), want=(0,))
    check(report == right and "has another key than in a file before" in said, report["summary"], said)
    report, said = judge(capture, "--keys", files.name(key_text(lines[:1])), "--keys", files.name(key_text(lines)), want=(0,))
    check(report == right and said == "", report["summary"], said)


def long_files(sidecars, files):
    """300,000 sessions, in a key file, in Samba's log and in two files with the same lines: seconds where quadratic work takes many minutes."""
    capture, sidecar = next(s for s in sidecars if s[1]["name"] == "session.reauth1")
    ours = key_text(all_lines(sidecar))
    right, _ = judge(capture, "--keys", files.name(ours))
    others = ["%016x" % (i * 0x9E3779B97F4A7C15 % (1 << 64)) for i in range(1, 300001)]
    keys = files.name("".join("%s %032x\n" % (i, n) for n, i in enumerate(others)) + ours)

    def dump(octets):
        return "[0000] " + " ".join(octets[i:i + 2] for i in range(0, 16, 2)) + ("   " + " ".join(octets[i:i + 2] for i in range(16, 32, 2)) if len(octets) > 16 else "")

    log = files.name("".join("Session Id    %s\nSession Key   %s\n" % (dump(wire(i)), dump(k)) for i, k in [(i, "%032x" % n) for n, i in enumerate(others)] + all_lines(sidecar)))
    for names in ([keys], [keys, keys], [log], [log, keys]):
        begun = time.monotonic()
        report, said = judge(capture, *[x for name in names for x in ("--keys", name)])
        check(report == right and said == "", names, report["summary"], said)
        check(time.monotonic() - begun < 20, names, "took", time.monotonic() - begun)


def keylogs(sidecars, files):
    """What --keylog writes gives the same verdicts again; only the owner may read it."""
    written = 0
    for capture, sidecar in sidecars:
        keys, log, again = files.name(key_text(all_lines(sidecar))), files.name("old and longer than what is written" * 99), files.new()
        os.chmod(log, 0o644)
        report, _ = judge(capture, "--keys", keys, "--keylog", log)
        check(stat.S_IMODE(os.stat(log).st_mode) == 0o600, sidecar["name"], "mode")
        with open(log) as f:
            lines = [line for line in f if not line.startswith("#")]
        written += len(lines)
        check(sorted({line[:16] for line in lines}) == sorted({wire(s["session_id"]) for s in sidecar["sessions"] if s["user"] or s["session_key"]}),
              sidecar["name"], lines)
        check(all(re.fullmatch('[0-9a-f]{16},[0-9a-f]{32},(""|[0-9a-f]{64}),(""|[0-9a-f]{64})\n', line) for line in lines), sidecar["name"], "Wireshark's form")
        by_log, said = judge(capture, "--keys", log, "--keylog", again)
        check(by_log == report and said == "", sidecar["name"], by_log["summary"], report["summary"], said)
        with open(log) as a, open(again) as b:
            check(a.read() == b.read(), sidecar["name"], "the log of a log")
    check(written >= 20, "too little was written", written)
    capture, sidecar = sidecars[0]
    _, said = judge(capture, "--keylog", "/nonexistent/log", want=(2,))
    check("/nonexistent/log: No such file" in said, said)
    run = subprocess.run([TOOL, "pcap", capture, "--keylog", "a", "--keylog", "b"], capture_output=True, text=True)
    check(run.returncode == 2 and "--keylog is given twice" in run.stderr, run)


def main():
    sidecars = []
    for path in sorted(a for a in sys.argv[2:] if a.endswith(".json") and not a.endswith("negotiate-messages.json")):
        with open(path) as f:
            sidecar = json.load(f)
        sidecars.append((os.path.join(os.path.dirname(path), sidecar["pcap"]), sidecar))
    data = {os.path.basename(a): a for a in sys.argv[2:]}
    with Folder() as files:
        passwords(sidecars, files)
        logs(data, files)
        bad_lines(data, files)
        kerberos(data, files)
        wiped(files)
        several(sidecars, files)
        long_files(sidecars, files)
        keylogs(sidecars, files)
    return result(300, "%d captures, " % len(sidecars))


if __name__ == "__main__":
    sys.exit(main())
