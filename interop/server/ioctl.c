/* SPDX-License-Identifier: Apache-2.0 */
/* IOCTL (MS-SMB2 3.3.5.15). */
#include <string.h>

#include "connection.h"
#include "max_io.h"
#include "log.h"
#include "negotiate.h"
#include "octets.h"
#include "open.h"

#define IS_FSCTL 1u
#define DFS_GET_REFERRALS 0x00060194u
#define DFS_GET_REFERRALS_EX 0x000601B0u
#define CREATE_OR_GET_OBJECT_ID 0x000900C0u
#define VALIDATE_NEGOTIATE_INFO 0x00140204u
#define QUERY_NETWORK_INTERFACE_INFO 0x001401FCu

#define INTERFACE_INFO_LEN 152u
#define OBJECT_ID_LEN 64u
#define LINK_SPEED 1000000000u

static uint8_t *lay_output(struct request *request, size_t len)
{
    uint8_t *body = reply(request, 48 + len);
    if (!body)
        return NULL;
    store_le16(body, 49);
    memcpy(body + 4, request->body + 4, 20); /* CtlCode, FileId */
    store_le32(body + 24, CSIGN_HEADER_LEN + 48);
    store_le32(body + 32, CSIGN_HEADER_LEN + 48);
    store_le32(body + 36, (uint32_t)len);
    return body + 48;
}

/* The greatest dialect that is in the list and allowed here; 0: none. */
static unsigned greatest_in_common(const struct connection *connection, const uint8_t *list, size_t count)
{
    const csign_negotiate_policy *policy = &connection->server->settings->policy;
    unsigned greatest = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned dialect = load_le16(list + 2 * i);
        if (dialect >= policy->dialect_min && dialect <= policy->dialect_max && dialect > greatest)
            greatest = dialect;
    }
    return greatest;
}

/* 3.3.5.15.12. The answer is signed, so a NEGOTIATE that somebody altered on its way is found out by one side or the other. What does not
   agree is not answered at all: the connection ends. 3.1.1 has its hash instead. */
static uint32_t validate_negotiate(struct request *request, csign_bytes input, size_t most)
{
    struct connection *connection = request->connection;
    csign_negotiate_response own = {.dialect = (uint16_t)connection->chosen.dialect};
    const char *why = NULL;
    if (own.dialect == CSIGN_SMB_3_1_1)
        why = "VALIDATE_NEGOTIATE_INFO in 3.1.1";
    else if (input.len < 24 || (input.len - 24) / 2 < load_le16(input.data + 22) || most < 24)
        why = "VALIDATE_NEGOTIATE_INFO is too short";
    else if (load_le32(input.data) != connection->client_capabilities ||
             memcmp(input.data + 4, connection->client_guid, 16) != 0 ||
             load_le16(input.data + 20) != connection->client_security_mode ||
             greatest_in_common(connection, input.data + 24, load_le16(input.data + 22)) != own.dialect)
        why = "VALIDATE_NEGOTIATE_INFO does not agree with NEGOTIATE";
    if (why) {
        connection_drop(connection, "MS-SMB2 3.3.5.15.12", why);
        return STATUS_ACCESS_DENIED;
    }
    negotiate_describe(connection, &own);
    uint8_t *out = lay_output(request, 24);
    if (!out)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le32(out, own.capabilities);
    memcpy(out + 4, own.server_guid, 16);
    store_le16(out + 20, own.security_mode);
    store_le16(out + 22, own.dialect);
    return STATUS_SUCCESS;
}

/* 2.2.32.5: one interface, the loopback. */
static uint32_t network_interfaces(struct request *request, size_t most)
{
    static const uint8_t LOOPBACK[4] = {127, 0, 0, 1};
    if (most < INTERFACE_INFO_LEN)
        return STATUS_BUFFER_TOO_SMALL;
    uint8_t *out = lay_output(request, INTERFACE_INFO_LEN);
    if (!out)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le32(out + 4, 1); /* IfIndex */
    store_le64(out + 16, LINK_SPEED);
    store_le16(out + 24, 2); /* InterNetwork */
    memcpy(out + 28, LOOPBACK, sizeof LOOPBACK);
    return STATUS_SUCCESS;
}

/* MS-FSCC 2.1.3.1: an id that stays the file's for as long as the server runs. */
static uint32_t object_id(struct request *request, const struct open *open, size_t most)
{
    if (most < OBJECT_ID_LEN)
        return STATUS_BUFFER_TOO_SMALL;
    uint8_t *out = lay_output(request, OBJECT_ID_LEN);
    if (!out)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le64(out, open->node->id);
    memcpy(out + 16, request->server->guid, 16);
    memcpy(out + 32, out, 16);
    return STATUS_SUCCESS;
}

uint32_t serve_ioctl(struct request *request)
{
    const uint8_t *body = request->body;
    csign_bytes input;
    size_t input_len = load_le32(body + 28), most = load_le32(body + 44), most_input = load_le32(body + 32);
    if (load_le32(body + 48) != IS_FSCTL)
        return STATUS_NOT_SUPPORTED;
    if (most > MAX_TRANSACT || most_input > MAX_TRANSACT ||
        !request_affords(request, most > input_len ? most : input_len) ||
        !request_buffer(request, load_le32(body + 24), input_len, &input))
        return STATUS_INVALID_PARAMETER;
    switch (load_le32(body + 4)) {
    case VALIDATE_NEGOTIATE_INFO:
        return validate_negotiate(request, input, most);
    case QUERY_NETWORK_INTERFACE_INFO:
        return network_interfaces(request, most);
    case DFS_GET_REFERRALS:
    case DFS_GET_REFERRALS_EX:
        return STATUS_FS_DRIVER_REQUIRED;
    default:
        break;
    }
    uint32_t status;
    const struct open *open = request_open(request, body + 8, &status);
    if (!open)
        return status;
    return load_le32(body + 4) == CREATE_OR_GET_OBJECT_ID ? object_id(request, open, most)
                                                          : STATUS_INVALID_DEVICE_REQUEST;
}
