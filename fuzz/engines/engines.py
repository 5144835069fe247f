# SPDX-License-Identifier: Apache-2.0
"""Builds a fuzz target for an engine inside a test, where Bazel's one configuration is another: the same sources, by what Bazel says
a target is made of (bazel/sources.bzl), with a compiler called directly.

Programs are made in a folder of the test's own. Oracles come from the folder that CSIGN_ORACLE_DIR names, as Bazel built them.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess

REPLAY = "//fuzz:replay_driver"
ALLOCATIONS = "//fuzz:allocations"
COMMON = ["-std=c11", "-O2", "-g", "-fno-omit-frame-pointer", "-I.", "-Ilib/include"]
ASAN = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


class Engine:
    """How a target is compiled and linked: flags for all, more for lib/ and tools/, definitions, and which libraries stay out."""

    def __init__(self, compiler, flags=(), subject=(), defines=(), link=(), without=()):
        self.compiler, self.flags, self.subject, self.defines = compiler, [*flags], [*subject], [*defines]
        self.link, self.without = [*link], set(without)


def replay(compiler):
    return Engine(compiler)


def replay_asan(clang):
    return Engine(clang, ASAN, link=ASAN)


def libfuzzer(clang):
    return Engine(clang, ASAN, ["-fsanitize=fuzzer-no-link"], ["FUZZ_COUNT_ALLOCATIONS=0"], [*ASAN, "-fsanitize=fuzzer"], {REPLAY, ALLOCATIONS})


def afl(afl_clang_fast):
    return Engine(afl_clang_fast, defines=["FUZZ_COPY_INPUT=1"], link=["/usr/lib/afl/libAFLDriver.a"], without={REPLAY})


class Builder:
    """Compiles each library once an engine, and links programs of them; programs is the text of c_sources."""

    def __init__(self, programs, out):
        self.programs, self.out = json.loads(pathlib.Path(programs).read_text()), pathlib.Path(out)
        self.out.mkdir(parents=True, exist_ok=True)

    def _compile(self, engine, source, flags):
        key = hashlib.sha1(repr((engine.compiler, engine.flags, engine.defines, source, flags)).encode()).hexdigest()
        made = self.out / f"{key}.o"
        if not made.exists():
            definitions = [f"-D{d}" for d in engine.defines]
            run([engine.compiler, *COMMON, *engine.flags, *definitions, *flags, "-c", source, "-o", made])
        return made

    def build(self, engine, target):
        wanted = []
        for label in self.programs["programs"][target]:
            if label in engine.without or (target.startswith("planted_") and label.startswith("//lib:")):
                continue  # what is planted calls nothing of lib/
            library = self.programs["libraries"][label]
            flags = [f"-I{i}" for i in library["includes"]] + [f"-D{d}" for d in library["defines"] if "COPY_INPUT" not in d and "COUNT_ALLOC" not in d]
            if label.startswith(("//lib:", "//tools:")):
                flags += engine.subject
            wanted += [(s, flags) for s in library["sources"]]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            objects = list(pool.map(lambda w: self._compile(engine, *w), wanted))
        name = self.out / hashlib.sha1(repr((engine.compiler, engine.flags, engine.link)).encode()).hexdigest()[:8]
        name.mkdir(exist_ok=True)
        libraries = [f"-l{s.removeprefix('sys_')}" for s in self.programs["system"][target]]
        run([engine.compiler, *objects, *engine.link, "-o", name / target, *libraries, "-ldl", "-lm"])
        return name / target


def run(command):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, env={**os.environ, "AFL_QUIET": "1"})
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}{done.stderr[-4000:]}exit {done.returncode}")


AFL_ENVIRONMENT = {"AFL_NO_UI": "1", "AFL_NO_COLOR": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1",
                   "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1"}


def afl_fuzz(program, binary, flags, seeds, out, seconds, more=None):
    """Runs afl-fuzz; returns its output. What it found is in out/default."""
    command = [program, *flags, "-V", seconds, "-i", seeds, "-o", out, "--", binary]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, errors="replace", check=False,
                          env={**os.environ, **AFL_ENVIRONMENT, **(more or {})})
    return done.stdout + done.stderr


def afl_stats(out):
    """fuzzer_stats as a dictionary; empty if there is none."""
    path = pathlib.Path(out) / "default" / "fuzzer_stats"
    if not path.is_file():
        return {}
    return dict((part.strip() for part in line.split(":", 1)) for line in path.read_text().splitlines() if ":" in line)
