# SPDX-License-Identifier: Apache-2.0
"""Fuzz targets under libFuzzer, several at a time: starting, watching, stopping, and reading what came of it."""
import ctypes
import os
import re
import shlex
import shutil
import signal
import subprocess
import time

import targets

# What makes a run quick without missing anything: each input's blocks are freed before the next begins, so a small quarantine
# sees as much as a large one, and a replay with the defaults prints the full stacks.
ASAN = "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:quarantine_size_mb=1:malloc_context_size=0"
SYMBOLIZER = "/usr/bin/llvm-symbolizer-19"


def _die_with_parent():
    """Linux: the child gets SIGTERM when the campaign is killed, however that happens."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Job:
    """One target: its run, and afterwards its numbers and findings."""

    def __init__(self, name, binary, spec, root, folder, replay, options):
        self.name, self.binary, self.spec, self.root, self.folder = name, binary, spec, root, folder
        self.replay, self.options = replay, options
        self.corpus, self.artifacts, self.log = folder / "corpus", folder / "findings", folder / "log.txt"
        self.process, self.began, self.seconds, self.cpu_seconds, self.exit = None, None, 0.0, 0.0, None
        self.executions = self.per_second = self.per_cpu_second = self.inputs = self.features = self.edges = self.new = 0
        self.findings, self.interrupted = [], False

    def start(self):
        if self.options.fresh and self.corpus.exists():
            shutil.rmtree(self.corpus)
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.artifacts.mkdir(exist_ok=True)
        self.known = set(self.artifacts.iterdir())
        limit = f"-runs={self.options.runs}" if self.options.runs else f"-max_total_time={self.options.seconds}"
        command = [str(self.binary), limit, *targets.libfuzzer_flags(self.spec), f"-artifact_prefix={self.artifacts}/", "-print_final_stats=1", "-reload=0"]
        if self.spec.get("dict"):
            command.append(f"-dict={self.root}/fuzz/{self.spec['dict']}")
        command += [str(self.corpus), str(self.binary.parent / "seeds" / self.name)]
        committed = self.root / "corpus" / self.name
        command += [str(committed)] if committed.is_dir() else []
        environment = {**os.environ, "ASAN_OPTIONS": ASAN, "ASAN_SYMBOLIZER_PATH": SYMBOLIZER,
                       "UBSAN_OPTIONS": f"print_stacktrace=1:external_symbolizer_path={SYMBOLIZER}"}
        with open(self.log, "wb") as sink:
            sink.write((shlex.join(command) + "\n").encode())
            sink.flush()
            self.began = time.monotonic()
            # A session of its own, so that Ctrl-C reaches the campaign alone, which then stops its children in order.
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=sink, stderr=subprocess.STDOUT, env=environment,
                                            start_new_session=True, preexec_fn=_die_with_parent)

    def ended(self):
        """Whether it has ended; then its exit code and the processor time it took are known."""
        if self.process.returncode is None:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                self.cpu_seconds = usage.ru_utime + usage.ru_stime
        return self.process.returncode is not None

    def stop(self):
        self.interrupted = True
        for number, patience in ((signal.SIGINT, 5), (signal.SIGKILL, 5)):
            if not self.ended():
                self.process.send_signal(number)
            until = time.monotonic() + patience
            while not self.ended() and time.monotonic() < until:
                time.sleep(0.05)

    def read(self):
        """The numbers so far, from libFuzzer's log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        status = re.findall(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)/.*?exec/s: (\d+)", text, re.M)
        if status:
            self.executions, self.edges, self.features, self.inputs, self.per_second = map(int, status[-1])
        self.new = len(list(self.corpus.iterdir())) if self.corpus.exists() else 0
        return text

    def finish(self):
        self.exit, self.seconds = self.process.returncode, time.monotonic() - self.began
        text = self.read()
        final = dict(re.findall(r"^stat::(\w+):\s+(\d+)", text, re.M))
        self.executions = int(final.get("number_of_executed_units", self.executions))
        self.new = int(final.get("new_units_added", self.new))
        self.per_second = int(self.executions / max(self.seconds, 0.001))
        self.per_cpu_second = int(self.executions / max(self.cpu_seconds, 0.001))
        reason = _reason(text)
        for path in sorted(set(self.artifacts.iterdir()) - self.known):
            self.findings.append({"input": str(path), "reason": reason, "replay": f"{self.replay} //fuzz:{self.name}_bin -- {path}"})
        ended = "DONE" in text or "Done " in text
        if not self.findings and not self.interrupted and (self.exit or not ended or not self.executions):
            self.findings.append({"input": None, "reason": f"exit {self.exit}: {reason}", "replay": f"see {self.log}"})

    def row(self):
        return {"target": self.name, "executions": self.executions, "executions_per_second": self.per_second,
                "executions_per_cpu_second": self.per_cpu_second, "seconds": round(self.seconds, 1),
                "cpu_seconds": round(self.cpu_seconds, 1), "corpus": self.inputs, "edges": self.edges, "features": self.features,
                "new_inputs": self.new, "work_corpus": str(self.corpus), "log": str(self.log), "findings": self.findings,
                "interrupted": self.interrupted}


def _reason(text):
    """The line that says best what went wrong."""
    for pattern in (r"^BROKEN PROPERTY .*", r"^.*runtime error: .*", r"^.*ERROR: AddressSanitizer: .*", r"^.*ERROR: LeakSanitizer.*",
                    r"^.*(?:disagree|differ).*", r"^.*ERROR: libFuzzer: .*", r"^corpus: .*"):
        found = re.search(pattern, text, re.M)
        if found:
            return found.group(0).strip()[:300]
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no output"


def run_all(jobs, at_once, show):
    """Runs the jobs, at_once at a time, in order; show.started, .progress and .ended are told. An interrupt stops all of ours."""
    waiting, running = list(jobs), []
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                job = waiting.pop(0)
                job.start()
                running.append(job)
                show.started(job)
            time.sleep(0.2)
            for job in [j for j in running if j.ended()]:
                running.remove(job)
                job.finish()
                show.ended(job)
            show.progress(running)
    except BaseException:
        for job in running:
            job.stop()
            job.finish()
            show.ended(job)
        raise
