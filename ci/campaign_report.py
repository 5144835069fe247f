# SPDX-License-Identifier: Apache-2.0
"""What a campaign tells: lines while it runs, tables at the end, and the same as report.json; report.html is campaign_html's."""
import json
import re
import shlex
import sys
import time

import campaign_engines
import campaign_html
import campaign_work


class Part:
    """A part that is not fuzzing: whether all was well, and a line for each thing that was not."""

    def __init__(self, name, ok, seconds, summary, problems, rows=None):
        self.name, self.ok, self.seconds, self.summary, self.problems, self.rows = name, ok, seconds, summary, problems, rows

    def row(self):
        return {"part": self.name, "ok": self.ok, "seconds": round(self.seconds, 1), "summary": self.summary,
                "problems": self.problems, **({"rows": self.rows} if self.rows is not None else {})}


class Lines:
    """Progress: on a terminal one line that changes, elsewhere a line for each slice that ends; when slices are scheduled only for
    those that found something, and one a minute."""

    def __init__(self, scheduled):
        self.terminal, self.scheduled = sys.stdout.isatty(), scheduled
        self.told = self.summed = time.monotonic()
        self.slices = self.executions = 0

    def _clear(self):
        if self.terminal:
            sys.stdout.write("\r\033[K")

    def say(self, text):
        self._clear()
        print(text, flush=True)

    def progress(self, running):
        if not self.terminal or time.monotonic() - self.told < 1:
            return
        self.told = time.monotonic()
        at = [f"{child.of[0]} {child.of[1]} {time.monotonic() - child.began:.0f} s" for child in running if hasattr(child, "of")]
        self._clear()
        sys.stdout.write(f"{self.slices} slices, {self.executions:,} executions | {' | '.join(at)}"[:160])
        sys.stdout.flush()

    def ended(self, done):
        self.slices, self.executions = self.slices + 1, self.executions + done["executions"]
        found = f", {done['findings']} FINDING" if done["findings"] else ""
        name = f"{done['target']} {done['configuration']}" if self.scheduled else done["target"]
        if not self.scheduled or done["branches"] or done["findings"]:
            self.say(f"{name}: {done['executions']:,} executions in {done['seconds']:.1f} s, {rate(done, 'seconds'):,} a second, "
                     f"{done['branches']:,} new branches, {done['features']:,} new features, {done['inputs']:,} new inputs{found}")
        if self.scheduled and time.monotonic() - self.summed > 60:
            self.summed = time.monotonic()
            self.say(f"{self.slices:,} slices, {self.executions:,} executions")


def rate(row, by):
    return int(row["executions"] / max(row[by], 0.001))


def total(rows, findings):
    """The sum of slices (campaign_run's `done`), and how many findings are theirs: earlier ones that fail again were in no slice."""
    names = ("executions", "seconds", "cpu_seconds", "inputs", "branches", "features")
    return {"slices": len(rows), **{n: round(sum(r[n] for r in rows), 3) for n in names}, "findings": len(findings)}


def table(head, rows, left=1):
    rows = [head, *rows]
    widths = [max(len(r[i]) for r in rows) for i in range(len(head))]
    lines = ["  ".join(c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths))).rstrip() for r in rows]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return lines


class Report:
    """parts: Part; campaign: campaign_run.Campaign once fuzzing begins; never_ran: scheduled pairs for which the time was too short."""

    def __init__(self, root, work, show, about, table, replay):
        self.root, self.work, self.show, self.about, self.table, self.replay = root, work, show, about, table, replay
        self.parts, self.left_out, self.never_ran, self.campaign, self.state, self.began = [], [], [], None, None, time.monotonic()

    def part(self, part):
        self.parts.append(part)
        self.show.say(f"{part.name}: {part.summary} ({part.seconds:.1f} s)")
        for problem in part.problems:
            self.show.say(f"  {problem}")

    def not_run(self, names, why):
        self.left_out += [{"part": n, "why": why} for n in names]

    def done(self):
        return self.campaign.done if self.campaign else []

    def by(self, field):
        names = list(dict.fromkeys(d[field] for d in self.done()))
        return {n: [d for d in self.done() if d[field] == n] for n in names}

    def found(self, target=None, configuration=None):
        """Findings of this run; a configuration's are those that it was the first to find."""
        return [f for f in self.campaign.findings() if target in (None, f["target"])
                and configuration in (None, campaign_engines.credited(next(iter(f["configurations"]))))]

    @staticmethod
    def ends_early(findings):
        """Whether libFuzzer itself ran into one: then its slices are short."""
        return any(f["input"] and c in campaign_engines.CONFIGURATIONS and campaign_engines.CONFIGURATIONS[c].engine == "libFuzzer"
                   for f in findings for c in f["configurations"])

    def by_target(self):
        rows = []
        for name, slices in sorted(self.by("target").items()):
            now = self.campaign.state["targets"][name]
            rows.append({"target": name, **total(slices, self.found(name)), "corpus": now["corpus"], "branches_reached": now["branches"],
                         "features_reached": now["features"]})
        return rows

    def _tables(self):
        def cells(row):
            return (f"{row['executions']:,}", f"{rate(row, 'seconds'):,}", f"{rate(row, 'cpu_seconds'):,}")
        rows = self.by_target()
        lines = table(("target", "executions", "per second", "per CPU-second", "corpus", "branches", "features", "new inputs", "findings"),
                      [(r["target"], *cells(r), f"{r['corpus']:,}", f"{r['branches_reached']:,}", f"{r['features_reached']:,}", f"{r['inputs']:,}",
                        str(r["findings"])) for r in rows])
        if len(rows) > 1:
            lines.append(f"{len(rows)} targets, {sum(r['executions'] for r in rows):,} executions, {len(self.campaign.findings())} findings")
        lines += [f"{r['target']}: libFuzzer's slices end early: its finding comes first" for r in rows if self.ends_early(self.found(r["target"]))]
        by = {name: total(d, self.found(configuration=name)) for name, d in self.by("configuration").items()}
        if len(by) > 1:
            lines += ["", *table(("configuration", "slices", "CPU-seconds", "executions", "per CPU-second", "new branches", "new features", "findings"),
                                 [(name, str(t["slices"]), f"{t['cpu_seconds']:,.0f}", f"{t['executions']:,}", f"{rate(t, 'cpu_seconds'):,}",
                                   f"{t['branches']:,}", f"{t['features']:,}", str(t["findings"])) for name, t in by.items()])]
        return lines

    def _findings(self):
        for f in self.campaign.findings():
            times = f", {f['count']} times" if f["count"] > 1 else ""
            self.show.say(f"\nFINDING in {f['target']} ({', '.join(sorted(f['configurations']))}{times}): {f['reason']}")
            if f["operation"] or f["frames"]:
                self.show.say("  at:         " + "; ".join(filter(None, [f["operation"], *f["frames"]])))
            if self.best(f):
                self.show.say(f"  input:      {self.input(f)}\n  replay:     {self.replayed(f)}\n  regression: {self.regression(f)}")

    def json(self, state, verdict):
        c, by_target = self.campaign, self.by("target")
        return {"state": state, "verdict": verdict, **self.about, "seconds": round(time.monotonic() - self.began, 1),
                "parts": [p.row() for p in self.parts], "not_run": self.left_out, "never_ran": [list(p) for p in self.never_ran],
                "targets": [{**r, "findings": [self._finding(f) for f in c.findings() if f["target"] == r["target"]],
                             "configurations": {n: total([d for d in by_target[r["target"]] if d["configuration"] == n], self.found(r["target"], n))
                                                for n in self.by("configuration") if any(d["configuration"] == n for d in by_target[r["target"]])}}
                            for r in self.by_target()],
                "configurations": {n: {"engine": campaign_engines.CONFIGURATIONS[n].engine, **total(d, self.found(configuration=n))} for n, d in self.by("configuration").items()},
                "notes": c.state["notes"] if c else {}, "campaign": {k: c.state[k] for k in ("began", "runs", "slices", "seconds")} if c else None}

    def best(self, f):
        """A finding's smallest input that is there, or None."""
        return next((p for p in (self.work / f[n] for n in ("minimised", "input") if f[n]) if p.is_file()), None)

    def gone(self, f):
        """What to say of a finding whose input is not there, or None."""
        return None if self.best(f) or not f["input"] else f"{self.work / f['input']}: is not there, so whether it still fails is not known"

    def input(self, f):
        best = self.best(f)
        size = best.stat().st_size
        return f"{best} ({size:,} bytes" + (f", minimised from {f['size']:,})" if size < f["size"] else ")")

    def replayed(self, f):
        """The command that replays a finding."""
        return f"{self.replay} //fuzz:{f['target']}_bin -- {shlex.quote(str(self.best(f)))}"

    def regression(self, f):
        """The command that makes a finding a regression, with its line of corpus/REGRESSIONS.md: what was seen, what was broken."""
        seen, broken = (" ".join(f[name].replace("|", "/").split()) for name in ("reason", "property"))
        seen = re.sub(r"^BROKEN PROPERTY \S+: ", "found by a campaign: ", seen)
        return shlex.join(["ci/corpus", "--regression", f["target"], str(self.best(f)), seen, broken])

    def _finding(self, f):
        there = self.best(f)
        return {**f, **{n: f[n] and str(self.work / f[n]) for n in ("input", "minimised")}, "replay": self.replayed(f) if there else None,
                "regression": self.regression(f) if there else None}

    def html(self, state):
        """Writes report.html from the campaign's state as it is now; returns its path."""
        path = self.work / "report.html"
        campaign_work.write_atomically(path, campaign_html.page(self, state))
        return path

    def _end(self, state):
        findings = self.campaign.findings() if self.campaign else []
        failed = [p for p in self.parts if not p.ok]
        if self.done():
            self.show.say("\n" + "\n".join(self._tables()))
        if self.campaign:
            self._findings()
            for f in self.campaign.state["findings"]:
                if not f["fixed"] and self.gone(f):
                    self.show.say(f"finding {f['key']} in {f['target']}: {self.gone(f)}")
            unsorted = {t: s["unsorted"] for t, s in self.campaign.state["targets"].items() if s["unsorted"]}
            for target, count in unsorted.items():
                self.show.say(f"not looked at yet: {count} failing inputs in {self.work}/{target}/crashes")
            for text, count in sorted(self.campaign.state["notes"].items()):
                self.show.say(f"note: {text}{f' ({count} times)' if count > 1 else ''}")
            if self.campaign.recovered:
                self.show.say(f"taken in from a campaign that was killed: {self.campaign.recovered} inputs")
            fixed = [f for f in self.campaign.state["findings"] if f["fixed"]]
            if fixed:
                self.show.say(f"findings of earlier runs that no longer fail: {len(fixed)}")
        for part in failed:
            self.show.say(f"\nFAILED: {part.name}: {part.summary}")
        for left in self.left_out:
            self.show.say(f"not run: {left['part']} ({left['why']})")
        if self.never_ran:
            self.show.say(f"the time was too short for {len(self.never_ran)} pairs: " + ", ".join(f"{t} {c}" for t, c in self.never_ran))
        verdict = "finding" if findings else "failed" if failed else state
        self.work.mkdir(parents=True, exist_ok=True)
        campaign_work.write_atomically(self.work / "report.json", json.dumps(self.json(state, verdict), indent=1) + "\n")
        html = self.html(state) if self.state else None
        self.show.say(f"\nreport: {html or self.work / 'report.json'}")
        return 1 if findings or failed else 0

    def finish(self):
        if not self.done():
            self.show.say("no fuzz target ran")
            self._end("empty")
            return 1
        return self._end("complete")

    def stopped(self, why, code):
        if self.parts or self.campaign:
            self._end("stopped: " + why)
        print(f"ci/campaign: {why}", file=sys.stderr)
        return code
