# SPDX-License-Identifier: Apache-2.0
"""What was executed, from clang's raw profiles: llvm-profdata merges them, `llvm-cov export` counts, and this reads its JSON.

Counted here and not taken from llvm-cov's sums: a function of a header is compiled into each file that includes it, and a branch of it
is taken if any of those copies took it.
"""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess

KINDS = ("lines", "branches", "mcdc")


class Broken(Exception):
    """What was wrong with a tool or with what it wrote, in one line."""


def run(command, **options):
    """A tool's output; anything but success is Broken, with the tool's last word."""
    if not shutil.which(str(command[0])):
        raise Broken(f"{command[0]}: not installed (ci/setup installs it)")
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, errors="replace", check=False, **options)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "no word").splitlines()[-1]
        raise Broken(f"{pathlib.Path(command[0]).name} ended with {done.returncode}: {said}")
    return done.stdout


def each(function, items):
    """[function(item)], on all processors."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def merge(profiles, into):
    listed = into.with_suffix(".list")
    listed.write_text("".join(f"{p}\n" for p in profiles), encoding="utf-8")
    run(["llvm-profdata-19", "merge", "-sparse", f"--input-files={listed}", "-o", into])
    return into


def export(objects, profile):
    """The JSON of llvm-cov: objects one by one, because inside an archive llvm-cov 19 may find a map at an odd address."""
    return run(["llvm-cov-19", "export", objects[0], *(f"-object={o}" for o in objects[1:]), f"-instr-profile={profile}"])


def _lines(segments):
    """{line: executions}, as llvm-cov itself counts lines: of what begins on the line, or else of what goes on from above, the most."""
    counts, at, wrapped = {}, 0, None
    if not segments:
        return counts
    for line in range(segments[0][0], segments[-1][0] + 1):
        here = []
        while at < len(segments) and segments[at][0] == line:
            here.append(segments[at])
            at += 1
        starts = [s[2] for s in here if s[3] and s[4] and not s[5]]  # count, has_count, is_region_entry, is_gap
        skipped = here and not here[0][3] and here[0][4]
        if not skipped and ((wrapped and wrapped[3]) or starts):
            counts[line] = max(starts + ([wrapped[2]] if wrapped and wrapped[3] else []))
        if here:
            wrapped = here[-1]
    return counts


class File:
    """A source file: {line: count}, {place: [true, false]}, {place: [whether each condition was seen to decide]}."""

    def __init__(self, entry):
        self.lines, self.branches, self.mcdc = _lines(entry["segments"]), {}, {}
        for b in entry["branches"]:
            sides = self.branches.setdefault(tuple(b[:4]), [0, 0])
            sides[0] += b[4]
            sides[1] += b[5]
        for d in entry["mcdc_records"]:
            place, conditions = tuple(d[:4]), d[-1]
            before = self.mcdc.get(place, [False] * len(conditions))
            self.mcdc[place] = [a or b for a, b in zip(before, conditions)]

    def counts(self, kind):
        """Covered, and all there are."""
        if kind == "lines":
            return sum(c > 0 for c in self.lines.values()), len(self.lines)
        if kind == "branches":
            return sum(s > 0 for sides in self.branches.values() for s in sides), 2 * len(self.branches)
        return sum(sum(c) for c in self.mcdc.values()), sum(len(c) for c in self.mcdc.values())

    def missing(self, kind):
        """[(line, column, what)] of what was not covered."""
        if kind == "lines":
            return [(line, 0, "not executed") for line, count in sorted(self.lines.items()) if count == 0]
        if kind == "branches":
            return [(p[0], p[1], f"condition never {('true', 'false')[i]}") for p, sides in sorted(self.branches.items())
                    for i in (0, 1) if sides[i] == 0]
        return [(p[0], p[1], f"condition {i + 1} of {len(c)} was not seen to decide by itself") for p, c in sorted(self.mcdc.items())
                for i, seen in enumerate(c) if not seen]


class Function:
    """Where a function stands, and how often it was entered."""

    def __init__(self, file, name, begin, end):
        self.file, self.name, self.begin, self.end, self.count = file, name, begin, end, 0

    def __str__(self):
        return f"{self.file}:{self.name}"


class Coverage:
    """One view: the files and functions of an export that lie under `folders`."""

    def __init__(self, text, what, folders=("lib/",)):
        self.files, self.functions, self.by_symbol = {}, {}, {}
        try:
            data = json.loads(text)["data"][0]
            for entry in data["files"]:
                if entry["filename"].startswith(folders):
                    self.files[entry["filename"]] = File(entry)
            for entry in data["functions"]:
                if entry["filenames"][0].startswith(folders):
                    self._function(entry)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise Broken(f"{what}: this is not what llvm-cov export writes ({type(error).__name__}: {error})") from None
        if not self.files or not self.functions:
            raise Broken(f"{what}: no file of {' or '.join(folders)} in llvm-cov's export")

    def _function(self, entry):
        # A static function's symbol is FILE.c:NAME, FILE.c being the file that was compiled; a header's function has many.
        file, symbol = entry["filenames"][0], entry["name"]
        name = symbol.split(":")[-1]
        region = entry["regions"][0]
        function = self.functions.setdefault((file, name), Function(file, name, region[0], region[2]))
        function.count += entry["count"]
        self.by_symbol[symbol] = function

    def folder(self, folder, kind):
        """Covered and all, of the files under a folder."""
        pairs = [f.counts(kind) for name, f in self.files.items() if name.startswith(folder + "/")]
        return sum(p[0] for p in pairs), sum(p[1] for p in pairs)

    def function_at(self, file, line):
        """The function around a line, or None."""
        inside = [f for f in self.functions.values() if f.file == file and f.begin <= line <= f.end]
        return min(inside, key=lambda f: f.end - f.begin) if inside else None

    def missing(self, kind):
        """(file, line, column, what) of everything not covered."""
        return [(name, *m) for name, f in sorted(self.files.items()) for m in f.missing(kind)]


def percent(pair):
    return 100.0 * pair[0] / pair[1] if pair[1] else 100.0
