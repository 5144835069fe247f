/* SPDX-License-Identifier: Apache-2.0 */
/* The operations that a test group's "type" names: each reads a test's values, calls the library and compares. */
#ifndef COUNTERSIGN_VECTORS_OPERATIONS_H
#define COUNTERSIGN_VECTORS_OPERATIONS_H

#include "case.h"

/* primitives.c */
void op_sha512(vector_case *c);
void op_sha512_monte(vector_case *c);
void op_hmac_sha256(vector_case *c);
void op_aes_cmac128(vector_case *c);
void op_aes_gmac128(vector_case *c);
void op_counter_kdf_fixed_input(vector_case *c);
void op_counter_kdf(vector_case *c);

/* sessions.c */
void op_derive_key(vector_case *c);
void op_preauth_chain(vector_case *c);
void op_session_derive(vector_case *c);
void op_session_bind(vector_case *c);
void op_signed_session(vector_case *c);

/* signing.c */
void op_sign(vector_case *c);
void op_verify(vector_case *c);
void op_compound(vector_case *c);

/* negotiate.c */
void op_negotiate_request(vector_case *c);
void op_negotiate_response(vector_case *c);
void op_negotiate_select(vector_case *c);
void op_negotiate_accept(vector_case *c);

#endif
