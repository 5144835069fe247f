/* SPDX-License-Identifier: Apache-2.0 */
/* FileRenameInformation (MS-FSCC 2.4.42.2, MS-FSA 2.1.5.14.11). */
#ifndef SERVER_RENAME_H
#define SERVER_RENAME_H

#include "open.h"

/* rename_open: data is at least the 20 bytes of the fixed part. */
uint32_t rename_open(struct open *open, csign_bytes data);

#endif
