# SPDX-License-Identifier: Apache-2.0
"""Findings: what a failing input broke, which inputs break the same, and the smallest one that does.

Two inputs are one finding when target, property, operation and the first frames in lib/ agree. All of it is read from a replay in
the libFuzzer build with sanitizers, whichever engine found the input, so that both engines' finds compare."""
import hashlib
import json
import os
import re

import campaign_engines
import campaign_work
import targets

FRAMES = 3
MINIMISE_SECONDS = 20
AT_ONCE = 20  # failing inputs looked at after a slice; the others wait, and the report counts them
LOAD = ("timeout", "oom", "slow", "hangs")  # kinds that a busy machine may cause: one that replays clean is a note, no finding


def signature(target, text):
    """What a failing replay says: {target, property, operation, frames, reason}."""
    operation, named = "", re.search(r"^BROKEN PROPERTY \S+: (.*)", text, re.M)
    answers = disagreement(text)
    if answers:
        operation = answers
    undefined = re.search(r"^(\S+?):\d+:\d+: runtime error: (.*)", text, re.M)
    address = re.search(r"^.*ERROR: AddressSanitizer: ([\w-]+).*", text, re.M)
    libfuzzer = re.search(r"^.*ERROR: libFuzzer: ([^(\n]+).*", text, re.M)
    if named:
        broken, reason = named.group(1).strip(), named.group(0)
    elif answers:
        broken, reason = "every implementation gives the same answer", f"disagreement: {answers}"
    elif undefined:
        # Values differ from input to input; what kind of thing is wrong does not.
        broken, reason = "defined behaviour: " + re.sub(r"-?\b(0x[0-9a-f]+|\d+)\b", "N", undefined.group(2)), undefined.group(0)
    elif address:
        access = re.search(r"^(READ|WRITE) of size", text, re.M)
        broken, operation, reason = f"memory: {address.group(1)}", access.group(1) if access else "", address.group(0)
    elif "ERROR: LeakSanitizer" in text:
        broken, reason = "no leaks", "ERROR: LeakSanitizer: detected memory leaks"
    elif libfuzzer:
        broken, reason = f"ends well: {libfuzzer.group(1).strip()}", libfuzzer.group(0)
    else:
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("INFO:")]
        broken = reason = lines[-1] if lines else "no output"
    frames = library_frames(text)
    if libfuzzer and not named and libfuzzer.group(1).startswith(("timeout", "out-of-memory")):
        frames = frames[-1:]  # where the clock struck is chance; the library's entry is not
    elif undefined and not frames:
        frames = [undefined.group(1).replace("/proc/self/cwd/", "")]
    return {"target": target, "property": broken[:300], "operation": operation, "frames": frames[:FRAMES], "reason": reason.strip()[:300]}


def disagreement(text):
    """The operation of a disagreement, and who agrees with whom (oracle/report.c's line for programs): a wrong oracle is not a wrong lib/."""
    line = re.search(r"^DISAGREEMENT (\{.*\})$", text, re.M)
    if not line:
        return ""
    told = json.loads(line.group(1))
    groups = sorted(", ".join(sorted(value["from"])) for value in told["values"])
    return f"{told['operation']} by {told['function']}: {' | '.join(groups)}"


def library_frames(text):
    """`function file` of each frame in lib/ of the first stack that has one."""
    frames, last = [], -1
    for number, function, path in re.findall(r"^\s*#(\d+) 0x[0-9a-f]+ in (\S+) (\S+?)(?::\d+)+\s*$", text, re.M):
        if int(number) <= last and frames:
            break  # the next stack
        last = int(number)
        path = re.sub(r"^(/proc/self/cwd/|.*/execroot/[^/]+/)", "", path)
        if path.startswith("lib/"):
            frames.append(f"{function} {path}")
    return frames


def key(found):
    text = "\n".join([found["target"], found["property"], found["operation"], *found["frames"]])
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


class Triage:
    """Looks at what failed, one target at a time. start(command, name, environment) begins a child; findings is the state's list;
    found(signature, configuration, input, size) adds to it, credits and saves, and returns what it added."""

    def __init__(self, work, findings, found, note, builds, run):
        self.work, self.findings, self.found, self.note, self.builds, self.run = work, findings, found, note, builds, run

    def known(self, identity):
        return next((f for f in self.findings if f["key"] == identity), None)

    def present(self, finding):
        return bool(finding["input"]) and (self.work / finding["input"]).is_file()

    def command(self, target, row, scratch, *more):
        scratch.mkdir(parents=True, exist_ok=True)
        return [self.builds.binary(campaign_engines.MEASURE, target), *targets.libfuzzer_flags(row), f"-artifact_prefix={scratch}/", *more]

    def again(self, target, row, place, start):
        """Replays the findings of earlier runs: one that still fails is this run's too, one that does not is fixed, and of one whose
        input is gone nobody knows. What was not minimised, for the campaign was killed, is minimised."""
        for folder in sorted(place.findings.iterdir()) if place.findings.is_dir() else []:
            if not self.known(folder.name):  # the state does not know of it
                for path in campaign_work.files(folder):
                    if path.name == "input" or path.parent.name == "more":
                        campaign_work.move(path, place.crashes / "earlier", "crash-")
        for finding in [f for f in self.findings if f["target"] == target and self.present(f)]:
            child = yield start(self.command(target, row, place.slices / "0-again", self.work / finding["input"]), "again", campaign_engines.REPLAY)
            if child.stopped:
                return
            same = child.exit != 0 and key(signature(target, child.text())) == finding["key"]
            finding["fixed"] = not same
            if same:
                finding["run"] = self.run
                if not finding["minimised"]:
                    yield from self.minimise(finding, row, place, start)

    def look(self, target, row, place, start, at_most=AT_ONCE):
        """Sorts what is in place.crashes; returns how many findings are new."""
        new = 0
        for path in campaign_work.files(place.crashes)[:at_most]:
            configuration, kind = path.parent.name, path.name.partition("-")[0]
            child = yield start(self.command(target, row, place.slices / "0-look", path), "look", campaign_engines.REPLAY)
            if child.stopped:
                return new
            if child.exit != 0:
                found = signature(target, child.text())
            elif kind in LOAD:
                self.note(f"{target}: {kind} under {configuration} replays within the limits")
                campaign_work.move(path, place.aside / "within-limits")
                continue
            else:
                found = {"target": target, "property": f"an input fails each time or never ({kind})",
                         "operation": "", "frames": [], "reason": f"found by {configuration}; the replay of the same input is clean"}
            folder = place.findings / key(found)
            whole, finding = folder / "input", self.known(folder.name)
            if finding:
                finding["count"] += 1
                finding["configurations"][configuration] = finding["configurations"].get(configuration, 0) + 1
                finding["run"], finding["fixed"] = self.run, False
                if self.present(finding):
                    campaign_work.move(path, folder / "more")
                    continue
                finding.update(input=self.name(whole), size=path.stat().st_size, minimised=None, minimised_size=None)
            else:
                new += 1  # before the input is moved: killed in between, it is looked at again, and credited once
                finding = self.found(found, configuration, self.name(whole), path.stat().st_size)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "log.txt").write_text(child.text(), encoding="utf-8")
            os.replace(path, whole)
            if child.exit != 0:  # else there is nothing to minimise by
                yield from self.minimise(finding, row, place, start)
        return new

    def name(self, path):
        return str(path.relative_to(self.work))

    def minimise(self, finding, row, place, start):
        """A smaller input that still is the same finding, or the input again if there is none. An interrupt leaves it to a later run."""
        if finding["property"].startswith("ends well: timeout"):
            return  # each attempt would take the whole time
        best = self.work / finding["input"]
        small = best.with_name("minimised")
        small.unlink(missing_ok=True)
        child = yield start(self.command(finding["target"], row, place.slices / "0-minimise", "-minimize_crash=1", f"-max_total_time={MINIMISE_SECONDS}",
                                         f"-exact_artifact_path={small}", best), "minimise", campaign_engines.REPLAY)
        if small.exists() and not child.stopped:
            child = yield start(self.command(finding["target"], row, place.slices / "0-look", small), "look", campaign_engines.REPLAY)
            if child.exit != 0 and key(signature(finding["target"], child.text())) == finding["key"]:
                best = small
            elif not child.stopped:
                small.rename(small.with_name("minimised-to-something-else"))
        if not child.stopped:
            finding["minimised"], finding["minimised_size"] = self.name(best), best.stat().st_size
