#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An input's outcome depends on the input alone: each target answers the same to each of its inputs in their order, backward, and
each in a process of its own. planted_state.c, which remembers what came before, must be seen by both ways. And no target's code
calls what differs from run to run: its objects' undefined symbols tell.

usage: determinism_test.py PLANTED_BINARY SEEDS CORPUS BINARY... -- NM ARCHIVE...
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

# Time, chance, the process, its surroundings. The drivers use some of these; targets must not.
FORBIDDEN = set("""time time64 gettimeofday clock clock_gettime clock_nanosleep nanosleep sleep usleep times ftime localtime localtime_r
gmtime gmtime_r mktime rand rand_r srand random srandom drand48 lrand48 mrand48 srand48 getrandom getentropy arc4random
arc4random_buf arc4random_uniform getpid getppid gettid getuid geteuid gethostname uname getenv secure_getenv environ __environ
getcwd sysconf getrusage pthread_self pthread_create fork mkstemp tmpfile""".split())
WAYS = ([], ["--backward"], ["--apart"])


def outcomes(binary, way, paths):
    done = subprocess.run([binary, "--require_inputs", "--outcomes", *way, *paths], capture_output=True, text=True, errors="replace", check=False)
    found = dict(reversed(line) for line in (m.groups() for m in re.finditer(r"^([0-9a-f]{16}) (\S+)$", done.stdout, re.M)))
    if done.returncode or not found:
        raise SystemExit(f"{binary} {' '.join(way)}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return found


def differences(binary, paths):
    """(number of inputs, a line for each way that differs from the order of their names)"""
    forward, wrong = outcomes(binary, WAYS[0], paths), []
    for way in WAYS[1:]:
        other = outcomes(binary, way, paths)
        differing = sorted(p for p in forward if other.get(p) != forward[p]) + sorted(other.keys() - forward.keys())
        if differing:
            wrong.append(f"{pathlib.Path(binary).name} {way[0]}: {len(differing)} of {len(forward)} outcomes differ, first that of {differing[0]}")
    return len(forward), wrong


def paths_of(binary, seeds, corpus):
    target = pathlib.Path(binary).name.removesuffix("_bin")
    return [f"{seeds}/{target}", f"--if_there={corpus}/{target}"]


def calls(nm, archives):
    """A line for each forbidden symbol of an archive, and the number of those that were read."""
    wrong, read = [], 0
    for archive in archives:
        text = subprocess.run([nm, "-u", archive], capture_output=True, text=True, check=True).stdout
        symbols = {s.split("@")[0] for s in re.findall(r"^\s+[Uw] (\S+)$", text, re.M)}
        read += bool(symbols)
        wrong += [f"{archive}: calls {s}" for s in sorted(symbols & FORBIDDEN)]
    return wrong, read


def main(arguments):
    at = arguments.index("--")
    (planted, seeds, corpus, *binaries), (nm, *archives) = arguments[:at], arguments[at + 1:]
    wrong, inputs = [], 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found, faults in pool.map(lambda b: differences(b, paths_of(b, seeds, corpus)), binaries):
            inputs += found
            wrong += faults
    seen = differences(planted, [f"{seeds}/cmac_diff"])[1]
    if len(seen) != 2:
        wrong.append(f"planted state was not seen backward and apart: {seen}")
    limits = [a for a in archives if "planted_limits" in a]
    faults, read = calls(nm, [a for a in archives if a not in limits])
    wrong += faults
    if not limits or not any("clock_gettime" in line for line in calls(nm, limits)[0]):
        wrong.append("the clock that planted_limits.c reads was not seen")
    if not binaries or not read:
        wrong.append("no targets, or no archives")
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(binaries)} targets, {inputs} inputs, the same forward, backward and apart; {read} archives call nothing that varies; planted state and clock seen")
    return 1 if wrong else 0


if __name__ == "__main__":
    if "--" not in sys.argv:
        raise SystemExit(__doc__)
    sys.exit(main(sys.argv[1:]))
