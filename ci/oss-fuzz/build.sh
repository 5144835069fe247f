#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What OSS-Fuzz and ClusterFuzzLite run in their build image: every fuzz target into $OUT, by compile.py beside this file. Their
# environment says with what: CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE OUT SRC SANITIZER FUZZING_ENGINE ARCHITECTURE.
# usage: build.sh [TARGET...]
set -euo pipefail
for name in CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE OUT SRC SANITIZER FUZZING_ENGINE ARCHITECTURE; do
    if [ -z "${!name+set}" ]; then
        echo "build.sh: $name is not set; this script is for OSS-Fuzz's build image, ci/oss-fuzz/test runs it elsewhere" >&2
        exit 2
    fi
done
project=$SRC/countersign
if [ ! -f "$project/ci/oss-fuzz/compile.py" ]; then
    echo "build.sh: no countersign in SRC=$SRC" >&2
    exit 2
fi
exec python3 -B "$project/ci/oss-fuzz/compile.py" "$project" "$@"
