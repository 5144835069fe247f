/* SPDX-License-Identifier: Apache-2.0 */
/* crypto.h as its comments promise: outputs over inputs, empty messages without a pointer, lengths of the key derivation, any alignment,
   nothing read behind the end. What the values are is a matter of the vectors. */
#include "check.h"
#include "pages.h"
#include "samples.h"

static void aliasing(void)
{
    static const uint8_t nonce[12] = {9};
    uint8_t message[200];
    uint8_t key[16];
    uint8_t right[64];
    sample_message(message, sizeof message);

#define ALIASED(len, call, over)                                                                                       \
    do {                                                                                                               \
        uint8_t out[64];                                                                                               \
        uint8_t *to = out;                                                                                             \
        sample_message(message, sizeof message);                                                                       \
        memcpy(key, sample_key, 16);                                                                                   \
        call;                                                                                                          \
        memcpy(right, out, len);                                                                                       \
        to = over;                                                                                                     \
        call;                                                                                                          \
        CHECK_BYTES(over, right, len);                                                                                 \
    } while (0)
    const csign_bytes whole = {message, sizeof message};
    const csign_bytes key_bytes = {key, 16};
    ALIASED(64, csign_sha512(to, whole), message);
    ALIASED(64, csign_sha512(to, whole), message + 136);
    ALIASED(32, csign_hmac_sha256(to, key_bytes, whole), message + 100);
    ALIASED(16, csign_cmac_aes128(to, key, whole), message + 184);
    ALIASED(16, csign_cmac_aes128(to, key, whole), key);
    ALIASED(16, csign_gmac_aes128(to, key, nonce, whole), message);
    ALIASED(16, csign_gmac_aes128(to, key, nonce, whole), key);
#undef ALIASED
}

static void every_end(void)
{
    static const uint8_t nonce[12] = {1};
    pages room = pages_map(300);
    uint8_t message[300];
    sample_message(message, sizeof message);
    for (size_t len = 0; len <= 300; len++) {
        uint8_t a[64];
        uint8_t b[64];
        uint8_t *tail = pages_tail(&room, len);
        memcpy(tail, message, len);
        csign_bytes here = {message, len};
        csign_bytes there = sample_bytes(tail, len);
        csign_sha512(a, here);
        csign_sha512(b, there);
        CHECK_BYTES(a, b, 64);
        csign_hmac_sha256(a, here, here);
        csign_hmac_sha256(b, there, there);
        CHECK_BYTES(a, b, 32);
        csign_cmac_aes128(a, sample_key, here);
        csign_cmac_aes128(b, sample_key, there);
        CHECK_BYTES(a, b, 16);
        csign_gmac_aes128(a, sample_key, nonce, here);
        csign_gmac_aes128(b, sample_key, nonce, there);
        CHECK_BYTES(a, b, 16);
    }
    pages_unmap(&room);
}

static void key_derivation(void)
{
    static uint8_t out[8161];
    uint8_t shorter[33];
    csign_bytes key = {sample_key, 16};
    csign_bytes none = {NULL, 0};
    csign_bytes contradiction = {NULL, 1};
    CHECK_STATUS(csign_kdf_sp800_108(out, 8160, key, key, key), CSIGN_OK);
    CHECK_STATUS(csign_kdf_sp800_108(out, 1, none, none, none), CSIGN_OK);
    memset(out, 0xA5, sizeof out);
    CHECK_STATUS(csign_kdf_sp800_108(out, 8161, key, key, key), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_kdf_sp800_108(out, 0, key, key, key), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_kdf_sp800_108(out, SIZE_MAX, key, key, key), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_kdf_sp800_108(out, 16, contradiction, key, key), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_kdf_sp800_108(out, 16, key, contradiction, key), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_kdf_sp800_108(out, 16, key, key, contradiction), CSIGN_BAD_ARGUMENT);
    CHECK_STATUS(csign_kdf_sp800_108(NULL, 16, key, key, key), CSIGN_BAD_ARGUMENT);
    CHECK(out[0] == 0xA5 && out[8160] == 0xA5);
    for (size_t len = 1; len <= 33; len++) {
        memset(shorter, 0xA5, sizeof shorter);
        CHECK_STATUS(csign_kdf_sp800_108(shorter, len, key, key, key), CSIGN_OK);
        CHECK(len == 33 || shorter[len] == 0xA5);
    }
}

int main(void)
{
    aliasing();
    every_end();
    key_derivation();
    return CHECK_RESULT();
}
