#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the cases and the library with a plain compiler for another machine, runs them under qemu, and demands the digests that
# an oracle's answers gave here. usage: digest_test.sh CC QEMU DIGESTS CASES SOURCE...
set -euo pipefail
cc=$1 qemu=$2 digests=$3 cases=$4
shift 4
out=$(mktemp -d "${TEST_TMPDIR:-/tmp}/digest.XXXXXX")
trap 'rm -rf "$out"' EXIT
sources=()
for source in "$@"; do case "$source" in *.c) sources+=("$source") ;; esac; done
[ "${#sources[@]}" -gt 0 ] || { echo "no sources"; exit 1; }
"$cc" --version | head -n 1
"$cc" -std=c11 -O2 -static -I. -Ilib/include "${sources[@]}" -o "$out/digest"
"$qemu" "$out/digest" "$digests" "$cases"
# The same look must fail where another digest is committed.
sed -E 's/[0-9a-e]$/f/; t; s/f$/e/' "$digests" >"$out/wrong"
if "$qemu" "$out/digest" "$out/wrong" "$cases" sha512 >"$out/log" 2>&1; then echo "a wrong digest was not seen"; exit 1; fi
grep -q 'another digest for sha512' "$out/log" || { cat "$out/log"; exit 1; }
