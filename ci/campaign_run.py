# SPDX-License-Identifier: Apache-2.0
"""The campaign itself: slices of (target, configuration) pairs, and after each what it saved is measured, shared and judged, and the
state written. Nothing here knows Bazel: `builds.binary(bazel_configuration, target)` says where a binary is."""
import secrets
import shutil
import time

import campaign_engines
import campaign_findings
import campaign_measure
import campaign_process
import campaign_schedule
import campaign_state
import campaign_work
import corpus_features
import targets

SHORTEST, LONGEST = 10, 60  # seconds of a slice
ROUNDS = 4  # slices a pair would get if all got the same
LEAST = 3  # seconds: what is left of the time and shorter is not begun


class Turn:
    """Waiting for another job's measuring of the same target; a child to campaign_process."""

    command, stopped = (), False

    def __init__(self, busy, target):
        self.busy, self.target = busy, target

    def ended(self):
        return self.target not in self.busy

    def stop(self):
        pass


class Campaign:
    """table: rows of targets.TARGETS; seeds(target): folders; show: campaign_report's lines; save(): called when the state is new."""

    def __init__(self, root, work, table, builds, seeds, state, commit, lock, show, save):
        self.root, self.work, self.table, self.builds, self.seeds = root, work, table, builds, seeds
        self.state, self.commit, self.lock, self.show, self.save = state, commit, lock, show, save
        state["runs"] += 1
        self.run, self.before, self.began = state["runs"], state["seconds"], time.monotonic()
        self.done, self.measures, self.busy, self.recovered = [], {}, set(), 0
        self.triage = campaign_findings.Triage(work, state["findings"], self._found, self.note, builds, self.run)

    def note(self, text):
        self.state["notes"][text] = self.state["notes"].get(text, 0) + 1

    def place(self, target):
        return campaign_work.Place(self.work, target)

    def pair(self, target, configuration):
        of_target = self.state["targets"].setdefault(target, campaign_state.new_target())
        return of_target["configurations"].setdefault(configuration, campaign_state.new_pair())

    def seconds(self):
        return self.before + time.monotonic() - self.began

    def _save(self):
        self.state["seconds"] = self.seconds()
        self.save()

    # What is to be run ---------------------------------------------------------------------------------------------------------

    def each(self, chosen, limit, configuration=campaign_engines.DEFAULT):
        """next_job for one slice of each target."""
        waiting = list(chosen)
        return lambda: self.slice(waiting.pop(0), configuration, limit) if waiting else None

    def scheduled(self, pairs, seconds, jobs, slice_seconds=None):
        """next_job for a campaign of that many seconds over all pairs."""
        length = slice_seconds or min(max(int(seconds * jobs / (ROUNDS * len(pairs))), SHORTEST), LONGEST)
        schedule, until = campaign_schedule.Schedule(pairs), time.monotonic() + seconds
        for pair in pairs:
            p = self.pair(*pair)
            schedule.restore(pair, p["charged"], p["recent_branches"], p["recent_seconds"])

        def next_job():
            left = until - time.monotonic()
            if left < LEAST:
                return None
            planned = int(min(length, left))
            pair = schedule.next(planned)
            return self.slice(*pair, ("seconds", planned), (schedule, pair, planned))
        return next_job

    def rest(self, chosen):
        """next_job for what failed and was not looked at yet."""
        waiting = [t for t in chosen if campaign_work.files(self.place(t).crashes)]

        def look(target):
            self.busy.add(target)
            yield from self._look(target, at_most=5 * campaign_findings.AT_ONCE)
            self.busy.discard(target)
            self._save()
        return lambda: look(waiting.pop(0)) if waiting else None

    # A slice -------------------------------------------------------------------------------------------------------------------

    def start(self, command, name, environment, folder, log=None):
        return campaign_process.Child(command, log or folder / f"{name}.log", folder, environment, self.lock)

    def helper(self, target):
        """start() for short children that are about a target: measuring, replaying, minimising."""
        folder = self.place(target).folder

        def start(command, name, environment):
            return self.start(command, name, environment, folder)
        return start

    def turn(self, target):
        while target in self.busy:
            yield Turn(self.busy, target)
        self.busy.add(target)

    def slice(self, target, configuration, limit, scheduled=None):
        """One slice, from the engine's start to the state's being written."""
        row, place, how = self.table[target], self.place(target), campaign_engines.CONFIGURATIONS[configuration]
        yield from self.turn(target)
        if target not in self.measures:
            yield from self._prepare(target)
        self.busy.discard(target)
        self.state["slices"] += 1
        folder = place.slice(self.state["slices"], configuration)
        child = self.start(campaign_engines.command(how, target, row, self.builds, place, folder, limit, self.root), configuration,
                           campaign_engines.environment(how, target, self.builds), folder, folder / "engine.log")
        child.of = (target, configuration)
        child = yield child
        numbers = campaign_engines.numbers(how, child, folder)
        inputs, failing = place.collect(folder)
        yield from self.turn(target)
        branches, features = yield from self._measure_inbox(target)
        findings = yield from self._look(target)
        self.busy.discard(target)
        if numbers["problem"]:
            findings += self._problem(target, configuration, f"the {how.engine} of {configuration} runs", numbers["problem"])
        self._account(target, how, child, numbers, inputs, branches.get(configuration, 0), features.get(configuration, 0), findings)
        pair = self.pair(target, configuration)
        if scheduled:
            schedule, ident, planned = scheduled
            taken = max(child.cpu_seconds, planned) if failing or numbers["problem"] else child.cpu_seconds  # a known bug must not take all slices
            schedule.ended(ident, planned, taken, branches.get(configuration, 0))
            pair["charged"], pair["recent_branches"], pair["recent_seconds"] = (schedule.charged[ident], schedule.recent_branches[ident],
                                                                                schedule.recent_seconds[ident])
        self._save()
        self.show.ended(self.done[-1])

    def _prepare(self, target):
        """Before a target's first slice: what a killed campaign left is taken in, and seeds and corpus are measured."""
        place = self.place(target)
        self.recovered += len(campaign_work.files(place.inbox)) + place.leftovers()
        measure = self.measures[target] = campaign_measure.Measure()
        place.corpus.mkdir(parents=True, exist_ok=True)
        if not any(campaign_work.files(f) for f in self.seeds(target)):
            self._problem(target, "seeds", "there are seeds", f"no file in {', '.join(map(str, self.seeds(target)))}")
        yield from self._measure_folders(target, measure, self.seeds(target), "seeds")
        of_target = self.state["targets"].setdefault(target, campaign_state.new_target())
        of_target["seed_branches"], of_target["seed_features"] = len(measure.edges), len(measure.features)
        yield from self._measure_folders(target, measure, [place.corpus], "seeds")
        yield from self._measure_inbox(target)
        yield from self.triage.again(target, self.table[target], place, self.helper(target))

    def _measured(self, target, measure, folders, configuration):
        """Runs the inputs of folders; returns what Measure.take does, or None if that was interrupted."""
        place, row = self.place(target), self.table[target]
        scratch = place.slices / "0-measure"
        (scratch / "crashes").mkdir(parents=True, exist_ok=True)
        child = yield self.start(measure.command(self.builds.binary(campaign_engines.MEASURE, target), targets.libfuzzer_flags(row), scratch, folders),
                                 "measure", campaign_engines.QUICK, place.folder)
        taken = problem = None
        if child.exit in campaign_measure.TIMED_OUT:
            problem = f"ended by force after {child.seconds:.0f} s"
        elif not child.stopped:
            try:
                taken = measure.take(scratch / "control", child.text())
            except campaign_measure.NoneCameBack as nothing:
                problem = str(nothing)
            except (OSError, ValueError, IndexError, corpus_features.Trouble):
                problem = campaign_engines.last_line(child.text(), child)
        if problem:
            self._problem(target, configuration, "new inputs can be measured", problem)
        for path in campaign_work.files(scratch / "crashes"):
            campaign_work.move(path, place.crashes / configuration, path.name.partition("-")[0] + "-")
        shutil.rmtree(scratch)
        return taken

    def _measure_folders(self, target, measure, folders, configuration):
        """Seeds and committed inputs, which are copied, and the shared corpus, which stays."""
        place = self.place(target)
        folders = [f for f in folders if campaign_work.files(f)]
        taken = (yield from self._measured(target, measure, folders, configuration)) if folders else None
        for path in taken[0] if taken else []:
            if path.parent != place.corpus:
                shutil.copyfile(path, place.corpus / campaign_work.sha1(path))
        for path in taken[1] if taken else []:
            if path.parent == place.corpus:
                campaign_work.move(path, place.crashes / configuration, "measure-")
            else:
                place.crashes.joinpath(configuration).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place.crashes / configuration / ("measure-" + campaign_work.sha1(path)))

    def _measure_inbox(self, target):
        """Each configuration's new inputs: to the shared corpus what adds something, to its own the rest. Returns the credit."""
        place, measure, branches, features = self.place(target), self.measures[target], {}, {}
        for folder in sorted(place.inbox.iterdir()) if place.inbox.is_dir() else []:
            name = folder.name
            if not campaign_work.files(folder):
                continue
            taken = yield from self._measured(target, measure, [folder], name)
            if taken is None:
                continue  # they stay in the inbox, for next time
            adding, failed, branches[name], features[name] = taken
            for path in adding:
                campaign_work.move(path, place.corpus)
            for path in failed:
                campaign_work.move(path, place.crashes / name, "measure-")
            for path in campaign_work.files(folder):  # an empty one too, which libFuzzer does not merge
                place.keep_own(path, name)
            if name in campaign_engines.CONFIGURATIONS:
                pair = self.pair(target, name)
                pair["branches"] += branches[name]
                pair["features"] += features[name]
                pair["inputs"] += len(adding)
            place.trim_own(name)
        of_target = self.state["targets"].setdefault(target, campaign_state.new_target())
        of_target.update(branches=len(measure.edges), features=len(measure.features), corpus=len(campaign_work.files(place.corpus)),
                         aside=len(campaign_work.files(place.aside)))
        return branches, features

    def _look(self, target, **how_many):
        place = self.place(target)
        new = yield from self.triage.look(target, self.table[target], place, self.helper(target), **how_many)
        self.state["targets"][target]["unsorted"] = len(campaign_work.files(place.crashes))
        return new

    def _problem(self, target, configuration, what, reason):
        """An engine that does not run is a finding without an input."""
        found = {"target": target, "property": what, "operation": "", "frames": [], "reason": reason}
        identity = campaign_findings.key(found)
        known = self.triage.known(identity)
        if known:
            known["count"] += 1
            known["run"], known["fixed"] = self.run, False
            return 0
        self._found(found, configuration)
        return 1

    def _found(self, found, configuration, path=None, size=0):
        """Adds a finding. It and its credit are saved as one: a kill leaves both or neither."""
        finding = {**found, "key": campaign_findings.key(found), "input": path, "size": size, "count": 1, "configurations": {configuration: 1},
                   "run": self.run, "fixed": False, "minimised": None, "minimised_size": None}
        self.state["findings"].append(finding)
        how = campaign_engines.CONFIGURATIONS[campaign_engines.credited(configuration)]
        self.pair(found["target"], how.name)["findings"] += 1
        self._entry(found["target"], how)["findings"] += 1
        self._save()
        return finding

    def _entry(self, target, how):
        """What the ledger will be told of a target and a configuration at this commit."""
        entry = {"target": target, "commit": self.commit, "engine": how.engine, "configuration": how.name, "sanitizer": how.sanitizer}
        there = next((e for e in self.state["unledgered"] if all(e[k] == v for k, v in entry.items())), None)
        if there is None:
            there = {"id": secrets.token_hex(8), **entry, "executions": 0, "cpu_seconds": 0, "findings": 0}
            self.state["unledgered"].append(there)
        return there

    def _account(self, target, how, child, numbers, inputs, branches, features, findings):
        pair, of_target = self.pair(target, how.name), self.state["targets"][target]
        for name, value in (("slices", 1), ("executions", numbers["executions"]), ("seconds", round(child.seconds, 3)),
                            ("cpu_seconds", round(child.cpu_seconds, 3))):
            pair[name] += value
        if numbers["stability"] is not None:
            pair["stability"] = numbers["stability"]
        entry = self._entry(target, how)
        entry["executions"] += numbers["executions"]
        entry["cpu_seconds"] = round(entry["cpu_seconds"] + child.cpu_seconds, 3)
        self.state["history"].append({"at": round(self.seconds(), 1), "target": target, "configuration": how.name, "branches": of_target["branches"],
                                      "features": of_target["features"], "executions": numbers["executions"]})
        self.done.append({"target": target, "configuration": how.name, "executions": numbers["executions"], "seconds": round(child.seconds, 3),
                          "cpu_seconds": round(child.cpu_seconds, 3), "inputs": inputs, "branches": branches, "features": features,
                          "findings": findings, "interrupted": child.stopped})

    def findings(self):
        """Those seen in this run."""
        return [f for f in self.state["findings"] if f["run"] == self.run and not f["fixed"]]
