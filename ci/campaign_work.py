# SPDX-License-Identifier: Apache-2.0
"""A campaign's work folder: where inputs are at each moment, such that kill -9 at any moment loses none that was saved.

    WORK/lock                    held by the campaign and its children
    WORK/state.json              what was done so far (campaign_state.py)
    WORK/T/corpus/               the shared corpus of target T: each input adds a feature by the one measure (campaign_measure.py)
    WORK/T/own/CONFIGURATION/    what a configuration itself found interesting and the measure did not; the newest OWN_LIMIT
    WORK/T/aside/CONFIGURATION/  older ones: kept, not loaded any more
    WORK/T/slices/N-CONFIGURATION/  a slice at work: new/ is libFuzzer's, out/ AFL++'s, crashes/ what failed
    WORK/T/inbox/CONFIGURATION/  taken from slices, not measured yet
    WORK/T/crashes/CONFIGURATION/   taken from slices, not looked at yet
    WORK/T/findings/KEY/         a finding (campaign_findings.py)

An input only ever moves by rename within WORK. A slice folder that is there when a campaign begins was left by a killed one: it
is collected like any other. Inputs are named by the SHA-1 of their content, so the same one arrives only once.
"""
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import time

OWN_LIMIT = 1000


class WorkError(Exception):
    """The work folder is not one, or is in use."""


def lock(work, patience=10):
    """The lock's file descriptor. A campaign that was killed leaves children for a moment; they hold it too."""
    odd = re.search(r"[^\w/.+@%,=:-]", str(work))
    if odd:  # libFuzzer starts a process for each merge and minimisation through a shell, and quotes nothing
        raise WorkError(f"{work}: libFuzzer cannot work in a folder with {odd.group()!r} in its path")
    try:
        work.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(work / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as problem:
        raise WorkError(f"{problem.filename}: {problem.strerror}") from None
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except OSError:
            if time.monotonic() > until:
                os.close(descriptor)
                raise WorkError(f"{work}/lock: another campaign works in this folder") from None
            time.sleep(0.1)


def write_atomically(path, text):
    """The file is the old or the new one at any moment, whatever is killed."""
    temporary = path.with_name(path.name + ".new")
    with open(temporary, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)


def sha1(path):
    return hashlib.sha1(path.read_bytes()).hexdigest()  # noqa: S324 - a name, as libFuzzer gives it


def files(folder):
    """Regular files in and below a folder, which may be absent, and in which another process may work."""
    found = (pathlib.Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return sorted(p for p in found if p.is_file() and not p.is_symlink())


def move(path, folder, kind=""):
    """Moves an input into a folder, under its content's name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (kind + sha1(path))
    os.replace(path, target)
    return target


class Place:
    """The folder of one target."""

    def __init__(self, work, target):
        self.folder = work / target
        for name in ("corpus", "own", "aside", "slices", "inbox", "crashes", "findings"):
            setattr(self, name, self.folder / name)

    def clear(self):
        """Forgets what earlier campaigns found, but for findings."""
        for folder in (self.corpus, self.own, self.aside, self.slices, self.inbox, self.crashes):
            if folder.exists():
                shutil.rmtree(folder)

    def slice(self, number, configuration):
        folder = self.slices / f"{number}-{configuration}"
        for name in ("new", "crashes"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.corpus.mkdir(exist_ok=True)
        return folder

    def collect(self, folder, kept_log=True):
        """Moves what a slice saved to the inbox and to crashes; returns how many of each."""
        configuration = folder.name.partition("-")[2]
        known = {p.name for p in files(self.corpus)} | {p.name for p in files(self.own / configuration)}
        inputs = files(folder / "new") + [p for p in files(folder / "out") if p.parent.name == "queue" and ",orig:" not in p.name]
        failing = files(folder / "crashes") + [p for p in files(folder / "out") if p.parent.name in ("crashes", "hangs") and p.name != "README.txt"]
        inbox = 0
        for path in inputs:
            if path.name.startswith(".") or ".state" in path.parts:
                continue
            if sha1(path) not in known:
                move(path, self.inbox / configuration)
                inbox += 1
        for path in failing:
            # libFuzzer's names begin with the kind of failure, AFL++'s folders are called by it
            move(path, self.crashes / configuration, (path.parent.name if path.name.startswith("id:") else path.name.partition("-")[0]) + "-")
        for log in folder.glob("*.log"):
            if kept_log:
                os.replace(log, self.folder / f"{configuration}.{log.name}")
        shutil.rmtree(folder)
        return inbox, len(failing)

    def leftovers(self):
        """Collects the slices of a killed campaign; returns how many inputs they had saved."""
        saved = 0
        for folder in sorted(self.slices.iterdir()) if self.slices.is_dir() else []:
            inputs, failing = self.collect(folder, kept_log=False)
            saved += inputs + failing
        for path in files(self.corpus):  # killed while libFuzzer wrote there, by whatever else: a name is the content's
            if path.name != sha1(path):
                move(path, self.corpus)
        return saved

    def keep_own(self, path, configuration):
        return move(path, self.own / configuration)

    def trim_own(self, configuration):
        """Sets the oldest aside; returns how many are there by now."""
        mine = sorted(files(self.own / configuration), key=lambda p: (p.stat().st_mtime, p.name))
        for path in mine[:-OWN_LIMIT]:
            move(path, self.aside / configuration)
        return len(files(self.aside / configuration))
