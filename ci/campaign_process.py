# SPDX-License-Identifier: Apache-2.0
"""Children of a campaign, several at a time without threads: a job is a generator that yields each child it starts and goes on
when that child has ended. Every child runs below campaign_child.py, which counts its processor time and dies with us."""
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time

CHILD = pathlib.Path(__file__).with_name("campaign_child.py")


class Child:
    """A running command, its output going to log; when .ended(): .exit, .seconds, .cpu_seconds."""

    def __init__(self, command, log, folder, environment=None, lock=None):
        self.command, self.log = [str(c) for c in command], pathlib.Path(log)
        self.result = self.log.with_suffix(".cost.json")
        self.result.unlink(missing_ok=True)
        self.began, self.exit, self.seconds, self.cpu_seconds = time.monotonic(), None, 0.0, 0.0
        self.stopped = False
        with open(self.log, "wb") as sink:
            sink.write((shlex.join(self.command) + "\n").encode())
            sink.flush()
            # A session of its own: Ctrl-C reaches the campaign alone, which then stops its children in order.
            self.process = subprocess.Popen([sys.executable, "-B", CHILD, str(os.getpid()), self.result, *self.command], cwd=folder,
                                            stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
                                            env={**os.environ, **(environment or {})}, start_new_session=True,
                                            pass_fds=() if lock is None else (lock,))

    def ended(self):
        if self.process.poll() is None:
            return False
        try:
            cost = json.loads(self.result.read_text(encoding="utf-8"))
            self.exit, self.seconds, self.cpu_seconds = cost["exit"], cost["seconds"], cost["cpu_seconds"]
        except (OSError, ValueError):
            self.exit, self.seconds = self.process.returncode or 1, time.monotonic() - self.began
        return True

    def text(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def stop(self):
        if not self.stopped and self.process.poll() is None:
            self.stopped = True
            self.process.send_signal(signal.SIGTERM)


class Interrupt:
    """SIGINT and SIGTERM. While jobs run they are noted, not raised: a job is never left half way through taking in what was found."""

    def __init__(self):
        self.noted = self.deferred = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._seen)

    def _seen(self, *_):
        self.noted = True
        if not self.deferred:
            raise KeyboardInterrupt


def run_all(next_job, at_once, interrupt, tick=lambda running: None, pause=0.1):
    """Runs jobs, at_once at a time: next_job() gives a generator, or None when there is nothing to start now. Ends when nothing runs
    and next_job() gives None. An interrupt stops every child, lets its job see to what it left, and is then raised."""
    running = {}  # generator: its child

    def advance(job, child):
        try:
            running[job] = job.send(child)
            if interrupt.noted:
                running[job].stop()
        except StopIteration:
            pass

    interrupt.deferred = True
    try:
        while True:
            while not interrupt.noted and len(running) < at_once:
                job = next_job()
                if job is None:
                    break
                advance(job, None)
            if not running:
                break
            time.sleep(pause)
            if interrupt.noted:
                for child in running.values():
                    child.stop()
            for job in [j for j, child in running.items() if child.ended()]:
                advance(job, running.pop(job))
            tick(list(running.values()))
    finally:
        interrupt.deferred = False
    if interrupt.noted:
        raise KeyboardInterrupt
