/* SPDX-License-Identifier: Apache-2.0 */
/* countersign: SMB3 negotiate contexts, message signing and key derivation. This header includes all the others. */
#ifndef COUNTERSIGN_COUNTERSIGN_H
#define COUNTERSIGN_COUNTERSIGN_H

#include "bytes.h"
#include "crypto.h"
#include "keys.h"
#include "message.h"
#include "negotiate.h"
#include "preauth.h"
#include "sign.h"
#include "status.h"
#include "types.h"

#endif
