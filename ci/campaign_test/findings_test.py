#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What becomes of a finding when the campaign is killed, its input deleted or the work folder moved."""
import os
import pathlib
import shlex
import shutil
import sys
import tempfile
import types
import unittest
from unittest import mock

ROOT = pathlib.Path.cwd()
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "ci"), str(ROOT / "fuzz")]

import campaign_html  # noqa: E402
import campaign_report  # noqa: E402
import campaign_run  # noqa: E402
import campaign_state  # noqa: E402

BROKEN = "BROKEN PROPERTY t: the door is shut\n"


class Killed(Exception):
    """Stands for kill -9."""


class Child:
    def __init__(self, text):
        self.exit, self.stopped, self.told = 77, False, text

    def text(self):
        return self.told


def drive(job):
    """Runs a job whose children end at once."""
    child = None
    while True:
        try:
            child = job.send(child)
        except StopIteration as end:
            return end.value


class Findings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work, self.killed_by = pathlib.Path(folder.name, "work"), None
        crash = self.work / "t/crashes/afl/crash-1"
        crash.parent.mkdir(parents=True)
        crash.write_bytes(b"knock, knock")

    def start(self, command, name, *_):
        self.names.append(name)
        if name == self.killed_by:
            raise Killed
        if name == "minimise":
            pathlib.Path(next(str(c) for c in command if "exact_artifact_path" in str(c)).partition("=")[2]).write_bytes(b"knock")
        return Child(BROKEN)

    def campaign(self):
        """One that goes on with what is in the folder."""
        path, self.names = self.work / "state.json", []
        state = campaign_state.load(path) or campaign_state.new("2026-01-01T00:00:00+00:00")
        state["targets"].setdefault("t", campaign_state.new_target())
        builds = types.SimpleNamespace(binary=lambda *_: "t_bin")
        c = campaign_run.Campaign(self.work, self.work, {"t": {"kind": "wire", "max_len": 9}}, builds, lambda _t: [], state, "0" * 40, None, None,
                                  lambda: campaign_state.save(path, state))
        c.start = self.start
        return c

    def resumed(self):
        c = self.campaign()
        drive(c.triage.again("t", c.table["t"], c.place("t"), c.helper("t")))
        drive(c._look("t"))
        c._save()
        return c

    def report(self, c):
        r = campaign_report.Report(self.work, self.work, None, {"commit": "abc"}, c.table, "bazel run")
        r.campaign, r.state = c, c.state
        return r

    def one(self, c):
        """Its one finding, credited once, to who found it."""
        (finding,) = c.state["findings"]
        self.assertEqual([(n, p["findings"]) for n, p in c.state["targets"]["t"]["configurations"].items()], [("afl", 1)])
        self.assertEqual([(e["configuration"], e["findings"]) for e in c.state["unledgered"]], [("afl", 1)])
        self.assertEqual(len(self.report(c).found("t", "afl")), 1)
        return finding

    def one_open(self, c):
        (finding,) = c.state["findings"]
        self.assertFalse(finding["fixed"])
        return finding

    def test_killed_while_minimising(self):
        self.killed_by = "minimise"
        with self.assertRaises(Killed):
            self.resumed()
        self.killed_by = None
        finding = self.one(self.resumed())
        self.assertEqual((finding["minimised_size"], finding["count"]), (5, 1))
        self.resumed()
        self.assertNotIn("minimise", self.names)

    def test_killed_before_its_input_was_moved(self):
        def replace(old, new):
            if new.name == "input":
                raise Killed
            os.rename(old, new)
        with mock.patch("os.replace", replace), self.assertRaises(Killed):
            self.resumed()
        finding = self.one(self.resumed())
        self.assertEqual((self.work / finding["input"]).read_bytes(), b"knock, knock")

    def test_a_moved_folder(self):
        finding = self.resumed().state["findings"][0]
        moved = self.work.with_name("moved here")
        self.work.rename(moved)
        self.work = moved
        c = self.resumed()
        self.assertEqual(self.names, ["again"])
        r = self.report(c)
        self.assertEqual(r.best(c.state["findings"][0]), moved / "t/findings" / finding["key"] / "minimised")
        for line in (r.replayed(c.state["findings"][0]), r.regression(c.state["findings"][0])):
            self.assertIn(str(moved / "t/findings" / finding["key"] / "minimised"), shlex.split(line))

    def test_an_earlier_versions_state(self):
        c = self.resumed()
        names = [c.state["findings"][0][n] for n in ("input", "minimised")]
        c.state["findings"][0].update(input=f"/elsewhere/{names[0]}", minimised=f"/elsewhere/{names[1]}")
        c._save()
        self.assertEqual([self.campaign().state["findings"][0][n] for n in ("input", "minimised")], names)

    def test_a_deleted_input_is_not_a_fixed_finding(self):
        shutil.rmtree(self.work / "t/findings" / self.resumed().state["findings"][0]["key"])
        c = self.resumed()
        finding = self.one_open(c)
        self.assertEqual(self.names, [])
        self.assertIn(f"{self.work / finding['input']}: is not there", self.report(c).gone(finding))
        self.assertIn("is not there", campaign_html.page(self.report(c), "complete"))
        (self.work / "t/crashes/afl").mkdir(exist_ok=True)
        (self.work / "t/crashes/afl/crash-2").write_bytes(b"again")
        finding = self.one(self.resumed())
        self.assertEqual((self.work / finding["input"]).read_bytes(), b"again")

    def test_an_interrupted_replay_is_not_a_fixed_finding(self):
        c = self.resumed()
        stopped = types.SimpleNamespace(stopped=True, exit=1, text=lambda: "")
        c.start = lambda *_: stopped
        drive(c.triage.again("t", c.table["t"], c.place("t"), c.helper("t")))
        self.one_open(c)

    def test_slices_that_end_early(self):
        r = self.report(self.resumed())
        self.assertFalse(r.ends_early(r.found("t")))  # afl-fuzz goes on
        r.found("t")[0]["configurations"]["libfuzzer"] = 1
        self.assertTrue(r.ends_early(r.found("t")))
        self.assertIn("ends early: its finding comes first", campaign_html.page(r, "complete"))


if __name__ == "__main__":
    unittest.main()
