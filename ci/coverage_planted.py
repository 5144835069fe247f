# SPDX-License-Identifier: Apache-2.0
"""Faults planted into a measured coverage, one for each thing that must hold: a check that cannot fail is not a check."""
import copy

import coverage_gates as gates


def _entered(view):
    """A function of lib/ that was entered, the first by name."""
    return min((f for f in view.functions.values() if f.count), key=str)


def _line(m, _):
    file = m["views"]["tests"].files[m["sources"][0]]
    line = next(n for n in sorted(file.lines) if m["views"]["tests"].function_at(m["sources"][0], n))
    file.lines[line] = 0
    return f"{m['sources'][0]}:{line}: not executed by the tests"


def _branch(m, _):
    name, file = next((n, f) for n, f in sorted(m["views"]["tests"].files.items()) if f.branches)
    place = min(file.branches)
    file.branches[place] = [1, 0]
    return f"{name}:{place[0]}:{place[1]}: condition never false by the tests"


def _floor(m, expected):
    """One branch fewer than the floor allows."""
    view = m["views"]["corpus"]
    expected.floors["corpus", "lib"]["branches"] = gates.percent(view.folder("lib", "branches"))
    sides = next(s for _, f in sorted(view.files.items()) for s in f.branches.values() if min(s))
    sides[0] = 0
    return "lib: branches by corpus"


def _mcdc(m, expected):
    view = m["views"]["tests"]
    expected.floors["tests", "lib"]["mcdc"] = gates.percent(view.folder("lib", "mcdc"))
    conditions = next(c for _, f in sorted(view.files.items()) for c in f.mcdc.values() if any(c))
    conditions[conditions.index(True)] = False
    return "lib: mcdc by tests"


def _promised(m, _):
    """What is promised for good, whatever floors are committed."""
    for file in m["views"]["corpus"].files.values():
        file.branches = {place: [1, 0] for place in file.branches}
    taken, there = m["views"]["corpus"].folder("lib/wire", "branches")
    return f"lib/wire: branches by corpus {taken} of {there}, {100 * taken / there:.2f} %: {gates.LEAST['lib/wire']:g} % is promised"


def _file(m, _):
    del m["views"]["tests"].files[m["sources"][0]]
    return f"{m['sources'][0]}: not in the coverage by tests"


def _promise(m, _):
    target, replay = min(m["replays"].items())
    function = min((f for f in replay.functions.values() if not f.count), key=str)
    m["targets"][target]["reaches"] = [function.name]
    for f in replay.functions.values():
        f.count = 0 if f.name == function.name else f.count
    return f"//fuzz:{target}: its corpus does not enter {function.name}"


def _invented(m, _):
    target = min(m["targets"])
    m["targets"][target]["reaches"] = ["csign_invented"]
    return f"fuzz/targets.bzl: {target} promises csign_invented, which there is not"


def _profile(m, _):
    target = min(m["replays"])
    del m["replays"][target]
    return f"//fuzz:{target}: its replay left no profile"


def _unreached(m, _):
    function = _entered(m["views"]["corpus"])
    function.count = 0
    return f"{function}: no fuzz target enters it"


def _island(m, _):
    """A function that no public one leads to."""
    function = _entered(m["views"]["corpus"])
    symbol = next(s for s, f in m["views"]["corpus"].by_symbol.items() if f is function and s in m["graph"].functions)
    m["public"] = [n for n in m["public"] if n != symbol]
    for edges in m["graph"].edges.values():
        edges.discard(symbol)
    return f"{function}: no fuzz target enters it (reachable from nothing public)"


def _uncalled(m, _):
    name = min(set(m["calls"]) & set(m["public"]))
    m["calls"] = m["calls"] - {name}
    return f"{name}: public, and no fuzz target calls it"


def _stale(m, expected):
    function = _entered(m["views"]["corpus"])
    expected.lists["unreached"][str(function)] = "planted"
    return f"unreached {function}: no longer so"


def _host(m, expected):
    function = next(f for f in sorted(m["views"]["tests"].functions.values(), key=str)
                    if not any(m["views"]["tests"].function_at(*p[:2]) is f for k in ("lines", "branches") for p in m["views"]["tests"].missing(k)))
    expected.lists["host"][str(function)] = "planted"
    return f"host {function}: all of it ran"


PLANTED = {
    "a line that no test executes": _line, "a branch that no test takes": _branch, "branches by corpus under the floor": _floor,
    "MC/DC under the floor": _mcdc, "branches by corpus under what is promised": _promised, "a file that is absent": _file, "a promised function that is not entered": _promise,
    "a promised function that there is not": _invented, "a replay without a profile": _profile, "a function that no target enters": _unreached,
    "a function that no public one leads to": _island, "a public function that no target calls": _uncalled,
    "an entry that is out of date": _stale, "a host entry that is out of date": _host,
}


def unseen(measured, expected):
    """A line for each planted fault that is not reported."""
    failures, before = [], set(gates.judge(measured, expected)[1])
    for name, plant in PLANTED.items():
        faulty, wanted = copy.deepcopy(measured), copy.deepcopy(expected)
        said = plant(faulty, wanted)
        if not any(f.startswith(said) for f in set(gates.judge(faulty, wanted)[1]) - before):
            failures.append(f"planted and not seen: {name} ({said})")
    return failures
