#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How fast `countersign pcap` is on a big capture, against checking the same messages in memory in the same run (--stats): WRITE
requests of some size, signed here under each algorithm, in segments of some size.

usage: throughput.py COUNTERSIGN [--megabytes=N] [--size=N] [--mtu=N] [--least=RATIO] FILE... (of vectors/captures)
  --megabytes   of each capture (300)        --size   of data in each WRITE (65536)        --mtu   bytes in a segment (1448)
  --least       fail where the ratio is lower
"""

import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import big_traffic  # noqa: E402
import traffic  # noqa: E402

NAMES = ("sign-SMB3_11-HMAC-SHA256-AES-128-GCM-small", "sign-SMB3_11-AES-128-CMAC-AES-128-GCM-small",
         "sign-SMB3_11-AES-128-GMAC-AES-128-GCM-small")


def main():
    options = dict(a[2:].split("=") for a in sys.argv[2:] if a.startswith("--"))
    total, size, mtu = (int(options.get(n, d)) for n, d in (("megabytes", 300), ("size", 65536), ("mtu", 1448)))
    paths = {os.path.basename(p)[:-5]: p for p in sys.argv[2:] if p.endswith(".json")}
    slow = 0
    for name in NAMES:
        with open(paths[name]) as f:
            sidecar = json.load(f)
        session, connection = sidecar["sessions"][0], sidecar["connections"][0]
        key = bytes.fromhex(next(k["signing"] for k in sidecar["samba_logged_keys"] if k["id"] == session["session_id"] and "signing" in k))
        opening, _ = big_traffic.setup_and_rest(traffic.read(paths[name][:-4] + "pcap", sidecar["server_port"]))
        count = max(4, min(64, (8 << 20) // size))
        rounds = big_traffic.writes(int(session["session_id"], 16), connection["signing"], key, size, count)
        with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
            capture, keys = (os.path.join(folder, n) for n in ("capture", "keys"))
            with open(keys, "w") as f:
                f.write("%s %s\n" % (session["session_id"], session["session_key"]))
            with open(capture, "wb") as f:
                f.write(big_traffic.header())
                for chunk in big_traffic.one_connection(opening, rounds, total << 20, mtu):
                    f.write(chunk)
            run = subprocess.run([sys.argv[1], "pcap", capture, "--keys", keys, "--stats"], capture_output=True, text=True)
        print(connection["signing"], run.stderr, sep="\n", flush=True)
        ratio = re.search(r"ratio ([0-9.]+)", run.stderr)
        bad = run.returncode != 0 or not re.search(r"\n +0  bad\n", run.stdout) or "no-key" in run.stdout or not ratio
        if bad:
            print(run.stdout)
        slow += bad or float(ratio.group(1)) < float(options.get("least", 0))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
