/* SPDX-License-Identifier: Apache-2.0 */
/* Judging every signature of a capture: see judge.h. Puts the layers together: frames, TCP, transport frames, compounds; each
   element is first observed by its conversation and then judged with the keyring that the conversation names. */
#define _POSIX_C_SOURCE 200809L /* fmemopen */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "capture_file.h"
#include "conversation.h"
#include "memory.h"
#include "octets.h"
#include "sent.h"
#include "tcp.h"
#include "transport.h"

#define TRANSFORM_HEADER_LEN 52u

typedef struct judged_connection {
    conversation conversation;
    sent_signatures sent;
    struct side {
        struct judged_connection *connection;
        unsigned direction;
        transport transport;
    } sides[2];
    bool spoken; /* there has been an SMB message */
} judged_connection;

static bool from_server(const conversation *c, unsigned direction)
{
    return (int)direction == c->server_direction;
}

static void say(conversation *c, judged_message *m)
{
    m->connection = c->number;
    c->world->total->verdicts[m->verdict]++;
    c->world->report->message(c->world->report, m);
}

/* protocol rule: a server without a key answers with the request's signature copied */
static bool is_mirrored(const judged_connection *j, const csign_header *h, const judged_message *m)
{
    return m->from_server && (m->verdict == VERDICT_BAD || m->verdict == VERDICT_NO_KEY) &&
           sent_has(&j->sent, h->message_id, h->signature);
}

static void judge_element(judged_connection *j, unsigned direction, csign_bytes element, size_t index,
                          uint64_t *session_id, size_t frame)
{
    conversation *c = &j->conversation;
    const char *doubt;
    csign_header h;

    if (csign_header_parse(&h, element) != CSIGN_OK) /* csign_compound_next has looked at it already */
        return;
    if (index == 0 || (h.flags & CSIGN_FLAG_RELATED) == 0)
        *session_id = h.session_id;
    judged_message m = {
        .frame = frame,
        .element = index,
        .from_server = (h.flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0,
        .readable = true,
        .command = h.command,
        .status = h.status,
        .message_id = h.message_id,
        .session_id = *session_id,
    };
    conversation_observe(c, direction, &h, *session_id, element, frame);
    keyring *ring = conversation_ring(c, &h, *session_id, &doubt);
    keyring_judge(ring, element, doubt, &m);
    if (!m.from_server)
        sent_add(&j->sent, &h);
    else if (is_mirrored(j, &h, &m)) {
        m.verdict = VERDICT_MIRRORED;
        m.why = ring != NULL && keyring_proven(ring)
                    ? "the response repeats its request's signature; a server does that when it has no key for the "
                      "session, but this session's key has verified messages before: suspicious unless the session "
                      "has ended"
                    : "the response repeats its request's signature; a server does that when it has no key for the "
                      "session";
    }
    say(c, &m);
}

static void judge_compound(judged_connection *j, unsigned direction, csign_bytes message, size_t frame)
{
    size_t offset = 0, len = 0;
    uint64_t session_id = 0;

    for (size_t index = 0;; index++) {
        csign_status status = csign_compound_next(message, &offset, &len);
        if (status != CSIGN_OK) {
            char text[192];
            snprintf(text, sizeof text,
                     "at offset %zu of a message of %zu bytes: %s (%s); the rest of it is not judged", offset,
                     message.len, csign_status_text(status), csign_status_name(status));
            conversation_remark(&j->conversation, frame, true, text);
            conversation_lost(&j->conversation, true);
            return;
        }
        if (len == 0)
            return;
        judge_element(j, direction, (csign_bytes){message.data + offset, len}, index, &session_id, frame);
    }
}

static void on_message(void *context, csign_bytes message, size_t frame)
{
    struct side *side = context;
    judged_connection *j = side->connection;
    conversation *c = &j->conversation;
    bool server = from_server(c, side->direction);

    j->spoken = true;
    switch (message.data[0]) {
    case 0xFE:
        judge_compound(j, side->direction, message, frame);
        return;
    case 0xFD:
        if (message.len < TRANSFORM_HEADER_LEN) {
            conversation_remark(c, frame, true, "an encrypted message too short for its transform header");
            return;
        }
        say(c, &(judged_message){.frame = frame,
                                 .from_server = server,
                                 .session_id = load_le64(message.data + 44),
                                 .verdict = VERDICT_ENCRYPTED});
        return;
    case 0xFC:
        conversation_remark(c, frame, true,
                            "a compressed message is not judged: its signature covers what it decompresses to");
        conversation_lost(c, true);
        return;
    default:
        return; /* SMB1: a multi-protocol negotiate; neither signed nor hashed in SMB2 */
    }
}

static void on_lost(void *context, csign_bytes known, bool only, size_t frame, const char *text)
{
    struct side *side = context;
    conversation *c = &side->connection->conversation;
    csign_header h;
    bool may_be_setup = true;

    if (only && csign_header_parse(&h, known) == CSIGN_OK)
        may_be_setup = h.command == CSIGN_COMMAND_NEGOTIATE || h.command == CSIGN_COMMAND_SESSION_SETUP;
    conversation_lost(c, may_be_setup);
    if (side->connection->spoken)
        conversation_remark(c, frame, true, text);
}

static transport_consumer consumer_of(struct side *side)
{
    return (transport_consumer){side, on_message, on_lost};
}

static void *on_open(void *context, const endpoint ends[2])
{
    conversation_world *world = context;
    judged_connection *j = need(sizeof *j);
    conversation_begin(&j->conversation, world, ends);
    for (unsigned d = 0; d < 2; d++) {
        j->sides[d].connection = j;
        j->sides[d].direction = d;
    }
    return j;
}

static void on_data(void *connection, unsigned direction, csign_bytes bytes, size_t frame)
{
    struct side *side = &((judged_connection *)connection)->sides[direction];
    transport_consumer consumer = consumer_of(side);
    transport_data(&side->transport, bytes, frame, &consumer);
}

static void on_gap(void *connection, unsigned direction, uint32_t missing, size_t frame)
{
    struct side *side = &((judged_connection *)connection)->sides[direction];
    transport_consumer consumer = consumer_of(side);
    transport_gap(&side->transport, missing, frame, &consumer);
}

static void on_close(void *connection)
{
    judged_connection *j = connection;
    for (unsigned d = 0; d < 2; d++) {
        transport_consumer consumer = consumer_of(&j->sides[d]);
        transport_end(&j->sides[d].transport, &consumer);
    }
    conversation_end(&j->conversation);
    sent_free(&j->sent);
    free(j);
}

static void on_segment(void *tcp, const tcp_segment *segment)
{
    tcp_add(tcp, segment);
}

static report *open_report(const judge_options *options, FILE *out, FILE *diagnostics)
{
    return options->json ? report_json(out, diagnostics) : report_text(out, options->colour);
}

/* What the frames that could not be used amount to, when there was nothing else or something may be missing because of them. */
static void judge_counts(conversation_world *world, const capture_counts *counts, char *error, size_t error_len)
{
    size_t messages = 0;
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        messages += world->total->verdicts[i];
    if (counts->fragments + counts->broken != 0) {
        char text[160];
        snprintf(text, sizeof text, "%zu fragmented and %zu damaged IP packets were passed over", counts->fragments,
                 counts->broken);
        world->total->unjudged += counts->fragments != 0;
        world->report->remark(world->report, 0, counts->frames, text);
    }
    if (messages != 0 || error[0] != 0)
        return;
    char cut[128] = "";
    if (counts->cut != 0)
        snprintf(cut, sizeof cut, "; %zu frames were cut by the capture's snap length: capture with a larger one",
                 counts->cut);
    snprintf(error, error_len, "no SMB2 message in %zu frames, %zu of them TCP: there is nothing to judge%s",
             counts->frames, counts->tcp, cut);
}

static void print_error(const char *error, FILE *diagnostics)
{
    char clean[1024];
    fprintf(diagnostics, "countersign pcap: %s\n", printable(clean, sizeof clean, error));
}

int judge_stream(FILE *capture, const char *name, const keyfile *keys, const judge_options *options, FILE *out,
                 FILE *diagnostics)
{
    summary total = {0};
    capture_counts counts = {0};
    char problem[512] = "", error[1024];
    conversation_world world = {.keys = keys, .total = &total};
    tcp_consumer consumer = {&world, on_open, on_data, on_gap, on_close};
    tcp_reassembly *tcp = tcp_new(&consumer);

    world.report = open_report(options, out, diagnostics);
    if (capture == NULL)
        snprintf(problem, sizeof problem, "at byte offset 0: the file is empty");
    else
        capture_read(capture, &counts, on_segment, tcp, problem, sizeof problem);
    tcp_finish(tcp);
    judge_counts(&world, &counts, problem, sizeof problem);
    snprintf(error, sizeof error, "%s: %s", name, problem);
    world.report->end(world.report, &total, problem[0] ? error : NULL);
    conversation_world_free(&world);
    if (problem[0] != 0) {
        print_error(error, diagnostics);
        return JUDGE_UNUSABLE;
    }
    if (total.verdicts[VERDICT_BAD] != 0)
        return JUDGE_BAD;
    size_t unverified = total.verdicts[VERDICT_NO_KEY] + total.verdicts[VERDICT_MIRRORED] + total.unjudged;
    return options->require_verified && unverified != 0 ? JUDGE_BAD : JUDGE_GOOD;
}

int judge_refuse(const char *error, const judge_options *options, FILE *out, FILE *diagnostics)
{
    summary total = {0};
    print_error(error, diagnostics);
    if (options->json) {
        report *r = open_report(options, out, diagnostics);
        r->end(r, &total, error);
    }
    return JUDGE_UNUSABLE;
}

int judge_memory(csign_bytes capture, csign_bytes key_text, const judge_options *options, FILE *out, FILE *diagnostics)
{
    char error[256];
    keyfile keys;

    if (!keyfile_parse(&keys, key_text, error, sizeof error))
        return judge_refuse(error, options, out, diagnostics);
    /* fmemopen wants a writable pointer but does not write in mode "r" */
    FILE *file = capture.len ? fmemopen((void *)(uintptr_t)capture.data, capture.len, "r") : NULL;
    int status = judge_stream(file, "capture", &keys, options, out, diagnostics);
    keyfile_free(&keys);
    return status;
}
