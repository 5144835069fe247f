#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs one fuzz target with the flags of rules_fuzzing's launcher: what `bazel run --config=asan-ubsan-libfuzzer //fuzz:T_run` starts.
#   --timeout_secs=N   stop after N seconds (default: never)
#   --corpus_dir=DIR   where new inputs go (default: $TMPDIR/countersign-fuzz/T/corpus)
#   --clean            start without the inputs of earlier runs
#   -- FLAGS           for libFuzzer itself
set -euo pipefail

binary=$1
shift
name=$(basename "$binary" _bin)
work=${TMPDIR:-/tmp}/countersign-fuzz/$name
corpus=$work/corpus
clean=
flags=() seeds=()
while [ $# -gt 0 ]; do
    case $1 in
    --flag=*) flags+=("${1#*=}") ;;
    --dict=*) flags+=("-dict=${1#*=}") ;;
    --timeout_secs=*) flags+=("-max_total_time=${1#*=}") ;;
    --corpus_dir=*) corpus=${1#*=} ;;
    --clean) clean=1 ;;
    --if_there=*) [ ! -d "${1#*=}" ] || seeds+=("${1#*=}") ;; # corpus/T, from the BUILD file, as is the folder of seeds
    --)
        shift
        break
        ;;
    fuzz/seeds/*) seeds+=("$1") ;;
    *)
        echo "$name: unknown flag $1 (known: --timeout_secs=N --corpus_dir=DIR --clean -- LIBFUZZER_FLAGS)" >&2
        exit 2
        ;;
    esac
    shift
done
if ! "$binary" -help=1 2>/dev/null | grep -c max_total_time >/dev/null; then
    echo "$name: built without libFuzzer; use bazel run --config=asan-ubsan-libfuzzer //fuzz:${name}_run" >&2
    exit 2
fi
if [ -n "$clean" ] && [ -d "$corpus" ]; then
    find "$corpus" -type f -delete
fi
mkdir -p "$corpus" "$work/findings"
echo "$name: new inputs in $corpus, findings in $work/findings" >&2
exec "$binary" -artifact_prefix="$work/findings/" -print_final_stats=1 "${flags[@]}" "$@" "$corpus" "${seeds[@]}"
