/* SPDX-License-Identifier: Apache-2.0 */
/* The input files behind the paths of a command line, in the order of their names, folders within folders included. */
#ifndef FUZZ_INPUTS_H
#define FUZZ_INPUTS_H

#include <stddef.h>
#include <stdint.h>

/* inputs_each calls use for every file at path, whole, however large, in a heap block of
   exactly its size, and returns how many there were. A path that cannot be
   read ends the process with exit code 2: a missing folder is no empty folder. */
size_t inputs_each(const char *path, void (*use)(const char *path, const uint8_t *data, size_t size, void *with),
                   void *with);

/* inputs_require ends the process with exit code 2 unless each path (not starting with '-') exists, there is one at least,
   each holds an input at least and none of the inputs is longer than max_len. */
void inputs_require(int count, char *const *paths, size_t max_len);

#endif
