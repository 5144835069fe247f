/* SPDX-License-Identifier: Apache-2.0 */
/* TCP reassembly: see tcp.h. */
#include "tcp.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "tcp_table.h"

#define TCP_PLAUSIBLE (16u << 20)

struct tcp_reassembly {
    tcp_consumer consumer;
    tcp_table table;
    size_t given_up;
};

/* Sequence numbers wrap: a is after b when it is less than half the space ahead. */
static bool after(uint32_t a, uint32_t b)
{
    uint32_t ahead = a - b;
    return ahead != 0 && ahead < 0x80000000u;
}

static void announce(tcp_reassembly *tcp, connection *c, unsigned direction, size_t frame)
{
    stream *st = &c->streams[direction];
    if (c->user == NULL)
        c->user = tcp->consumer.open(tcp->consumer.context, c->ends);
    if (!st->announced && st->midstream)
        tcp->consumer.gap(c->user, direction, 0, frame);
    st->announced = true;
}

static void skip(tcp_reassembly *tcp, connection *c, unsigned direction, uint32_t missing, size_t frame)
{
    announce(tcp, c, direction, frame);
    tcp->consumer.gap(c->user, direction, missing, frame);
    c->streams[direction].next += missing;
}

/* Delivers the part of a segment that is new; it may start before next, never behind it. */
static void deliver(tcp_reassembly *tcp, connection *c, const waiting *w, const uint8_t *data)
{
    stream *st = &c->streams[w->direction];
    uint32_t old = st->next - w->seq;
    if (old < w->len) {
        announce(tcp, c, w->direction, w->frame);
        tcp->consumer.data(c->user, w->direction, (csign_bytes){data + old, w->len - old}, w->frame);
        st->next += (uint32_t)w->len - old;
        old = (uint32_t)w->len;
    }
    if (w->cut != 0 && old - w->len < w->cut)
        skip(tcp, c, w->direction, (uint32_t)(w->cut - (old - w->len)), w->frame);
}

/* In sequence, and the other side has been delivered as far as this one acknowledges (its FIN counts for one more). */
static bool deliverable(const connection *c, const waiting *w)
{
    const stream *st = &c->streams[w->direction], *peer = &c->streams[1 - w->direction];
    return !after(w->seq, st->next) && (!w->has_ack || !peer->known || !after(w->ack, peer->next + 1));
}

static void remove_waiting(connection *c, waiting **link)
{
    waiting *w = *link;
    *link = w->next;
    if (c->last == &w->next)
        c->last = link;
    c->waiting_count--;
    c->waiting_bytes -= w->len;
    free(w);
}

static void deliver_waiting(tcp_reassembly *tcp, connection *c)
{
    for (waiting **link = &c->first; *link != NULL;) {
        if (!deliverable(c, *link)) {
            link = &(*link)->next;
            continue;
        }
        deliver(tcp, c, *link, (*link)->data);
        remove_waiting(c, link);
        link = &c->first; /* it may have been what an earlier one waited for */
    }
}

/* Finds a segment in sequence that acknowledges bytes that nothing here can provide: they are lost, or the number is nonsense. */
static waiting **waits_in_vain(connection *c)
{
    uint32_t reach[2] = {c->streams[0].next, c->streams[1].next};
    waiting **link;

    for (const waiting *w = c->first; w != NULL; w = w->next)
        if (after(w->seq + (uint32_t)w->len, reach[w->direction]))
            reach[w->direction] = w->seq + (uint32_t)w->len;
    for (link = &c->first; *link != NULL; link = &(*link)->next)
        if (!after((*link)->seq, c->streams[(*link)->direction].next) &&
            after((*link)->ack, reach[1 - (*link)->direction] + 1))
            return link;
    return NULL;
}

/* Gives up waiting: first for what cannot come, then for what the segment that has waited longest needs: a hole in its direction
   is declared up to the first byte that is there. Delivers at least one segment. */
static void give_up(tcp_reassembly *tcp, connection *c)
{
    unsigned direction = c->first->direction;
    uint32_t next = c->streams[direction].next;
    waiting **chosen = waits_in_vain(c);

    if (chosen == NULL) {
        chosen = &c->first;
        for (waiting **link = &c->first->next; *link != NULL; link = &(*link)->next)
            if ((*link)->direction == direction && after((*chosen)->seq, (*link)->seq))
                chosen = link;
        if (after((*chosen)->seq, next))
            skip(tcp, c, direction, (*chosen)->seq - next, (*chosen)->frame);
    }
    deliver(tcp, c, *chosen, (*chosen)->data);
    remove_waiting(c, chosen);
    deliver_waiting(tcp, c);
}

/* What has been acknowledged was there, even if nothing behind it is in the capture. A FIN counts for one. Numbers out of all
   proportion are not believed. */
static void find_missing_end(tcp_reassembly *tcp, connection *c, unsigned direction)
{
    const stream *st = &c->streams[direction];
    uint32_t missing = st->acked - st->next;
    if (st->known && st->acked_frame != 0 && missing > 1 && missing < TCP_PLAUSIBLE)
        skip(tcp, c, direction, missing, st->acked_frame);
}

static void finish(tcp_reassembly *tcp, connection *c)
{
    while (c->first != NULL)
        give_up(tcp, c);
    find_missing_end(tcp, c, 0);
    find_missing_end(tcp, c, 1);
    if (c->user != NULL)
        tcp->consumer.close(c->user);
    c->user = NULL;
    c->streams[0] = c->streams[1] = (stream){0};
}

static void forget(tcp_reassembly *tcp, connection *c)
{
    finish(tcp, c);
    tcp_table_remove(&tcp->table, c);
}

/* A connection that has ended is kept for a while: a reset may be forged, and segments may be late. */
static void retire(tcp_reassembly *tcp, connection *c)
{
    tcp_table_move(&tcp->table.ended, c);
    if (tcp->table.ended.count > TCP_ENDED)
        forget(tcp, tcp->table.ended.oldest);
}

static void limit_open(tcp_reassembly *tcp)
{
    if (tcp->table.open.count <= TCP_OPEN)
        return;
    tcp->given_up += tcp->table.open.oldest->user != NULL; /* of the others nothing has been delivered */
    forget(tcp, tcp->table.open.oldest);
}

/* A SYN says where a direction starts; one that says something new belongs to a new connection between the same ports. */
static void synchronise(tcp_reassembly *tcp, connection *c, unsigned direction, const tcp_segment *s)
{
    stream *st = &c->streams[direction], *peer = &c->streams[1 - direction];
    if (st->known && st->start == s->seq + 1) {
        st->midstream = false;
        return;
    }
    if (st->known) {
        finish(tcp, c);
        tcp_table_move(&tcp->table.open, c);
    }
    *st = (stream){.known = true, .start = s->seq + 1, .next = s->seq + 1};
    if ((s->flags & TCP_ACK) != 0 && !peer->known)
        *peer = (stream){.known = true, .start = s->ack, .next = s->ack};
}

static void keep(connection *c, const waiting *w, const uint8_t *data)
{
    waiting *kept = need(sizeof *kept + w->len);
    *kept = *w;
    if (w->len != 0)
        memcpy(kept->data, data, w->len);
    *c->last = kept;
    c->last = &kept->next;
    c->waiting_count++;
    c->waiting_bytes += w->len;
}

void tcp_add(tcp_reassembly *tcp, const tcp_segment *s)
{
    unsigned direction;
    connection *c = tcp_table_find(&tcp->table, s, &direction);
    if ((s->flags & TCP_RST) != 0) { /* what it carries is not part of the stream */
        if (c != NULL)
            retire(tcp, c);
        return;
    }
    if (c == NULL) {
        c = tcp_table_add(&tcp->table, s);
        direction = 0;
    }
    stream *st = &c->streams[direction], *peer = &c->streams[1 - direction];
    waiting w = {.direction = direction, .seq = s->seq, .ack = s->ack, .frame = s->frame, .cut = s->cut};

    w.has_ack = (s->flags & TCP_ACK) != 0;
    w.len = s->payload.len;
    if ((s->flags & TCP_SYN) != 0) {
        synchronise(tcp, c, direction, s);
        w.seq++;
    } else if (!st->known) {
        *st = (stream){.known = true, .midstream = true, .start = s->seq, .next = s->seq};
    }
    if (w.has_ack && (peer->acked_frame == 0 || after(s->ack, peer->acked))) {
        peer->acked = s->ack;
        peer->acked_frame = s->frame;
    }
    st->finished = st->finished || (s->flags & TCP_FIN) != 0;
    if (s->payload.len + s->cut != 0) {
        if (deliverable(c, &w)) {
            deliver(tcp, c, &w, s->payload.data);
            deliver_waiting(tcp, c);
        } else {
            keep(c, &w, s->payload.data);
            while (c->first != NULL &&
                   (c->waiting_count > TCP_WAITING_SEGMENTS || c->waiting_bytes > TCP_WAITING_BYTES))
                give_up(tcp, c);
        }
    }
    if (st->finished && peer->finished)
        retire(tcp, c);
    limit_open(tcp);
}

size_t tcp_given_up(const tcp_reassembly *tcp)
{
    return tcp->given_up;
}

tcp_reassembly *tcp_new(const tcp_consumer *consumer)
{
    tcp_reassembly *tcp = need(sizeof *tcp);
    tcp->consumer = *consumer;
    return tcp;
}

void tcp_finish(tcp_reassembly *tcp)
{
    size_t count;
    connection **all = tcp_table_all(&tcp->table, &count);
    for (size_t i = 0; i < count; i++)
        forget(tcp, all[i]);
    free(all);
    free(tcp);
}
