#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A leak, a hang, memory, slowness and length over a limit are findings in each of the three drivers: replay (with gcc, and with
clang's sanitizers), libFuzzer, AFL++. planted_limits.c has one of each, and a driver must name it, and take what keeps to the limits.

usage: planted_limits_test.py PROGRAMS_JSON GCC CLANG AFL_CLANG_FAST AFL_FUZZ
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import engines
sys.path.insert(0, "fuzz")
import targets  # noqa: E402

TARGET = "planted_limits"
MAX_LEN = 64
INPUTS = {"fine": b"xyz", "leak": b"l", "hang": b"h", "memory": b"m", "slow": b"s", "long": b"x" * (MAX_LEN + 1)}
OURS = {"leak": "gives back its memory", "hang": "comes back in time", "memory": "no more memory than the limit", "slow": "no input is slow",
        "long": "longer than max_len"}
REPLAY = {n: [text] for n, text in OURS.items()}
# libFuzzer goes by the clock on the wall: on a loaded machine what is slow takes a second.
LIBFUZZER = {**REPLAY, "leak": ["LeakSanitizer: detected memory leaks"], "hang": ["libFuzzer: timeout"], "memory": ["libFuzzer: out-of-memory"],
             "slow": [OURS["slow"], "libFuzzer: timeout"]}
SPEC = {"max_len": MAX_LEN}


def output(command):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, errors="replace", check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def one_by_one(name, command, files, said):
    """Runs the driver on each input; the faults."""
    wrong = []
    for what, path in files.items():
        code, text = output([*command, path])
        seen = code == 0 if what == "fine" else code != 0 and any(s in text for s in said[what])
        if not seen:
            wrong.append(f"{name}: {what}: exit {code}, and not said: {said.get(what)}\n{text[-1500:]}")
    return wrong


def found_by_afl(afl_fuzz, binary, scratch):
    """afl-fuzz finds them itself, from an input that is fine: by first byte, in crashes/ and hangs/."""
    seeds, out = scratch / "seeds", scratch / "afl"
    seeds.mkdir()
    (seeds / "fine").write_bytes(INPUTS["fine"])
    words = scratch / "words.dict"
    words.write_text("".join(f'{n}="{INPUTS[n].decode()}"\n' for n in ("leak", "hang", "memory", "slow")))
    text = engines.afl_fuzz(afl_fuzz, binary, [*targets.afl_flags(SPEC), "-x", words], seeds, out, 15)
    first = {f: {p.read_bytes()[:1] for p in (out / "default" / f).glob("id:*")} for f in ("crashes", "hangs")}
    wrong = [f"AFL++: {n} is not among its {folder} ({first[folder]})\n{text[-1500:]}"
             for n, folder in (("leak", "crashes"), ("memory", "crashes"), ("slow", "crashes"), ("hang", "hangs"))
             if INPUTS[n] not in first[folder] and not (n == "slow" and INPUTS[n] in first["hangs"])]
    # What is too long it would not make (-G), and cuts in seeds: the launcher asks the target before.
    (seeds / "long").write_bytes(INPUTS["long"])
    code, text = output([binary, "--check_inputs", seeds])
    if not code or OURS["long"] not in text:
        wrong.append(f"AFL++: long: a seed over max_len is taken\n{text[-1500:]}")
    return wrong


def main(programs, gcc, clang, afl_clang_fast, afl_fuzz):
    gcc, clang, afl_clang_fast = os.path.realpath(gcc), os.path.realpath(clang), os.path.abspath(afl_clang_fast)  # which reads its own name
    scratch = pathlib.Path(tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR")))
    files = {n: scratch / n for n in INPUTS}
    for name, data in INPUTS.items():
        files[name].write_bytes(data)
    builder = engines.Builder(programs, scratch)
    flags = targets.libfuzzer_flags(SPEC)
    wrong = one_by_one("replay", [builder.build(engines.replay(gcc), TARGET)], files, REPLAY)
    wrong += one_by_one("replay with ASan", [builder.build(engines.replay_asan(clang), TARGET)], files, REPLAY)
    wrong += one_by_one("libFuzzer", [builder.build(engines.libfuzzer(clang), TARGET), *flags, f"-artifact_prefix={scratch}/"], files, LIBFUZZER)
    wrong += found_by_afl(afl_fuzz, builder.build(engines.afl(afl_clang_fast), TARGET), scratch)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(INPUTS) - 1} limits, each broken and seen by replay, replay with ASan, libFuzzer and AFL++: {len(wrong)} not")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 6:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
