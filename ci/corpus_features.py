# SPDX-License-Identifier: Apache-2.0
"""What each input of a target reaches, as libFuzzer sees it, and which inputs a set can do without.

libFuzzer's set-cover merge writes into its control file, for each input, every feature that it reaches: an edge of lib/ together
with how often, in eight steps. A feature divided by eight is the edge.
"""
import collections
import os
import pathlib
import re
import subprocess
import tempfile

# Only coverage is read here; leaks of the same inputs are looked for by each target's test.
ASAN = "detect_leaks=0:quarantine_size_mb=1:malloc_context_size=0"


class Trouble(Exception):
    """Why inputs could not be measured, in a line."""


def measure(binary, max_len, folders):
    """({path: features}, [paths on which the target ended]) of all files in the folders."""
    with tempfile.TemporaryDirectory(prefix="ci-corpus.") as scratch:
        control, out = pathlib.Path(scratch) / "control", pathlib.Path(scratch) / "out"
        out.mkdir()
        command = [str(binary), "-set_cover_merge=1", f"-max_len={max_len}", f"-merge_control_file={control}", str(out), *map(str, folders)]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, errors="replace", check=False,
                              env={**os.environ, "ASAN_OPTIONS": ASAN})
        if not control.is_file():
            raise Trouble(f"{binary}: {(done.stderr.strip().splitlines() or ['no output'])[-1]}")
        return read(control, done.stderr)


def read(control, told):
    """The same of a control file and what libFuzzer told, which says how many counters there are.

    Features behind those of the counters are how deep the stack was, which depends on where the system put it: not the input's."""
    counters = sum(map(int, re.findall(r"^INFO: Loaded \d+ modules +\((\d+) inline 8-bit counters\)", told, re.M)[:1]))
    if not counters:
        raise Trouble(f"{control}: no counters in what libFuzzer told")
    lines = control.read_text(errors="surrogateescape").split("\n")
    count = int(lines[0])
    names, features, started = lines[2:2 + count], {}, set()
    for line in lines[2 + count:]:
        found = re.match(r"(STARTED|FT) (\d+) ?(.*)", line)
        if found and found.group(1) == "STARTED":
            started.add(names[int(found.group(2))])
        elif found:
            features[pathlib.Path(names[int(found.group(2))])] = frozenset(f for f in map(int, found.group(3).split()) if f < 8 * counters)
    ended = sorted(pathlib.Path(n) for n in started if pathlib.Path(n) not in features)
    return features, ended


def edges(features):
    return {f // 8 for f in features}


def redundant(features, candidates):
    """Those of the candidates whose features all others together have too, each by itself."""
    times = collections.Counter(f for reached in features.values() for f in reached)
    return [c for c in candidates if all(times[f] > 1 for f in features[c])]


def choose(features, kept, candidates, most_for_edges, most):
    """Which candidates to keep beside `kept`: first for edges, then for features, what adds most first, small ones on a tie.

    Returns (chosen, features that they and kept do not reach)."""
    chosen = []
    for view, limit in ((edges, most_for_edges), (frozenset, most)):
        reached = set().union(*(view(features[p]) for p in [*kept, *chosen]))
        while len(chosen) < limit:
            best = max(candidates, key=lambda p: (len(view(features[p]) - reached), -p.stat().st_size, p.name), default=None)
            if best is None or not view(features[best]) - reached:
                break
            chosen.append(best)
            reached |= view(features[best])
    for path in sorted(chosen, key=lambda p: -p.stat().st_size):
        if redundant({p: features[p] for p in [*kept, *chosen]}, [path]):
            chosen.remove(path)
    everything = set().union(*(features[p] for p in [*kept, *candidates]))
    return chosen, everything - set().union(*(features[p] for p in [*kept, *chosen]))
