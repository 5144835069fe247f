# SPDX-License-Identifier: Apache-2.0
"""What must hold of a coverage, each as a function that returns a line for everything that does not. What is expected stands in
ci/checks/coverage.txt:

    floor VIEW FOLDER LINES BRANCHES MCDC      percentages; VIEW is tests or corpus
    host FILE:FUNCTION REASON                  has code that cannot run on this host
    unreached FILE:FUNCTION REASON             no fuzz target enters it
    uncalled FUNCTION REASON                   public, and no fuzz target calls it by itself

The three lists are exact: an entry that is no longer true fails as well.
"""
import math
import re

from coverage_graph import INTERNAL
from coverage_llvm import KINDS, Broken, percent

FOLDERS = ("lib", "lib/wire", "lib/crypto", "lib/smb3", "lib/diagnose")
VIEWS = ("tests", "corpus")
LISTS = ("host", "unreached", "uncalled")
LEAST = {"lib/wire": 98.0, "lib/smb3": 98.0}  # branches by corpus replay alone, whatever the floors say


class Expected:
    def __init__(self, text, path):
        self.floors, self.lists = {}, {name: {} for name in LISTS}
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            where = f"{path}:{number}"
            if words[0] == "floor":
                self._floor(words, where)
            elif words[0] in LISTS:
                if len(words) < 3:
                    raise Broken(f"{where}: {words[0]} without a reason")
                self.lists[words[0]][words[1]] = " ".join(words[2:])
            else:
                raise Broken(f"{where}: neither floor, {', '.join(LISTS[:-1])} nor {LISTS[-1]}: {words[0]}")
        missing = [f"{v} {f}" for v in VIEWS for f in FOLDERS if (v, f) not in self.floors]
        if missing:
            raise Broken(f"{path}: no floor for {missing[0]}")

    def _floor(self, words, where):
        try:
            values = [float(w) for w in words[3:]]
        except ValueError:
            values = []
        if len(words) != 6 or words[1] not in VIEWS or words[2] not in FOLDERS or not all(0 <= v <= 100 for v in values) or len(values) != 3:
            raise Broken(f"{where}: not floor VIEW FOLDER LINES BRANCHES MCDC")
        self.floors[words[1], words[2]] = dict(zip(KINDS, values))


def floor_lines(views):
    """The floors that the measured figures allow, rounded down to hundredths."""
    return [f"floor {v:6} {f:10} " + " ".join(f"{math.floor(100 * percent(views[v].folder(f, k))) / 100:6.2f}" for k in KINDS)
            for v in VIEWS for f in FOLDERS]


def all_files(views, sources):
    """A file that is compiled but absent from an export would make every figure a lie."""
    return [f"{s}: not in the coverage by {name}" for name, view in views.items() for s in sources if s not in view.files]


def complete(tests, host):
    """Every line and branch by the tests, but for functions listed as not for this host."""
    failures, excused = [], set()
    for kind in ("lines", "branches"):
        for file, line, column, what in tests.missing(kind):
            function = tests.function_at(file, line)
            if function and str(function) in host:
                excused.add(str(function))
            else:
                failures.append(f"{file}:{line}{f':{column}' if column else ''}: {what} by the tests")
    return failures + [f"host {f}: all of it ran: the entry is out of date" for f in sorted(set(host) - excused)]


def floors(views, expected):
    failures = []
    for (name, folder), least in expected.floors.items():
        for kind in KINDS:
            pair = views[name].folder(folder, kind)
            if pair[1] == 0 and kind != "mcdc":
                failures.append(f"{folder}: no {kind} are counted by {name}")
            elif percent(pair) < least[kind]:
                failures.append(f"{folder}: {kind} by {name} {pair[0]} of {pair[1]}, {percent(pair):.2f} %, under the floor of {least[kind]:.2f} %")
    for folder, least in LEAST.items():
        pair = views["corpus"].folder(folder, "branches")
        if percent(pair) < least:
            failures.append(f"{folder}: branches by corpus {pair[0]} of {pair[1]}, {percent(pair):.2f} %: {least:g} % is promised")
    return failures


def promises(targets, replays):
    """Each target enters the functions that it names; replays: {target: its Coverage}."""
    failures = []
    for name, target in targets.items():
        if name not in replays:
            failures.append(f"//fuzz:{name}: its replay left no profile")
            continue
        counts = {}
        for function in replays[name].functions.values():
            counts[function.name] = counts.get(function.name, 0) + function.count
        if not target["reaches"]:
            failures.append(f"fuzz/targets.bzl: {name} promises no function")
        for function in target["reaches"]:
            if function not in counts:
                failures.append(f"fuzz/targets.bzl: {name} promises {function}, which there is not")
            elif counts[function] == 0:
                failures.append(f"//fuzz:{name}: its corpus does not enter {function}, as fuzz/targets.bzl promises")
    return failures


def reachability(graph, public, corpus, calls):
    """{list: {name: why it belongs there}} of what no target enters or calls, and failures: what cannot be told. calls: names in fuzz/."""
    came = graph.path_from([*public, *INTERNAL])
    found, failures = {"unreached": {}, "uncalled": {n: "" for n in public if n not in calls}}, []
    entered, chains = {}, {}
    for symbol in sorted(graph.functions):
        function = corpus.by_symbol.get(symbol)
        if function is None:
            failures.append(f"{symbol}: in the call graph and not in the coverage by corpus")
        elif symbol not in came:
            found["unreached"][str(function)] = "reachable from nothing public"
        else:
            entered[str(function)] = function.count
            chain = [symbol]
            while came[chain[0]]:
                chain.insert(0, came[chain[0]])
            chains.setdefault(str(function), " -> ".join(s.split(":")[-1] for s in chain))
    found["unreached"].update({name: chains[name] for name, count in entered.items() if count == 0})
    return found, failures


def exact(found, expected):
    """The lists of what no target enters or calls are the committed ones."""
    words = {"unreached": "no fuzz target enters it", "uncalled": "public, and no fuzz target calls it"}
    failures = []
    for name, word in words.items():
        listed = expected.lists[name]
        failures += [f"{n}: {word}{f' ({why})' if why else ''}" for n, why in sorted(found[name].items()) if n not in listed]
        failures += [f"{name} {n}: no longer so: the entry is out of date" for n in sorted(set(listed) - set(found[name]))]
    return failures


def calls_in(sources):
    """Every identifier that is called somewhere in these files."""
    return {n for s in sources for n in re.findall(r"\b(csign_\w+)\s*\(", s.read_text(encoding="utf-8"))}


def judge(measured, expected):
    """(what no target enters or calls, every failure)."""
    views = measured["views"]
    found, failures = reachability(measured["graph"], measured["public"], views["corpus"], measured["calls"])
    failures += all_files(views, measured["sources"])
    failures += complete(views["tests"], expected.lists["host"])
    failures += floors(views, expected)
    failures += promises(measured["targets"], measured["replays"])
    failures += exact(found, expected)
    return found, failures
