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
    uint8_t expected[64], got[64];
    if (b->cmac_aes128 != NULL) {
        csign_cmac_aes128(expected, text, message);
        b->cmac_aes128(got, text, parts, count);
        CHECK_BYTES(got, expected, 16);
    }
    if (b->gmac_aes128 != NULL) {
        csign_gmac_aes128(expected, text, text + 16, message);
        b->gmac_aes128(got, text, text + 16, parts, count);
        CHECK_BYTES(got, expected, 16);
    }
    if (b->hmac_sha256 != NULL) {
        csign_hmac_sha256(expected, key, message);
        b->hmac_sha256(got, key, parts, count);
        CHECK_BYTES(got, expected, 32);
    }
    if (b->sha512 != NULL) {
        csign_sha512(expected, message);
        b->sha512(got, parts, count);
        CHECK_BYTES(got, expected, 64);
    }
}

int main(void)
{
    const csign_backend *first = csign_backends[0];
    for (size_t i = 0; i < LONGEST; i++) {
        text[i] = (uint8_t)(11 * i + 3);
    }
    CHECK(first == &csign_backend_portable && first->missing() == NULL);
    CHECK(first->cmac_aes128 && first->gmac_aes128 && first->hmac_sha256 && first->sha512);
    for (const csign_backend *const *list = csign_backends; *list != NULL; list++) {
        CHECK((*list)->name != NULL);
        printf("%s: %s\n", (*list)->name, (*list)->missing() == NULL ? "run" : (*list)->missing());
        if ((*list)->missing() != NULL) {
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
