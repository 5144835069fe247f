# SPDX-License-Identifier: Apache-2.0
"""A table of text: columns as wide as they have to be, numbers to the right."""


def show(lines, right=()):
    """lines: tuples, the first the headings; right: the columns of numbers."""
    widths = [max(len(str(line[i])) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        print("  ".join(str(v).rjust(w) if i in right else str(v).ljust(w) for i, (v, w) in enumerate(zip(line, widths))).rstrip())
