# SPDX-License-Identifier: Apache-2.0
"""Fuzz binaries of a patched tree, quickly: Bazel builds //fuzz:T_bin as it is and says with which commands (aquery); only the
sources that a patch changes are compiled again, with the same command in a copy of the tree, and the same link is done with their
objects in place of Bazel's. So a fault is tested in what is fuzzed, built from no second list of sources or flags."""
import json
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
BAZEL = os.environ.get("BAZEL", "bazel").split()
QUIET = ["--noshow_progress", "--color=no", "--curses=no", "--ui_event_filters=-info"]


class Wrong(Exception):
    """What is wrong with a fault, in a line."""


def run(command, **more):
    return subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, **more)


def bazel(*arguments):
    done = subprocess.run([*BAZEL, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit("ci/faults: bazel %s failed:\n%s" % (" ".join(arguments[:2]), done.stderr[-3000:]))
    return done.stdout


class Built:
    """//fuzz:T_bin of some targets in one configuration, and the commands that made them."""

    def __init__(self, config, targets, beside=()):
        labels = ["//fuzz:%s_bin" % t for t in targets]
        bazel("build", *QUIET, "--config=" + config, *labels, *["//fuzz:%s_seeds" % t for t in targets], *beside)
        self.execroot = pathlib.Path(bazel("info", *QUIET, "execution_root").strip())
        query = 'mnemonic("CppCompile|CppLink", deps(%s))' % " + ".join(labels)
        actions = json.loads(bazel("aquery", *QUIET, "--config=" + config, "--output=jsonproto", query))["actions"]
        self.compiles, self.links = {}, {}
        for action in actions:
            command = [a for a in action["arguments"] if not a.startswith("@")]
            output = command[command.index("-o") + 1] if "-o" in command else ""
            if action["mnemonic"] == "CppCompile" and "-c" in command:
                self.compiles.setdefault(command[command.index("-c") + 1], []).append(command)
            elif output.endswith("_bin"):
                self.links[pathlib.Path(output).name[:-4]] = command
        missing = [t for t in targets if t not in self.links]
        if missing:
            raise SystemExit("ci/faults: Bazel names no link command for " + " ".join(missing))

    def binary(self, target):
        return self.execroot / self.output(target)

    def output(self, target):
        return self.links[target][self.links[target].index("-o") + 1]

    def oracles(self, target):
        """The folder of the oracles' adapters, for the binaries that load some."""
        return self.binary(target).parent.parent / "oracle"

    def patched(self, target, patch, folder):
        """The binary of target with patch applied, built in folder."""
        changed = re.findall(r"^\+\+\+ b/(\S+)", patch.read_text(encoding="utf-8"), re.M)
        if not changed or any(not re.match(r"(lib|tools|interop/server)/.*\.[ch]$", c) for c in changed):
            raise Wrong("changes something else than C of lib/, tools/ or interop/server/, or nothing")
        copied = {c.split("/")[0] for c in changed}
        folder.mkdir(parents=True)
        for name in [p.name for p in ROOT.iterdir() if not p.name.startswith((".git", "bazel-"))]:
            if name in copied:
                shutil.copytree(ROOT / name, folder / name)
            else:
                (folder / name).symlink_to(ROOT / name)
        for name in ("bazel-out", "external"):
            (folder / name).symlink_to(self.execroot / name)
        # In an empty repository of its own: inside another one git looks at that one's index.
        applied = run(["git", "apply", "--whitespace=nowarn", patch.resolve()], cwd=folder,
                      env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)})
        if applied.returncode:
            raise Wrong("no longer applies: " + applied.stdout.strip().replace("\n", "; "))
        sources = [c for c in changed if c.endswith(".c")]
        for header in set(changed) - set(sources):  # whoever may include it
            sources += [s for s in self.compiles if s.startswith(header.split("/")[0] + "/") and s not in sources]
        link = list(self.links[target])
        for number, source in enumerate(sources):
            for command in self.compiles.get(source, []):
                original = command[command.index("-o") + 1]
                if original in link:
                    new = folder / ("%d.o" % number)
                    self.compile(command, new, folder)
                    link[link.index(original)] = str(new)
        if link == self.links[target]:
            raise Wrong("%s_bin has nothing of %s" % (target, " ".join(changed)))
        binary = folder / (target + "_bin")
        link[link.index("-o") + 1] = str(binary)
        linked = run(link, cwd=folder, env={**os.environ, "AFL_QUIET": "1"})
        if linked.returncode:
            raise Wrong("does not link: " + linked.stdout[-2000:])
        return binary

    @staticmethod
    def compile(command, output, folder):
        command = list(command)
        command[command.index("-o") + 1] = str(output)
        if "-MF" in command:
            command[command.index("-MF") + 1] = str(output) + ".d"
        done = run(command, cwd=folder, env={**os.environ, "AFL_QUIET": "1"})
        if done.returncode:
            raise Wrong("does not compile: " + done.stdout[-2000:])
