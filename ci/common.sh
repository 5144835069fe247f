# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What ci/test and ci/gates share: parts that leave a result file, their seconds, and the count at the end.
# BAZEL may name the command ("bazel --output_base=/somewhere"); the server is shut down at the end
# unless keep_server is set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

read -r -a bazel <<<"${BAZEL:-bazel}"
results=$(mktemp -d)
started=$SECONDS
ending() {
    [ -n "${keep_server-}" ] || "${bazel[@]}" shutdown >/dev/null 2>&1 || true
    rm -rf "$results"
}
trap ending EXIT
# Links left by a build with another output base (a copied checkout) would be taken for packages.
find . -maxdepth 1 -type l -name 'bazel-*' -delete

# usage: the comment at the head of the script that runs.
usage() {
    sed -n '3,/^set/s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

# part NAME SECONDS-OF-START EXIT: the line that closes a part.
part() { printf '== %s: %d s%s\n' "$1" $((SECONDS - $2)) "$([ "$3" = 0 ] || echo ", exit $3")"; }

# suite NAME ARGUMENTS...: `bazel test`, its results under the configuration's name. Downloads are refused.
suite() {
    local name=$1 from=$SECONDS code=0
    shift
    printf '\n== %s\n' "$name"
    "${bazel[@]}" test --noshow_progress --color=no --curses=no --keep_going --test_summary=terse --show_result=0 \
        --experimental_downloader_config=ci/offline.cfg --build_event_json_file="$results/$name.bep.json" "$@" || code=$?
    echo "$code" >"$results/$name.exit"
    [ -e "$results/$name.bep.json" ] || : >"$results/$name.bep.json"
    part "$name" "$from" "$code"
}

# check NAME COMMAND...: a script as a named check; exit 77 means skipped.
check() {
    local name=$1 from=$SECONDS code=0
    shift
    printf '\n== %s\n' "$name"
    "$@" || code=$?
    printf '{"name": "%s", "exit": %d}\n' "$name" "$code" >"$results/$name.script.json"
    part "$name" "$from" "$code"
}

# finish LIST [--accept]: the count, read from the result files; its exit code is the run's.
finish() {
    local code=0
    printf '\n== total: %d s\n' $((SECONDS - started))
    /usr/bin/python3 ci/tally.py "$results" "$@" || code=$?
    exit "$code"
}
