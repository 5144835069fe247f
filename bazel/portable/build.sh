#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the library as somebody without Bazel would, `cc -std=c11 -O2 -Ilib/include -c`, with every warning an error; looks at
# what the objects hold; links a ten-line program and the vectors' runner to them and runs both, under qemu for another machine.
# usage: build.sh CC QEMU|native OBJECTS_SH TEN_LINES RUNNER_FILE... -- LIBRARY_FILE...     (headers among the files are only there)
set -euo pipefail
cc=$(realpath "$1") qemu=$2 objects_sh=$3 ten_lines=$4
shift 4
runner=() library=()
while [ "$1" != -- ]; do
    case "$1" in *.c) runner+=("$1") ;; esac
    shift
done
shift
for source in "$@"; do case "$source" in *.c) library+=("$source") ;; esac; done
[ "${#library[@]}" -gt 0 ] || { echo "no library sources"; exit 1; }
# shellcheck source=bazel/portable/objects.sh
. "$objects_sh"

out=$(mktemp -d "${TEST_TMPDIR:-/tmp}/portable.XXXXXX")
trap 'rm -rf "$out"' EXIT
include=${library[0]%%lib/*}lib/include
link=() run=()
if [ "$qemu" != native ]; then
    link=(-static)
    run=("$(realpath "$qemu")")
fi

"$cc" --version | head -n 1
objects=()
for source in "${library[@]}"; do
    object=$out/$(tr / _ <<<"${source%.c}").o
    "$cc" -std=c11 -O2 -Wall -Wextra -Wconversion -Werror -I"$include" -c "$source" -o "$object"
    objects+=("$object")
done
objects_clean "${objects[@]}"
echo "${#objects[@]} objects: no warning, nothing writable but the word in cpu.c, only the four memory functions undefined"

# The same look must find what was planted, in a file of the name $4.
planted() {
    local object=$out/planted/${4-lib_planted}.o
    mkdir -p "$out/planted"
    echo "$2" >"$out/planted.c"
    "$cc" -std=c11 -O2 -c "$out/planted.c" -o "$object"
    if objects_clean "$object" >"$out/planted.log"; then echo "planted $1 was not seen"; exit 1; fi
    grep -q "$3" "$out/planted.log" || { echo "planted $1 was not named:"; cat "$out/planted.log"; exit 1; }
}
planted "written static" 'static int n; int f(void) { return ++n; }' '\.bss'
planted "initialised static" 'static int n = 1; int f(void) { return ++n; }' '\.data'
planted "allocation" 'void *malloc(__SIZE_TYPE__); void *f(void) { return malloc(1); }' 'undefined symbol malloc'
planted "getauxval" 'unsigned long getauxval(unsigned long); unsigned long f(void) { return getauxval(16); }' 'undefined symbol getauxval'
planted "second word" 'static int n, m; int f(void) { return ++n + ++m; }' '\.s\{0,1\}bss' lib_crypto_cpu
planted "initialised word" 'static int n = 1; int f(void) { return ++n; }' 'data' lib_crypto_cpu
planted "allocation beside the word" 'void *malloc(__SIZE_TYPE__); void *f(void) { return malloc(1); }' 'undefined symbol malloc' lib_crypto_cpu

"$cc" -std=c11 -O2 "${link[@]}" -I"$include" "$ten_lines" "${objects[@]}" -o "$out/ten_lines"
"${run[@]}" "$out/ten_lines"
echo "the ten-line program signs and verifies"

if [ "${#runner[@]}" -gt 0 ]; then
    "$cc" -std=c11 -O2 "${link[@]}" -I"$include" -Ivectors "${runner[@]}" "${objects[@]}" -o "$out/runner"
    "${run[@]}" "$out/runner"
fi
