#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The backends of a machine, built without Bazel: which are in the library under each build flag, and which run on each processor.
# With a flag the library must link, and its list must be what is expected; on a processor (qemu's -cpu) the expected ones must run
# and no other, agree with the portable one (tests/backends_test.c), and pass the vectors.
# usage: backends.sh CC QEMU|native [--cpu NAME=BACKEND,...] [--without NAME=BACKEND,...] FILE...
#        FILE: of the library, of the vectors' runner, of tests and fuzz, headers too
set -euo pipefail
cc=$(realpath "$1") qemu=$2
shift 2
cpus=() withouts=()
while :; do
    case "$1" in
    --cpu) cpus+=("$2") ;;
    --without) withouts+=("$2") ;;
    *) break ;;
    esac
    shift 2
done
library=() runner=() tests=()
for file in "$@"; do
    case "$file" in
    */lib/*.c | lib/*.c) library+=("$file") ;;
    *vectors/*.c) runner+=("$file") ;;
    *.c) tests+=("$file") ;;
    esac
done
for count in "${#library[@]}" "${#runner[@]}" "${#tests[@]}"; do
    [ "$count" -gt 0 ] || { echo "sources are missing"; exit 1; }
done
out=$(mktemp -d "${TEST_TMPDIR:-/tmp}/backends.XXXXXX")
trap 'rm -rf "$out"' EXIT
link=() run=()
if [ "$qemu" != native ]; then
    link=(-static)
    run=("$(realpath "$qemu")")
fi
includes=(-I. -I"${library[0]%%lib/*}lib/include" -Ivectors)

# compile_library FLAG...: its objects, two at a time.
compile_library() {
    local folder=$out/lib source
    rm -rf "${folder:?}"
    mkdir "$folder"
    for source in "${library[@]}"; do
        printf '%s\0' "$source" -o "$folder/$(tr / _ <<<"${source%.c}").o"
    done | xargs -0 -P 2 -n 3 "$cc" -std=c11 -Os "$@" "${includes[@]}" -c
}

# listed PROGRAM [STATE]: the backends that it prints, or those in that state, joined by commas.
listed() { sed -nE "s/^backend (\S+): ${2-.*}\$/\1/p" "$1" | paste -sd,; }

expect() {
    [ "$2" = "$3" ] || { echo "$1: backends $3, not $2"; exit 1; }
    echo "$1: $3"
}

for without in "${withouts[@]}"; do
    flag=CSIGN_${without%%=*}
    compile_library "-D$flag"
    # Only the list: what it computes is no other than without the flag.
    "$cc" -std=gnu11 -O1 -DLIST_ONLY=1 "${link[@]}" "${includes[@]}" "${tests[@]}" "$out"/lib/*.o -o "$out/list"
    "${run[@]}" "$out/list" >"$out/log" 2>&1 || { cat "$out/log"; exit 1; }
    expect "-D$flag" "${without#*=}" "$(listed "$out/log")"
done

compile_library
"$cc" -std=gnu11 -O2 "${link[@]}" "${includes[@]}" "${tests[@]}" "$out"/lib/*.o -o "$out/backends_test"
"$cc" -std=c11 -O2 "${link[@]}" "${includes[@]}" "${runner[@]}" "$out"/lib/*.o -o "$out/runner"
for cpu in "${cpus[@]}"; do
    for program in backends_test runner; do
        QEMU_CPU=${cpu%%=*} "${run[@]}" "$out/$program" >"$out/$program.log" 2>&1 || { cat "$out/$program.log"; exit 1; }
    done
    expect "${cpu%%=*}" "${cpu#*=}" "$(listed "$out/backends_test.log" run)"
    sed -n "/^backend .*NOT RUN/p" "$out/backends_test.log"
    tail -n 1 "$out/runner.log"
done
