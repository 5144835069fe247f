/* SPDX-License-Identifier: Apache-2.0 */
/* Names of files, UTF-16LE as they are on the wire: what may be one, when two are the same, and patterns of them (MS-FSCC 2.1.5,
   MS-FSA 2.1.4.4). */
#ifndef SERVER_NAME_H
#define SERVER_NAME_H

#include <stdbool.h>

#include <countersign/bytes.h>

#define MAX_NAME 510u /* bytes of one component: 255 characters */

/* name_fold writes name in capitals, one unit into one: equal for names that differ in case alone. */
void name_fold(uint8_t *out, csign_bytes name);
/* name_valid: whether name can be a component of a path. */
bool name_valid(csign_bytes name);
bool name_is(csign_bytes name, const char *ascii);
/* name_matches takes the wildcards * ? and DOS's < > ". Both are folded; pattern is at most MAX_NAME bytes. *steps grows by what it took: at
   most the product of their characters, with one more each. */
bool name_matches(csign_bytes pattern, csign_bytes name, size_t *steps);

#endif
