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
    size_t segments; /* of a connection that may wait */
    size_t given_up;
};

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
    return !tcp_after(w->seq, st->next) && (!w->has_ack || !peer->known || !tcp_after(w->ack, peer->next + 1));
}

static void remove_waiting(connection *c, waiting *w)
{
    *(w->older ? &w->older->newer : &c->oldest_waiting) = w->newer;
    *(w->newer ? &w->newer->older : &c->newest_waiting) = w->older;
    c->waiting_count--;
    c->waiting_bytes -= w->len;
    free(w);
}

static void deliver_next(tcp_reassembly *tcp, connection *c, waiting_heap *heap)
{
    waiting *w = waiting_pop(heap);
    deliver(tcp, c, w, w->data);
    remove_waiting(c, w);
}

/* What a direction could deliver next, or NULL. */
static waiting *ready(const connection *c, stream *st)
{
    while (st->coming.count != 0 && !tcp_after(waiting_top(&st->coming)->seq, st->next)) {
        waiting *w = waiting_pop(&st->coming);
        waiting_push(&st->blocked, w, deliverable(c, w) ? c->streams[1 - w->direction].next : w->ack);
    }
    waiting *w = waiting_top(&st->blocked);
    return w != NULL && deliverable(c, w) ? w : NULL;
}

static void deliver_waiting(tcp_reassembly *tcp, connection *c)
{
    for (;;) { /* each may be what another has waited for */
        const waiting *a = ready(c, &c->streams[0]), *b = ready(c, &c->streams[1]);
        if (a == NULL && b == NULL)
            return;
        deliver_next(tcp, c, &c->streams[a == NULL || (b != NULL && b->frame < a->frame)].blocked);
    }
}

/* Whether a direction's next segment acknowledges bytes that nothing here can provide: they are lost, or the number is nonsense. */
static bool waits_in_vain(const connection *c, unsigned direction)
{
    const stream *peer = &c->streams[1 - direction];
    const waiting *w = waiting_top(&c->streams[direction].blocked);
    return w != NULL && tcp_after(w->ack, (tcp_after(peer->reach, peer->next) ? peer->reach : peer->next) + 1);
}

/* Gives up waiting: first for what cannot come, then for what the segment that has waited longest needs: a hole in its direction
   is declared up to the first byte that is there. Delivers at least one segment. */
static void give_up(tcp_reassembly *tcp, connection *c)
{
    unsigned direction = waits_in_vain(c, 0) ? 0 : waits_in_vain(c, 1) ? 1 : c->oldest_waiting->direction;
    stream *st = &c->streams[direction];

    if (st->blocked.count == 0) {
        const waiting *w = waiting_top(&st->coming);
        skip(tcp, c, direction, w->seq - st->next, w->frame);
        deliver_next(tcp, c, &st->coming);
    } else {
        deliver_next(tcp, c, &st->blocked);
    }
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
    while (c->oldest_waiting != NULL)
        give_up(tcp, c);
    find_missing_end(tcp, c, 0);
    find_missing_end(tcp, c, 1);
    if (c->user != NULL)
        tcp->consumer.close(c->user);
    c->user = NULL;
    for (unsigned d = 0; d < 2; d++) {
        waiting_free(&c->streams[d].coming);
        waiting_free(&c->streams[d].blocked);
        c->streams[d] = (stream){0};
    }
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
    stream *st = &c->streams[w->direction];
    waiting *kept = need(sizeof *kept + w->len);

    *kept = *w;
    if (w->len != 0)
        memcpy(kept->data, data, w->len);
    kept->older = c->newest_waiting;
    kept->newer = NULL;
    *(c->newest_waiting ? &c->newest_waiting->newer : &c->oldest_waiting) = kept;
    c->newest_waiting = kept;
    if (st->coming.count + st->blocked.count == 0 || tcp_after(w->seq + (uint32_t)w->len, st->reach))
        st->reach = w->seq + (uint32_t)w->len;
    if (tcp_after(w->seq, st->next))
        waiting_push(&st->coming, kept, kept->seq);
    else
        waiting_push(&st->blocked, kept, kept->ack);
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
    if (w.has_ack && (peer->acked_frame == 0 || tcp_after(s->ack, peer->acked))) {
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
            while (c->oldest_waiting != NULL &&
                   (c->waiting_count > tcp->segments || c->waiting_bytes > TCP_WAITING_BYTES))
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

tcp_reassembly *tcp_new(const tcp_consumer *consumer, size_t segments)
{
    tcp_reassembly *tcp = need(sizeof *tcp);
    tcp->segments = segments;
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
