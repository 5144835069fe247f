#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A dictionary must mean the same to both engines: libFuzzer and AFL++ each parse it here, must find as many words as it has
# lines with one, and must both refuse it when a line is broken.
# usage: dict_test.sh CLANG AFL_FUZZ DICTIONARY
set -euo pipefail

clang=$(readlink -f "$1") afl_fuzz=$(readlink -f "$2") dict=$(readlink -f "$3")
work=$(mktemp -d "${TEST_TMPDIR:-/tmp}/dict.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/in"
echo input >"$work/in/one"
cat >"$work/target.c" <<'C'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)data, (void)size;
    return 0;
}
C
"$clang" -fsanitize=fuzzer "$work/target.c" -o "$work/target"

# Each prints how many words it found; its exit code says whether it took the dictionary.
libfuzzer() {
    "$work/target" -runs=0 -dict="$1" "$work/in" >"$work/libfuzzer.log" 2>&1 || return 1
    sed -n 's/^Dictionary: \([0-9]*\) entries$/\1/p' "$work/libfuzzer.log"
}
afl() {
    rm -rf "$work/out"
    AFL_NO_UI=1 AFL_NO_COLOR=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        "$afl_fuzz" -n -V 1 -x "$1" -i "$work/in" -o "$work/out" -- /bin/true >"$work/afl.log" 2>&1 || return 1
    # AFL++ only warns about a line that it skips, and counts a word that it has already once.
    ! grep -q 'WARNING.* in line' "$work/afl.log" || return 1
    sed -n 's/.*Loaded a total of \([0-9]*\) extras.*/\1/p' "$work/afl.log"
}

fail() {
    echo "$dict: $*" >&2
    tail -n 12 "$work"/*.log >&2
    exit 1
}

words=$(grep -c '^[A-Za-z0-9_]*="' "$dict") || fail "no words in it"
[ "$(grep -cv -e '^#' -e '^$' "$dict")" = "$words" ] || fail "a line is no word, no comment and not empty"
[ "$(libfuzzer "$dict")" = "$words" ] || fail "libFuzzer does not read $words words from it"
[ "$(afl "$dict")" = "$words" ] || fail "AFL++ does not read $words words from it"

for broken in 'no_quotes=abc' 'open="abc' 'bad_escape="\xZZ"'; do
    { cat "$dict" && echo "$broken"; } >"$work/broken.dict"
    ! libfuzzer "$work/broken.dict" >/dev/null || fail "libFuzzer takes the broken line $broken"
    ! afl "$work/broken.dict" >/dev/null || fail "AFL++ takes the broken line $broken"
done
echo "$words words, by libFuzzer and by AFL++; 3 broken lines refused by both"
