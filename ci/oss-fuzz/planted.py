#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The build check must be able to fail. usage: planted.py OUT UNINSTRUMENTED     OUT is a good build for address, UNINSTRUMENTED one
of a single target without sanitizer and coverage; each fault below, planted in a copy, must make check.py call the target bad and
say why."""
import pathlib
import shutil
import sys
import tempfile
import zipfile

sys.dont_write_bytecode = True
here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent.parent / "fuzz")]
import carry  # noqa: E402
import check  # noqa: E402
import targets  # noqa: E402


def copy(out, target, to):
    """A target and what belongs to it."""
    to.mkdir()
    for f in out.iterdir():
        if f.is_file() and f.name.split(".")[0] in (target, f"{target}_seed_corpus"):
            shutil.copy(f, to / f.name)
    if (out / "lib").exists():
        shutil.copytree(out / "lib", to / "lib")
    return to


def too_long(out, target):
    with zipfile.ZipFile(out / f"{target}_seed_corpus.zip", "a") as z:
        z.writestr("too_long", bytes(targets.TARGETS[target]["max_len"] + 1))


def main(out, uninstrumented):
    out, plain = pathlib.Path(out), pathlib.Path(uninstrumented)
    compared = next(n for n, t in targets.TARGETS.items() if t.get("oracles"))
    small = min((f for f in out.glob("*_seed_corpus.zip") if not targets.TARGETS[f.name.removesuffix("_seed_corpus.zip")].get("oracles")),
                key=lambda f: f.stat().st_size).name.removesuffix("_seed_corpus.zip")
    oracle = sorted(f.name for f in (out / "lib").glob("liboracle_*.so"))[-1]
    foreign = sorted(f.name for f in (out / "lib").iterdir() if not f.name.startswith("liboracle_"))
    needed = next(n for n in carry.needs(out / "lib" / oracle) if n in foreign)
    cases = [
        ("an oracle that is not there", out, compared, "address", lambda o: (o / "lib" / oracle).unlink(), oracle),
        ("a library that was not taken along", out, compared, "address", lambda o: (o / "lib" / needed).unlink(), needed),
        ("an input that is longer than max_len", out, small, "address", lambda o: too_long(o, small), "max_len"),
        ("another sanitizer", out, small, "memory", lambda o: None, "calls of msan"),
        ("no instrumentation", plain, check.find_targets(plain)[0], "address", lambda o: None, "edges"),
    ]
    for what, source, target, sanitizer, plant, says in cases:
        with tempfile.TemporaryDirectory() as folder:
            bad = copy(source, target, pathlib.Path(folder, "out"))
            plant(bad)
            root = check.Root(pathlib.Path(folder, "root"), bad)
            _, faults = check.check(root, target, sanitizer)
            if not any(says in f for f in faults):
                print(f"planted: {what} in {target} was not seen, or not named: {faults}", file=sys.stderr)
                return 1
            print(f"planted: {what} in {target}: seen")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
