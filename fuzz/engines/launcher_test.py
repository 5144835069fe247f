#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The launcher as a person starts it, on a libFuzzer build: it fuzzes, brings new inputs to the folder that was named from where the
person stands, and fails on a finding; and it refuses what it cannot do in one line. afl_test.py is the same for AFL++.

usage: launcher_test.py PROGRAMS_JSON CLANG LAUNCHER SEEDS REPLAY_BINARY
"""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, "fuzz")
import engines  # noqa: E402
import targets  # noqa: E402

TARGET, PLANTED = "negotiate_request", "planted_limits"


def launch(launcher, binary, scratch, *arguments):
    stands = scratch / "stands"
    stands.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([launcher, str(binary), *arguments], capture_output=True, text=True, errors="replace", check=False,
                          env={**os.environ, "TMPDIR": str(scratch), "BUILD_WORKING_DIRECTORY": str(stands)})
    return done.returncode, done.stdout + done.stderr


def main(programs, clang, launcher, seeds, replay):
    scratch, wrong = pathlib.Path(tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))), []
    builder, engine = engines.Builder(programs, scratch / "built"), engines.libfuzzer(os.path.abspath(clang))
    launcher = os.path.abspath(launcher)
    flags = [f"--libfuzzer={f}" for f in targets.libfuzzer_flags(targets.TARGETS[TARGET])]
    code, text = launch(launcher, builder.build(engine, TARGET), scratch, *flags, f"--seeds={os.path.abspath(seeds)}/{TARGET}", "--corpus_dir=mine", "--timeout_secs=3")
    new = len(list((scratch / "stands/mine").glob("*")))
    print(f"{TARGET}: exit {code}, {new} new inputs")
    if code or not new or "stat::number_of_executed_units" not in text:
        wrong.append(f"{TARGET} under libFuzzer: exit {code}, {new} new inputs in the folder named\n{text[-3000:]}")

    leaking = scratch / "leaking"
    leaking.mkdir()
    (leaking / "seed").write_bytes(b"l")
    code, text = launch(launcher, builder.build(engine, PLANTED), scratch, "--libfuzzer=-max_len=64", f"--seeds={leaking}", "--timeout_secs=3")
    kept = [p.read_bytes() for p in (scratch / "countersign-fuzz" / PLANTED / "findings").glob("*")]
    print(f"{PLANTED}: exit {code}, findings {kept}")
    if not code or "LeakSanitizer: detected memory leaks" not in text or not any(k.startswith(b"l") for k in kept):
        wrong.append(f"{PLANTED}: exit {code}, findings {kept}; wanted a failure, the leak's report and its input\n{text[-2000:]}")

    binary = os.path.abspath(replay)
    for arguments, said in ((["--timeout_secs=3"], "built for no engine"), (["--timeout_secs=0"], "no number of seconds"), (["--timeout_secs=1x"], "no number of seconds"),
                            (["--cmplog=nothing"], "is no program"), (["--nope"], "unknown flag")):
        code, text = launch(launcher, binary, scratch, *arguments)
        if code != 2 or said not in text:
            wrong.append(f"{' '.join(arguments)}: exit {code}, wanted 2 and {said!r}\n{text[-1000:]}")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 6 else __doc__)
