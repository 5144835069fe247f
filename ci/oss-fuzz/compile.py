#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Builds every fuzz target, or the named ones, as OSS-Fuzz wants it, for build.sh, which demands the environment: $OUT/T, T_seed_corpus.zip, T.dict where
the table names one, T.options; and in $OUT/lib the oracles and each library of the system that is not the base image's.

Which files make a target say the BUILD files themselves (build_files.py); limits, dictionaries and seeds the table and the scripts
that Bazel uses. All of lib/ is linked into each target, not only what it calls: the build check counts instrumented edges in the
program. The harness is left uninstrumented as under Bazel, so coverage leads through lib/. What cannot be built for a sanitizer or
an architecture is left out by name, on a line `left out: T: why`.
"""
import concurrent.futures
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else sys.exit(__doc__)).resolve()
wanted = sys.argv[2:]
sys.path[:0] = [str(root / "fuzz"), str(pathlib.Path(__file__).parent)]
import carry  # noqa: E402
import targets  # noqa: E402
from build_files import Packages  # noqa: E402

env = os.environ
out = pathlib.Path(env["OUT"])
FLAGS = {name: shlex.split(env[name]) for name in ("CC", "CXX", "CFLAGS", "CXXFLAGS", "LIB_FUZZING_ENGINE")}
# Its libraries exist for the machine that builds; a 32-bit $OUT would need them for another.
WITHOUT_SYSTEM_LIBRARIES = ["i386"]
PLAIN = {"AFL_NOOPT": "1"}  # AFL++'s compiler then only compiles
# Warnings of a compiler newer than ours are not this build's business, and coverage flags are the engine's.
DROPPED = ["-Werror"]


def run(command, **variables):
    done = subprocess.run([str(c) for c in command], cwd=root, capture_output=True, text=True, env={**env, **variables})
    if done.returncode:
        raise SystemExit(f"{shlex.join(map(str, command))}\n{done.stdout}{done.stderr}exit {done.returncode}")
    return done.stdout


def left_out(name, system):
    """Why a target is not built here, or None."""
    t = targets.TARGETS[name]
    if env["SANITIZER"] == "memory" and t.get("oracles"):
        return "its oracles are libraries without MSan's instrumentation"
    if env["SANITIZER"] == "memory" and not t.get("msan", True):
        return "it calls libraries without MSan's instrumentation"
    if env["ARCHITECTURE"] in WITHOUT_SYSTEM_LIBRARIES and (t.get("oracles") or system):
        return f"no {', '.join(system) or 'oracle'} for {env['ARCHITECTURE']}"
    return None


class Objects:
    """Compiles each source once, in parallel."""

    def __init__(self, packages, folder):
        self.packages, self.folder, self.known = packages, folder, {}
        self.pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())

    def source(self, path):
        """A source file, made now if a genrule makes it."""
        made = self.packages.genrule(path)
        if not made:
            return path
        to = self.folder / path
        to.parent.mkdir(parents=True, exist_ok=True)
        run(["bash", "-c", made[0].replace("$<", made[1][0]).replace("$@", shlex.quote(str(to)))])
        return str(to)

    def compile(self, source, flags, variables):
        key = (source, *flags)
        if key not in self.known:
            to = self.folder / f"{len(self.known)}-{pathlib.Path(source).stem}.o"
            command = [*FLAGS["CC"], *flags, "-c", self.source(source), "-o", to]
            self.known[key] = (to, self.pool.submit(run, command, **variables))
        return self.known[key][0]

    def wait(self):
        for _, job in self.known.values():
            job.result()

    def of(self, libraries, cflags, **variables):
        """The objects of a program: all of them, none through an archive."""
        includes = [f"-I{i}" for lib in libraries for i in lib.includes]
        headers = [f"-isystem{folder}" for name in self.packages.system_of(libraries)
                   if (folder := self.packages.system[name][1]) != "/usr/include"]
        return [self.compile(s, [*cflags, "-I.", *includes, *headers, *(f for f in lib.flags if f not in DROPPED)], variables)
                for lib in libraries for s in lib.sources]


def to_link(packages, libraries):
    """The files of the system libraries that these need; of some there are only headers."""
    files = [packages.system[s][3] for s in packages.system_of(libraries)]
    return [carry.find(f, packages.folders) for f in files if not f.endswith(".h")]


def link_program(packages, name, libraries, objects):
    opts = [o for lib in libraries for o in lib.linkopts if o != "-fsanitize=fuzzer" and not o.endswith("libAFLDriver.a")]
    system = to_link(packages, libraries)
    run([*FLAGS["CXX"], *FLAGS["CXXFLAGS"], *objects, *opts, *system, *carry.search("$ORIGIN/lib"), *FLAGS["LIB_FUZZING_ENGINE"],
         "-o", out / name])
    carry.take(out / name, system, out / "lib")


def oracles(packages, objects):
    """The adapters: other people's code, plain, for a coverage callback in a shared object ends AFL++ and libFuzzer alike."""
    adapters = {label: packages.libraries(label) for label, rule in list(packages.rules.items())
                if rule[0] == "cc_binary" and rule[2].get("linkshared") and not rule[2].get("testonly")}
    made = {label: objects.of(libraries, ["-O1", "-g", "-fPIC"], **PLAIN) for label, libraries in adapters.items()}
    objects.wait()
    for label, libraries in adapters.items():
        (out / "lib").mkdir(exist_ok=True)
        to = out / "lib" / label.split(":")[1]
        system = to_link(packages, libraries)
        run([*FLAGS["CC"], "-shared", *made[label], *system, *carry.search("$ORIGIN"), "-o", to], **PLAIN)
        carry.take(to, system, out / "lib")
    if not adapters:
        raise SystemExit("//oracle: no adapter found")
    print(f"oracles: {len(adapters)} in {out}/lib: {' '.join(sorted(label.split('liboracle_')[1][:-3] for label in adapters))}")


def corpus_zip(name, seeds):
    """Seeds and what corpus/ adds to them, named by their content, always the same file."""
    inputs = {f.name: f for folder in (seeds / name, root / "corpus" / name) for f in sorted(folder.rglob("*")) if f.is_file()}
    if not inputs:
        raise SystemExit(f"{name}: no seeds")
    with zipfile.ZipFile(out / f"{name}_seed_corpus.zip", "w", zipfile.ZIP_DEFLATED) as z:
        for n in sorted(inputs):
            z.writestr(zipfile.ZipInfo(n), inputs[n].read_bytes(), zipfile.ZIP_DEFLATED)
    return len(inputs)


def main():
    packages = Packages(root, "afl" if env["FUZZING_ENGINE"] in ("afl", "honggfuzz", "centipede") else "libfuzzer", env["CFLAGS"])
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        objects, programs = Objects(packages, work), {}
        if unknown := [w for w in wanted if w not in targets.TARGETS]:
            raise SystemExit(f"compile.py: no target {unknown[0]} in fuzz/targets.bzl")
        for name in wanted or targets.TARGETS:
            libraries = packages.libraries(f"//fuzz:{name}_bin")
            why = left_out(name, packages.system_of(libraries))
            if why:
                print(f"left out: {name}: {why}")
            else:
                programs[name] = (libraries, objects.of(libraries, FLAGS["CFLAGS"]))
        objects.wait()
        if any(targets.TARGETS[name].get("oracles") for name in programs):
            oracles(packages, objects)
        run([sys.executable, "-B", root / "fuzz/seeds.py", root / "vectors", work / "seeds"])
        for name, (libraries, made) in programs.items():
            link_program(packages, name, libraries, made)
            t = targets.TARGETS[name]
            (out / f"{name}.options").write_text(targets.options(name, t), encoding="utf-8")
            if t.get("dict"):
                shutil.copy(root / "fuzz" / t["dict"], out / f"{name}.dict")
            print(f"{name}: {len(made)} objects, {corpus_zip(name, work / 'seeds')} seeds", flush=True)
    print(f"{len(programs)} of {len(targets.TARGETS)} targets in {out}: {env['FUZZING_ENGINE']}, {env['SANITIZER']}, {env['ARCHITECTURE']}")


main()
