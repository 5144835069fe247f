#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ClusterFuzzLite builds as OSS-Fuzz does.
exec "$SRC/countersign/ci/oss-fuzz/build.sh"
