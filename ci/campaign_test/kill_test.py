#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A campaign with both engines is killed (kill -9) at several moments and resumed: no input that was on disk is lost, its state file is
whole, none of its processes outlives it for long, and what it had done stays counted. Then two faults are planted in the target:
the campaign has two findings of it, however often it runs into each, and minimises them.

usage: kill_test.py CLANG AFL_CLANG_FAST            below: kill_test.py campaign WORK SECONDS TARGET AFL_TARGET
"""
import hashlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path.cwd()
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "ci"), str(ROOT / "fuzz")]

import campaign_engines  # noqa: E402
import campaign_findings  # noqa: E402
import campaign_process  # noqa: E402
import campaign_report  # noqa: E402
import campaign_run  # noqa: E402
import campaign_state  # noqa: E402
import campaign_work  # noqa: E402

TABLE = {"maze": {"kind": "wire", "property": "the maze has 32 rooms", "max_len": 512}}
CONFIGURATIONS = ["libfuzzer", "libfuzzer-value-profile", "afl"]
KILLS = (0, 0.4, 0.9, 1.5, 2.5, None)  # seconds after something new is in no corpus yet, while slices take two; None: once one is counted
EVERYWHERE = ("corpus", "own", "aside", "inbox", "crashes", "findings", "slices")


class Builds:
    def __init__(self, target, afl):
        self.paths = {campaign_engines.MEASURE: pathlib.Path(target), "afl": pathlib.Path(afl)}

    def binary(self, configuration, _target):
        return self.paths[configuration]


def campaign(work, seconds, target, afl):
    """What ci/campaign does, with a target of our own."""
    lock = campaign_work.lock(work)
    path = work / "state.json"
    state = campaign_state.load(path) or campaign_state.new("2026-01-01T00:00:00+00:00")
    (work / "seeds").mkdir(exist_ok=True)
    (work / "seeds" / "one").write_bytes(b"x")
    (work / "maze").mkdir(exist_ok=True)
    campaign_findings.MINIMISE_SECONDS = 3
    names = CONFIGURATIONS if afl != "-" else CONFIGURATIONS[:1]
    c = campaign_run.Campaign(ROOT, work, TABLE, Builds(target, afl), lambda _t: [work / "seeds"], state, "0" * 40, lock, campaign_report.Lines(True),
                              lambda: campaign_state.save(path, state))
    campaign_process.run_all(c.scheduled([("maze", n) for n in names], seconds, 2, slice_seconds=2), 2, campaign_process.Interrupt())
    print(f"recovered {c.recovered}")


def inputs(work, *folders):
    """The hashes of all inputs in folders of the target."""
    found = set()
    for folder in folders:
        for path in campaign_work.files(work / "maze" / folder):
            engine = folder != "slices" or path.parent.name in ("new", "crashes") or (path.parent.name == "queue" and ",orig:" not in path.name)
            if engine and path.name not in ("README.txt", "log.txt") and ".state" not in path.parts:
                try:
                    found.add(hashlib.sha256(path.read_bytes()).hexdigest())
                except FileNotFoundError:
                    continue  # moved meanwhile, by a campaign that runs
    return found


def wait_for_children(work):
    began = time.monotonic()
    os.close(campaign_work.lock(work, patience=20))  # they hold it until they are gone
    return time.monotonic() - began


def fail(text):
    sys.exit(f"kill_test: {text}")


def run(work, seconds, target, afl, kill_after=False):
    child = subprocess.Popen([sys.executable, "-B", __file__, "campaign", str(work), str(seconds), str(target), str(afl)], stdout=subprocess.DEVNULL if kill_after is not False else subprocess.PIPE, text=True)
    try:
        return follow(work, child, kill_after)
    finally:
        child.kill()


def follow(work, child, kill_after):
    """To its end, or to its death so many seconds after something new was saved."""
    if kill_after is False:
        out, _ = child.communicate(timeout=240)
        if child.returncode:
            fail(f"the campaign ended with {child.returncode}")
        return out
    before, until = inputs(work, *EVERYWHERE), time.monotonic() + 90
    while time.monotonic() < until and not ((work / "state.json").exists() if kill_after is None else inputs(work, "slices", "inbox") - before):
        time.sleep(0.02)
    time.sleep(kill_after or 0)
    if child.poll() is not None:
        fail("the campaign ended before it could be killed")
    child.send_signal(signal.SIGKILL)
    child.wait()
    return None


def killed(work, target, afl):
    saved, executions, unfinished = set(), 0, 0
    for after in KILLS:
        run(work, 120, target, afl, kill_after=after)
        waited = wait_for_children(work)
        now = inputs(work, *EVERYWHERE)
        if saved - now:
            fail(f"{len(saved - now)} inputs are gone after a kill")
        saved |= now
        waiting = inputs(work, "slices", "inbox")
        unfinished += len(waiting)
        state = campaign_state.load(work / "state.json")
        done = sum(p["executions"] for t in state["targets"].values() for p in t["configurations"].values()) if state else 0
        if done < executions:
            fail(f"{executions} executions were counted before, {done} after a kill")
        executions = done
        print(f"killed {'after a slice' if after is None else f'{after} s after a new input'}: {len(now)} inputs on disk, {len(waiting)} of them in no corpus yet; the last child ended {waited:.1f} s later")
    if not executions:
        fail("no slice was counted before a kill: this shows nothing of counting")
    if not unfinished:
        fail("no kill came while an input was in no corpus yet: this shows nothing")
    out = run(work, 8, target, afl)
    kept = inputs(work, "corpus", "own", "aside", "crashes", "findings")
    if saved - kept:
        fail(f"{len(saved - kept)} of {len(saved)} inputs are lost")
    if inputs(work, "slices", "inbox"):
        fail("inputs are left in slices or inbox after the campaign's end")
    if not saved - (kept - {next(iter(saved))}):
        fail("a lost input would not be seen")
    print(f"{len(saved)} inputs saved before the last of {len(KILLS)} kills, all there after resuming ({out.strip().splitlines()[-1]}); {executions:,} executions stay counted")


def planted(work, target):
    for _ in range(2):
        run(work, 20, target, "-")
    state = campaign_state.load(work / "state.json")
    found = {f["property"]: f for f in state["findings"]}
    if sorted(found) != ["the second room has a door", "the second room has a window"] or len(state["findings"]) != 2:
        fail(f"two faults were planted; the findings are {[f['property'] for f in state['findings']]}")
    if sum(f["count"] for f in found.values()) < 3:
        fail("neither fault was run into twice: nothing shows that two inputs of one fault are one finding")
    for where, rows in (("its pairs", state["targets"]["maze"]["configurations"].values()), ("the ledger", state["unledgered"])):
        if sum(row["findings"] for row in rows) != len(found):
            fail(f"{where} have {sum(row['findings'] for row in rows)} findings, the state {len(found)}")
    sizes = []
    for f in found.values():
        if not (work / f["input"]).is_file():
            fail(f"{f['input']} is not there")
        size = f["minimised_size"] if f["minimised"] else f["size"]
        # Two or three would do; libFuzzer has three seconds, and may come upon the other fault instead.
        if size > 9 and not (work / "maze" / "findings" / f["key"] / "minimised-to-something-else").exists():
            fail(f"{f['property']}: minimised to {size} bytes only")
        sizes.append(size)
        print(f"planted: {f['property']}: {f['count']} inputs, one finding, {f['size']} bytes made {size}")
    if min(sizes) > 9:
        fail(f"neither fault was minimised: {sizes} bytes")


def main(clang, afl_clang_fast):
    os.environ["PATH"] = f"{pathlib.Path(afl_clang_fast).resolve().parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as scratch:
        scratch = pathlib.Path(scratch)
        source = ROOT / "ci" / "campaign_test" / "target.c"
        for name, compiler, flags in (("maze", clang, ["-fsanitize=fuzzer"]), ("maze_planted", clang, ["-fsanitize=fuzzer", "-DPLANTED"]),
                                      ("maze_afl", afl_clang_fast, ["-fsanitize=fuzzer"])):
            subprocess.run([pathlib.Path(compiler).resolve() if compiler == clang else "afl-clang-fast", "-g", "-O1", *flags, source, "-o", scratch / name], check=True,
                           env={**os.environ, "AFL_QUIET": "1"})
        for name in ("killed", "planted"):
            (scratch / name).mkdir()
        killed(scratch / "killed", scratch / "maze", scratch / "maze_afl")
        planted(scratch / "planted", scratch / "maze_planted")


if __name__ == "__main__":
    if sys.argv[1] == "campaign":
        campaign(pathlib.Path(sys.argv[2]), float(sys.argv[3]), *sys.argv[4:])
    else:
        main(*sys.argv[1:])
