#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each adapter exports one symbol and binds to its own library; the program that asks them links no crypto.

Two of the libraries define the same symbols. Were one adapter's calls bound to another's library, the oracles would agree
because they were the same. The dynamic loader itself says where each symbol went (LD_DEBUG=bindings).
usage: isolation_test.py PROGRAM ADAPTER...
"""
import os
import re
import subprocess
import sys

LINKERS_OWN = {"__bss_start", "_edata", "_end"}
BINDING = re.compile(r"binding file (\S+) \[\d+\] to (\S+) \[\d+\]: \w+ symbol `([^']+)'")


def output(*command, **env):
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def closure(path):
    """The files that the loader brings along with path."""
    text = output("ldd", path)
    return {os.path.realpath(m) for m in re.findall(r"^\s*(?:\S+ => )?(/\S+) \(0x", text, re.M)}


def main():
    program, adapters = sys.argv[1], sys.argv[2:]
    failed = []
    base = closure(program)
    own = {}
    for adapter in adapters:
        exported = {line.split()[-1] for line in output("nm", "-D", "--defined-only", adapter).splitlines()}
        if exported - LINKERS_OWN != {"csign_oracle"}:
            failed.append(f"{adapter} exports {exported}")
        own[os.path.realpath(adapter)] = closure(adapter) - base | {os.path.realpath(adapter)}
    crypto = set().union(*own.values())
    if crypto & base:
        failed.append(f"{program} links {crypto & base}")

    bindings = BINDING.findall(output(program, "--only=0", LD_DEBUG="bindings"))
    counts = dict.fromkeys(own, 0)
    for source, target, symbol in bindings:
        source, target = os.path.realpath(source), os.path.realpath(target)
        allowed = base.union(*(files for files in own.values() if source in files))
        if target in crypto and target not in allowed:
            failed.append(f"{symbol}: {source} is bound to {target}")
        for adapter, files in own.items():
            counts[adapter] += source in files and target in files
    for adapter, count in counts.items():
        print(f"{os.path.basename(adapter)}: {count} symbols bound within {sorted(own[adapter])}")
        if count == 0 or len(own[adapter]) < 2:
            failed.append(f"{adapter}: no bindings to a library of its own seen")
    for what in failed:
        print(f"FAILED: {what}")
    print(f"{len(adapters)} adapters, {len(bindings)} bindings, {len(failed)} failed")
    sys.exit(1 if failed or not adapters else 0)


main()
