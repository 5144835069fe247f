/* SPDX-License-Identifier: Apache-2.0 */
/* Running and counting tests; see core.h. */
#include "core.h"

#include <stdio.h>
#include <string.h>

#include "operations.h"

static const struct {
    const char *type;
    void (*run)(vector_case *c);
} OPERATIONS[] = {
    {"Sha512", op_sha512},
    {"Sha512Monte", op_sha512_monte},
    {"HmacSha256", op_hmac_sha256},
    {"AesCmac128", op_aes_cmac128},
    {"AesGmac128", op_aes_gmac128},
    {"CounterKdfFixedInput", op_counter_kdf_fixed_input},
    {"CounterKdf", op_counter_kdf},
    {"DeriveKey", op_derive_key},
    {"PreauthChain", op_preauth_chain},
    {"SessionDerive", op_session_derive},
    {"SessionBind", op_session_bind},
    {"SignedSession", op_signed_session},
    {"Sign", op_sign},
    {"Verify", op_verify},
    {"Compound", op_compound},
    {"NegotiateRequest", op_negotiate_request},
    {"NegotiateResponse", op_negotiate_response},
    {"NegotiateSelect", op_negotiate_select},
    {"NegotiateAccept", op_negotiate_accept},
};

static size_t operation_index(const char *type)
{
    size_t i = 0;
    while (i < sizeof OPERATIONS / sizeof OPERATIONS[0] && strcmp(OPERATIONS[i].type, type) != 0)
        i++;
    return i;
}

bool core_knows_type(const char *type)
{
    return operation_index(type) < sizeof OPERATIONS / sizeof OPERATIONS[0];
}

void core_run(vector_case *c, vector_counts *counts)
{
    if (!core_knows_type(c->type)) {
        case_fail(c, "unknown type '%s'", c->type);
    } else if (!case_is_valid(c) && strcmp(c->result, "invalid") != 0) {
        case_fail(c, "unknown result '%s'", c->result);
    } else {
        OPERATIONS[operation_index(c->type)].run(c);
    }
    for (size_t i = 0; i < c->field_count; i++) {
        if (!c->fields[i].used)
            case_fail(c, "field '%s' was not read by %s", c->fields[i].name, c->type);
    }
    if (case_failed(c)) {
        fprintf(stderr, "%s: tcId %u (%s, %s): %s\n", c->file, (unsigned)c->tc_id, c->type, c->comment, c->error);
        counts->failed++;
    } else if (case_is_valid(c)) {
        counts->valid++;
    } else {
        counts->invalid++;
    }
    case_release(c);
}

void core_report(const char *file, vector_counts counts)
{
    printf("%-28s %5zu tests: %5zu valid, %5zu invalid, %zu failed\n", file,
           counts.valid + counts.invalid + counts.failed, counts.valid, counts.invalid, counts.failed);
}
