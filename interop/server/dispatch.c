/* SPDX-License-Identifier: Apache-2.0 */
/* From an element to its command: session, signature, tree, the fixed part of the body, in this order (MS-SMB2 3.3.5.2). Nothing of the
   body is read before the signature was verified. */
#include "chain.h"
#include "connection.h"
#include "log.h"
#include "octets.h"
#include "tree.h"

enum needs { NOTHING, SESSION, TREE };

static const struct {
    const char *name;
    uint32_t (*serve)(struct request *request);
    enum needs needs;
    uint16_t structure_size; /* of the body; odd: one byte of it is the variable part */
} COMMANDS[] = {
    {"NEGOTIATE", serve_negotiate, NOTHING, 36},
    {"SESSION_SETUP", serve_session_setup, NOTHING, 25},
    {"LOGOFF", serve_logoff, SESSION, 4},
    {"TREE_CONNECT", serve_tree_connect, SESSION, 9},
    {"TREE_DISCONNECT", serve_tree_disconnect, TREE, 4},
    {"CREATE", serve_create, TREE, 57},
    {"CLOSE", serve_close, TREE, 24},
    {"FLUSH", serve_flush, TREE, 24},
    {"READ", serve_read, TREE, 49},
    {"WRITE", serve_write, TREE, 49},
    {"LOCK", serve_lock, TREE, 48},
    {"IOCTL", serve_ioctl, TREE, 57},
    {"CANCEL", serve_cancel, NOTHING, 4},
    {"ECHO", serve_echo, NOTHING, 4},
    {"QUERY_DIRECTORY", serve_query_directory, TREE, 33},
    {"CHANGE_NOTIFY", serve_change_notify, TREE, 32},
    {"QUERY_INFO", serve_query_info, TREE, 41},
    {"SET_INFO", serve_set_info, TREE, 33},
    {"OPLOCK_BREAK", serve_oplock_break, TREE, 24},
};
#define COMMAND_COUNT (sizeof COMMANDS / sizeof *COMMANDS)

static const char *name(unsigned command)
{
    return command < COMMAND_COUNT ? COMMANDS[command].name : "unknown command";
}

static uint32_t refuse(const struct request *request, const char *rule, uint32_t status, const char *why)
{
    log_refusal(request->connection, request->session, rule, status, "%s, MessageId %llu: %s",
                name(request->header.command), (unsigned long long)request->header.message_id, why);
    return status;
}

/* Finds the session that SessionId names on this connection. One that has not been authenticated yet is SESSION_SETUP's alone. */
static void find_session(struct request *request)
{
    struct session *session = session_find(request->server, request->header.session_id);
    struct channel *channel = session && session->established ? session_channel(session, request->connection) : NULL;
    if (channel) {
        request->session = session;
        request->channel = channel;
    }
}

/* MS-SMB2 3.3.5.2.4 and 3.3.5.2.9. */
static uint32_t check_signature(struct request *request)
{
    bool is_signed = request->header.flags & CSIGN_FLAG_SIGNED;
    struct session *session = request->session;
    if (!session) {
        /* Without a key the answer can only give back the signature that it got. */
        request->mirrored = is_signed;
        return STATUS_SUCCESS;
    }
    if (request->encrypted) {
        if (request->chain->encrypted_session != session->id)
            return refuse(request, "MS-SMB2 3.3.5.2.1.1", STATUS_ACCESS_DENIED, "encrypted for another session");
        return STATUS_SUCCESS;
    }
    if (session->encryption_required)
        return refuse(request, "MS-SMB2 3.3.5.2.9", STATUS_ACCESS_DENIED,
                      "not encrypted, though this session demands it");
    if (is_signed || session->signing_required)
        request->signer = request->channel->signer;
    if (is_signed && request->channel->signer) {
        csign_status status = csign_verify(request->channel->signer, request->element.data, request->element.len);
        if (status != CSIGN_OK)
            return refuse(request, "SRV-ANSWER-ACCESS-DENIED", csign_status_ntstatus(status),
                          csign_status_text(status));
    } else if (session->signing_required) {
        return refuse(request, "MS-SMB2 3.3.5.2.4", STATUS_ACCESS_DENIED, "not signed, though this session demands it");
    }
    return STATUS_SUCCESS;
}

uint32_t dispatch(struct request *request)
{
    unsigned command = request->header.command;
    if (command != CSIGN_COMMAND_NEGOTIATE) {
        find_session(request);
        uint32_t status = check_signature(request);
        if (status)
            return status;
    }
    if (command >= COMMAND_COUNT)
        return refuse(request, "MS-SMB2 3.3.5.2", STATUS_INVALID_PARAMETER, "there is no such command");
    enum needs needs = COMMANDS[command].needs;
    if (needs != NOTHING && !request->session)
        return refuse(request, "MS-SMB2 3.3.5.2.9", STATUS_USER_SESSION_DELETED,
                      "there is no such session on this connection");
    if (needs == TREE) {
        request->tree = tree_find(request->session, request->header.tree_id);
        if (!request->tree)
            return refuse(request, "MS-SMB2 3.3.5.2.11", STATUS_NETWORK_NAME_DELETED, "there is no such tree connect");
    }
    size_t fixed = COMMANDS[command].structure_size & ~1u;
    if (request->element.len - CSIGN_HEADER_LEN < fixed || load_le16(request->body) != COMMANDS[command].structure_size)
        return refuse(request, "MS-SMB2 2.2", STATUS_INVALID_PARAMETER,
                      "the body is shorter than its fixed part, or StructureSize is wrong");
    uint32_t status = COMMANDS[command].serve(request);
    if (status == STATUS_INSUFFICIENT_RESOURCES)
        refuse(request, "README, Bounds", status, "a bound is reached, or there is no memory");
    return status;
}

uint32_t dispatch_unrelated(struct request *request)
{
    find_session(request);
    uint32_t status = check_signature(request);
    request->session = NULL; /* what follows has nothing to relate to either */
    return status ? status : STATUS_INVALID_PARAMETER;
}

bool request_buffer(const struct request *request, size_t offset, size_t len, csign_bytes *out)
{
    size_t fixed = CSIGN_HEADER_LEN + (COMMANDS[request->header.command].structure_size & ~1u);
    *out = (csign_bytes){NULL, 0};
    if (!len)
        return true;
    if (offset < fixed || offset > request->element.len || len > request->element.len - offset)
        return false;
    *out = (csign_bytes){request->element.data + offset, len};
    return true;
}

bool request_affords(const struct request *request, size_t payload)
{
    uint32_t charge = request->header.credit_charge;
    if (!charge || request->connection->chosen.dialect < CSIGN_SMB_2_1)
        charge = 1;
    return payload <= (size_t)charge * 65536;
}
