/* SPDX-License-Identifier: Apache-2.0 */
/* csign_signer, csign_sign, csign_verify, csign_mac: arguments, copies, alignment, what is and is not written. */
#include <stdlib.h>

#include "check.h"
#include "pages.h"
#include "samples.h"

enum { LEN_MAX = 200 };

static void signers(void)
{
    csign_signer signer;
    CHECK(sizeof(csign_signer) <= 4096 && _Alignof(csign_signer) <= 16);
    CHECK_STATUS(csign_signer_init(NULL, CSIGN_AES_CMAC, sample_key), CSIGN_BAD_ARGUMENT);
    const int unknown[] = {3, -1, 0x7FFFFFFF};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        memset(&signer, 0xA5, sizeof signer);
        CHECK_STATUS(csign_signer_init(&signer, (csign_signing_algorithm)unknown[i], sample_key), CSIGN_BAD_ARGUMENT);
        CHECK_ZERO(&signer);
    }
    memset(&signer, 0xA5, sizeof signer);
    CHECK_STATUS(csign_signer_init(&signer, CSIGN_AES_CMAC, NULL), CSIGN_BAD_ARGUMENT);
    CHECK_ZERO(&signer);
    csign_signer_wipe(NULL);
}

/* Bytes that are no signer: zero, and kinds beyond those there are. */
static void not_signers(void)
{
    uint8_t message[80];
    uint8_t before[80];
    sample_message(message, sizeof message);
    memcpy(before, message, sizeof before);
    for (unsigned kind = 0; kind < 7; kind++) {
        csign_signer signer;
        uint8_t tag[16];
        memset(&signer, 0, sizeof signer);
        signer.kind = kind == 0 ? 0 : kind < 4 ? 3 + kind : UINT32_MAX - kind;
        memset(tag, 0xA5, sizeof tag);
        CHECK_STATUS(csign_sign(&signer, message, sizeof message), CSIGN_BAD_ARGUMENT);
        CHECK_STATUS(csign_verify(&signer, message, sizeof message), CSIGN_BAD_ARGUMENT);
        CHECK_STATUS(csign_mac(&signer, tag, message, NULL, 0), CSIGN_BAD_ARGUMENT);
        CHECK(all_zero(tag, sizeof tag));
        CHECK_BYTES(message, before, sizeof message);
    }
}

static void arguments(const csign_signer *signer)
{
    uint8_t message[80];
    uint8_t tag[16];
    csign_bytes contradiction = {NULL, 1};
    sample_message(message, sizeof message);
    CHECK_STATUS(csign_sign(NULL, message, sizeof message), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_sign(signer, NULL, 80), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_sign(signer, NULL, 0), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_verify(NULL, message, sizeof message), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_verify(signer, NULL, 80), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_mac(signer, NULL, message, NULL, 0), CSIGN_BAD_ARGUMENT);
    memset(tag, 0xA5, 16);
    CHECK_STATUS(csign_mac(signer, tag, NULL, NULL, 0), CSIGN_BAD_ARGUMENT);
    CHECK(all_zero(tag, 16));
    memset(tag, 0xA5, 16);
    CHECK_STATUS(csign_mac(signer, tag, message, NULL, 1), CSIGN_BAD_ARGUMENT);
    CHECK(all_zero(tag, 16));
    memset(tag, 0xA5, 16);
    CHECK_STATUS(csign_mac(signer, tag, message, &contradiction, 1), CSIGN_BAD_ARGUMENT);
    CHECK(all_zero(tag, 16));
    for (size_t len = 0; len < 64; len++) {
        CHECK_STATUS(csign_sign(signer, message, len), CSIGN_TRUNCATED);
        CHECK_STATUS(csign_verify(signer, message, len), CSIGN_TRUNCATED);
    }
}

/* Every length in front of a page without access; verified where nothing may be written; every bit matters. */
static void every_length(const csign_signer *signer)
{
    pages room = pages_map(LEN_MAX);
    for (size_t len = 64; len <= LEN_MAX; len++) {
        uint8_t *message = pages_tail(&room, len);
        uint8_t original[LEN_MAX];
        uint8_t tag[16];
        sample_message(message, len);
        memcpy(original, message, len);
        CHECK_STATUS(csign_verify(signer, message, len), CSIGN_NOT_SIGNED);
        CHECK_STATUS(csign_sign(signer, message, len), CSIGN_OK);
        CHECK(message[16] == (original[16] | CSIGN_FLAG_SIGNED));
        original[16] = message[16];
        memcpy(original + 48, message + 48, 16);
        CHECK_BYTES(message, original, len); /* nothing else changed */
        pages_protect(&room, true);
        CHECK_STATUS(csign_verify(signer, message, len), CSIGN_OK);
        csign_bytes body = sample_bytes(message + 64, len - 64);
        CHECK_STATUS(csign_mac(signer, tag, message, &body, 1), CSIGN_OK);
        pages_protect(&room, false);
        CHECK_BYTES(tag, message + 48, 16);
        /* Signing again gives the same: the old signature does not count. */
        CHECK_STATUS(csign_sign(signer, message, len), CSIGN_OK);
        CHECK_BYTES(message, original, len);
    }
    pages_unmap(&room);
}

static void every_bit(const csign_signer *signer)
{
    uint8_t message[80];
    sample_message(message, sizeof message);
    CHECK_STATUS(csign_sign(signer, message, sizeof message), CSIGN_OK);
    for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
        message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        CHECK(csign_verify(signer, message, sizeof message) != CSIGN_OK);
        message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    CHECK_STATUS(csign_verify(signer, message, sizeof message), CSIGN_OK);
}

static void alignment_and_copies(const csign_signer *signer)
{
    uint8_t shifted[96];
    uint8_t first[80];
    sample_message(first, sizeof first);
    CHECK_STATUS(csign_sign(signer, first, sizeof first), CSIGN_OK);
    csign_signer copy = *signer;
    csign_signer *moved = malloc(sizeof *moved);
    if (!CHECK(moved != NULL)) {
        return;
    }
    *moved = copy;
    for (size_t shift = 0; shift < 16; shift++) {
        sample_message(shifted + shift, 80);
        CHECK_STATUS(csign_sign(shift % 2 == 0 ? &copy : moved, shifted + shift, 80), CSIGN_OK);
        CHECK_BYTES(shifted + shift, first, 80);
        CHECK_STATUS(csign_verify(signer, shifted + shift, 80), CSIGN_OK);
    }
    csign_signer_wipe(&copy);
    CHECK_ZERO(&copy);
    CHECK_STATUS(csign_verify(&copy, first, sizeof first), CSIGN_BAD_ARGUMENT);
    free(moved);
}

/* The tag may be written into the header that it is computed over. */
static void mac_in_place(const csign_signer *signer)
{
    uint8_t message[64];
    uint8_t tag[16];
    sample_message(message, sizeof message);
    memset(message + 48, 0x77, 16);
    CHECK_STATUS(csign_mac(signer, tag, message, NULL, 0), CSIGN_OK);
    CHECK_STATUS(csign_mac(signer, message + 48, message, NULL, 0), CSIGN_OK);
    CHECK_BYTES(message + 48, tag, 16);
}

static void refusals_touch_nothing(const csign_signer *signer)
{
    static const struct {
        unsigned at;
        uint8_t value;
        csign_status status;
    } cases[] = {{12, 0, CSIGN_NOT_SIGNED_BY_RULE}, {40, 0, CSIGN_NOT_SIGNED_BY_RULE}, {24, 0, CSIGN_NONCE_FORBIDDEN},
                 {0, 0xFD, CSIGN_MALFORMED},        {4, 65, CSIGN_MALFORMED},          {20, 64, CSIGN_MALFORMED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t message[80];
        uint8_t before[80];
        sample_message(message, sizeof message);
        memset(message + 48, 0x77, 16);
        message[cases[i].at] = cases[i].value;
        memcpy(before, message, sizeof before);
        CHECK_STATUS(csign_sign(signer, message, sizeof message), cases[i].status);
        CHECK_BYTES(message, before, sizeof message);
    }
}

int main(void)
{
    signers();
    not_signers();
    for (size_t i = 0; i < 3; i++) {
        csign_signer signer;
        CHECK_STATUS(csign_signer_init(&signer, sample_algorithms[i], sample_key), CSIGN_OK);
        arguments(&signer);
        every_length(&signer);
        every_bit(&signer);
        alignment_and_copies(&signer);
        mac_in_place(&signer);
        refusals_touch_nothing(&signer);
    }
    return CHECK_RESULT();
}
