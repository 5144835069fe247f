/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces that several structures of MS-FSCC 2.4 and several commands have in common. */
#ifndef SERVER_INFO_H
#define SERVER_INFO_H

#include "share.h"

/* Numbers that stand for this volume. */
#define VOLUME_SERIAL 0xC057516Eu
#define VOLUME_LABEL "countersign"

/* info_times: creation, access, write, change: 32 bytes. */
void info_times(uint8_t *out, const struct node *node);
/* info_sizes: allocation size, end of file: 16 bytes. */
void info_sizes(uint8_t *out, const struct node *node);
/* info_standard: FileStandardInformation, 24 bytes. */
void info_standard(uint8_t *out, const struct node *node);
/* info_utf16 writes 2 * strlen(ascii) bytes. */
void info_utf16(uint8_t *out, const char *ascii);

#endif
