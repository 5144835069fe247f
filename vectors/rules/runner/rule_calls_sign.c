/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of sign.h. */
#include <string.h>

#include "rule_test.h"

typedef struct signed_call {
    csign_signer signer;
    csign_bytes message;
} signed_call;

static signed_call take_call(json_t *args)
{
    signed_call call;
    csign_bytes key = take_bytes(args, "key");
    if (key.len != 16 || csign_signer_init(&call.signer, take_algorithm(args, "algorithm"), key.data) != CSIGN_OK) {
        test_error("no signer", "key or algorithm");
    }
    call.message = take_bytes(args, "message");
    return call;
}

static void run_mac(json_t *args, json_t *got)
{
    signed_call call = take_call(args);
    uint8_t tag[16];
    csign_bytes body = {call.message.data + 64, call.message.len - 64};
    put_status(got, csign_mac(&call.signer, tag, call.message.data, &body, 1));
    put_bytes(got, "tag", tag, sizeof tag);
}

static void run_sign(json_t *args, json_t *got)
{
    signed_call call = take_call(args);
    uint8_t *message = mutable_copy(call.message);
    put_status(got, csign_sign(&call.signer, message, call.message.len));
    put_bool(got, "changed", memcmp(message, call.message.data, call.message.len) != 0);
    put_number(got, "flags", message[16] + 256u * message[17] + 65536u * message[18] + ((uint32_t)message[19] << 24));
}

static void run_verify(json_t *args, json_t *got)
{
    signed_call call = take_call(args);
    put_status(got, csign_verify(&call.signer, call.message.data, call.message.len));
}

const rule_call sign_calls[] = {{"mac", run_mac}, {"sign", run_sign}, {"verify", run_verify}, {NULL, NULL}};
