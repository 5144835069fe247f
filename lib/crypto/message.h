/* SPDX-License-Identifier: Apache-2.0 */
/* What the keyed primitives authenticate, in the form in which every backend takes it: pieces in the caller's memory, from which a
   backend loads into registers, without a copy in between. */
#ifndef COUNTERSIGN_CRYPTO_MESSAGE_H
#define COUNTERSIGN_CRYPTO_MESSAGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../include/countersign/bytes.h"
#include "../octets.h"

/* csign_message: the header, if there is one, and then the parts joined, empty ones among them. header is NULL or 64 bytes, of
   which every backend reads byte 16 with the bit 0x08 set and bytes 48..63 as zeros: an SMB2 header as it is when it is signed
   (MS-SMB2 3.1.4.1). So neither signing nor verifying needs a second header. */
typedef struct csign_message {
    const uint8_t *header;
    const csign_bytes *parts;
    size_t part_count;
} csign_message;

enum { MESSAGE_HEADER = 64, MESSAGE_FLAG_AT = 16, MESSAGE_FLAG = 0x08, MESSAGE_ZEROS_AT = 48 };

/* csign_nonce: the 12 bytes of a GMAC nonce as two integers, the first byte lowest in both: eight bytes, then four. By value, because
   what was stored in two pieces loads slowly as one. */
typedef struct csign_nonce {
    uint64_t low;
    uint32_t high;
} csign_nonce;

static inline csign_nonce csign_nonce_load(const uint8_t nonce[12])
{
    return (csign_nonce){csign_load_le64(nonce), csign_load_le32(nonce + 8)};
}

/* csign_mac_job: one message of a batch. The caller wipes mac: of a forged message it is the right signature. */
typedef struct csign_mac_job {
    const void *key; /* csign_hmac_key, csign_cmac_key or csign_gmac_key, of the backend that is given the job */
    csign_message message;
    size_t len;        /* of the whole message, in bytes */
    csign_nonce nonce; /* for GMAC */
    uint8_t mac[32];   /* of CMAC and GMAC, the first 16 */
} csign_mac_job;

/* csign_message_header copies the header as it is when it is signed. Eight bytes at a time, because a single byte stored into them
   would make a processor that loads them soon wait. */
static inline void csign_message_header(uint8_t out[64], const uint8_t *header)
{
    static const uint8_t flag_bytes[8] = {MESSAGE_FLAG};
    uint64_t flag, word;
    memcpy(&flag, flag_bytes, sizeof flag);
    memcpy(&word, header + MESSAGE_FLAG_AT, sizeof word);
    word |= flag;
    memcpy(out, header, MESSAGE_ZEROS_AT);
    memcpy(out + MESSAGE_FLAG_AT, &word, sizeof word);
    memset(out + MESSAGE_ZEROS_AT, 0, MESSAGE_HEADER - MESSAGE_ZEROS_AT);
}

#endif
