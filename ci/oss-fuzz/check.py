#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""OSS-Fuzz's check of a build, on a built $OUT, in a root that holds nothing but a copy of it and the base image's libraries.

usage: check.py OUT SANITIZER [TARGET...]     libFuzzer builds for x86_64

The criteria, in our own words, are those of infra/base-images/base-runner/bad_build_check and test_all.py of google/oss-fuzz; so are
the numbers below (read in the stored copy at commit 000bb25b). One is taken more strictly: there too few edges are a message, here
they fail. A target is an executable in OUT with LLVMFuzzerTestOneInput in it; it is started as run_fuzzer does, with the flags of
T.options, its dictionary and the environment of the base-runner image. OUT lies elsewhere than where it was built.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import carry

FOLDERS = ["/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"]  # where this machine has the base image's libraries
RUNS = 4
EDGES = 100
# sanitizer: {calls of a runtime's functions, in the disassembly: (at least, at most)}
CALLS = {
    "address": {"asan": (1000, None), "msan": (0, 3), "ubsan": (0, 200)},
    "memory": {"asan": (0, 0), "msan": (1000, None), "ubsan": (0, 200)},
    "undefined": {"asan": (0, 0), "msan": (0, 3), "ubsan": (168, None)},
}
# Of infra/base-images/base-runner/Dockerfile, but for symbolize: the symbolizer that OSS-Fuzz puts in $OUT is not ours to test.
ENVIRONMENT = {
    "PATH": "/out", "OUT": "/out", "HOME": "/tmp",
    "ASAN_OPTIONS": "alloc_dealloc_mismatch=0:allocator_may_return_null=1:allocator_release_to_os_interval_ms=500:"
                    "check_malloc_usable_size=0:detect_container_overflow=1:detect_odr_violation=0:detect_leaks=1:"
                    "detect_stack_use_after_return=1:fast_unwind_on_fatal=0:handle_abort=1:handle_segv=1:handle_sigill=1:"
                    "max_uar_stack_size_log=16:print_scariness=1:quarantine_size_mb=10:strict_memcmp=1:symbolize=0:"
                    "use_sigaltstack=1:dedup_token_length=3",
    "MSAN_OPTIONS": "print_stats=1:symbolize=0:dedup_token_length=3",
    "UBSAN_OPTIONS": "print_stacktrace=1:print_summary=1:silence_unsigned_overflow=1:symbolize=0:dedup_token_length=3",
}
FUZZER_ARGS = ["-rss_limit_mb=2560", "-timeout=25"]

# A mount namespace of its own, in which /proc and /dev are there too; `unshare` makes mounts private, which it cannot inside a
# chroot: there they are taken away again.
ENTER = ('for d in proc dev; do mount --rbind "/$d" "$0/$d" || exit 125; done; '
         'chroot "$0" "$@"; code=$?; umount -l "$0/proc" "$0/dev"; exit $code')


def enter():
    """The command that runs something in the root: as root, or as root of a user namespace."""
    for command in (["unshare", "--mount"], ["unshare", "--mount", "--propagation", "unchanged"],
                    ["unshare", "--map-root-user", "--mount"]):
        if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
            return [*command, "sh", "-c", ENTER]
    raise SystemExit("check.py: unshare --mount is refused here: run this as root, or where user namespaces are allowed")


def find_targets(out):
    found = [p.name for p in sorted(out.iterdir()) if p.is_file() and os.access(p, os.X_OK) and not p.name.startswith("afl-")
             and (data := p.read_bytes())[:4] == b"\x7fELF" and b"LLVMFuzzerTestOneInput" in data]
    if not found:
        raise SystemExit(f"{out}: no fuzz targets")
    return found


class Root:
    """The base image's libraries, $OUT under another name, and the seeds unpacked."""

    def __init__(self, folder, out):
        self.at, self.enter = pathlib.Path(folder), enter()
        for d in ("proc", "dev", "tmp", "lib64", "lib/x86_64-linux-gnu"):
            (self.at / d).mkdir(parents=True)
        for name in carry.BASE:
            if found := [p for f in FOLDERS if (p := pathlib.Path(f, name)).exists()]:
                shutil.copy(found[0].resolve(), self.at / ("lib64" if name.startswith("ld-") else "lib/x86_64-linux-gnu") / name)
        shutil.copytree(out, self.at / "out", symlinks=True)

    def run(self, *command):
        done = subprocess.run([*self.enter, self.at, *command], capture_output=True, text=True, errors="replace", env={
            **ENVIRONMENT, "PATH": f"{ENVIRONMENT['PATH']}:{os.environ.get('PATH', '/usr/bin:/bin')}"})
        return done.returncode, done.stdout + done.stderr

    def seeds(self, target):
        to = self.at / "tmp" / f"{target}_seeds"
        if not to.exists():
            with zipfile.ZipFile(self.at / "out" / f"{target}_seed_corpus.zip") as z:
                if not z.namelist():
                    raise SystemExit(f"{target}_seed_corpus.zip is empty")
                z.extractall(to)
        return f"/tmp/{target}_seeds", sum(f.stat().st_size > 0 for f in to.iterdir())  # the empty input libFuzzer runs anyway

    def arguments(self, target):
        """Those of run_fuzzer: the environment's, then T.options'."""
        lines = (self.at / "out" / f"{target}.options").read_text().splitlines()
        if lines[0] != "[libfuzzer]":
            raise SystemExit(f"{target}.options does not begin with [libfuzzer]")
        options = dict(re.fullmatch(r"(\w+) = (.*)", line).groups() for line in lines[1:])
        if "dict" in options:
            options["dict"] = f"/out/{options['dict']}"
        return [*FUZZER_ARGS, *(f"-{k}={v}" for k, v in options.items())]


def disassembled(path):
    text = subprocess.run(["objdump", "-dC", "--no-show-raw-insn", path], capture_output=True, text=True, check=True).stdout
    return {kind: len(re.findall(rf"callq?\s+[0-9a-f]+\s+<__{kind}", text)) for kind in ("asan", "msan", "ubsan")}


def what_it_said(text):
    lines = text.strip().splitlines()
    return "\n".join(lines if len(lines) <= 40 else [*lines[:20], "...", *lines[-20:]])


def check(root, target, sanitizer):
    """(row of figures, faults)"""
    program, faults = f"/out/{target}", []
    arguments = root.arguments(target)
    seeds, count = root.seeds(target)
    code, text = root.run(program, *arguments, "-seed=1337", f"-runs={RUNS}")
    edges = int((re.findall(r"INFO: Loaded \d+ modules?.*\((?:\d+ )?inline 8-bit counters\): (\d+)", text) or ["0"])[0])
    if edges and f"Done {RUNS} runs" not in text or not edges and code:
        faults.append(f"does not start with -runs={RUNS} (exit {code}):\n{what_it_said(text)}")
    elif "ERROR: no interesting inputs were found" in text or edges < EDGES:
        faults.append(f"{edges} edges, under {EDGES}")
    calls = disassembled(root.at / "out" / target)
    for kind, (least, most) in CALLS[sanitizer].items():
        if calls[kind] < least:
            faults.append(f"{calls[kind]} calls of {kind}, under {least}")
        if most is not None and calls[kind] > most:
            faults.append(f"{calls[kind]} calls of {kind}, over {most}")
    code, text = root.run(program, *arguments, "-runs=0", seeds)
    if code or f"INFO: seed corpus: files: {count} " not in text:
        faults.append(f"-runs=0 on its {count} seeds (exit {code}):\n{what_it_said(text)}")
    return f"{edges:6} {calls['asan']:6} {calls['msan']:6} {calls['ubsan']:6} {count:6}", faults


def main(out, sanitizer, *wanted):
    out = pathlib.Path(out).resolve()
    if sanitizer not in CALLS:
        raise SystemExit(f"check.py: no limits for {sanitizer}; there are {', '.join(CALLS)}")
    found = find_targets(out)
    if missing := [w for w in wanted if w not in found]:
        raise SystemExit(f"{out}: no fuzz target {missing[0]}")
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Root(folder, out)
        print(f"{sanitizer:20}  edges   asan   msan  ubsan  seeds")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            targets = wanted or found
            for target, (row, faults) in zip(targets, pool.map(lambda t: check(root, t, sanitizer), targets)):
                print(f"{target:20} {row}  {'BAD BUILD' if faults else 'good'}", flush=True)
                for fault in faults:
                    print(f"BAD BUILD {target}: {fault}", file=sys.stderr)
                bad += bool(faults)
    print(f"{sanitizer}: {len(targets)} targets checked, {bad} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 2 else __doc__)
