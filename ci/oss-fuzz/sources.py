#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What build.sh compiles (build_files.py) is what Bazel compiles: for each target the same libraries, and for each library the same
sources, headers, include folders and definitions. usage: sources.py PROGRAMS_JSON     that of //fuzz/everywhere:programs, built
with libFuzzer's engine. A source left out on our side must be seen."""
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from build_files import Packages  # noqa: E402

root = pathlib.Path(__file__).resolve().parent.parent.parent


def ours(names):
    """The same JSON, from the BUILD files."""
    packages, libraries, programs, system = Packages(root, "libfuzzer"), {}, {}, {}
    for name in names:
        found = packages.libraries(f"//fuzz:{name}_bin")
        programs[name], system[name] = [lib.label for lib in found], [f"sys_{s}" for s in packages.system_of(found)]
        for lib in found:
            libraries[lib.label] = {
                "label": lib.label, "sources": sorted(lib.sources), "headers": sorted(lib.headers),
                "includes": lib.includes + [f[2:] for f in lib.flags if f.startswith("-I")],
                "defines": [f[2:] for f in lib.flags if f.startswith("-D")],
            }
    return {"libraries": libraries, "programs": programs, "system": system}


def differences(here, bazel):
    found = []
    for what in ("programs", "system"):
        for name in sorted({*here[what], *bazel[what]}):
            a, b = set(here[what].get(name, ["nothing"])), set(bazel[what].get(name, ["nothing"]))
            found += [f"{name}: {x} {'in build.sh, not in Bazel' if x in a else 'in Bazel, not in build.sh'}" for x in sorted(a ^ b)]
    for label in sorted({*here["libraries"], *bazel["libraries"]}):
        a, b = here["libraries"].get(label, {}), bazel["libraries"].get(label, {})
        for key in ("sources", "headers", "includes", "defines"):
            if sorted(a.get(key, [])) != sorted(b.get(key, [])):
                found.append(f"{label}: {key} are {a.get(key)} in build.sh, {b.get(key)} in Bazel")
    return found


def main(path):
    bazel = json.loads(pathlib.Path(path).read_text())
    if not bazel["programs"]:
        raise SystemExit(f"{path}: no programs")
    here = ours(bazel["programs"])
    found = differences(here, bazel)
    for f in found:
        print(f, file=sys.stderr)
    here["libraries"]["//lib:countersign"]["sources"].pop()
    if len(differences(here, bazel)) != len(found) + 1:
        raise SystemExit("a source left out was not seen")
    files = {s for lib in bazel["libraries"].values() for s in lib["sources"]}
    print(f"{len(bazel['programs'])} targets of {len(bazel['libraries'])} libraries and {len(files)} sources, {len(found)} differences; "
          "a source left out is seen")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else __doc__)
