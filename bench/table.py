# SPDX-License-Identifier: Apache-2.0
"""Aligned tables as text or Markdown, and numbers as people like to read them."""


def number(value):
    """Three significant digits, no exponent."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return "%.0f" % value
    return "%.1f" % value if abs(value) >= 10 else "%.2f" % value


def size(count):
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= unit and count % unit == 0:
            return "%d %s" % (count // unit, name)
    return "%d B" % count


def time(ns):
    if ns is None:
        return "-"
    return "%s us" % number(ns / 1000) if ns >= 10000 else "%s ns" % number(ns)


def ratio(value):
    return "-" if value is None else "%.2fx" % value


def divide(a, b):
    return None if a is None or b is None or b == 0 else a / b


class Table:
    """Columns are right-aligned; those whose title starts with '<' left."""

    def __init__(self, *titles):
        self.left = [t.startswith("<") for t in titles]
        self.titles = [t.lstrip("<") for t in titles]
        self.rows = []

    def add(self, *cells):
        assert len(cells) == len(self.titles)
        self.rows.append([str(c) for c in cells])

    def text(self):
        if not self.rows:
            return ""
        lines = [self.titles] + self.rows
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.titles))]
        out = []
        for line in lines:
            out.append("  ".join(c.ljust(w) if l else c.rjust(w) for c, w, l in zip(line, widths, self.left)).rstrip())
        out.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join("  " + line for line in out) + "\n"

    def markdown(self):
        if not self.rows:
            return ""
        lines = ["| " + " | ".join(self.titles) + " |", "|" + "|".join("---" if l else "---:" for l in self.left) + "|"]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"
