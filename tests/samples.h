/* SPDX-License-Identifier: Apache-2.0 */
/* Messages and keys that several tests use. */
#ifndef COUNTERSIGN_TESTS_SAMPLES_H
#define COUNTERSIGN_TESTS_SAMPLES_H

#include <countersign/countersign.h>

static const csign_signing_algorithm sample_algorithms[3] = {CSIGN_HMAC_SHA256, CSIGN_AES_CMAC, CSIGN_AES_GMAC};

static const uint8_t sample_key[16] = {0xC3, 0x51, 0x0D, 0x9E, 0x74, 0x2F, 0xB8, 0x66,
                                       0x1A, 0xE5, 0x03, 0xD7, 0x48, 0x9C, 0x2B, 0xF0};

/* Fills message with the request of an ordinary session, len bytes of it, at least 64. */
static inline void sample_message(uint8_t *message, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        message[i] = i < 64 ? 0 : (uint8_t)(7 * i + 1);
    }
    message[0] = 0xFE;
    message[1] = 'S';
    message[2] = 'M';
    message[3] = 'B';
    message[4] = 64;
    message[12] = CSIGN_COMMAND_LOGOFF;
    message[24] = 5;    /* MessageId */
    message[40] = 0x31; /* SessionId */
}

static inline csign_bytes sample_bytes(const uint8_t *data, size_t len)
{
    csign_bytes bytes = {len == 0 ? NULL : data, len};
    return bytes;
}

#endif
