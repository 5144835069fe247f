#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The threads' test, built with TSan and a library in which one buffer on the stack was made static, must be reported.
# Usage: race_planted_test.sh PROGRAM
set -eu
code=0
output=$(TSAN_OPTIONS=exitcode=66 "$1" 2>&1) || code=$?
[ "$code" = 66 ] || {
    printf '%s\nexit %s: the planted static was not reported\n' "$output" "$code" >&2
    exit 1
}
case $output in
*'ThreadSanitizer: data race'*tag*) ;;
*)
    printf '%s\nTSan reported something else\n' "$output" >&2
    exit 1
    ;;
esac
