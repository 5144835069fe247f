#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The stamp of a system library or tool names the file that is installed now. usage: check.sh STAMP
set -euo pipefail
stamp=$1
[ -s "$stamp" ] || { echo "$stamp: empty stamp" >&2; exit 1; }
while IFS=$'\t' read -r path version sha; do
    now=$(sha256sum "$path" | cut -d ' ' -f 1)
    echo "$path ($version) $sha"
    [ "$now" = "$sha" ] || { echo "$path: is $now now; run 'bazel shutdown' and test again" >&2; exit 1; }
done <"$stamp"
