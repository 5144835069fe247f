#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the seeds of the fuzz targets from captures and vectors; the same sources give the same files.

    seeds.py VECTORS OUT [TARGET...]     writes OUT/TARGET/SHA1 for each input; without TARGET for all of fuzz/targets.bzl

Seeds are made at build time (//fuzz:T_seeds) and not committed: corpus/ holds what adds to them. Every message of every capture
and every valid vector becomes a seed of each target it belongs to (seeds_captures.py, seeds_vectors.py). Nothing is left out: a
seed longer than its target's max_len, or for a target that is not in the table, is an error. Sequences of calls, segments that are
lost, refusals, mistaken signatures and a server's side are in no capture: seeds_calls.py, seeds_diagnose.py and seeds_server.py write some.
"""
import hashlib
import pathlib
import sys

import seeds_calls
import seeds_captures
import seeds_diagnose
import seeds_server
import seeds_vectors
from targets import TARGETS


def make(vectors):
    """{target: {name: input}} of all targets."""
    found = {t: {} for t in TARGETS}
    for source in (seeds_captures.seeds(vectors / "captures"), seeds_vectors.seeds(vectors), seeds_calls.written(), seeds_diagnose.written(),
                   seeds_server.written()):
        for target, data in source:
            if target not in TARGETS:
                raise SystemExit(f"fuzz/seeds.py: a seed for {target}, which is not in fuzz/targets.bzl")
            if len(data) > TARGETS[target]["max_len"]:
                raise SystemExit(f"{target}: a seed of {len(data)} bytes, over max_len {TARGETS[target]['max_len']} (fuzz/targets.bzl)")
            found[target][hashlib.sha1(data).hexdigest()] = data
    return found


def main(arguments):
    if len(arguments) < 2:
        raise SystemExit(__doc__)
    vectors, out, names = pathlib.Path(arguments[0]), pathlib.Path(arguments[1]), arguments[2:] or sorted(TARGETS)
    found = make(vectors)
    for name in names:
        if name not in found:
            raise SystemExit(f"fuzz/seeds.py: no target {name} in fuzz/targets.bzl")
        if not found[name]:
            raise SystemExit(f"{name}: captures and vectors give no seed")
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        for sha1, data in found[name].items():
            (folder / sha1).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
