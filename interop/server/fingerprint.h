/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in the log: by default only a fingerprint, by which two logs can be compared. */
#ifndef SERVER_FINGERPRINT_H
#define SERVER_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

/* fingerprint: the first 8 bytes of the key's SHA-512, in hexadecimal: 17 bytes of text. */
const char *fingerprint(char *text, const uint8_t *key, size_t len);

#endif
