/* SPDX-License-Identifier: Apache-2.0 */
/* All vectors as one array of characters; its form is told in table_main.c. */
#ifndef COUNTERSIGN_VECTORS_TABLE_H
#define COUNTERSIGN_VECTORS_TABLE_H

#include <stddef.h>

extern const char vectors_table[];
extern const size_t vectors_table_len;

#endif
