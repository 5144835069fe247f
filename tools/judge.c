/* SPDX-License-Identifier: Apache-2.0 */
/* Judging every signature of a capture: see judge.h. Puts the layers together: frames, TCP, transport frames, messages; what
   judges a message is in judged_connection.h. */
#define _POSIX_C_SOURCE 200809L /* fmemopen */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "capture_file.h"
#include "judged_connection.h"
#include "memory.h"
#include "tcp.h"

static void on_message(void *context, csign_bytes message, size_t frame)
{
    const struct side *side = context;
    judge_message(side->connection, side->direction, message, frame);
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
    conversation_world world = {
        .keys = keys, .sources = options->sources, .source_count = options->source_count, .total = &total};
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
    size_t unverified = total.verdicts[VERDICT_NO_KEY] + total.verdicts[VERDICT_MIRRORED] +
                        total.verdicts[VERDICT_ENCRYPTED] + total.unjudged;
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
