#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every fuzz target built for another machine with its plain compiler, run under qemu on all of its inputs, and compared, input by
input, with what it answered here.

usage: everywhere.py MACHINE CC QEMU PROGRAMS_JSON OUTCOMES...

PROGRAMS_JSON says what each target is made of (bazel/sources.bzl), OUTCOMES are the host's, NAME.txt for the target NAME. The
oracles are libraries of the host: elsewhere no_oracles.c stands in for them, and what they confirmed here is what must come out
there. A target that needs a library of the system is not measured, and named. Two faults are planted each time: one input's
outcome, and a load in the machine's own byte order, which a big-endian machine must betray and no other may.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Of the oracles' harness this much does without oracles; the rest has a stand-in.
HARNESS, KEPT, STAND_IN = "//oracle:harness", ["oracle/diff_plain.c", "oracle/smb3.c"], "fuzz/everywhere/no_oracles.c"
PLANT = ("return (uint16_t)(p[0] | ((unsigned)p[1] << 8));", "uint16_t v; __builtin_memcpy(&v, p, 2); return v;")
LIBRARY, PLANTED = "//lib:countersign", "negotiate_request"


class Outcomes:
    """What a target said: {path: outcome}, in its order, the driver's digest over all, and why it ended early, if it did."""

    def __init__(self, text, origin, end=None):
        self.by_path, self.digest, self.not_compared, self.end = {}, None, None, end
        for line in text.splitlines():
            if m := re.fullmatch(r"([0-9a-f]{16}) (\S+)", line):
                self.by_path[re.sub(r"^bazel-out/[^/]+/bin/", "", m[2])] = m[1]
            elif m := re.fullmatch(r"\w+: (\d+) inputs, outcome ([0-9a-f]{16}).*", line):
                self.digest = m[2]
            elif m := re.fullmatch(r"not compared: (\d+) questions, no oracle here", line):
                self.not_compared = int(m[1])
        if not end and not (self.by_path and self.digest):
            raise SystemExit(f"{origin}: no outcomes in it")


def first_difference(host, there):
    """None, or one line that names the first input on which they differ."""
    for path, outcome in host.by_path.items():
        if path not in there.by_path:
            return f"{path}: {there.end or 'not replayed there'}"
        if there.by_path[path] != outcome:
            return f"{path}: outcome {there.by_path[path]}, here {outcome}"
    for path in there.by_path:
        if path not in host.by_path:
            return f"{path}: not replayed here"
    return there.end or (None if host.digest == there.digest else "every outcome is the same and the digest is not")


class Builder:
    """Compiles each library once, and links programs of them."""

    def __init__(self, compiler, programs, out):
        self.compiler, self.programs, self.out, self.objects = compiler, programs, out, {}

    def compile(self, source, flags, root="."):
        name = self.out / (hashlib.sha1(f"{root} {source} {flags}".encode()).hexdigest() + ".o")
        if not name.exists():
            optimise = "-O2" if source.startswith("lib/") else "-O1"  # the harness is not what is tested
            run([self.compiler, "-std=c11", optimise, "-DFUZZ_EMULATED", "-I.", "-Ilib/include", *flags, "-c", f"{root}/{source}",
                 "-o", name])
        return name

    def library(self, label, root):
        known = self.programs["libraries"][label]
        if label == HARNESS:
            return [self.compile(s, []) for s in [k for k in KEPT if k in known["sources"]] + [STAND_IN]]
        flags = [f"-I{i}" for i in known["includes"]] + [f"-D{d}" for d in known["defines"]]
        return [self.compile(s, flags, root if label == LIBRARY else ".") for s in known["sources"]]

    def program(self, target, root="."):
        objects = [o for label in self.programs["programs"][target] for o in self.library(label, root)]
        name = self.out / f"{target}{'' if root == '.' else '.planted'}"
        run([self.compiler, "-static", *objects, "-o", name])
        return name


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}{done.stderr[-4000:]}exit {done.returncode}")
    return done.stdout


def folders(host, target):
    """The folders that the host's paths lie in, in its order: fuzz/seeds/TARGET, corpus/TARGET."""
    return dict.fromkeys(p[:p.index(f"/{target}/")] + f"/{target}" for p in host.by_path)


def replay(qemu, program, host, target):
    done = subprocess.run([qemu, program, "--outcomes", *folders(host, target)], capture_output=True, text=True, errors="replace")
    end = f"{(done.stderr.strip() or 'nothing said').splitlines()[0]} (exit {done.returncode})" if done.returncode else None
    return Outcomes(done.stdout, target, end)


def planted_outcome(host):
    """A copy in which one input's outcome is another."""
    path = sorted(host.by_path)[len(host.by_path) // 2]
    lines = [f"{'f' * 16 if p == path else o} {p}" for p, o in host.by_path.items()]
    return path, Outcomes("\n".join(lines) + f"\nx: 1 inputs, outcome {host.digest}", "planted")


def plant_byte_order(builder, qemu, host):
    """What a target says if lib/ loads 16-bit values in the machine's byte order."""
    root = builder.out / "planted"
    library = builder.programs["libraries"][LIBRARY]
    for source in library["sources"] + library["headers"]:
        (root / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, root / source)
    octets = root / "lib/octets.h"
    text = octets.read_text()
    if text.count(PLANT[0]) != 1:
        raise SystemExit("lib/octets.h: the load to be planted is not there once; mend PLANT")
    octets.chmod(0o644)
    octets.write_text(text.replace(*PLANT))
    program = builder.program(PLANTED, str(root))
    return first_difference(host, replay(qemu, program, host, PLANTED))


def big_endian(compiler):
    return "__BYTE_ORDER__ __ORDER_BIG_ENDIAN__" in run([compiler, "-dM", "-E", "-x", "c", "/dev/null"])


def main(machine, compiler, qemu, programs, *files):
    programs = json.loads(pathlib.Path(programs).read_text())
    hosts = {pathlib.Path(f).stem: Outcomes(pathlib.Path(f).read_text(), f) for f in files}
    if sorted(hosts) != sorted(programs["programs"]):
        raise SystemExit("programs and outcomes are not of the same targets")
    compiler, faults, all_here, all_there, measured = pathlib.Path(compiler).resolve(), [], hashlib.sha256(), hashlib.sha256(), 0
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as out:
        builder = Builder(compiler, programs, pathlib.Path(out))
        for target, host in sorted(hosts.items()):
            if system := programs["system"][target]:
                print(f"{target}: not measured on {machine}: needs {', '.join(s.removeprefix('sys_') for s in system)}")
                continue
            there = replay(qemu, builder.program(target), host, target)
            measured += 1
            for total, outcomes in ((all_here, host), (all_there, there)):
                total.update("".join(f"{o} {p}\n" for p, o in outcomes.by_path.items()).encode())
            difference = first_difference(host, there)
            note = f", {there.not_compared} questions not compared with oracles there" if there.not_compared else ""
            print(f"{target}: {len(there.by_path)} inputs, {there.digest}, {'DIFFERS' if difference else 'as here'}{note}", flush=True)
            if difference:
                faults.append(f"{target} on {machine}: {difference}")
        print(f"{machine}: {measured} of {len(hosts)} targets, outcomes {all_there.hexdigest()[:32]}, here {all_here.hexdigest()[:32]}")
        path, planted = planted_outcome(hosts[PLANTED])
        if not (first_difference(hosts[PLANTED], planted) or "").startswith(f"{path}: "):
            faults.append(f"the planted outcome of {path} was not named")
        seen, big = plant_byte_order(builder, qemu, hosts[PLANTED]), big_endian(compiler)
        print(f"planted: an outcome, and named {path}; loads in the machine's byte order, {seen or 'and rightly not seen'}")
        if bool(seen) != big:
            faults.append(f"loads in the machine's byte order were {'' if seen else 'not '}seen on a {'big' if big else 'little'}-endian machine")
    print(f"{sum(os.times()[:4]):.0f} CPU seconds")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults or not measured else 0


if __name__ == "__main__":
    if len(sys.argv) < 6:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
