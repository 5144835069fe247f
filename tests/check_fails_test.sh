#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The tests' CHECK fails under NDEBUG, which takes assert() away. Usage: check_fails_test.sh PROGRAM (built with NDEBUG)
set -eu
program=$1 bad=0
expect() { # expect EXIT ARGUMENT
    code=0
    "$program" "$2" 2>/dev/null || code=$?
    [ "$code" = "$1" ] || {
        echo "$2: exit $code, not $1" >&2
        bad=1
    }
}
expect 0 all-good
expect 0 assert # so NDEBUG is really on
for check in condition status bytes zero nothing; do
    expect 1 "$check"
done
exit $bad
