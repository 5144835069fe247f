#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The runner refuses each defective file of testdata/ with the message that defects.txt gives, and runs the good one.
# usage: runner_test.sh RUNNER TESTDATA_FILE...
set -euo pipefail
runner=$1
shift
declare -A path
for file in "$@"; do path[${file##*/}]=$file; done
output=$(mktemp)
trap 'rm -f "$output"' EXIT
bad=0 seen=0

while IFS=$'\t' read -r name message; do
    status=0
    "$runner" "${path[$name]:?$name is not there}" >"$output" 2>&1 || status=$?
    if [ "$status" != 1 ] || ! grep -qF -- "$message" "$output"; then
        echo "$name: exit $status, expected 1 and: $message"
        cat "$output"
        bad=$((bad + 1))
    fi
    unset "path[$name]"
    seen=$((seen + 1))
done <"${path[defects.txt]}"
unset "path[defects.txt]"

"$runner" "${path[good.json]}" || { echo "good.json must pass"; bad=$((bad + 1)); }
"$runner" /nonexistent.json >"$output" 2>&1 && { echo "a missing file must fail"; bad=$((bad + 1)); }
"$runner" >"$output" 2>&1 && { echo "no file must fail"; bad=$((bad + 1)); }
unset "path[good.json]"
[ "${#path[@]}" = 0 ] || { echo "not in defects.txt: ${!path[*]}"; bad=$((bad + 1)); }
[ "$seen" -gt 0 ] || { echo "no defects"; bad=$((bad + 1)); }
echo "$seen defective files, $bad not refused as they should be"
[ "$bad" = 0 ]
