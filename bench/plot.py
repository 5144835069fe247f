# SPDX-License-Identifier: Apache-2.0
"""Figures: speed over the size of a message, one line for each library."""
import os

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator  # noqa: E402

from result import ALGORITHMS, OURS  # noqa: E402
from table import number, size  # noqa: E402

OUR_COLOUR = "#d1495b"
# Told apart by colour-blind readers too, with the marker's help.
PEERS = ["#0072b2", "#009e73", "#e69f00", "#56b4e9", "#7a5195", "#8c8c8c", "#5b5b5b", "#a6761d", "#003f5c"]
MARKERS = "osD^vP*Xd"


def axes_for_sizes(axes, lengths):
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(FixedLocator(lengths))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: size(int(x)) if x != 65520 else "64 KiB"))
    axes.yaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: "%g" % y))
    axes.tick_params(axis="x", labelrotation=30, labelsize=8)
    axes.tick_params(axis="y", labelsize=8)
    axes.grid(True, which="major", color="#dddddd", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def line(axes, points, label, colour, marker, ours=False, dashed=False):
    if points:
        axes.plot(*zip(*points), label=label, color=colour, marker=marker, markersize=7 if ours else 4.5,
                  linewidth=3 if ours else 1.3, zorder=3 if ours else 2, linestyle="--" if dashed else "-")


def legend(axes):
    """Beside the lines, in the order in which they end."""
    handles, labels = axes.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda i: -handles[i].get_ydata()[-1])
    axes.legend([handles[i] for i in order], [labels[i] for i in order], loc="center left", bbox_to_anchor=(1.01, 0.5),
                frameon=False, fontsize=9)


def save(run, figure, folder, name):
    """With what the figures belong to: a masked run must not be taken for another."""
    words = [run.data["machine"]["cpu"], *("masked off: " + one for one in run.data["without"]), *["a quick run: the figures mean nothing"] * run.data["quick"]]
    figure.text(0.01, -0.02 if len(figure.axes) == 1 else -0.12, ", ".join(words), fontsize=8, color="#444444")
    path = os.path.join(folder, name + ".svg")
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    return path


def speed(cells, peer, form):
    return [(c.data["len"], c.bytes / c.ns(peer, form)) for c in cells if c.ns(peer, form)]


def one_message(run, algorithm, folder):
    cells = run.of_work("single", algorithm)
    if not cells:
        return None
    figure, axes = pyplot.subplots(figsize=(9, 5.2))
    axes_for_sizes(axes, [c.data["len"] for c in cells])
    peers = [p for p in run.data["peers"] if p["measured"] and p["name"] != OURS]
    for i, peer in enumerate(peers):
        line(axes, speed(cells, peer["name"], "single"), peer["title"], PEERS[i], MARKERS[i])
    line(axes, speed(cells, OURS, "single"), "countersign", OUR_COLOUR, "o", ours=True)
    bound = run.bound(algorithm, batch=False)
    if bound:
        speed_of_bound = run.clock() / bound
        axes.axhline(speed_of_bound, color="#444444", linewidth=1, linestyle=":")
        axes.annotate("bound %s GB/s" % number(speed_of_bound), (1, speed_of_bound), xycoords=("axes fraction", "data"),
                      xytext=(-2, 3), textcoords="offset points", ha="right", fontsize=8, color="#444444")
    axes.set_title("%s of one SMB2 message, key ready, calls back to back" % ALGORITHMS[algorithm], loc="left", fontsize=11)
    axes.set_ylabel("GB/s")
    axes.set_xlabel("message with its header")
    legend(axes)
    return save(run, figure, folder, algorithm)


def batches(run, folder):
    """Batches of 16 and single calls, a panel for each algorithm."""
    present = [a for a in ALGORITHMS if run.of_work("batch", a)]
    if not present:
        return None
    figure, panels = pyplot.subplots(1, len(present), figsize=(5 * len(present), 4.6), squeeze=False, sharey=True)
    for axes, algorithm in zip(panels[0], present):
        cells = [c for c in run.of_work("batch", algorithm) if c.id.endswith("/16/one-key")]
        axes_for_sizes(axes, [c.data["len"] for c in cells])
        best = [(c.data["len"], c.bytes / c.best_peer("loop")[1]) for c in cells if c.best_peer("loop")[1]]
        line(axes, best, "best peer's single calls", PEERS[0], MARKERS[0])
        line(axes, speed(cells, "ipsec_mb", "batch"), "ipsec-mb, bursts", PEERS[2], MARKERS[2])
        line(axes, speed(cells, OURS, "loop"), "countersign, single calls", OUR_COLOUR, "s", dashed=True)
        line(axes, speed(cells, OURS, "batch"), "countersign, batch", OUR_COLOUR, "o", ours=True)
        axes.set_title(ALGORITHMS[algorithm], loc="left", fontsize=11)
    panels[0][0].set_ylabel("GB/s")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncol=4, frameon=False, bbox_to_anchor=(0.5, -0.06), fontsize=10)
    figure.suptitle("16 messages of one length, one key", x=0.01, ha="left", fontsize=11)
    figure.tight_layout()
    return save(run, figure, folder, "batches")


def draw(run, folder):
    """Writes the figures and returns their paths."""
    os.makedirs(folder, exist_ok=True)
    matplotlib.rcParams.update({"svg.hashsalt": "countersign", "svg.fonttype": "none", "font.family": "sans-serif"})
    return [p for p in [one_message(run, a, folder) for a in ALGORITHMS] + [batches(run, folder)] if p]
