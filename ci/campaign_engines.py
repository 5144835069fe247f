# SPDX-License-Identifier: Apache-2.0
"""The configurations in which a campaign runs targets, and how to run one and read its numbers: one row each in CONFIGURATIONS.

A configuration fits a target or not (a target without a dictionary cannot run without it); what does not fit is no pair. A
configuration whose binaries do not build ends the campaign and is named: none is ever left out silently. All that is particular
to a target comes from fuzz/targets.bzl."""
import dataclasses
import re
import shutil

import targets

SYMBOLIZER = "/usr/bin/llvm-symbolizer-19"
MEASURE = "asan-ubsan-libfuzzer"  # the build that measures, judges and minimises, whatever found the input

# What makes a run quick without missing anything: each input's blocks are freed before the next begins, so a small quarantine
# sees as much as a large one, and findings are replayed with the defaults, which print the full stacks.
QUICK = {"ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:quarantine_size_mb=1:malloc_context_size=0"}
REPLAY = {"ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
          "ASAN_SYMBOLIZER_PATH": SYMBOLIZER, "UBSAN_OPTIONS": f"print_stacktrace=1:external_symbolizer_path={SYMBOLIZER}"}
AFL = {"AFL_NO_UI": "1", "AFL_NO_COLOR": "1", "AFL_QUIET": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1",
       "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_FAST_CAL": "1", "AFL_FORKSRV_INIT_TMOUT": "20000"}


@dataclasses.dataclass(frozen=True)
class Configuration:
    name: str
    engine: str  # libFuzzer or AFL++
    build: str  # the Bazel configuration of its binary
    about: str  # a few words for the report
    needs: str = ""  # the field of the target's row without which it would be the default again
    flags: tuple = ()
    dictionary: bool = True
    second: str = ""  # the Bazel configuration of a second binary (cmplog's)
    library: str = ""  # AFL++: the file of the target's mutator, T in it standing for the target

    @property
    def sanitizer(self):
        return "address,undefined" if self.engine == "libFuzzer" else "none"

    def fits(self, target):
        return not self.needs or bool(target.get(self.needs))

    def labels(self, target):
        """What must be built for it: (Bazel configuration, label)."""
        return [(b, f"//fuzz:{target}_bin") for b in (self.build, self.second) if b] + (
            [(self.build, f"//fuzz:{self.library.replace('T', target)}")] if self.library else [])


CONFIGURATIONS = {c.name: c for c in (
    Configuration("libfuzzer", "libFuzzer", MEASURE, "as the target's row says"),
    Configuration("libfuzzer-value-profile", "libFuzzer", MEASURE, "compared values steer too", flags=("-use_value_profile=1",)),
    Configuration("libfuzzer-no-dictionary", "libFuzzer", MEASURE, "without the dictionary", needs="dict", dictionary=False),
    Configuration("libfuzzer-no-mutator", "libFuzzer", MEASURE, "the engine's own mutations alone", needs="mutator", flags=("--no_mutator",)),
    Configuration("afl", "AFL++", "afl", "edges alone"),
    Configuration("afl-mutator", "AFL++", "afl", "with the structure-aware mutator", needs="mutator", library="T_mutator.so"),
    Configuration("afl-cmplog", "AFL++", "afl", "compared values steer too", second="afl-cmplog"),
    Configuration("afl-laf", "AFL++", "afl-laf", "comparisons split into steps"),
)}
DEFAULT = "libfuzzer"


def credited(configuration):
    """Who is credited with a finding: seeds and what a killed campaign left are run in the libFuzzer build, by no configuration."""
    return configuration if configuration in CONFIGURATIONS else DEFAULT


def pairs(chosen, table, names):
    """(target, configuration) of all that fit: every target once, configuration by configuration."""
    return [(t, c) for c in names for t in chosen if CONFIGURATIONS[c].fits(table[t])]


def environment(configuration, name, builds):
    library = {"AFL_CUSTOM_MUTATOR_LIBRARY": str(builds.file(configuration.build, configuration.library.replace("T", name)))} if configuration.library else {}
    return {**(AFL if configuration.engine == "AFL++" else QUICK), **library}


def command(configuration, name, row, builds, place, folder, limit, root):
    """The engine's command for a slice in folder. limit: ("seconds", N) or, libFuzzer only, ("runs", N)."""
    binary = builds.binary(configuration.build, name)
    own = place.own / configuration.name
    own.mkdir(parents=True, exist_ok=True)
    dictionary = root / "fuzz" / row["dict"] if row.get("dict") and configuration.dictionary else None
    if configuration.engine == "libFuzzer":
        kind, number = limit
        return [binary, f"-max_total_time={number}" if kind == "seconds" else f"-runs={number}", *targets.libfuzzer_flags(row),
                *configuration.flags, f"-artifact_prefix={folder}/crashes/", "-print_final_stats=1", "-reload=0",
                *([f"-dict={dictionary}"] if dictionary else []), folder / "new", place.corpus, own]
    if limit[0] != "seconds":
        raise ValueError("AFL++ runs for seconds, not for a number of executions")
    given = folder / "in"
    given.mkdir()
    for source in (place.corpus, own):  # afl-fuzz takes one folder; links, for it writes to none of them
        for path in source.iterdir():
            if path.stat().st_size:
                (given / path.name).unlink(missing_ok=True)
                (given / path.name).hardlink_to(path)
    if not any(given.iterdir()):
        (given / "newline").write_bytes(b"\n")  # afl-fuzz wants an input to begin with; libFuzzer begins with this one too
    return [shutil.which("afl-fuzz") or "/usr/bin/afl-fuzz", "-V", limit[1], *targets.afl_flags(row), "-i", given, "-o", folder / "out",
            *(["-x", dictionary] if dictionary else []), *(["-c", builds.binary(configuration.second, name)] if configuration.second else []),
            *configuration.flags, "--", binary]


def dictionaries(pairs, table, builds, root):
    """{dictionary: a command in which libFuzzer parses it and does nothing else}."""
    used = {root / "fuzz" / table[t]["dict"]: t for t, c in pairs if table[t].get("dict") and CONFIGURATIONS[c].dictionary}
    return {path: [builds.binary(MEASURE, t), "-runs=0", f"-dict={path}"] for path, t in used.items()}


def dictionary_fault(dictionary, text):
    """What libFuzzer told of a dictionary that it does not take, in a line, or None."""
    line = re.search(r"^ParseDictionaryFile: error in line (\d+)\s*(.*)", text, re.M)
    if line:
        return f"{dictionary}:{line.group(1)}: no word of a dictionary: {line.group(2).strip()[:200]}"
    other = re.search(r"^ParseDictionaryFile: (.*)", text, re.M)
    return f"{dictionary}: {other.group(1)}" if other else None


def numbers(configuration, child, folder):
    """{executions, stability (AFL++), problem: why it did not run as it should, or None}."""
    text = child.text()
    if configuration.engine == "libFuzzer":
        final = re.search(r"^stat::number_of_executed_units:\s+(\d+)", text, re.M)
        seen = re.findall(r"^#(\d+)\s", text, re.M)
        executions = int(final.group(1)) if final else int(seen[-1]) if seen else 0
        ended = re.search(r"^Done \d+ runs|DONE|interrupted; exiting", text, re.M)
        well = ended and child.exit == 0 or child.stopped or any((folder / "crashes").iterdir())
        return {"executions": executions, "stability": None, "problem": None if well and (executions or child.stopped) else last_line(text, child)}
    stats = dict(re.findall(r"^(\w+)\s*:\s*(\S.*)$", _read(folder / "out" / "default" / "fuzzer_stats"), re.M))
    executions = int(stats.get("execs_done", 0))
    stability = float(stats["stability"].rstrip("%")) if executions and "stability" in stats else None
    well = child.exit == 0 and executions or child.stopped
    return {"executions": executions, "stability": stability, "problem": None if well else last_line(text, child)}


def _read(path):
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def last_line(text, child):
    """The line that says best why an engine ended early."""
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)
    for pattern in (r"PROGRAM ABORT\s*:\s*(.*)", r"^.*ERROR: (.*)", r"^corpus: .*"):
        found = re.search(pattern, text, re.M)
        if found:
            return f"exit {child.exit}: {found.group(0).strip()[:300]}"
    lines = [line.strip() for line in text.splitlines()[1:] if line.strip()]
    return f"exit {child.exit}: {lines[-1][:300] if lines else 'no output'}"
