#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ci/size holds the portable backend to its limit, and prints a line for each backend and algorithm. usage: size_test.sh SIZE
set -euo pipefail
if "$1" --most 1000 >"$TEST_TMPDIR/log" 2>&1; then echo "a limit of 1000 bytes was kept"; exit 1; fi
grep "the portable backend alone takes .* more than 1000" "$TEST_TMPDIR/log"
"$1" | tee "$TEST_TMPDIR/log"
[ "$(grep -c "^| portable |" "$TEST_TMPDIR/log")" = 3 ] || { echo "not every algorithm was measured"; exit 1; }
