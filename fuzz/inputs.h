/* SPDX-License-Identifier: Apache-2.0 */
/* The input files behind the paths of a command line, in the order of their names, folders within folders included. */
#ifndef FUZZ_INPUTS_H
#define FUZZ_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* inputs_each calls use for every file at path, whole, however large, in a heap block of exactly its size, and returns how many
   there were; backward: in reverse order. What cannot be read, or is neither file nor folder, ends the process with exit code 2:
   a missing folder is no empty folder. */
size_t inputs_each(const char *path, bool backward,
                   void (*use)(const char *path, const uint8_t *data, size_t size, void *with), void *with);

/* inputs_check ends the process with exit code 2 if an input behind the paths (those not starting with '-') is longer than
   max_len; with require also unless there is a path, each exists and each holds an input. */
void inputs_check(int count, char *const *paths, size_t max_len, bool require);

#endif
