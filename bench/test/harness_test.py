#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The measuring program says no where it must: a peer with one thing wrong, a missing peer, options that mean nothing."""
import json
import os
import subprocess
import sys
import tempfile

MEASURE = os.path.abspath(sys.argv[1])
PEERS = [os.path.abspath(p) for p in sys.argv[2:] if "/fakes/" not in p]
FAKES = {p.split("/fakes/")[1].split("/")[0]: os.path.abspath(p) for p in sys.argv[2:] if "/fakes/" in p}

# What each fault shows in, and where it does not show.
SHOWS = {
    "tag": ("single/cmac/64", "single/gmac/64"),
    "long_tag": ("single/cmac/4096", "single/cmac/512"),
    "batch": ("batch/hmac/64/4/one-key", "single/hmac/64"),
    "digest": ("sha512/300", "keys/16"),
    "key": ("keys/16", "sha512/300"),
    "refusal": ("fresh/cmac/64", "fresh/gmac/64"),
}


def measure(folder, *options):
    done = subprocess.run([MEASURE, "--quick", "--peers", folder, *options], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def folder_of(parent, name, peers):
    folder = os.path.join(parent, name)
    os.mkdir(folder)
    for path in peers:
        os.symlink(path, os.path.join(folder, os.path.basename(path)))
    return folder


def expect(what, condition, said=""):
    if not condition:
        sys.exit("%s: %s" % (what, said))


def main():
    with tempfile.TemporaryDirectory() as parent:
        expect("faults", set(FAKES) == set(SHOWS), sorted(FAKES))
        for fault, (shows, hides) in SHOWS.items():
            others = [p for p in PEERS if not p.endswith("libpeer_nettle.so")]
            folder = folder_of(parent, fault, others + [FAKES[fault]])
            code, _, said = measure(folder, "--only", hides)
            expect(fault + " in " + hides, code == 0, said)
            code, out, said = measure(folder, "--only", shows)
            expect(fault + " in " + shows, code == 1 and shows in said and "nettle" in said and out == "", said)
            expect(fault + " blames another", not any(os.path.basename(p)[8:-3] in said for p in others), said)
        folder = folder_of(parent, "few", [p for p in PEERS if "nettle" in p])
        code, out, said = measure(folder, "--only", "single/cmac/64")
        expect("a missing peer", code == 0 and "NOT MEASURED: GnuTLS" in said and "libgnutls28-dev" in said, said)
        measured = {p["name"]: p["measured"] for p in json.loads(out)["peers"]}
        expect("measured", measured["nettle"] and not measured["gnutls"], measured)
        code, out, said = measure(folder, "--only", "single/cmac/64", "--require-all")
        expect("--require-all", code == 1 and out == "", said)
        code, out, said = measure(folder, "--only", "single/cmac/64", "--only", "bounds", "--without", "avx2", "--without", "vaes")
        data = json.loads(out)
        expect("--without", code == 0 and data["without"] == ["vaes", "avx2"], said)
        left = {c["form"] for cell in data["cells"] for c in cell["contenders"]}
        expect("--without", not left & {"aesenc 256", "aesenc 512", "clmul 256", "clmul 512"} and "512" not in data["backends"]["cmac"], data)
        for wrong, code_wanted in ((["--nonsense"], 2), (["what"], 2), (["--rounds", "0"], 2), (["--rounds", "x"], 2),
                                   (["--without", "mmx"], 2), (["--only", "no/such/*"], 1), (["--json", "/nonexistent/x"], 1)):
            code, _, said = measure(folder, *(["--only", "single/cmac/64"] if code_wanted == 1 and "--json" in wrong else []), *wrong)
            expect(" ".join(wrong), code == code_wanted and said != "", "%d %s" % (code, said))
    print("%d faults seen" % len(SHOWS))


if __name__ == "__main__":
    main()
