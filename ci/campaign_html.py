# SPDX-License-Identifier: Apache-2.0
"""report.html: one file that needs nothing else, made of the campaign's state, the ledger and the oracle matrix. All text goes through
xml.etree, which escapes it: names in a state file or a finding's text are text, whatever they contain."""
import json
import pathlib
import xml.etree.ElementTree as ET

import campaign_engines
import campaign_ledger
import campaign_svg
from campaign_svg import element as e

STYLE = pathlib.Path(__file__).with_name("campaign_style.css")


def page(report, status):
    """The document. report: campaign_report.Report; status: what the campaign is doing, or how it ended."""
    state, view = report.state, View(report)
    findings = [f for f in state["findings"] if not f["fixed"]]
    failed = [p for p in report.parts if not p.ok]
    verdict = f"{len(findings)} finding{'s' * (len(findings) != 1)}" if findings else "a part failed" if failed else "no findings"
    body = e("main", e("header", e("div", e("h1", "countersign: fuzzing campaign"), e("p", _headline(report, status))),
                       e("span", verdict, class_=f"verdict {'bad' if findings or failed else 'good'}")),
             view.cards(findings), view.findings(state["findings"]), view.progress(), view.targets(), view.configurations(), _matrix(report.root), view.rest())
    head = e("head", e("meta", charset="utf-8"), e("meta", name="viewport", content="width=device-width, initial-scale=1"),
             e("title", f"countersign campaign: {verdict}"), e("style", STYLE.read_text(encoding="utf-8")))
    return "<!DOCTYPE html>\n" + ET.tostring(e("html", head, e("body", body), lang="en"), encoding="unicode", method="html") + "\n"


def _headline(report, status):
    state = report.state
    return (f"{status} · commit {report.about['commit'][:12]}{'-dirty' if report.about['commit'].endswith('-dirty') else ''} · began {state['began'][:16].replace('T', ' ')}"
            f" UTC · {campaign_svg.duration(state['seconds'])} in {state['runs']} run{'s' * (state['runs'] != 1)} · {state['slices']:,} slices")


def _section(title, about, *content):
    return e("section", e("h2", title), e("p", about) if about else None, *content)


def _table(head, rows, left=1):
    cells = [e("th", h, class_="l" if i < left else None) for i, h in enumerate(head)]
    body = []
    for row in rows:
        tr = e("tr")
        for i, cell in enumerate(row):
            if isinstance(cell, ET.Element) and cell.tag == "td":
                tr.append(cell)
            else:
                tr.append(e("td", cell, class_="l name" if i == 0 else "l" if i < left else None))
        body.append(tr)
    return e("table", e("thead", e("tr", *cells)), e("tbody", *body))


class View:
    """The parts that come from the state."""

    def __init__(self, report):
        self.report, self.state = report, report.state
        self.names = [c for c in campaign_engines.CONFIGURATIONS if any(c in t["configurations"] for t in self.state["targets"].values())]
        self.css = {c: f"s{i % 8}" for i, c in enumerate(campaign_engines.CONFIGURATIONS)}
        self.end = max([self.state["seconds"], *(h["at"] for h in self.state["history"])], default=1)

    def sum(self, field, target=None, configuration=None):
        return sum(p[field] for t, row in self.state["targets"].items() if target in (None, t)
                   for c, p in row["configurations"].items() if configuration in (None, c))

    def cards(self, findings):
        targets = self.state["targets"].values()
        numbers = [(campaign_svg.short(self.sum("executions")), "executions"), (f"{self.sum('cpu_seconds') / 3600:.2f}", "CPU-hours"),
                   (f"{len(targets)} × {len(self.names)}", "targets × configurations"), (f"{sum(t['branches'] for t in targets):,}", "branches reached"),
                   (f"+{self.sum('branches'):,}", "beyond seeds and corpus"), (f"{sum(t['corpus'] for t in targets):,}", "inputs in shared corpora"),
                   (f"{len(findings)}", "findings open")]
        return e("div", *[e("div", e("b", n), e("span", what), class_="card") for n, what in numbers], class_="cards")

    def increments(self, field):
        """{configuration: (class, steps)}: what each added beyond what the campaign began with."""
        series, now = {c: (self.css[c], []) for c in self.names}, {}
        for h in self.state["history"]:
            seeds = self.state["targets"].get(h["target"], {}).get(f"seed_{field}", h[field])
            more = h[field] - max(now.get(h["target"], seeds), seeds)
            now[h["target"]] = max(h[field], now.get(h["target"], 0))
            if more > 0 and h["configuration"] in series:
                series[h["configuration"]][1].append((h["at"], more))
        return series

    def progress(self):
        legend = e("div", *[e("span", e("i", class_=self.css[c]), c) for c in self.names], class_="legend")
        charts = [e("div", e("h2", title), campaign_svg.stacked(self.increments(field), self.end, title))
                  for field, title in (("branches", "New branches"), ("features", "New features"))]
        return _section("Coverage over time", "What the campaign reached beyond seeds and committed corpus, by the configuration that reached it first; all measured alike, by "
                        "replay in the libFuzzer build. A feature is a branch together with how often it was taken, in eight classes.", legend, e("div", *charts, class_="two"))

    def targets(self):
        try:
            ledger = campaign_ledger.sums(campaign_ledger.read(self.report.root / "corpus" / "LEDGER.jsonl"), self.report.table)
        except campaign_ledger.LedgerError:
            ledger = {}  # ci/ledger says what is wrong with it
        unledgered = {}
        for entry in self.state["unledgered"]:
            unledgered[entry["target"]] = unledgered.get(entry["target"], 0) + entry["executions"]
        rows = []
        for name, t in sorted(self.state["targets"].items()):
            seconds, executions = self.sum("cpu_seconds", name), self.sum("executions", name)
            goal = ledger.get(name, {}).get("goal")
            every = ledger.get(name, {}).get("executions", 0) + unledgered.get(name, 0)
            track = e("span", e("i", style=f"width:{min(100, 100 * every / goal):.1f}%"), class_="track", title=f"{every:,} of {goal:,}") if goal else e("span", class_="track", style="visibility:hidden")
            mine = [f for f in self.state["findings"] if f["target"] == name and not f["fixed"]]
            history = [(0, t["seed_features"])] + [(h["at"], h["features"]) for h in self.state["history"] if h["target"] == name]
            rows.append((name, self.report.table.get(name, {}).get("kind", "unknown"), campaign_svg.short(executions), campaign_svg.short(executions / max(seconds, 0.001)),
                         e("td", campaign_svg.short(every), track), f"{t['branches']:,}", self._more(t["branches"] - t["seed_branches"]), f"{t['features']:,}",
                         self._more(t["features"] - t["seed_features"]), campaign_svg.spark(history, self.end), f"{t['corpus']:,}",
                         e("td", str(len(mine)), " · ends early: its finding comes first" if self.report.ends_early(mine) else None, class_="bad" if mine else "dim")))
        return _section("Targets", "Goal: a thousand million executions for each wire and policy target, ten million for each differential and stateful one, over all campaigns of the ledger.",
                        _table(("target", "kind", "executions", "per CPU-second", "all campaigns, of the goal", "branches", "new", "features", "new", "over time", "corpus", "findings"),
                               rows, left=2))

    @staticmethod
    def _more(n):
        return e("td", f"+{n:,}" if n > 0 else "0", class_="good" if n > 0 else "dim")

    def configurations(self):
        rows = [(e("td", e("i", class_=f"{self.css[c]} swatch", style="display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:8px"), c, class_="l name"),
                 campaign_engines.CONFIGURATIONS[c].engine, campaign_engines.CONFIGURATIONS[c].about, f"{self.sum('slices', configuration=c):,}",
                 f"{self.sum('cpu_seconds', configuration=c):,.0f}", campaign_svg.short(self.sum("executions", configuration=c)),
                 self._more(self.sum("branches", configuration=c)), self._more(self.sum("features", configuration=c)),
                 f"{1000 * self.sum('features', configuration=c) / max(self.sum('cpu_seconds', configuration=c), 0.001):,.1f}",
                 self._stability(c), str(self.sum("findings", configuration=c))) for c in self.names]
        summary = _table(("configuration", "engine", "how", "slices", "CPU-seconds", "executions", "new branches", "new features", "features / 1000 CPU-s", "least stability", "findings"), rows, left=3)
        most = max([p["features"] for t in self.state["targets"].values() for p in t["configurations"].values()], default=0)
        cells = [[e("td", name, class_="l name")] + [self._cell(t["configurations"].get(c), most, self._fits(name, c)) for c in self.names] for name, t in sorted(self.state["targets"].items())]
        heat = _table(("new branches / features", *self.names), cells)
        return e("div", _section("Which configuration found what", "Credit goes to the first to reach it. The schedule gives every pair a minimum and the rest of the time to what found most branches "
                                 "per CPU-second lately.", summary), _section("By target", "New branches / new features. A dash: the configuration does not fit the target. A dot: it did not run.", heat))

    def _stability(self, configuration):
        values = [p["stability"] for t in self.state["targets"].values() for c, p in t["configurations"].items() if c == configuration and p["stability"] is not None]
        return f"{min(values):.1f} %" if values else e("span", "–", class_="dim")

    def _fits(self, target, configuration):
        return campaign_engines.CONFIGURATIONS[configuration].fits(self.report.table.get(target, {}))

    @staticmethod
    def _cell(pair, most, fits):
        if not fits:
            return e("td", "–", class_="none")
        if pair is None or not pair["slices"]:
            return e("td", "·", class_="none")
        shade = 0.12 + 0.6 * (pair["features"] / most) ** 0.5 if pair["features"] else 0
        return e("td", e("i", style=f"opacity:{shade:.2f}") if shade else None, e("b", f"{pair['branches']:,} / {pair['features']:,}", class_=None if shade else "dim"), class_="heat",
                 title=f"{pair['slices']} slices, {pair['cpu_seconds']:.0f} CPU-seconds, {pair['executions']:,} executions")

    def findings(self, findings):
        if not findings:
            return _section("Findings", None, e("span", "None.", class_="good"), " Every property held on every input, and nothing crashed, leaked, hung or ran out of memory.")
        blocks = []
        for f in sorted(findings, key=lambda f: (f["fixed"], f["target"])):
            at = "; ".join(filter(None, [f["operation"], *f["frames"]]))
            terms = [("broken", f["property"]), ("said", "" if f["reason"].endswith(f["property"]) else f["reason"]), ("at", at), ("found by", ", ".join(f"{c} ({n})" for c, n in sorted(f["configurations"].items())))]
            if self.report.best(f):
                terms += [("input", e("code", self.report.input(f))), ("replay", e("code", self.report.replayed(f))), ("make it a regression", e("code", self.report.regression(f)))]
            elif f["input"]:
                terms += [("input", self.report.gone(f))]
            blocks.append(e("div", e("h3", f["target"], e("span", "  no longer fails", class_="dim") if f["fixed"] else None),
                            e("dl", *[x for name, value in terms if not isinstance(value, str) or value for x in (e("dt", name), e("dd", value))]),
                            class_="finding fixed" if f["fixed"] else "finding"))
        return _section("Findings", "One for each combination of target, property, operation and first frames in lib/.", *blocks)

    def rest(self):
        """What else ran, and whatever was left out: nothing is missing silently."""
        r, items = self.report, []
        rows = [(p.name, e("td", "passed" if p.ok else "failed", class_="l good" if p.ok else "l bad"), p.summary, f"{p.seconds:.1f} s") for p in r.parts]
        items += [f"not run: {x['part']} ({x['why']})" for x in r.left_out]
        items += [f"the time was too short for {t} {c}" for t, c in r.never_ran]
        items += [f"{text} ({count} times)" if count > 1 else text for text, count in sorted(self.state["notes"].items())]
        items += [f"{t}: {row['unsorted']} failing inputs were not looked at yet" for t, row in self.state["targets"].items() if row["unsorted"]]
        items += [f"{t}: {row['aside']} inputs that add nothing by the common measure are kept aside" for t, row in self.state["targets"].items() if row["aside"]]
        content = [_table(("part", "result", "", "took"), rows, left=3)] if rows else []
        content += [e("ul", *[e("li", i) for i in items])] if items else []
        return _section("Other parts, and what was left out", None, *(content or [e("span", "Nothing was left out.", class_="dim")]))


def _matrix(root):
    """oracle/MATRIX.json, by family of code."""
    try:
        matrix = json.loads((root / "oracle" / "MATRIX.json").read_text(encoding="utf-8"))
        oracles, operations = matrix["oracles"], matrix["operations"]
        rows = []
        for name, o in oracles.items():
            cells = []
            for operation in operations.values():
                how = operation.get(name)
                kind, code = (how, None) if isinstance(how, str) else next(iter(how.items()))
                cells.append(e("td", e("span", kind, class_=f"pill {kind if kind in ('native', 'composed') else 'unavailable'}", title=code and f"{code}'s code"),
                               e("span", f" {code}", class_="dim") if code and kind in ("native", "composed") else None, class_="heat"))
            rows.append((name, o["family"], e("td", o["library"], class_="l wrap"), *cells))
        families = {op: len({oracles[o]["family"] if isinstance(how, str) else next(iter(how.values())) for o, how in cells.items()
                             if (how if isinstance(how, str) else next(iter(how))) == "native"}) for op, cells in operations.items()}
        rows.append((e("td", "native families", class_="l dim"), "", "", *[e("td", str(families[op]), class_="heat") for op in operations]))
        return _section("Oracles", "Who computes what in the differential targets: native, or composed of the library's primitives. A second word names whose code it is where that is not the library's own.",
                        _table(("oracle", "family", "library", *operations), rows, left=3))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration) as problem:
        return _section("Oracles", None, e("span", f"oracle/MATRIX.json cannot be read: {type(problem).__name__}: {problem}", class_="bad"))
