/* SPDX-License-Identifier: Apache-2.0 */
/* Opens an oracle's shared object. */
#ifndef ORACLE_LOAD_H
#define ORACLE_LOAD_H

#include "oracle.h"

/* oracle_load finds liboracle_NAME.so and opens it for the life of the process. It looks in $CSIGN_ORACLE_DIR alone if that is
   set; else in the test's runfiles, then beside the executable, in lib/ there, and in ../oracle (a Bazel output folder).
   NULL with a message in error. */
const struct oracle *oracle_load(const char *name, char error[512]);

#endif
