#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""bench/compare on two small runs with known ratios, and on what is no run."""
import copy
import json
import os
import subprocess
import sys
import tempfile

COMPARE = os.path.abspath(sys.argv[1])


def contender(peer, form, ns, spread):
    return {"peer": peer, "form": form, "ns": ns, "least": ns * 0.9, "quarter": ns * (1 - spread),
            "three_quarters": ns * (1 + spread), "samples": 5, "times": 1}


def run(ours, noisy, clock):
    cells = [{"id": "single/cmac/64", "work": "single", "algorithm": "cmac", "len": 64, "messages": 1, "bytes": 64, "cycle_ns": clock,
              "contenders": [contender("countersign", "single", ours, 0.01), contender("nettle", "single", 100 * clock, 0.01)]},
             {"id": "single/cmac/128", "work": "single", "algorithm": "cmac", "len": 128, "messages": 1, "bytes": 128, "cycle_ns": clock,
              "contenders": [contender("countersign", "single", noisy, 0.2)]}]
    return {"format": 1, "only": [], "peers": [], "cells": cells}


def main():
    with tempfile.TemporaryDirectory() as folder:
        def write(name, content):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(content if isinstance(content, str) else json.dumps(content))
            return path

        def compare(*arguments):
            done = subprocess.run([COMPARE, *arguments], capture_output=True, text=True, check=False)
            return done.returncode, done.stdout, done.stderr

        # 60 ns at 1 cycle a nanosecond against 20 ns at 2: 60 and 40 cycles.
        a, b = write("a.json", run(60, 110, 1.0)), write("b.json", run(20, 50, 0.5))
        code, out, _ = compare(a, b)
        lines = {line.split()[0]: line for line in out.splitlines() if line.strip().startswith("single/")}
        assert code == 0 and len(lines) == 2, out
        assert "1.50x" in lines["single/cmac/64"] and "noise" not in lines["single/cmac/64"], out
        assert "1.10x" in lines["single/cmac/128"] and lines["single/cmac/128"].endswith("noise"), out
        assert list(lines) == ["single/cmac/128", "single/cmac/64"] and "1.00x at the median, nine in ten within 0.0 %" in out, out
        code, out, _ = compare(b, a)
        assert "0.67x" in out, out
        code, out, _ = compare(a, b, "--all", "--only", "*/64")
        assert "nettle" in out and "single/cmac/128" not in out, out

        # A peer that moved by a third makes everything that moved less noise.
        moving = run(20, 50, 0.5)
        moving["cells"][0]["contenders"][1] = contender("nettle", "single", 75 * 0.5, 0.01)
        code, out, _ = compare(a, write("moving.json", moving))
        assert [line.split()[-1] for line in out.splitlines() if "single/cmac/128" in line] == ["noise"] and "33.3 %" in out, out

        other = copy.deepcopy(run(1, 1, 1))
        other["cells"] = other["cells"][:1]
        other["cells"][0]["id"] = "something/else"
        for wrong in (write("text", "hello"), write("list", "[]"), write("old", {"format": 0, "cells": []}),
                      write("cut", json.dumps(run(1, 1, 1))[:-40]), write("other", other), os.path.join(folder, "absent")):
            code, out, said = compare(a, wrong)
            assert code == 1 and said.startswith("compare: ") and "Traceback" not in said and out == "", (wrong, said)
        for arguments in ((), (a,), (a, b, a), (a, b, "--what")):
            code, _, said = compare(*arguments)
            assert code == 1 and "usage" in said, said
        code, _, said = compare(a, b, "--only", "nothing")
        assert code == 1 and "nothing" in said, said
    print("as it should be")


if __name__ == "__main__":
    main()
