/* SPDX-License-Identifier: Apache-2.0 */
/* Judging every signature of a capture: see judge.h. Puts the layers together: frames, TCP, transport frames, messages; what
   judges a message is in judged_connection.h. */
#define _POSIX_C_SOURCE 200809L /* fmemopen */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "judged_connection.h"
#include "keylog.h"
#include "memory.h"
#include "progress.h"
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
    report *r = j->conversation.world->report;
    r->closed(r, &j->conversation.about);
    conversation_end(&j->conversation);
    sent_free(&j->sent);
    free(j);
}

/* A capture being judged. */
typedef struct run {
    conversation_world world;
    const judge_options *options;
    capture_counts counts;
    tcp_reassembly *tcp;
    summary total;
    progress progress;
} run;

static void on_segment(void *context, const tcp_segment *segment)
{
    tcp_add(((run *)context)->tcp, segment);
}

static bool on_more(void *context, const capture_counts *counts)
{
    run *r = context;
    if (counts->frames % 1024 == 0)
        progress_show(&r->progress, counts->bytes);
    if (r->options->message_limit != 0 && summary_messages(&r->total) >= r->options->message_limit)
        return false;
    return r->options->stop == NULL || *r->options->stop == 0;
}

static void remark(conversation_world *world, bool unjudged, const char *text)
{
    world->total->unjudged += unjudged;
    world->report->remark(world->report, NULL, 0, text);
}

/* What could not be used of the capture as a whole. */
static void remark_counts(conversation_world *world, const capture_counts *counts, size_t given_up)
{
    char text[256];
    if (counts->fragments + counts->broken != 0) {
        snprintf(text, sizeof text, "%zu fragmented and %zu damaged IP packets were passed over", counts->fragments,
                 counts->broken);
        remark(world, counts->fragments != 0, text);
    }
    if (counts->dropped != 0) {
        snprintf(text, sizeof text,
                 "%zu packets were dropped by the kernel before they could be read: what was in them is not judged; "
                 "a narrower --filter helps",
                 counts->dropped);
        remark(world, true, text);
    }
    if (given_up != 0) {
        snprintf(text, sizeof text,
                 "more than %u connections were open at once: %zu that had been silent longest were given up, and "
                 "what came on them later counts as new connections",
                 TCP_OPEN, given_up);
        remark(world, true, text);
    }
    if (world->forgotten != 0) {
        snprintf(
            text, sizeof text,
            "of more than %u sessions, or %u on one connection, those used longest ago were forgotten, %zu in all: "
            "what came of them later has no key",
            SESSIONS_OF_CAPTURE, SESSIONS_OF_CONNECTION, world->forgotten);
        remark(world, false, text);
    }
}

static void end_sources(conversation_world *world)
{
    char text[512];
    for (size_t i = 0; i < world->source_count; i++)
        if (world->sources[i]->end(world->sources[i], text, sizeof text))
            remark(world, false, text);
}

static void say_nothing_found(const capture_counts *counts, char *error, size_t error_len)
{
    char cut[128] = "";
    if (counts->cut != 0)
        snprintf(cut, sizeof cut, "; %zu frames were cut by the capture's snap length: capture with a larger one",
                 counts->cut);
    snprintf(error, error_len, "no SMB2 message in %zu frames, %zu of them TCP: there is nothing to judge%s",
             counts->frames, counts->tcp, cut);
}

static void print_error(const char *error, const judge_options *options, FILE *diagnostics)
{
    char clean[1024];
    fprintf(diagnostics, "countersign %s: %s\n", options->form.explain ? "explain" : "pcap",
            printable(clean, sizeof clean, error));
}

static int exit_status(const summary *total, bool require_verified)
{
    size_t unverified = total->verdicts[VERDICT_NO_KEY] + total->verdicts[VERDICT_MIRRORED] +
                        total->verdicts[VERDICT_ENCRYPTED] + total->unjudged + total->stripped;
    if (total->verdicts[VERDICT_BAD] != 0)
        return JUDGE_BAD;
    return require_verified && unverified != 0 ? JUDGE_BAD : JUDGE_GOOD;
}

static void read_capture(run *r, const judge_input *input, char *problem, size_t problem_len)
{
    capture_sink sink = {r, on_segment, on_more};
    tcp_consumer consumer = {&r->world, on_open, on_data, on_gap, on_close};

    r->tcp = tcp_new(&consumer, TCP_WAITING_SEGMENTS);
    if (input->filter != NULL)
        capture_live(input->name, input->filter, &r->counts, &sink, problem, problem_len);
    else if (input->file != NULL)
        capture_read(input->file, &r->counts, &sink, problem, problem_len);
    else
        snprintf(problem, problem_len, "at byte offset 0: the file is empty");
    progress_clear(&r->progress);
    size_t given_up = tcp_given_up(r->tcp);
    tcp_finish(r->tcp);
    remark_counts(&r->world, &r->counts, given_up);
    end_sources(&r->world);
    if (problem[0] == 0 && summary_messages(&r->total) == 0)
        say_nothing_found(&r->counts, problem, problem_len);
}

int judge_capture(const judge_input *input, const keyfile *keys, const judge_options *options, FILE *out,
                  FILE *diagnostics)
{
    char problem[1024] = "", error[1280];
    keylog log = {0};
    run r = {
        .options = options,
        .progress = {.out = options->progress ? diagnostics : NULL, .total = options->progress, .begun = run_clock()}};

    r.world = (conversation_world){.keys = keys,
                                   .sources = options->sources,
                                   .source_count = options->source_count,
                                   .refresh = options->refresh,
                                   .refresh_context = options->refresh_context,
                                   .stats = {.on = options->stats, .begun = run_clock()},
                                   .diagnose = options->diagnose,
                                   .judged = options->judged,
                                   .judged_context = options->judged_context,
                                   .total = &r.total,
                                   .sessions.log = options->keylog ? &log : NULL,
                                   .report = report_new(&options->form, out, diagnostics)};
    read_capture(&r, input, problem, sizeof problem);
    snprintf(error, sizeof error, "%s: %s", input->name, problem);
    r.world.report->end(r.world.report, &r.total, problem[0] ? error : NULL);
    run_stats_print(&r.world.stats, &r.counts, summary_messages(&r.total), diagnostics);
    conversation_world_free(&r.world);
    if (options->keylog != NULL && !keylog_write(&log, options->keylog) && problem[0] == 0) {
        snprintf(problem, sizeof problem, "the keylog cannot be written");
        snprintf(error, sizeof error, "%s", problem);
    }
    if (problem[0] == 0)
        return exit_status(&r.total, options->require_verified);
    print_error(error, options, diagnostics);
    return JUDGE_UNUSABLE;
}

int judge_refuse(const char *error, const judge_options *options, FILE *out, FILE *diagnostics)
{
    summary total = {0};
    print_error(error, options, diagnostics);
    if (options->form.json || options->form.lines) {
        report *r = report_new(&options->form, out, diagnostics);
        r->end(r, &total, error);
    }
    return JUDGE_UNUSABLE;
}

int judge_memory(csign_bytes capture, csign_bytes key_text, const judge_options *options, FILE *out, FILE *diagnostics)
{
    char error[256];
    keyfile keys;

    if (!keyfile_read(&keys, key_text, error, sizeof error))
        return judge_refuse(error, options, out, diagnostics);
    /* fmemopen wants a writable pointer but does not write in mode "r" */
    judge_input input = {.name = "capture"};
    if (capture.len != 0)
        input.file = fmemopen((void *)(uintptr_t)capture.data, capture.len, "r");
    int status = judge_capture(&input, &keys, options, out, diagnostics);
    keyfile_free(&keys);
    return status;
}
