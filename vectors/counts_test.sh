#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The table runs the same tests as the files, and the README says how many: the same lines.
# usage: counts_test.sh JSON_RUNNER TABLE_RUNNER README FILE.json...
set -euo pipefail
json=$1 table=$2 readme=$3
shift 3
diff <("$json" "$@") <("$table") || { echo "the table (>) does not run what the files (<) hold" >&2; exit 1; }
"$table"
diff <(grep -E ' tests: .* valid, .* invalid, ' "$readme") <("$table") || { echo "$readme (<) is not up to date" >&2; exit 1; }
