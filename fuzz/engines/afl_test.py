#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""AFL++ on targets, through the launcher as a person starts it, for a few seconds each.

    smoke      it executes, finds new paths from a few seeds, brings them back to the corpus, and finds no crash
    stability  the same input covers the same code, whatever came before: 99 % at least, as AFL++ measures it; and planted_state.c,
               which counts its inputs, must be below that

usage: afl_test.py smoke|stability SECONDS PROGRAMS_JSON AFL_CLANG_FAST AFL_FUZZ LAUNCHER ORACLES SEEDS TARGET...
ORACLES is the folder with the adapters of //oracle.
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, "fuzz")
import engines  # noqa: E402
import targets  # noqa: E402

STABLE = 99.0
FEW = {"smoke": 4, "stability": 60}  # seeds given
PLANTED = "planted_state"


class Run:
    """The launcher on one target: its output, AFL++'s numbers, what came back."""

    def __init__(self, launcher, binary, row, seeds, scratch, afl_fuzz, oracles, seconds):
        corpus = scratch / "corpus"
        environment = {**os.environ, **engines.AFL_ENVIRONMENT, "TMPDIR": str(scratch), "CSIGN_ORACLE_DIR": str(oracles),
                       "PATH": f"{os.path.dirname(os.path.realpath(afl_fuzz))}:{os.environ['PATH']}"}
        command = [launcher, binary, *(f"--afl={f}" for f in targets.afl_flags(row)), f"--seeds={seeds}", f"--corpus_dir={corpus}", f"--timeout_secs={seconds}"]
        if row.get("dict"):
            command.append(f"--dict=fuzz/{row['dict']}")
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, errors="replace", check=False, env=environment)
        self.code, self.text = done.returncode, done.stdout + done.stderr
        self.stats = engines.afl_stats(scratch / "countersign-fuzz" / binary.name / "afl")
        self.back = [p for p in corpus.glob("*") if p.name == hashlib.sha1(p.read_bytes()).hexdigest()]

    def number(self, name):
        return float(re.sub("[^0-9.]", "", self.stats.get(name, "")) or -1)


def few(seeds, target, out, most):
    """Some of a target's seeds, evenly taken."""
    every = sorted((seeds / target).iterdir())
    out.mkdir(parents=True)
    for path in every[::max(1, len(every) // most)]:
        shutil.copyfile(path, out / path.name)
    return out


def main(mode, seconds, programs, afl_clang_fast, afl_fuzz, launcher, oracles, seeds, *names):
    scratch, wrong = pathlib.Path(tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))), []
    builder, engine = engines.Builder(programs, scratch / "built"), engines.afl(os.path.abspath(afl_clang_fast))
    for target in [*names, *([PLANTED] if mode == "stability" else [])]:
        given = few(pathlib.Path(seeds), target if target in targets.TARGETS else "compound", scratch / target / "seeds", FEW[mode])
        row = targets.TARGETS.get(target, {"max_len": 65536})
        run = Run(os.path.abspath(launcher), builder.build(engine, target), row, given, scratch / target, afl_fuzz, os.path.abspath(oracles), seconds)
        print(f"{target}: {run.number('execs_done'):.0f} executions, {run.number('execs_per_sec'):.0f} a second, stability {run.number('stability')} %, "
              f"{len(run.back)} new inputs came back", flush=True)
        found = run.code or run.number("saved_crashes") or run.number("saved_hangs")
        if run.number("execs_done") <= 0 or (found and target != PLANTED):  # which may fail too, run twice at the wrong turn
            wrong.append(f"{target}: exit {run.code}, stats {run.stats}\n{run.text[-3000:]}")
        elif mode == "smoke" and not run.back:
            wrong.append(f"{target}: nothing new came back\n{run.text[-1500:]}")
        elif mode == "stability" and (run.number("stability") >= STABLE) != (target != PLANTED):
            wrong.append(f"{target}: stability {run.number('stability')} %, {'below' if target != PLANTED else 'not below'} {STABLE} %")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong or not names else 0


if __name__ == "__main__":
    if len(sys.argv) < 10 or sys.argv[1] not in FEW:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
