#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The table runs the same tests as the files: the counts of both runners are the same lines.
# usage: counts_test.sh JSON_RUNNER TABLE_RUNNER FILE.json...
set -euo pipefail
json=$1 table=$2
shift 2
diff <("$json" "$@") <("$table") || { echo "the table (>) does not run what the files (<) hold" >&2; exit 1; }
"$table"
