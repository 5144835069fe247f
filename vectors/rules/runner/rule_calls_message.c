/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of message.h. */
#include "rule_test.h"

static void run_header(json_t *args, json_t *got)
{
    csign_header header;
    put_status(got, csign_header_parse(&header, take_bytes(args, "message")));
    put_number(got, "credit_charge", header.credit_charge);
    put_number(got, "status_field", header.status);
    put_number(got, "command", header.command);
    put_number(got, "credits", header.credits);
    put_number(got, "flags", header.flags);
    put_number(got, "next_command", header.next_command);
    put_number(got, "tree_id", header.tree_id);
    put_u64(got, "message_id", header.message_id);
    put_u64(got, "async_id", header.async_id);
    put_u64(got, "session_id", header.session_id);
    put_bytes(got, "signature", header.signature, sizeof header.signature);
}

static void run_compound(json_t *args, json_t *got)
{
    csign_bytes message = take_bytes(args, "message");
    json_t *elements = json_array();
    size_t offset = 0;
    size_t len = 0;
    csign_status status = csign_compound_next(message, &offset, &len);
    while (status == CSIGN_OK && len != 0) {
        (void)json_array_append_new(elements, json_pack("[ii]", (int)offset, (int)len));
        status = csign_compound_next(message, &offset, &len);
    }
    (void)json_object_set_new(got, "elements", elements);
    put_status(got, status);
}

const rule_call message_calls[] = {{"header", run_header}, {"compound", run_compound}, {NULL, NULL}};
