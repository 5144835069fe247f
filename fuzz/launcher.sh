#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs one fuzz target with the engine that it was built for; flags as rules_fuzzing's launcher has them. What starts it is
#   bazel run --config=asan-ubsan-libfuzzer //fuzz:T_run -- --timeout_secs=60        libFuzzer
#   bazel run --config=afl //fuzz:T_run -- --timeout_secs=60                         AFL++; or afl-asan, afl-laf, afl-cmplog
#   --timeout_secs=N   stop after N seconds (default: never)
#   --corpus_dir=DIR   where new inputs go (default: $TMPDIR/countersign-fuzz/T/corpus), from both engines and for both
#   --clean            start without the inputs of earlier runs
#   --cmplog=BINARY    AFL++: the target as --config=afl-cmplog builds it, beside this one. Built so itself, it serves for both
#   --no-mutator       the engine's own mutations alone, without the target's structure-aware mutator
#   -- FLAGS           for the engine itself
# The exit code is not 0 if there are findings, which are in $TMPDIR/countersign-fuzz/T/findings; after Ctrl-C it is the engine's,
# libFuzzer's 72, AFL++'s 0.
set -euo pipefail

binary=$1
shift
name=$(basename "$binary" _bin)
work=${TMPDIR:-/tmp}/countersign-fuzz/$name
corpus=$work/corpus
clean='' seconds='' dict='' mutator='' cmplog='' alone=''
libfuzzer_flags=() afl_flags=() seeds=()

stop() {
    echo "$name: $*" >&2
    exit 2
}

# A path as whoever called `bazel run`, which starts this in a folder of its own, means it.
from_caller() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "${BUILD_WORKING_DIRECTORY:-$PWD}/$1" ;;
    esac
}

while [ $# -gt 0 ]; do
    case $1 in
    # from the BUILD file; corpus/T need not be there
    --libfuzzer=*) libfuzzer_flags+=("${1#*=}") ;;
    --afl=*) afl_flags+=("${1#*=}") ;;
    --dict=*) dict=${1#*=} ;;
    --mutator=*) mutator=${1#*=} ;;
    --seeds=*) seeds+=("${1#*=}") ;;
    --if_there=*) [ ! -d "${1#*=}" ] || seeds+=("${1#*=}") ;;
    # from whoever runs it
    --timeout_secs=*) seconds=${1#*=} ;;
    --corpus_dir=*) corpus=$(from_caller "${1#*=}") ;;
    --clean) clean=1 ;;
    --cmplog=*) cmplog=$(from_caller "${1#*=}") ;;
    --no-mutator) alone=1 ;;
    --)
        shift
        break
        ;;
    *) stop "unknown flag $1 (known: --timeout_secs=N --corpus_dir=DIR --clean --cmplog=BINARY --no-mutator -- FLAGS)" ;;
    esac
    shift
done
[[ $seconds =~ ^([1-9][0-9]*)?$ ]] || stop "--timeout_secs=$seconds is no number of seconds from 1 on"
[ -z "$cmplog" ] || [ -x "$cmplog" ] || stop "--cmplog=$cmplog is no program"
[ ! -e "$corpus" ] || [ -d "$corpus" ] || stop "--corpus_dir=$corpus is no folder"
[ -z "$dict" ] || [ -r "$dict" ] || stop "the dictionary $dict is not there"

built_with() { grep -acF "$1" "$binary" >/dev/null; }

if [ -n "$clean" ] && [ -d "$corpus" ]; then
    find "$corpus" -type f -delete
    rm -rf "$work/afl"
fi
mkdir -p "$corpus" "$work/findings" || stop "$corpus cannot be made"

libfuzzer() {
    [ -z "$cmplog" ] || stop "--cmplog is for AFL++"
    [ -z "$seconds" ] || libfuzzer_flags+=("-max_total_time=$seconds")
    [ -z "$dict" ] || libfuzzer_flags+=("-dict=$dict")
    [ -z "$alone" ] || libfuzzer_flags+=(--no_mutator)
    exec "$binary" -artifact_prefix="$work/findings/" -print_final_stats=1 "${libfuzzer_flags[@]}" "$@" "$corpus" "${seeds[@]}"
}

# keep PREFIX FOLDER FILE...: copies under the names that libFuzzer uses, those that are not there yet; says how many.
keep() {
    local prefix=$1 folder=$2 file to kept=0
    shift 2
    for file in "$@"; do
        to=$folder/$prefix$(sha1sum "$file" | cut -d ' ' -f 1)
        [ -e "$to" ] || { cp "$file" "$to" && kept=$((kept + 1)); }
    done
    echo "$kept"
}

# What AFL++ has found: new paths go to the corpus, crashes and hangs to the findings. Its copies of what it was given do not.
collect() {
    local found=$work/afl/default crashes hangs paths
    [ -d "$found" ] || return 0
    mapfile -t paths < <(find "$found/queue" -maxdepth 1 -name 'id:*' ! -name '*,orig:*' 2>/dev/null | sort)
    mapfile -t crashes < <(find "$found/crashes" -name 'id:*' 2>/dev/null | sort)
    mapfile -t hangs < <(find "$found/hangs" -name 'id:*' 2>/dev/null | sort)
    echo "$name: $(keep '' "$corpus" "${paths[@]}") new inputs in $corpus," \
        "$(($(keep crash- "$work/findings" "${crashes[@]}") + $(keep timeout- "$work/findings" "${hangs[@]}"))) new findings in $work/findings" >&2
    findings=$((${#crashes[@]} + ${#hangs[@]}))
}

afl() {
    local folder i findings=0 code=0 shown=()
    command -v afl-fuzz >/dev/null || stop "afl-fuzz is not installed (Debian package: afl++)"
    collect # of a run that was killed
    rm -rf "$work/afl" "$work/afl-in"
    mkdir -p "$work/afl-in"
    "$binary" --check_inputs "${seeds[@]}" "$corpus" || exit 2
    for folder in "${seeds[@]}" "$corpus"; do
        find -L "$folder" -type f -exec cp -n -t "$work/afl-in" {} +
    done
    # AddressSanitizer reserves terabytes of addresses: there the sanitizer's hooks count the memory, not the system.
    if built_with __asan_init; then
        for i in "${!afl_flags[@]}"; do
            [ "${afl_flags[i]}" != -m ] || afl_flags[i + 1]=none
        done
    fi
    [ -n "$cmplog" ] || ! built_with 'fuzz: built for cmplog' || cmplog=0
    [ -z "$seconds" ] || afl_flags+=(-V "$seconds")
    [ -z "$dict" ] || afl_flags+=(-x "$dict")
    [ -z "$cmplog" ] || afl_flags+=(-c "$cmplog")
    if [ -n "$mutator" ] && [ -z "$alone" ]; then
        export AFL_CUSTOM_MUTATOR_LIBRARY=$PWD/$mutator
    fi
    [ -t 1 ] || shown=(AFL_NO_UI=1)
    trap : INT TERM # afl-fuzz stops; what it found is still collected
    env AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 "${shown[@]}" \
        afl-fuzz "${afl_flags[@]}" "$@" -i "$work/afl-in" -o "$work/afl" -- "$binary" || code=$?
    collect
    [ "$code" = 0 ] || exit "$code"
    [ "$findings" = 0 ]
}

echo "$name: new inputs in $corpus, findings in $work/findings" >&2
if built_with '##SIG_AFL_PERSISTENT##'; then
    afl "$@"
elif "$binary" -help=1 2>&1 | grep -c max_total_time >/dev/null; then
    libfuzzer "$@"
else
    stop "built for no engine; use bazel run --config=asan-ubsan-libfuzzer //fuzz:${name}_run, or --config=afl"
fi
