# SPDX-License-Identifier: Apache-2.0
"""One run's JSON, with the questions that every reader of it asks."""
import json
import math
import statistics

OURS = "countersign"
ALGORITHMS = {"cmac": "AES-128-CMAC", "gmac": "AES-128-GMAC", "hmac": "HMAC-SHA256"}


class Cell:
    def __init__(self, run, data):
        self.run, self.data = run, data
        self.id, self.work, self.bytes = data["id"], data["work"], data["bytes"]
        self.cycle_ns = data["cycle_ns"]
        self.by = {(c["peer"], c["form"]): c for c in data["contenders"]}

    def ns(self, peer, form):
        """Median nanoseconds of a contender, or None."""
        found = self.by.get((peer, form))
        return found and found["ns"]

    def cycles(self, ns):
        return ns / self.cycle_ns

    def best_peer(self, *forms):
        """(name, ns) of the fastest that is not ours, in any of these forms; (None, None) if there is none."""
        peers = [(c["ns"], peer) for (peer, form), c in self.by.items() if form in forms and peer and not peer.startswith(OURS)]
        return min(peers)[::-1] if peers else (None, None)


class Run:
    def __init__(self, data):
        self.data = data
        self.cells = {c["id"]: Cell(self, c) for c in data["cells"]}
        self.titles = {p["name"]: p["title"] for p in data["peers"]}
        self.missing = [p for p in data["peers"] if not p["measured"]]
        self.partial = bool(data["only"])

    def cell(self, *words):
        return self.cells.get("/".join(str(w) for w in words))

    def of_work(self, work, algorithm=None):
        return [c for c in self.cells.values() if c.work == work and algorithm in (None, c.data["algorithm"])]

    def title(self, name):
        return self.titles.get(name, name)

    def clock(self):
        """Cycles in a nanosecond: the median over all cells."""
        return 1 / statistics.median(c.cycle_ns for c in self.cells.values())

    def spread(self):
        """Distance between the quartiles of a contender's samples, as part of the median; of the middle one."""
        return statistics.median((c["three_quarters"] - c["quarter"]) / c["ns"] for cell in self.cells.values() for c in cell.by.values())

    def instruction(self, name):
        """Cycles of one instruction of the loops (bounds.c), or infinity where the CPU lacks it."""
        cell = self.cell("bounds")
        ns = cell and cell.ns("", name)
        return cell.cycles(ns) / self.data["bound_instructions"] if ns else math.inf

    def _widest(self, name):
        """Cycles for 16 bytes at the best of the three widths."""
        return min(self.instruction("%s %d" % (name, 128 * w)) / w for w in (1, 2, 4))

    def bound(self, algorithm, batch):
        """Cycles per byte that the instructions alone cost (README.md), or None where they were not measured."""
        if algorithm == "cmac":
            value = 10 * (self._widest("aesenc") if batch else self.instruction("aesenc latency")) / 16
        elif algorithm == "gmac":
            value = 4 * self._widest("clmul") / 16
        elif batch:
            value = (12 * self.instruction("sha256 four rounds") + 8 * self.instruction("sha256rnds2")) / 64
        else:
            value = 32 * self.instruction("sha256rnds2 latency") / 64
        return value if math.isfinite(value) else None

    def latency_bound(self, algorithm, length):
        """Cycles of one message's chain of dependent instructions; None for GMAC, whose chain is not one of them alone."""
        value = math.inf
        if algorithm == "cmac":
            value = -(-length // 16) * 10 * self.instruction("aesenc latency")
        elif algorithm == "hmac":
            value = (-(-(length + 9) // 64) + 1) * 32 * self.instruction("sha256rnds2 latency")
        return value if math.isfinite(value) else None


def load(path):
    """Raises ValueError with a sentence if the file is not a run."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
    except OSError as error:
        raise ValueError("%s: %s" % (path, error.strerror)) from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError("%s is not JSON: %s" % (path, error)) from error
    if not isinstance(data, dict) or data.get("format") != 1 or not isinstance(data.get("cells"), list):
        raise ValueError("%s is not a result of this bench (format 1)" % path)
    return Run(data)
