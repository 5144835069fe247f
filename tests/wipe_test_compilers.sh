#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# wipe_test with each compiler and level: what an optimiser leaves of a secret is its own decision. Each file by itself, as the library is built;
# link-time optimisation is not covered, and SECURITY.md says so.
# Usage: wipe_test_compilers.sh TEST.c SOURCES... -- COMPILERS...
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sources=() compilers=() runs=0 include=
for argument in "$@"; do
    case "$argument" in
    --) compilers=(start) ;;
    *.h)
        case "$argument" in */include/countersign/countersign.h) include=${argument%/countersign/countersign.h} ;; esac
        ;;
    *) if [ ${#compilers[@]} -gt 0 ]; then compilers+=("$argument"); else sources+=("$argument"); fi ;;
    esac
done
if [ -z "$include" ] || [ ${#compilers[@]} -lt 2 ]; then
    echo "no headers, or no compilers" >&2
    exit 2
fi
for compiler in "${compilers[@]:1}"; do
    for level in -O2 -O3; do
        "$compiler" -std=c11 "$level" -I"$include" -I"${include%lib/include}." "${sources[@]}" -o "$folder/wipe"
        echo "$compiler $level"
        "$folder/wipe"
        runs=$((runs + 1))
    done
done
[ "$runs" -ge 6 ] || {
    echo "only $runs runs: two levels of three compilers are expected" >&2
    exit 1
}
