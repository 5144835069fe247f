/* SPDX-License-Identifier: Apache-2.0 */
/* One block of AES-128, plain and slow, to know beforehand which way a key's CMAC subkeys carry. */
#ifndef ORACLE_DIFFERENTIAL_AES_REFERENCE_H
#define ORACLE_DIFFERENTIAL_AES_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/* FIPS 197 section 5.1. */
void aes_reference(uint8_t out[16], const uint8_t key[16], const uint8_t in[16]);

/* Bit 0: the most significant bit of L = AES(key, 0) is set, so making K1 reduces; bit 1: that of K1, so making K2 does.
   SP 800-38B section 6.1. */
size_t aes_reference_carries(const uint8_t key[16]);

#endif
