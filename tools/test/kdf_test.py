#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign kdf` against the keys that Samba logged, and its refusals; `countersign decode` from the command line.

usage: kdf_test.py COUNTERSIGN FILE... (of vectors/captures)
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import check, result  # noqa: E402

TOOL = sys.argv[1]
NAMES = {"signing": "signing", "app": "application", "serverin": "client-to-server", "serverout": "server-to-client"}
DIALECTS = {"0x0202": "2.0.2", "0x0210": "2.1", "0x0300": "3.0", "0x0302": "3.0.2", "0x0311": "3.1.1"}


def run(*arguments, data=None):
    r = subprocess.run([TOOL, *arguments], capture_output=True, input=data)
    return r.returncode, r.stdout.decode(), r.stderr.decode()


def sessions(paths):
    compared = {}
    for path in paths:
        with open(path) as f:
            sidecar = json.load(f)
        for s in sidecar["sessions"]:
            logged = [k for k in sidecar["samba_logged_keys"] if k["id"] == s["session_id"]]
            c = next(c for c in sidecar["connections"] if c["conn"] == s["established_on_conn"])
            arguments = ["kdf", "--session-key", s["session_key"], "--dialect", DIALECTS[s["dialect"]], "--signing", c["signing"]]
            if s["preauth_hash"]:
                arguments += ["--preauth", s["preauth_hash"]]
            if c["cipher"] and s["dialect"] >= "0x0300":
                arguments += ["--cipher", c["cipher"]]
            code, out, err = run(*arguments, "--json")
            check(code == 0, path, arguments, err)
            keys = json.loads(out)["keys"]
            _, text, _ = run(*arguments)
            lines = dict(line.split() for line in text.splitlines())
            check(lines == {k: v or "none" for k, v in keys.items()}, path, "text and JSON differ", text, keys)
            for k in logged:
                for theirs, ours in NAMES.items():
                    if theirs in k:
                        check(keys[ours] == k[theirs], path, ours, "is not what Samba logged")
                        compared[ours] = compared.get(ours, 0) + 1
            if s["dialect"] < "0x0300":
                check(keys["signing"] == keys["application"] == s["session_key"] and not keys["client-to-server"], path, keys)
    print("keys compared with Samba's:", compared)
    check(min(compared.get(n, 0) for n in NAMES.values()) >= 10, "too few keys compared", compared)


def refusals():
    key, preauth = "00" * 16, "00" * 64
    for arguments, words in (
        ([], "--session-key is missing"), (["--session-key", key], "--dialect is missing"), (["--session-key", key, "x"], "'x'"),
        (["--session-key", "", "--dialect", "3.0"], "empty"), (["--session-key", "123", "--dialect", "3.0"], "odd"),
        (["--session-key", "12g4", "--dialect", "3.0"], "character 3"), (["--session-key", key, "--dialect", "3.3"], "'3.3'"),
        (["--session-key", key, "--dialect", "2.???"], "2.0.2, 2.1"), (["--session-key", key, "--dialect", "3.1.1"], "--preauth"),
        (["--session-key", key, "--dialect", "3.1.1", "--preauth", "00"], "1 bytes"),
        (["--session-key", key, "--dialect", "3.0", "--cipher", "AES-128-GCM"], "AES-128-CCM only"),
        (["--session-key", key, "--dialect", "3.0", "--signing", "AES-GMAC"], "AES-CMAC only"),
        (["--session-key", key, "--dialect", "2.1", "--signing", "AES-CMAC"], "HMAC-SHA256 only"),
        (["--session-key", key, "--dialect", "2.1", "--cipher", "AES-128-CCM"], "does not encrypt"),
        (["--session-key", key, "--dialect", "3.1.1", "--preauth", preauth, "--cipher", "ROT13"], "'ROT13'"), (["--nonsense"], "--nonsense is not"),
        (["--session-key", key, "--session-key", "11", "--dialect", "2.1"], "--session-key is given twice"),
        (["--preauth", preauth, "--session-key", key, "--preauth=" + preauth], "--preauth is given twice"),
        (["--dialect", "2.1", "--dialect", "3.0"], "--dialect is given twice"), (["--cipher", "none"] * 2, "--cipher is given twice"),
        (["--signing", "AES-CMAC", "--sign", "AES-GMAC"], "--signing is given twice"), (["--session-key"], "--session-key lacks its value"),
        (["--sesion-key=" + key], "--sesion-key is not"), (["-k" + key], "-k is not"),
    ):
        code, out, err = run("kdf", *arguments)
        check(code == 2 and out == "" and words in err and key not in err, arguments, code, err)
        check(err.startswith("countersign kdf: ") and len(err.splitlines()) == 2, arguments, "not one message", err)
    for data, words in (
        (b"", "is empty"), (b"\n", "is empty"), (b"123\n", "odd"), (b"12\n34\n", "character 3"), (b"\0\0", "character 1"),
        (b"00" * 3000, "more than 4096 bytes"),
    ):
        code, out, err = run("kdf", "--session-key", "-", "--dialect", "2.1", data=data)
        check(code == 2 and out == "" and "--session-key" in err and words in err, data[:9], code, err)
    for data in (b"00112233445566778899aabbccddeeff", b"00112233445566778899AABBCCDDEEFF\r\n"):
        code, out, err = run("kdf", "--session-key", "-", "--dialect", "2.1", data=data)
        check(code == 0 and "00112233445566778899aabbccddeeff" in out, "standard input", code, out, err)
    code, out, _ = run("kdf", "--help")
    check(code == 0 and "--session-key" in out, "help")
    same = {run("kdf", "--session-key", key, "--dialect", d, "--preauth", preauth, "--cipher", c)[1]
            for d in ("3.1.1", "0x0311") for c in ("aes-256-gcm", "AES_256_GCM", "0x4")}
    check(len(same) == 1 and "none" not in same.pop(), "spellings")


def decode():
    message = bytes.fromhex("fe534d4240000000000000000000000000000000000000000000000000000000" + "00" * 32 +
                            "2400010001000000000000000000000000000000000000000000000000000000" + "000000001003")
    bad = message[:66] + b"\0\0" + message[68:]
    for arguments, data, code, words in (
        (["-"], message, 0, "unknown"), (["-", "--json"], message, 0, '"0x0310"'), (["--hex", "-"], message.hex().encode(), 0, "0x0310"),
        (["-"], b"\0\0\0\x66" + message, 0, "transport_header: yes"), (["-"], bad, 1, "offset 66"), (["-"], message[:-1], 1, "offset 66"),
        (["-"], b"", 2, "offset 0"), (["-"], message.hex().encode(), 2, "try --hex"), (["-", "--hex"], b"fe5", 2, "odd"),
        (["-", "--hex"], b"fe\n5x", 2, "line 2, column 2"), (["/nonexistent"], b"", 2, "No such file"), ([], b"", 2, "missing"),
        (["a", "b"], b"", 2, "more than one"), (["--help"], b"", 0, "usage"), (["--nonsense"], b"", 2, "--help"),
    ):
        r, out, err = run("decode", *arguments, data=data)
        check(r == code and words in out + err, arguments, r, out[-300:], err)
    for arguments, data, words in (
        (["/nonexistent"], b"", "No such file"), (["/"], b"", "directory"), (["-", "--hex"], b"fe5", "odd"),
        (["-", "--hex"], b"fe\n5x", "line 2, column 2"),
    ):
        r, out, err = run("decode", "--json", *arguments, data=data)
        error = json.loads(out or "{}").get("error") or {"text": ""}
        check(r == 2 and words in error["text"] and words in err and error.get("status", 0) is error.get("offset", 0) is None,
              arguments, r, out, err)


def main():
    sessions([p for p in sys.argv[2:] if p.endswith(".json") and not p.endswith("negotiate-messages.json")])
    refusals()
    decode()
    return result(50)


if __name__ == "__main__":
    sys.exit(main())
