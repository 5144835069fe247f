/* SPDX-License-Identifier: Apache-2.0 */
/* The list of backends: the portable one stands first, runs anywhere and has every entry; every backend that runs here gives what
   the one-shot primitives give, whose values crypto_test checks, for every length up to 300 in zero to four parts. */
#include "lib/crypto/backends.h"

#include <countersign/countersign.h>

#include "check.h"

enum { LONGEST = 300 };
static uint8_t text[LONGEST];

/* Parts of len bytes: all of them in one, then halves, then with empty parts, one of them NULL. */
static size_t cut(csign_bytes parts[4], size_t len, unsigned how)
{
    const csign_bytes all = {text, len}, left = {text, len / 2}, right = {text + len / 2, len - len / 2};
    const csign_bytes none = {NULL, 0}, empty = {text, 0};
    const csign_bytes ways[3][4] = {{all}, {left, right}, {none, left, empty, right}};
    memcpy(parts, ways[how], sizeof ways[how]);
    return how == 2 ? 4 : how + 1;
}

static void check(const csign_backend *b, size_t len, const csign_bytes *parts, size_t count)
{
    const csign_bytes message = {text, len}, key = {text, len / 2};
    const csign_message in_parts = {NULL, parts, count};
    uint8_t expected[64], got[64];
    if (b->cmac != NULL) {
        csign_cmac_key ready;
        csign_cmac_aes128(expected, text, message);
        b->cmac_key(&ready, text);
        b->cmac(&ready, got, &in_parts);
        CHECK_BYTES(got, expected, 16);
    }
    if (b->gmac != NULL) {
        csign_gmac_key ready;
        csign_gmac_aes128(expected, text, text + 16, message);
        b->gmac_key(&ready, text);
        b->gmac(&ready, got, csign_nonce_load(text + 16), &in_parts);
        CHECK_BYTES(got, expected, 16);
    }
    if (b->hmac != NULL) {
        csign_hmac_key ready;
        csign_hmac_sha256(expected, key, message);
        b->hmac_key(&ready, key);
        b->hmac(&ready, got, &in_parts);
        CHECK_BYTES(got, expected, 32);
    }
    if (b->sha512_blocks != NULL) {
        csign_sha512_stream sha512;
        csign_sha512(expected, message);
        csign_sha512_start(&sha512, b->sha512_blocks);
        for (size_t i = 0; i < count; i++) {
            csign_sha512_update(&sha512, parts[i]);
        }
        csign_sha512_finish(&sha512, got);
        CHECK_BYTES(got, expected, 64);
    }
}

int main(void)
{
    const csign_backend *first = csign_backends[0];
    for (size_t i = 0; i < LONGEST; i++) {
        text[i] = (uint8_t)(11 * i + 3);
    }
    CHECK(first == &csign_backend_portable && csign_backend_missing(first) == NULL);
    CHECK(first->cmac && first->gmac && first->hmac && first->sha512_blocks);
    for (const csign_backend *const *list = csign_backends; *list != NULL; list++) {
        CHECK((*list)->name != NULL);
        printf("%s: %s\n", (*list)->name, csign_backend_missing(*list) == NULL ? "run" : csign_backend_missing(*list));
        if (csign_backend_missing(*list) != NULL) {
            continue;
        }
        check(*list, 0, NULL, 0);
        for (size_t len = 0; len <= LONGEST; len++) {
            for (unsigned how = 0; how < 3; how++) {
                csign_bytes parts[4];
                size_t count = cut(parts, len, how);
                check(*list, len, parts, count);
            }
        }
    }
    return CHECK_RESULT();
}
