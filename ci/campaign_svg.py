# SPDX-License-Identifier: Apache-2.0
"""Charts of report.html, as SVG elements. They have no text of their own font and no colour of their own: the page's style says
both, by class, so that a dark page has dark charts."""
import xml.etree.ElementTree as ET


def element(tag, *children, **attributes):
    """An element; children are elements, texts or None. `_` ends names that Python keeps for itself, and becomes - inside."""
    e = ET.Element(tag, {k.rstrip("_").replace("_", "-"): str(v) for k, v in attributes.items() if v is not None})
    last = None
    for child in children:
        if child is None:
            continue
        if isinstance(child, ET.Element):
            e.append(child)
            last = child
        elif last is None:
            e.text = (e.text or "") + str(child)
        else:
            last.tail = (last.tail or "") + str(child)
    return e


def nice(top):
    """A round step that divides 0..top into two to five parts."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if top <= 5 * step * factor:
                return step * factor
        step *= 10


def duration(seconds):
    seconds = int(seconds)
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def short(number):
    for limit, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")):
        if number >= limit:
            return f"{number / (1e3 if unit == 'k' else limit):.3g} {unit}"
    return f"{number:,.0f}"


def stacked(series, end, label, width=560, height=230):
    """Cumulative steps over time, one band for each series: {name: (class, [(seconds, increment)])}."""
    left, right, top, bottom = 46, 12, 12, 26
    moments = sorted({at for _, steps in series.values() for at, _ in steps})
    total = sum(n for _, steps in series.values() for _, n in steps)
    step = nice(max(total, 1))
    scale_top = step * (-(-max(total, 1) // step))
    x = lambda at: left + (width - left - right) * at / max(end, 1)  # noqa: E731
    y = lambda n: height - bottom - (height - top - bottom) * n / scale_top  # noqa: E731
    svg = element("svg", viewBox=f"0 0 {width} {height}", class_="chart", role="img", aria_label=label)
    for n in range(0, scale_top + 1, step):
        svg.append(element("line", x1=left, x2=width - right, y1=f"{y(n):.1f}", y2=f"{y(n):.1f}", class_="grid"))
        svg.append(element("text", short(n), x=left - 6, y=f"{y(n) + 3.5:.1f}", text_anchor="end"))
    for i in range(5):
        at = end * i / 4
        svg.append(element("text", duration(at), x=f"{x(at):.1f}", y=height - 8, text_anchor="end" if i == 4 else "middle" if i else "start"))
    below = [0] * (len(moments) + 1)  # after each moment, under the band that is drawn
    for name, (css, steps) in series.items():
        increments = dict.fromkeys(moments, 0)
        for at, n in steps:
            increments[at] += n
        mine, above, sum_ = [], list(below), 0
        for i, at in enumerate(moments):
            sum_ += increments[at]
            above[i + 1] = below[i + 1] + sum_
        if sum_:
            times = [0, *moments, end]
            for line in (above, below):
                points = []
                for i in range(len(moments) + 1):
                    points += [(times[i], line[i]), (times[i + 1], line[i])]
                mine.append(points)
            outline = mine[0] + mine[1][::-1]
            svg.append(element("polygon", element("title", f"{name}: {sum_:,}"), points=" ".join(f"{x(a):.1f},{y(n):.1f}" for a, n in outline), class_=css))
        below = above
    if not total:
        svg.append(element("text", "nothing new: seeds and corpus had it all", x=(left + width) / 2, y=height / 2, text_anchor="middle", class_="empty"))
    return svg


def spark(points, end, width=110, height=22):
    """A line of its own scale, from the first value to the last: [(seconds, value)]."""
    if len(points) < 2:
        return element("span", "–", class_="dim")
    low, high = min(n for _, n in points), max(n for _, n in points)
    x = lambda at: 2 + (width - 4) * at / max(end, 1)  # noqa: E731
    y = lambda n: height - 3 - (height - 6) * (n - low) / max(high - low, 1)  # noqa: E731
    path, before = [], None
    for at, n in points:
        if before is not None:
            path.append((at, before))
        path.append((at, n))
        before = n
    path.append((end, before))
    return element("svg", element("title", f"{low:,} to {high:,}"), element("polyline", points=" ".join(f"{x(a):.1f},{y(n):.1f}" for a, n in path)),
                   viewBox=f"0 0 {width} {height}", width=width, height=height, class_="spark")
