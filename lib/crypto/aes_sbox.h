/* SPDX-License-Identifier: Apache-2.0 */
/* The AES S-box of FIPS 197 section 5.1.1, inversion in GF(2^8) and an affine map, as a circuit of logic gates: the one
   of 115 gates, 32 of them AND, of Boyar and Peralta, "New logic minimization techniques with applications to
   cryptology" (IACR ePrint 2009/191). It goes into a tower of fields, inverts in GF(2^4), and comes out again. The
   letters x, y, t, z and s are the paper's, so that it can be held against it. In a header, so that its values stay in
   the caller's registers. */
#ifndef COUNTERSIGN_CRYPTO_AES_SBOX_H
#define COUNTERSIGN_CRYPTO_AES_SBOX_H

#include <stdint.h>

/* csign_aes_sbox substitutes 64 bytes at once: bit i of x[p] is bit p of byte i, before and after. Bits of different
   bytes never meet, so a caller with fewer bytes may leave anything in the other bits. */
static inline void csign_aes_sbox(uint64_t x[8])
{
    /* The paper counts bits from the top. */
    const uint64_t x0 = x[7], x1 = x[6], x2 = x[5], x3 = x[4], x4 = x[3], x5 = x[2], x6 = x[1], x7 = x[0];

    /* Linear: the sums of input bits that the multiplications need. */
    const uint64_t y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5;
    const uint64_t t0 = x1 ^ x2;
    const uint64_t y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14, y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8;
    const uint64_t t1 = x4 ^ y12;
    const uint64_t y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0, y11 = y20 ^ y9, y7 = x7 ^ y11;
    const uint64_t y17 = y10 ^ y11, y19 = y10 ^ y8, y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

    /* The norm, an element of GF(2^4): t21..t24. */
    const uint64_t t2 = y12 & y15, t3 = y3 & y6, t4 = t3 ^ t2, t5 = y4 & x7, t6 = t5 ^ t2;
    const uint64_t t7 = y13 & y16, t8 = y5 & y1, t9 = t8 ^ t7, t10 = y2 & y7, t11 = t10 ^ t7;
    const uint64_t t12 = y9 & y11, t13 = y14 & y17, t14 = t13 ^ t12, t15 = y8 & y10, t16 = t15 ^ t12;
    const uint64_t t17 = t4 ^ t14, t18 = t6 ^ t16, t19 = t9 ^ t14, t20 = t11 ^ t16;
    const uint64_t t21 = t17 ^ y20, t22 = t18 ^ y19, t23 = t19 ^ y21, t24 = t20 ^ y18;

    /* Its inverse: t29, t33, t37, t40; then the sums of those that the multiplications need. */
    const uint64_t t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t28 = t25 & t27, t29 = t28 ^ t22;
    const uint64_t t30 = t23 ^ t24, t31 = t22 ^ t26, t32 = t31 & t30, t33 = t32 ^ t24;
    const uint64_t t34 = t23 ^ t33, t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34;
    const uint64_t t38 = t27 ^ t36, t39 = t29 & t38, t40 = t25 ^ t39;
    const uint64_t t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37, t45 = t42 ^ t41;

    /* The products of the inverse norm with both halves of the input. */
    const uint64_t z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16, z4 = t40 & y1, z5 = t29 & y7;
    const uint64_t z6 = t42 & y11, z7 = t45 & y17, z8 = t41 & y10, z9 = t44 & y12, z10 = t37 & y3, z11 = t33 & y4;
    const uint64_t z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2, z15 = t42 & y9, z16 = t45 & y14, z17 = t41 & y8;

    /* Linear: out of the tower, and the affine map with its constant 0x63. */
    const uint64_t t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10, t50 = z2 ^ z12, t51 = z2 ^ z5;
    const uint64_t t52 = z7 ^ z8, t53 = z0 ^ z3, t54 = z6 ^ z7, t55 = z16 ^ z17, t56 = z12 ^ t48, t57 = t50 ^ t53;
    const uint64_t t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57, t61 = z14 ^ t57, t62 = t52 ^ t58, t63 = t49 ^ t58;
    const uint64_t t64 = z4 ^ t59, t65 = t61 ^ t62, t66 = z1 ^ t63, t67 = t64 ^ t65, s3 = t53 ^ t66;
    x[7] = t59 ^ t63;
    x[6] = ~(t64 ^ s3);
    x[5] = ~(t55 ^ t67);
    x[4] = s3;
    x[3] = t51 ^ t66;
    x[2] = t47 ^ t65;
    x[1] = ~(t56 ^ t62);
    x[0] = ~(t48 ^ t60);
}

#endif
