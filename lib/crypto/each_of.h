/* SPDX-License-Identifier: Apache-2.0 */
/* Loops that are written out by the preprocessor, because gcc at -O2 unrolls them too late to keep an array in registers. */
#ifndef COUNTERSIGN_CRYPTO_EACH_OF_H
#define COUNTERSIGN_CRYPTO_EACH_OF_H

#define EACH_OF_8(do_) do_(0) do_(1) do_(2) do_(3) do_(4) do_(5) do_(6) do_(7)
#define EACH_OF_16(do_) EACH_OF_8(do_) do_(8) do_(9) do_(10) do_(11) do_(12) do_(13) do_(14) do_(15)

#endif
