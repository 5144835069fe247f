/* SPDX-License-Identifier: Apache-2.0 */
#include "oplock.h"

#include <string.h>

#include "connection.h"
#include "log.h"
#include "octets.h"
#include "range_lock.h"

#define STAT_ACCESS (READ_ATTRIBUTES | WRITE_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE)

static bool is_exclusive(uint8_t oplock)
{
    return oplock == OPLOCK_EXCLUSIVE || oplock == OPLOCK_BATCH;
}

void oplock_grant(struct open *open, uint8_t wanted)
{
    bool others = false;
    const struct open *other;
    DL_FOREACH2(open->node->opens, other, node_next)
    {
        if (other == open)
            continue;
        if (is_exclusive(other->oplock))
            return;
        others |= other->oplock || other->access & ~STAT_ACCESS;
    }
    if (node_is_directory(open->node) || (wanted != OPLOCK_II && !is_exclusive(wanted)))
        return;
    if (!others)
        open->oplock = wanted;
    if ((others || wanted == OPLOCK_II) && !range_lock_any(open->node))
        open->oplock = OPLOCK_II;
}

void notify_oplock_break(struct open *open, uint8_t level)
{
    /* 3.3.4.6: on any channel of the session. */
    struct channel *channel;
    DL_FOREACH(open->session->channels, channel)
    {
        if (!channel->connection->closing)
            break;
    }
    struct frame *frame = channel ? frame_new() : NULL;
    if (!frame)
        return;
    uint8_t *header = frame_begin(frame);
    size_t offset = header ? (size_t)(header - frame->data) : 0;
    uint8_t *body = header ? frame_extend(frame, 24) : NULL;
    if (!body) {
        frame_free(frame);
        return;
    }
    header = frame->data + offset;
    store_le32(header, 0x424D53FEu); /* ProtocolId */
    store_le16(header + 4, CSIGN_HEADER_LEN);
    store_le16(header + 12, CSIGN_COMMAND_OPLOCK_BREAK);
    store_le32(header + 16, CSIGN_FLAG_SERVER_TO_REDIR);
    store_le64(header + 24, UINT64_MAX);
    store_le16(body, 24);
    body[2] = level;
    memcpy(body + 8, open->id, 16);
    if (open->session->encryption_required)
        frame->encrypt_for = open->session;
    struct connection *connection = channel->connection;
    connection_queue(connection, frame);
    connection_send(connection);
    if (connection->wake)
        connection->wake(connection);
}

static void settle(struct open *open, uint8_t level)
{
    open->breaking = false;
    open->oplock = level;
    if (open->break_timer)
        event_free(open->break_timer);
    open->break_timer = NULL;
}

static void timed_out(evutil_socket_t fd, short what, void *arg)
{
    struct open *open = arg;
    struct node *node = open->node;
    (void)fd;
    (void)what;
    log_line(NULL, open->session, "an oplock break was not acknowledged in %d seconds", BREAK_TIMEOUT);
    settle(open, OPLOCK_NONE);
    create_retry(node);
}

/* false: without a timer nothing would end the wait, so nobody waits. */
static bool begin_break(struct open *open, uint8_t level)
{
    const struct timeval timeout = {BREAK_TIMEOUT, 0};
    notify_oplock_break(open, level);
    open->break_timer = evtimer_new(open->session->server->base, timed_out, open);
    if (!open->break_timer || evtimer_add(open->break_timer, &timeout)) {
        settle(open, OPLOCK_NONE);
        return false;
    }
    open->breaking = true;
    open->breaking_to = level;
    return true;
}

bool oplock_break_for(struct node *node, const struct open *except, bool batch_only, uint8_t level)
{
    struct open *holder;
    DL_FOREACH2(node->opens, holder, node_next)
    {
        if (holder == except || !is_exclusive(holder->oplock))
            continue;
        if (holder->breaking)
            return true;
        return !(batch_only && holder->oplock != OPLOCK_BATCH) && begin_break(holder, level);
    }
    return false;
}

void oplock_break_all_ii(struct node *node, const struct open *except)
{
    struct open *holder;
    DL_FOREACH2(node->opens, holder, node_next)
    {
        if (holder != except && holder->oplock == OPLOCK_II) {
            holder->oplock = OPLOCK_NONE;
            notify_oplock_break(holder, OPLOCK_NONE);
        }
    }
}

void oplock_break_level_ii(const struct open *open)
{
    oplock_break_all_ii(open->node, NULL);
}

uint32_t oplock_acknowledge(struct open *open, uint8_t level)
{
    if (!open->breaking)
        return STATUS_INVALID_OPLOCK_PROTOCOL;
    if (level != OPLOCK_NONE && level != OPLOCK_II) {
        settle(open, OPLOCK_NONE);
        create_retry(open->node);
        return STATUS_INVALID_PARAMETER;
    }
    settle(open, level <= open->breaking_to ? level : OPLOCK_NONE);
    create_retry(open->node);
    return STATUS_SUCCESS;
}

void oplock_end(struct open *open)
{
    settle(open, OPLOCK_NONE);
}
