/* SPDX-License-Identifier: Apache-2.0 */
/* See tcp_model.h. Positions are sequence numbers; a is after b when it is less than half the space ahead (RFC 9293 3.4). */
#include "tcp_model.h"

static bool after(uint32_t a, uint32_t b)
{
    return a != b && a - b < UINT32_C(1) << 31;
}

/* Ended segments and those of other directions do not count. */
static bool belongs(const model_segment *s, const model_connection *c, unsigned side)
{
    return s->connection == c && s->side == side && !s->past;
}

/* Whether the library may have had to give up waiting: at the end, or when more waits than it keeps. */
static bool may_give_up(const model_connection *c)
{
    return c->model->finishing || c->restarting || c->payloads > MODEL_WAITING || c->bytes > TCP_WAITING_BYTES;
}

static bool acknowledges_too_much(const model_segment *s, const model_connection *c)
{
    const model_stream *peer = &c->streams[1 - s->side];
    return s->has_ack && peer->known && after(s->ack, peer->at + 1); /* a FIN counts for one */
}

/* Everything that the capture had of a connection has been delivered or declared missing. */
static void check_ended(const model_connection *c)
{
    for (size_t f = 1; f <= c->model->frames; f++) {
        const model_segment *s = &c->model->segments[f];
        if (s->connection == c && !s->past && !c->wild && s->len + s->cut)
            CHECK(!after(s->seq + (uint32_t)(s->len + s->cut), c->streams[s->side].at),
                  "no byte of the capture vanishes silently");
    }
}

static void begin_stream(model_stream *st, uint32_t start, bool midstream)
{
    *st = (model_stream){.known = true, .midstream = midstream, .start = start, .at = start};
}

static void synchronise(model_connection *c, unsigned side, const tcp_segment *s)
{
    begin_stream(&c->streams[side], s->seq + 1, false);
    if (s->flags & TCP_ACK && !c->streams[1 - side].known)
        begin_stream(&c->streams[1 - side], s->ack, false);
}

/* The segment that is being handled, added to its connection. */
static void add_current(tcp_model *m, model_connection *c, unsigned side)
{
    const tcp_segment *s = &m->current;
    bool syn = s->flags & TCP_SYN;
    m->segments[m->frames] = (model_segment){.connection = c,
                                             .side = side,
                                             .seq = s->seq + syn,
                                             .ack = s->ack,
                                             .has_ack = s->flags & TCP_ACK,
                                             .len = s->payload.len,
                                             .cut = s->cut,
                                             .data = s->payload.data};
    uint32_t ahead = s->seq - c->streams[side].start + (UINT32_C(1) << 29);
    c->wild |= ahead >= UINT32_C(1) << 30;
    c->payloads += s->payload.len + s->cut != 0;
    c->bytes += s->payload.len;
}

/* The connection that a SYN ends has ended; the one that it begins has begun. */
static void restart(model_connection *c)
{
    tcp_model *m = c->model;
    const model_segment now = m->segments[m->frames];
    m->segments[m->frames].connection = NULL; /* the SYN is of the new one */
    check_ended(c);
    for (size_t f = 1; f < m->frames; f++)
        m->segments[f].past |= m->segments[f].connection == c;
    c->restarting = c->wild = false;
    c->payloads = c->bytes = 0;
    c->streams[0] = c->streams[1] = (model_stream){0};
    synchronise(c, now.side, &m->current);
    add_current(m, c, now.side);
}

void tcp_model_before(tcp_model *m, const tcp_segment *segment, unsigned connection, unsigned side)
{
    model_connection *c = &m->connections[connection];
    m->current = *segment;
    m->segments[++m->frames] = (model_segment){.side = side};
    if (segment->flags & TCP_RST)
        return;
    if (!c->order) {
        c->model = m;
        c->order = ++m->begun;
        c->first_side = side;
    }
    model_stream *st = &c->streams[side];
    if (segment->flags & TCP_SYN) {
        c->restarting = st->known && st->start != segment->seq + 1;
        if (c->restarting) {
            m->segments[m->frames].connection = c;
            return;
        }
        if (st->known)
            st->midstream = false;
        else
            synchronise(c, side, segment);
    } else if (!st->known) {
        begin_stream(st, segment->seq, true);
    }
    add_current(m, c, side);
}

/* What could be delivered was, and what waits is bounded. */
static void check_waiting(const model_connection *c)
{
    size_t count = 0, bytes = 0;
    for (size_t f = 1; f <= c->model->frames; f++) {
        const model_segment *s = &c->model->segments[f];
        if (s->connection != c || s->past)
            continue;
        uint32_t at = c->streams[s->side].at;
        if (s->len + s->cut == 0 || !after(s->seq + (uint32_t)(s->len + s->cut), at))
            continue;
        CHECK(after(s->seq, at) || acknowledges_too_much(s, c), "what can be delivered is delivered at once");
        count++;
        bytes += s->len;
    }
    CHECK(count <= MODEL_WAITING && bytes <= TCP_WAITING_BYTES, "what waits is bounded");
}

void tcp_model_after(tcp_model *m)
{
    model_connection *c = m->segments[m->frames].connection;
    if (m->current.flags & TCP_RST)
        return;
    if (c->restarting) {
        CHECK(!c->open, "a connection that a SYN ends is closed");
        restart(c);
    }
    if (!c->wild)
        check_waiting(c);
}

void tcp_model_finish(tcp_model *m)
{
    m->finishing = true;
}

void tcp_model_finished(tcp_model *m)
{
    for (size_t i = 0; i < MODEL_CONNECTIONS; i++) {
        const model_connection *c = &m->connections[i];
        CHECK(!c->open, "every connection is closed in the end");
        if (c->order)
            check_ended(c);
    }
}

static void *on_open(void *context, const endpoint ends[2])
{
    tcp_model *m = context;
    unsigned side = ends[0].port == 445, connection = ends[side].port - 1000u;
    CHECK(connection < MODEL_CONNECTIONS && ends[1 - side].port == 445, "a connection is one of the capture's");
    model_connection *c = &m->connections[connection];
    CHECK(c->order && c->first_side == side, "direction 0 is the side whose segment came first");
    CHECK(!c->open, "a connection is opened once");
    c->open = true;
    fuzz_outcome_number(connection);
    return c;
}

/* The stream of an event. While a SYN ends a connection, events of its own frame are the new connection's. */
static model_stream *stream_of(model_connection *c, unsigned direction, size_t frame)
{
    tcp_model *m = c->model;
    if (c->restarting && frame == m->frames)
        restart(c);
    CHECK(c->open && direction < 2 && frame >= 1 && frame <= m->frames, "an event belongs to an open connection");
    CHECK(m->finishing || !(m->current.flags & TCP_RST), "a reset delivers nothing");
    fuzz_outcome_number(direction);
    fuzz_outcome_number(frame);
    return &c->streams[c->first_side ^ direction];
}

static void on_data(void *connection, unsigned direction, csign_bytes bytes, size_t frame)
{
    model_connection *c = connection;
    model_stream *st = stream_of(c, direction, frame);
    const model_segment *s = &c->model->segments[frame];
    CHECK(belongs(s, c, c->first_side ^ direction), "data come from a segment of their connection and direction");
    uint32_t offset = st->at - s->seq;
    CHECK(bytes.len && offset < s->len && bytes.len <= s->len - offset &&
              !memcmp(bytes.data, s->data + offset, bytes.len),
          "data are their segment's bytes at the next position");
    CHECK(st->announced || !st->midstream, "a beginning that is not in the capture is told before the first byte");
    CHECK(may_give_up(c) || !acknowledges_too_much(s, c), "bytes come behind what their sender had acknowledged");
    st->announced = true;
    st->at += (uint32_t)bytes.len;
    fuzz_outcome_number(bytes.len);
}

/* The end of a segment that the capture's snapshot length cut off. */
static bool cut_off(const model_segment *s, const model_stream *st, uint32_t missing)
{
    uint32_t behind = st->at - (s->seq + (uint32_t)s->len);
    return behind < s->cut && missing == s->cut - behind;
}

static void on_gap(void *connection, unsigned direction, uint32_t missing, size_t frame)
{
    model_connection *c = connection;
    model_stream *st = stream_of(c, direction, frame);
    unsigned side = c->first_side ^ direction;
    fuzz_outcome_number(missing);
    if (!missing) {
        CHECK(st->midstream && !st->announced, "a missing beginning is told once, and only then");
        st->announced = true;
        return;
    }
    CHECK(st->announced || !st->midstream, "a beginning that is not in the capture is told before the first byte");
    bool cut = belongs(&c->model->segments[frame], c, side) && cut_off(&c->model->segments[frame], st, missing);
    CHECK(cut || may_give_up(c), "nothing is declared missing as long as it may come");
    for (size_t f = 1; f <= c->model->frames && !cut && !c->wild; f++) {
        const model_segment *s = &c->model->segments[f];
        CHECK(!belongs(s, c, side) || !s->len || (s->seq - st->at >= missing && st->at - s->seq >= s->len),
              "what is declared missing is not there");
    }
    st->announced = true;
    st->at += missing;
}

static void on_close(void *connection)
{
    model_connection *c = connection;
    CHECK(c->open, "a connection is closed once");
    c->open = false;
    if (c->model->finishing) {
        CHECK(c->order > c->model->closed, "connections are closed in the order of their beginning");
        c->model->closed = c->order;
    } else {
        CHECK(c->restarting, "a connection is closed by a SYN that begins another, or in the end");
        restart(c);
    }
}

tcp_consumer tcp_model_consumer(tcp_model *m)
{
    return (tcp_consumer){m, on_open, on_data, on_gap, on_close};
}
