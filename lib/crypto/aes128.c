/* SPDX-License-Identifier: Apache-2.0 */
/* AES-128 of FIPS 197, bitsliced, because a table lookup indexed by a secret shows in the cache.

   The block is two 64-bit words, bits 0..3 of its sixteen bytes in the first and bits 4..7 in the second. In a word,
   bit number 16 * row + 4 * p + column is bit p (or 4 + p) of the byte s[row, column] of the state. So

   - a shift by 4 p leaves plane p, one bit of each byte, in the low nibble of every row: the S-box, which is a circuit
     on planes, costs eight shifts to enter, and what else is in its words does not matter;
   - ShiftRows rotates nibbles, all four planes of a word at once;
   - MixColumns adds up rows, and the next row is a rotation of the word by 16.

   CMAC is a chain in which each block waits for the one before, so what counts is the latency of one block; wider
   slicing would buy nothing there. */
#include "aes128.h"

#include "../octets.h"
#include "aes_sbox.h"
#include "wipe.h"

enum { ROUNDS = 10 };

#define LOW_NIBBLES UINT64_C(0x000F000F000F000F) /* the low nibble of each row: one plane */

/* Swaps the bits of x under mask with those distance further up. */
static inline uint64_t swap_bits(uint64_t x, uint64_t mask, unsigned distance)
{
    const uint64_t t = (x ^ (x >> distance)) & mask;
    return x ^ t ^ (t << distance);
}

static inline uint64_t rotate_right(uint64_t x, unsigned n)
{
    return (x >> n) | (x << (64 - n));
}

/* Transposes the 4 x 4 bits of each row: nibbles of columns become nibbles of planes, and back. */
static inline uint64_t transpose(uint64_t x)
{
    x = swap_bits(x, UINT64_C(0x0A0A0A0A0A0A0A0A), 3);
    return swap_bits(x, UINT64_C(0x00CC00CC00CC00CC), 6);
}

/* A column, first byte lowest, with its four bytes spread to the four rows; and back. */
static inline uint64_t spread(uint32_t column)
{
    const uint64_t halves = (column | ((uint64_t)column << 16)) & UINT64_C(0x0000FFFF0000FFFF);
    return (halves | (halves << 8)) & UINT64_C(0x00FF00FF00FF00FF);
}

static inline uint32_t gather(uint64_t rows)
{
    const uint64_t halves = (rows | (rows >> 8)) & UINT64_C(0x0000FFFF0000FFFF);
    return (uint32_t)((halves | (halves >> 16)) & 0xFFFFFFFFu);
}

static void slice(uint64_t state[2], const uint32_t columns[4])
{
    uint64_t low = 0, high = 0;
    for (unsigned c = 0; c < 4; c++) {
        const uint64_t rows = spread(columns[c]);
        low |= (rows & LOW_NIBBLES) << (4 * c);
        high |= ((rows >> 4) & LOW_NIBBLES) << (4 * c);
    }
    state[0] = transpose(low);
    state[1] = transpose(high);
}

static void unslice(uint32_t columns[4], const uint64_t state[2])
{
    const uint64_t low = transpose(state[0]), high = transpose(state[1]);
    for (unsigned c = 0; c < 4; c++) {
        columns[c] = gather(((low >> (4 * c)) & LOW_NIBBLES) | (((high >> (4 * c)) & LOW_NIBBLES) << 4));
    }
}

/* The word of four planes. */
static inline uint64_t join(const uint64_t planes[4])
{
    return (planes[0] & LOW_NIBBLES) | ((planes[1] & LOW_NIBBLES) << 4) | ((planes[2] & LOW_NIBBLES) << 8) |
           ((planes[3] & LOW_NIBBLES) << 12);
}

/* SubBytes, section 5.1.1. */
static inline void sub_bytes(uint64_t state[2])
{
    const uint64_t low = state[0], high = state[1];
    uint64_t planes[8] = {low, low >> 4, low >> 8, low >> 12, high, high >> 4, high >> 8, high >> 12};
    csign_aes_sbox(planes);
    state[0] = join(planes);
    state[1] = join(planes + 4);
}

/* ShiftRows, section 5.1.2: row r turns by r columns. Rows 2 and 3 turn by two, then rows 1 and 3 by one. */
static inline uint64_t turn_rows(uint64_t x)
{
    x = swap_bits(x, UINT64_C(0x3333333300000000), 2);
    return (x & UINT64_C(0x0000FFFF0000FFFF)) | ((x >> 1) & UINT64_C(0x7777000077770000)) |
           ((x << 3) & UINT64_C(0x8888000088880000));
}

static inline void shift_rows(uint64_t state[2])
{
    state[0] = turn_rows(state[0]);
    state[1] = turn_rows(state[1]);
}

/* MixColumns, section 5.1.3, with a' the row below a: 2 a + 3 a' + a'' + a''' = 2 (a + a') + a' + (a + a')''. Doubling
   moves each plane up by one; the top plane comes back as x^8 = x^4 + x^3 + x + 1. */
static inline void mix_columns(uint64_t state[2])
{
    const uint64_t below_low = rotate_right(state[0], 16), below_high = rotate_right(state[1], 16);
    const uint64_t low = state[0] ^ below_low, high = state[1] ^ below_high;
    const uint64_t third = (low >> 12) & LOW_NIBBLES, top = (high >> 12) & LOW_NIBBLES;
    const uint64_t twice_low = ((low & ~(LOW_NIBBLES << 12)) << 4) ^ top ^ (top << 4) ^ (top << 12);
    const uint64_t twice_high = ((high & ~(LOW_NIBBLES << 12)) << 4) ^ third ^ top;
    state[0] = twice_low ^ below_low ^ rotate_right(low, 32);
    state[1] = twice_high ^ below_high ^ rotate_right(high, 32);
}

/* AddRoundKey, section 5.1.4. */
static inline void add_round_key(uint64_t state[2], const uint64_t round_key[2])
{
    state[0] ^= round_key[0];
    state[1] ^= round_key[1];
}

void csign_aes128_encrypt(const csign_aes128_key *key, uint8_t out[16], const uint8_t in[16])
{
    uint32_t columns[4];
    uint64_t state[2];
    for (unsigned c = 0; c < 4; c++) {
        columns[c] = csign_load_le32(in + 4 * c);
    }
    slice(state, columns);
    add_round_key(state, key->rounds[0]);
    for (unsigned round = 1; round < ROUNDS; round++) {
        sub_bytes(state);
        shift_rows(state);
        mix_columns(state);
        add_round_key(state, key->rounds[round]);
    }
    sub_bytes(state);
    shift_rows(state);
    add_round_key(state, key->rounds[ROUNDS]);
    unslice(columns, state);
    for (unsigned c = 0; c < 4; c++) {
        csign_store_le32(out + 4 * c, columns[c]);
    }
}

/* SubWord(RotWord(w)), section 5.2, as a block whose other three columns are not used. */
static uint32_t sub_rotated_word(uint32_t word)
{
    uint32_t columns[4] = {(word >> 8) | (word << 24), 0, 0, 0};
    uint64_t state[2];
    slice(state, columns);
    sub_bytes(state);
    unslice(columns, state);
    word = columns[0];
    csign_wipe(columns, sizeof columns);
    csign_wipe(state, sizeof state);
    return word;
}

void csign_aes128_expand(csign_aes128_key *out, const uint8_t key[16])
{
    uint32_t words[4];
    uint32_t rcon = 1;
    for (unsigned i = 0; i < 4; i++) {
        words[i] = csign_load_le32(key + 4 * i);
    }
    slice(out->rounds[0], words);
    for (unsigned round = 1; round <= ROUNDS; round++) {
        words[0] ^= sub_rotated_word(words[3]) ^ rcon;
        words[1] ^= words[0];
        words[2] ^= words[1];
        words[3] ^= words[2];
        slice(out->rounds[round], words);
        rcon = (rcon << 1) ^ (0x11Bu * (rcon >> 7));
    }
    csign_wipe(words, sizeof words);
}
