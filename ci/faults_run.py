# SPDX-License-Identifier: Apache-2.0
"""Running a fuzz binary for a number of inputs, and what its last words mean."""
import os
import pathlib
import re
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fuzz"))
import targets  # noqa: E402 - the table is beside the targets

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMIT_SECONDS = 60  # what finding a fault may take
SYMBOLIZER = "/usr/bin/llvm-symbolizer-19"
SANITIZERS = {
    "ASAN_OPTIONS": "quarantine_size_mb=64:external_symbolizer_path=" + SYMBOLIZER,
    "UBSAN_OPTIONS": "print_stacktrace=1:external_symbolizer_path=" + SYMBOLIZER,
}
FRAME = re.compile(r"^\s*#\d+ 0x[0-9a-f]+ in (\S+) (\S+?):\d+", re.M)


class Outcome:
    """What a run came to: found is False or what was found, runs how many inputs it took, seconds of CPU time."""

    def __init__(self, found, runs, seconds, text):
        self.found, self.runs, self.seconds, self.text = found, runs, seconds, text


def first_own_frame(text):
    """The innermost function of lib/, tools/ or the server in a sanitizer's first stack; octets.h, which reads integers for all, says nothing."""
    for function, path in FRAME.findall(text):
        own = re.search(r"(?:^|/)((?:lib|tools|interop/server)/.*)$", os.path.normpath(path))
        if own and (ROOT / own.group(1)).is_file() and not own.group(1).endswith("octets.h"):
            return function
    return "(no frame of lib/, tools/ or interop/server/)"


def meaning(target, text):
    """The broken property, or the frame of a sanitizer's report; None: neither."""
    broken = re.search(r"^BROKEN PROPERTY %s: (.*)$" % re.escape(target), text, re.M)
    if broken:
        return "property", broken.group(1)
    report = re.search(r"ERROR: AddressSanitizer: (?!ABRT)|: runtime error: ", text)
    if report:
        return "frame", first_own_frame(text[report.start():])
    return None


def environment(oracles):
    return {**os.environ, **SANITIZERS, "CSIGN_ORACLE_DIR": str(oracles)}


def libfuzzer(target, binary, oracles, inputs, folder, runs, seed, limit=10 * LIMIT_SECONDS):
    """Fuzzes from the committed inputs: runs inputs of one seed; runs 0 only replays them and the empty one. The second that an
    input may take is not asked for: on a busy machine a crash takes longer to be described, and hangs are other checks' business."""
    folder.mkdir(parents=True, exist_ok=True)
    names = folder / "inputs"
    names.write_text(",".join(str(i) for i in inputs))
    spec = targets.TARGETS[target]
    command = [str(binary), *targets.libfuzzer_flags(spec), "-runs=%d" % runs, "-seed=%d" % seed, "-seed_inputs=@%s" % names,
               "-timeout=%d" % LIMIT_SECONDS, "-print_final_stats=1", "-artifact_prefix=%s/" % folder, "-max_total_time=%d" % limit]
    if spec.get("dict"):
        command.append("-dict=%s" % (ROOT / "fuzz" / spec["dict"]))
    log = folder / "log"
    with log.open("wb") as out:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment(oracles))
        guard = threading.Timer(limit + LIMIT_SECONDS, child.kill)
        guard.start()
        _, status, usage = os.wait4(child.pid, 0)
        guard.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(errors="replace")
    done = re.search(r"stat::number_of_executed_units:\s*(\d+)", text)
    executed = int(done.group(1)) if done else 0
    seconds = usage.ru_utime + usage.ru_stime
    if child.returncode == 0:
        return Outcome(False, executed, seconds, text)
    return Outcome(meaning(target, text) or ("crash", "exit code %d: %s" % (child.returncode, text[-300:])), executed, seconds, text)


def afl(target, binary, oracles, inputs, folder, seconds, mutator):
    """Fuzzes with AFL++ until the first finding or for that many seconds; Outcome.text is the finding's path. mutator is the
    structure-aware mutator of a target that has one (fuzz/mutator/)."""
    start, out = folder / "in", folder / "out"
    start.mkdir(parents=True)
    for i in inputs:
        (start / i.name).write_bytes(i.read_bytes())
    spec = targets.TARGETS[target]
    command = ["afl-fuzz", "-i", str(start), "-o", str(out), "-V", str(seconds), "-s", "1", *targets.afl_flags(spec)]
    if spec.get("dict"):
        command += ["-x", str(ROOT / "fuzz" / spec["dict"])]
    knobs = {"AFL_NO_UI": "1", "AFL_BENCH_UNTIL_CRASH": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1", "AFL_TESTCACHE_SIZE": "50",
             "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_FAST_CAL": "1"}
    if spec.get("mutator"):
        knobs["AFL_CUSTOM_MUTATOR_LIBRARY"] = str(mutator)
    plain = {k: v for k, v in environment(oracles).items() if k not in SANITIZERS}  # afl-fuzz refuses options it did not choose
    alone = {**environment(oracles), "AFL_IGNORE_PROBLEMS": "1"}  # instrumented oracles are loaded without afl-fuzz's map
    done = subprocess.run([*command, "--", str(binary)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", env={**plain, **knobs}, check=False)
    stats = out / "default/fuzzer_stats"
    if not stats.is_file():
        return Outcome(("crash", "afl-fuzz did not start: " + done.stdout[-800:]), 0, 0, "")
    executed = int(re.search(r"execs_done\s*:\s*(\d+)", stats.read_text()).group(1))  # of a run that was not cut short
    for crash in sorted((out / "default/crashes").glob("id:*")):
        again = subprocess.run([str(binary), str(crash)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", env=alone, check=False)
        name = re.search(r"time:(\d+),execs:(\d+)", crash.name)
        milliseconds, executed = (int(n) for n in name.groups()) if name else (0, executed)
        return Outcome(meaning(target, again.stdout) or ("crash", again.stdout[-300:]), executed, milliseconds / 1000, str(crash))
    return Outcome(False, executed, seconds, "")
