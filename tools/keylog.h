/* SPDX-License-Identifier: Apache-2.0 */
/* The session keys that were found, in the form of Wireshark's list of SMB2 session keys, which keyfile_read reads back. */
#ifndef COUNTERSIGN_TOOLS_KEYLOG_H
#define COUNTERSIGN_TOOLS_KEYLOG_H

#include <stdio.h>

#include "keyring.h"

/* keylog_write writes a line for each key of the list of rings that has proven itself or is beyond doubt: a session's own before its
   channels'. False: out cannot be written. */
bool keylog_write(FILE *out, const keyring *rings);

#endif
