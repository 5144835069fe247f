/* SPDX-License-Identifier: Apache-2.0 */
/* Keytabs as a source of session keys: Kerberos logons whose tickets they decrypt, through MIT's libkrb5. Apart from the rest, so that only
   the command needs that library. */
#ifndef COUNTERSIGN_TOOLS_KEYTAB_H
#define COUNTERSIGN_TOOLS_KEYTAB_H

#include "key_source.h"

/* keytab_source opens count files. NULL: error says which is not to be used and why. */
key_source *keytab_source(const char *const *names, size_t count, char *error, size_t error_len);

#endif
