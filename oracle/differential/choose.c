/* SPDX-License-Identifier: Apache-2.0 */
/* How cases are chosen. What must be covered without a gap (lengths) goes round by the case's index; the rest is drawn. */
#include <string.h>

#include "run.h"

/* Block edges of AES (16), SHA-256 (64) and SHA-512 (128), and where their paddings (9 and 17 bytes) start a new block. */
static const uint16_t edges[] = {0,   1,   15,   16,   17,   31,   32,   33,   47,   48,   49,   55,   56,   57,  63,
                                 64,  65,  79,   80,   81,   111,  112,  113,  119,  120,  121,  127,  128,  129, 183,
                                 184, 185, 191,  192,  193,  239,  240,  241,  247,  248,  249,  255,  256,  257, 511,
                                 512, 513, 1023, 1024, 1025, 2047, 2048, 2049, 4095, 4096, 4097, 8191, 8192, 8193};

size_t choose_length(struct run *run)
{
    uint64_t i = run->index;
    if (i % 4096 == 4095) {
        strata_hit(&run->strata, FAMILY_LENGTH_CLASS, 3);
        return i / 4096 % 2 == 0 ? MESSAGE_MAX : 65537 + prng_below(&run->random, MESSAGE_MAX - 65537);
    }
    if (i % 256 == 255) {
        strata_hit(&run->strata, FAMILY_LENGTH_CLASS, 2);
        return 1101 + prng_below(&run->random, 65536 - 1100);
    }
    size_t len;
    if (i % 4 == 3) {
        size_t edge = prng_below(&run->random, sizeof edges / sizeof *edges);
        strata_hit(&run->strata, FAMILY_LENGTH_CLASS, 1);
        strata_hit(&run->strata, FAMILY_EDGE, edge);
        len = edges[edge];
    } else {
        len = (size_t)((i / 4 * 3 + i % 4) % 1101);
        strata_hit(&run->strata, FAMILY_LENGTH_CLASS, 0);
    }
    if (len <= 1100)
        strata_hit(&run->strata, FAMILY_LENGTH, len);
    return len;
}

uint8_t *choose_message(struct run *run, size_t len)
{
    uint8_t *message = run->buffer + MESSAGE_MAX + 64 - len;
    size_t kind = prng_below(&run->random, 8);
    if (kind < 2)
        memset(message, kind ? 0xff : 0, len);
    else
        prng_fill(&run->random, message, len);
    strata_hit(&run->strata, FAMILY_CONTENT, kind < 2 ? 1 + kind : 0);
    return message;
}

void choose_key(struct run *run, uint8_t *key, size_t len)
{
    size_t kind = prng_below(&run->random, 8);
    if (len == 0)
        return; /* the key length's stratum counts it */
    if (kind < 2) {
        memset(key, kind ? 0xff : 0, len);
        strata_hit(&run->strata, FAMILY_KEY, 1 + kind);
    } else if (kind < 4) {
        size_t bit = prng_below(&run->random, 8 * len);
        memset(key, 0, len);
        key[bit / 8] = (uint8_t)(0x80u >> bit % 8);
        strata_hit(&run->strata, FAMILY_KEY, 3);
        if (len == 16)
            strata_hit(&run->strata, FAMILY_KEY_BIT, bit);
    } else {
        prng_fill(&run->random, key, len);
        strata_hit(&run->strata, FAMILY_KEY, 0);
    }
}

size_t choose_key_length(struct run *run)
{
    size_t len = run->index % 2 ? 16 : (size_t)(run->index / 2 % (KEY_LENGTH_MAX + 1));
    strata_hit(&run->strata, FAMILY_KEY_LENGTH, len);
    return len;
}

size_t choose_parts(struct run *run, struct diff_bytes *parts, const uint8_t *data, size_t len)
{
    size_t count = prng_below(&run->random, PARTS_MAX + 1);
    if (len == 0 && prng_below(&run->random, 2))
        count = 0;
    if (len > 0 && count == 0)
        count = 1;
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        size_t rest = len - done;
        size_t take = i + 1 == count ? rest : prng_below(&run->random, 4) == 0 ? 0 : prng_below(&run->random, rest + 1);
        parts[i] = (struct diff_bytes){take ? data + done : NULL, take};
        done += take;
    }
    strata_hit(&run->strata, FAMILY_PARTS, count);
    return count;
}

uint64_t message_id(struct run *run, size_t kind)
{
    static const uint64_t ids[MESSAGE_ID_KINDS - 1] = {
        0, 1, UINT64_C(0xffffffff), UINT64_C(0x100000000), UINT64_C(1) << 63, UINT64_MAX};
    return kind < MESSAGE_ID_KINDS - 1 ? ids[kind] : prng_next(&run->random);
}
