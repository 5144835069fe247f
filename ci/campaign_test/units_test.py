#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The campaign's parts that need no engine: schedule, deduplication, state, ledger, work folder, measure, report. Each check is one that
can fail: the hostile files are refused with their place, and what must stay apart is shown apart."""
import json
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path.cwd()
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "ci"), str(ROOT / "fuzz")]

import campaign_engines  # noqa: E402
import campaign_findings  # noqa: E402
import campaign_html  # noqa: E402
import campaign_ledger  # noqa: E402
import campaign_measure  # noqa: E402
import campaign_report  # noqa: E402
import campaign_schedule  # noqa: E402
import campaign_state  # noqa: E402
import campaign_work  # noqa: E402
import targets  # noqa: E402

STACK = """    #0 0x55 in csign_header_parse /proc/self/cwd/lib/wire/header.c:{line}:5
    #1 0x56 in csign_compound_next /proc/self/cwd/lib/wire/compound.c:20:9
    #2 0x57 in one /proc/self/cwd/fuzz/compound.c:30:1
"""


def disagreement(operation, value, groups):
    told = {"target": "t", "operation": operation, "function": "csign_mac", "length": 16,
            "values": [{"first": value, "from": g} for g in groups]}
    return f"oracle: answers to {operation} differ\nDISAGREEMENT {json.dumps(told)}\n"


class Schedule(unittest.TestCase):
    def run_slices(self, branches, count, seconds=10):
        """Charges of pairs after so many slices; branches(pair, n) is what the n-th slice of a pair finds."""
        pairs = [(t, c) for c in "ab" for t in "xyz"]
        s, slices = campaign_schedule.Schedule(pairs), dict.fromkeys(pairs, 0)
        for _ in range(count):
            pair = s.next(seconds)
            slices[pair] += 1
            s.ended(pair, seconds, seconds, branches(pair, slices[pair]))
        return s, slices

    def test_every_pair_runs_first_once(self):
        _, slices = self.run_slices(lambda pair, n: 100 if pair == ("x", "a") else 0, 6)
        self.assertEqual(set(slices.values()), {1})

    def test_most_goes_to_what_finds_and_each_gets_its_minimum(self):
        s, slices = self.run_slices(lambda pair, n: 5 if pair == ("y", "b") else 0, 600)
        total = sum(s.charged.values())
        for pair in s.pairs:
            self.assertGreaterEqual(s.charged[pair], campaign_schedule.MINIMUM * total / len(s.pairs) - 10, pair)
        self.assertGreater(slices["y", "b"], 0.5 * 600)

    def test_what_found_once_makes_room(self):
        _, slices = self.run_slices(lambda pair, n: 1000 if pair == ("x", "a") and n == 1 else 3 if pair == ("z", "b") else 0, 600)
        self.assertGreater(slices["z", "b"], slices["x", "a"])

    def test_nothing_found_is_a_round(self):
        _, slices = self.run_slices(lambda pair, n: 0, 600)
        self.assertEqual(set(slices.values()), {100})

    def test_resumed_goes_on_as_it_was(self):
        s, _ = self.run_slices(lambda pair, n: n % 3, 50)
        again = campaign_schedule.Schedule(s.pairs)
        for pair in s.pairs:
            again.restore(pair, s.charged[pair], s.recent_branches[pair], s.recent_seconds[pair])
        self.assertEqual(again.next(10), s.next(10))


class Findings(unittest.TestCase):
    def keys(self, *texts):
        return {campaign_findings.key(campaign_findings.signature("t", text)) for text in texts}

    def test_one_crash_from_a_hundred_inputs_is_one(self):
        texts = [f"=={n}==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x{n:x}\nREAD of size {n}\n" + STACK.format(line=7) for n in range(1, 101)]
        self.assertEqual(len(self.keys(*texts)), 1)

    def test_undefined_behaviour_with_other_values_is_one(self):
        self.assertEqual(len(self.keys(*[f"lib/wire/header.c:9:3: runtime error: shift exponent {n} is too large for 32-bit type\n" + STACK.format(line=9)
                                         for n in range(100)])), 1)

    def test_one_disagreement_from_a_hundred_inputs_is_one(self):
        self.assertEqual(len(self.keys(*[disagreement("cmac_aes128", f"{n:032x}", [["csign_mac"], ["openssl/openssl3", "botan/botan"]]) for n in range(100)])), 1)

    def test_different_disagreements_stay_apart(self):
        broken = "BROKEN PROPERTY t: the tag is every oracle's\n"
        texts = [disagreement("cmac_aes128", "00", [["csign_mac"], ["openssl/openssl3"]]), disagreement("gmac_aes128", "00", [["csign_mac"], ["openssl/openssl3"]]),
                 disagreement("cmac_aes128", "00", [["csign_mac", "openssl/openssl3"], ["botan/botan"]])]
        self.assertEqual(len(self.keys(*texts)), 3)
        self.assertEqual(len(self.keys(*[t + broken for t in texts])), 3)

    def test_property_and_frames_tell_apart(self):
        crash = "==1==ERROR: AddressSanitizer: {}\nREAD of size 1\n" + STACK.format(line=7)
        other = crash.replace("csign_header_parse", "csign_header_scan")
        self.assertEqual(len(self.keys("BROKEN PROPERTY t: a\n", "BROKEN PROPERTY t: b\n", crash.format("heap-use-after-free"), crash.format("heap-buffer-overflow"),
                                       other.format("heap-buffer-overflow"), crash.format("heap-buffer-overflow").replace("READ", "WRITE"))), 6)

    def test_targets_stay_apart(self):
        text = "BROKEN PROPERTY t: a\n"
        self.assertNotEqual(*[campaign_findings.key(campaign_findings.signature(t, text)) for t in ("t", "u")])

    def test_where_a_timeout_strikes_is_chance(self):
        text = "==9== ERROR: libFuzzer: timeout after 1 seconds\n" + "    #0 0x1 in {} /proc/self/cwd/lib/wire/a.c:1:1\n    #1 0x2 in csign_compound_next /proc/self/cwd/lib/wire/compound.c:2:2\n"
        self.assertEqual(len(self.keys(text.format("f"), text.format("g"))), 1)

    def test_frames_of_systems_libraries_are_not_ours(self):
        self.assertEqual(campaign_findings.library_frames("    #0 0x1 in abort /usr/lib/x/abort.c:1:1\n" + STACK.format(line=3)),
                         ["csign_header_parse lib/wire/header.c", "csign_compound_next lib/wire/compound.c"])


class State(unittest.TestCase):
    def good(self):
        state = campaign_state.new("2026-01-01T00:00:00+00:00")
        state["targets"]["compound"] = campaign_state.new_target()
        state["targets"]["compound"]["configurations"]["afl"] = campaign_state.new_pair()
        return state

    def refused(self, text, *parts):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "state.json")
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            with self.assertRaises(campaign_state.StateError) as caught:
                campaign_state.load(path)
            message = str(caught.exception)
            self.assertTrue(message.startswith(str(path)) and "\n" not in message, message)
            for part in parts:
                self.assertIn(part, message)

    def test_what_was_saved_is_loaded(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "state.json")
            self.assertIsNone(campaign_state.load(path))
            campaign_state.save(path, self.good())
            self.assertEqual(campaign_state.load(path), self.good())

    def test_hostile_files_are_refused_with_their_place(self):
        for text in (b"", b"\xff\xfe", "{", "[" * 100000, "null", "[]", "3"):
            self.refused(text)
        for change, place in ((lambda s: s.update(slices="many"), "state.slices"), (lambda s: s.pop("runs"), "no runs"), (lambda s: s.update(more=1), "'more'"),
                              (lambda s: s["targets"]["compound"].update(corpus=-1), "state.targets.compound.corpus"),
                              (lambda s: s["targets"]["compound"]["configurations"]["afl"].update(executions=True), "configurations.afl.executions"),
                              (lambda s: s.update(seconds=float("nan")), "state.seconds"), (lambda s: s.update(format=99), "state.format"),
                              (lambda s: s["history"].append(7), "state.history[0]"), (lambda s: s.update(findings=[{}]), "state.findings[0]")):
            state = self.good()
            change(state)
            self.refused(json.dumps(state), place)

    def test_a_folder_in_its_place(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(campaign_state.StateError):
            campaign_state.load(pathlib.Path(folder))


class Ledger(unittest.TestCase):
    DONE = [{"id": "a1", "target": "compound", "commit": "c", "engine": "libFuzzer", "configuration": "libfuzzer", "sanitizer": "address,undefined",
             "executions": 6 * 10**8, "cpu_seconds": 3.5, "findings": 0},
            {"id": "a2", "target": "compound", "commit": "c", "engine": "AFL++", "configuration": "afl", "sanitizer": "none",
             "executions": 5 * 10**8, "cpu_seconds": 2, "findings": 1}]

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name, "LEDGER.jsonl")

    def test_sums(self):
        self.assertEqual(campaign_ledger.append(self.path, self.DONE), 2)
        row = campaign_ledger.sums(campaign_ledger.read(self.path), targets.TARGETS)["compound"]
        self.assertEqual((row["executions"], row["goal"], row["findings"], row["engines"]), (11 * 10**8, 10**9, 1, {"libFuzzer": 6 * 10**8, "AFL++": 5 * 10**8}))
        self.assertEqual(set(campaign_ledger.sums([], targets.TARGETS)), set(targets.TARGETS))

    def test_killed_between_appending_and_saving_counts_once(self):
        campaign_ledger.append(self.path, self.DONE)
        self.assertEqual(campaign_ledger.append(self.path, self.DONE), 0)

    def test_a_finding_of_a_killed_slice_is_a_line(self):
        self.assertEqual(campaign_ledger.append(self.path, [{**self.DONE[n], "id": "b", "executions": 0} for n in (0, 1)]), 1)

    def test_a_line_twice_is_refused(self):
        campaign_ledger.append(self.path, self.DONE)
        self.path.write_text(self.path.read_text() * 2)
        with self.assertRaisesRegex(campaign_ledger.LedgerError, ":3: .*line 1"):
            campaign_ledger.read(self.path)

    def test_hostile_lines_are_refused_with_their_place(self):
        campaign_ledger.append(self.path, self.DONE)
        good = self.path.read_text()
        for bad in ("{", "[]", "7", "", json.dumps({"id": "x"}), good.splitlines()[0].replace("600000000", "-1").replace("a1", "b"),
                    good.splitlines()[0].replace("600000000", "NaN").replace("a1", "b"), good.splitlines()[0].replace('"compound"', "3").replace("a1", "b"),
                    good.splitlines()[0].replace('"date": "2', '"date": "x').replace("a1", "b")):
            self.path.write_text(good + bad + "\n")
            with self.assertRaises(campaign_ledger.LedgerError) as caught:
                campaign_ledger.read(self.path)
            self.assertTrue(str(caught.exception).startswith(f"{self.path}:3: ") and "\n" not in str(caught.exception), str(caught.exception))
        self.path.write_bytes(b"\xff")
        with self.assertRaises(campaign_ledger.LedgerError):
            campaign_ledger.read(self.path)


class Work(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.place = campaign_work.Place(pathlib.Path(self.folder.name), "t")

    def write(self, path, content):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def test_what_a_killed_slice_saved_is_taken_in(self):
        one, two = self.place.slice(1, "libfuzzer"), self.place.slice(2, "afl")
        self.write(one / "new" / "x", b"new one")
        self.write(one / "crashes" / "crash-1", b"boom")
        self.write(one / "crashes" / "timeout-1", b"slow")
        self.write(two / "out/default/queue/id:000000,time:0,orig:seed", b"a seed")
        self.write(two / "out/default/queue/id:000001,src:000000", b"found by AFL++")
        self.write(two / "out/default/crashes/README.txt", b"text")
        self.write(two / "out/default/hangs/id:000000", b"hangs")
        self.write(self.place.corpus / "torn", b"half of an inp")
        self.assertEqual(self.place.leftovers(), 5)
        self.assertEqual({p.read_bytes() for p in campaign_work.files(self.place.inbox)}, {b"new one", b"found by AFL++"})
        self.assertEqual({p.name.split("-")[0] for p in campaign_work.files(self.place.crashes)}, {"crash", "timeout", "hangs"})
        self.assertEqual([p.name for p in campaign_work.files(self.place.corpus)], [campaign_work.hashlib.sha1(b"half of an inp").hexdigest()])
        self.assertEqual(list(self.place.slices.iterdir()), [])

    def test_old_ones_are_set_aside_not_deleted(self):
        for n in range(campaign_work.OWN_LIMIT + 5):
            self.write(self.place.own / "afl" / str(n), str(n).encode())
        self.assertEqual(self.place.trim_own("afl"), 5)
        self.assertEqual(len(campaign_work.files(self.place.own)), campaign_work.OWN_LIMIT)

    def test_two_campaigns_in_one_folder(self):
        first = campaign_work.lock(self.place.folder)
        with self.assertRaisesRegex(campaign_work.WorkError, "another campaign"):
            campaign_work.lock(self.place.folder, patience=0)
        campaign_work.os.close(first)
        campaign_work.os.close(campaign_work.lock(self.place.folder, patience=0))

    def test_measure_gives_credit_once_and_not_for_the_stack(self):
        names = []
        for n, content in enumerate((b"a", b"bb", b"ccc", b"dddd")):
            self.write(self.place.inbox / "afl" / str(n), content)
            names.append(str(self.place.inbox / "afl" / str(n)))
        control = self.place.folder / "control"
        # counters 0..9, so features from 80 on are the stack's; the last input ended the target
        control.write_text("\n".join(["4", "0", *names, "STARTED 0 1", "FT 0 8 80", "STARTED 1 2", "FT 1 8 9 16", "STARTED 2 3", "FT 2 81", "STARTED 3 4"]) + "\n")
        m = campaign_measure.Measure()
        adding, failed, branches, features = m.take(control, "INFO: Loaded 1 modules   (10 inline 8-bit counters): 10\n")
        self.assertEqual(([p.name for p in adding], [p.name for p in failed], branches, features), (["0", "1"], ["3"], 2, 3))
        self.assertEqual(m.take(control, "INFO: Loaded 1 modules   (10 inline 8-bit counters): 10\n")[2:], (0, 0))
        control.write_text("4\n0\n" + "\n".join(names) + "\n")
        with self.assertRaisesRegex(campaign_measure.NoneCameBack, "4 inputs went in"):
            m.take(control, "INFO: Loaded 1 modules   (10 inline 8-bit counters): 10\n")

    def test_measuring_has_its_time(self):
        self.place.folder.mkdir()
        self.assertEqual(campaign_measure.Measure.command("target", [], self.place.folder, [])[:3], ["timeout", "--kill-after=5", str(campaign_measure.SECONDS)])

    def test_a_path_that_libfuzzers_shell_would_split(self):
        for name in ("a b", "a'b", "a;b", "a$b", "a\nb"):
            with self.assertRaisesRegex(campaign_work.WorkError, "in its path"):
                campaign_work.lock(self.place.folder / name)
        campaign_work.os.close(campaign_work.lock(self.place.folder / "José,_-@%+=:.7"))


class Report(unittest.TestCase):
    def page(self, change=lambda state: None):
        state = State().good()
        state["targets"]["compound"].update(branches=9, seed_branches=4, features=20, seed_features=10)
        state["targets"]["compound"]["configurations"]["afl"].update(slices=1, executions=5, branches=5, features=10, cpu_seconds=3)
        state["history"] = [{"at": 5, "target": "compound", "configuration": "afl", "branches": 9, "features": 20, "executions": 5}]
        change(state)
        report = campaign_report.Report(ROOT, ROOT / "work", None, {"commit": "abc"}, targets.TARGETS, "bazel run")
        report.state = state
        return campaign_html.page(report, "complete")

    def test_it_needs_nothing_else(self):
        page = self.page()
        for reference in ("http:", "https:", "src=", "<link", "@import", "url(", "<script"):
            self.assertNotIn(reference, page.replace("http://www.w3.org/2000/svg", ""))
        for shown in ("no findings", "compound", "Coverage over time", "+5", "boringssl", "gmac_aes128"):
            self.assertIn(shown, page)

    def test_text_stays_text(self):
        def hostile(state):
            state["notes"]["</style><script>alert(1)</script>"] = 1
            state["findings"].append({"key": "k", "target": "<b>", "property": "<img src=x>", "operation": "&", "frames": ["<"], "reason": "\"'", "input": "/w/<i>",
                                      "size": 1, "count": 1, "configurations": {"<u>": 1}, "run": 1, "fixed": False, "minimised": None, "minimised_size": None})
        page = self.page(hostile)
        self.assertIn("1 finding", page)
        for tag in ("<script", "<img", "<u>"):
            self.assertNotIn(tag, page)


class Engines(unittest.TestCase):
    def test_a_broken_dictionary_is_named_with_its_line(self):
        told = 'INFO: Seed: 1\nParseDictionaryFile: error in line 7\n\t\tfoo="unterminated\n'
        self.assertEqual(campaign_engines.dictionary_fault("d.dict", told), 'd.dict:7: no word of a dictionary: foo="unterminated')
        self.assertIsNone(campaign_engines.dictionary_fault("d.dict", "Dictionary: 3 entries\n"))

    def test_pairs(self):
        pairs = campaign_engines.pairs(list(targets.TARGETS), targets.TARGETS, list(campaign_engines.CONFIGURATIONS))
        self.assertEqual(len(pairs), len(set(pairs)))
        for name, row in targets.TARGETS.items():
            mine = {c for t, c in pairs if t == name}
            self.assertTrue({"libfuzzer", "libfuzzer-value-profile", "afl", "afl-cmplog", "afl-laf"} <= mine)
            self.assertEqual("libfuzzer-no-dictionary" in mine, bool(row.get("dict")))
            self.assertEqual("libfuzzer-no-mutator" in mine, bool(row.get("mutator")))


if __name__ == "__main__":
    unittest.main()
