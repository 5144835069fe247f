/* SPDX-License-Identifier: Apache-2.0 */
/* The report of `countersign explain`: see report_explain.h. How one diagnosis is written is in explain.c. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "report_explain.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "diagnosis.h"
#include "explain.h"
#include "memory.h"
#include "names.h"
#include "report_style.h"

/* Messages of one session and side that the same mistakes explain, or that nothing does. */
typedef struct kind {
    size_t connection, frame, element, last, count;
    uint64_t session_id;
    bool from_server, searched, readable;
    char ends[136], terms[112], command[24];
    const char *why;
    explained evidence;
} kind;

typedef struct explain_report {
    report report;
    style style;
    report_form form;
    kind *kinds[EXPLAIN_KINDS];
    size_t count, others; /* messages without a place */
    size_t no_key;
} explain_report;

static kind *find(explain_report *r, const judged_message *m)
{
    for (size_t i = r->count; i-- > 0;) {
        kind *k = r->kinds[i];
        if (k->connection == m->connection->number && k->session_id == m->session_id &&
            k->from_server == m->from_server && k->searched == (m->diagnosis != NULL) && strcmp(k->why, m->why) == 0)
            return k;
    }
    if (r->count == EXPLAIN_KINDS)
        return NULL;
    return r->kinds[r->count++] = need(sizeof(kind));
}

static void begin(kind *k, const judged_message *m)
{
    const char *command = m->readable ? name_command(m->command) : "encrypted";
    k->readable = m->readable;
    k->connection = m->connection->number;
    k->frame = m->frame;
    k->element = m->element;
    k->session_id = m->session_id;
    k->from_server = m->from_server;
    k->why = m->why;
    snprintf(k->ends, sizeof k->ends, "%s", m->connection->ends);
    snprintf(k->terms, sizeof k->terms, "%s", m->connection->terms);
    if (command != NULL)
        snprintf(k->command, sizeof k->command, "%s", command);
    else
        snprintf(k->command, sizeof k->command, "command 0x%04x", (unsigned)m->command);
    k->searched = m->diagnosis != NULL;
    if (m->diagnosis != NULL)
        explained_make(&k->evidence, &m->diagnosis->claim, &m->diagnosis->found, m->diagnosis->sentence);
}

static void message(report *report, const judged_message *m)
{
    explain_report *r = (explain_report *)report;

    if (r->form.frame != 0 && m->frame != r->form.frame)
        return;
    r->no_key += m->verdict == VERDICT_NO_KEY || m->verdict == VERDICT_ENCRYPTED;
    if (m->verdict != VERDICT_BAD)
        return;
    kind *k = find(r, m);
    if (k == NULL) {
        r->others++;
        return;
    }
    if (k->count++ == 0)
        begin(k, m);
    k->last = m->frame;
}

static void remark(report *report, const report_connection *connection, size_t frame, const char *text)
{
    (void)report;
    (void)connection;
    (void)frame;
    (void)text;
}

static void closed(report *report, report_connection *connection)
{
    (void)report;
    (void)connection;
}

/* A kind without evidence: an AEAD's tag has none to show; a signature has not been searched. */
static void print_bare(const explain_report *r, const kind *k)
{
    FILE *out = r->style.out;
    fprintf(out, "\n  %s\n", k->why);
    if (!k->readable)
        fputs("\n  looked for: another cipher, swapped directions, a session key truncated for AES-256, NEGOTIATE left "
              "out of "
              "the\n  preauth hash or the final response in it, alone and in pairs\n",
              out);
    else if (r->form.frame != 0)
        fputs("\n  not searched: the messages of the session's setup are not all in the capture\n", out);
    else
        fprintf(out,
                "\n  not searched: the session has had its searches, or the messages of its setup are not all in the "
                "capture;\n  --frame %zu searches this frame alone\n",
                k->frame);
}

static void print_kind(const explain_report *r, const kind *k)
{
    FILE *out = r->style.out;
    char some[64];

    fprintf(out, "connection %zu: %s, %s\n", k->connection, k->ends, k->terms);
    if (k->session_id != 0)
        fprintf(out, "session %016" PRIx64 ": ", k->session_id);
    fprintf(out, "%s of the %s", style_some(some, k->count, k->readable ? "wrong signature" : "undecrypted message"),
            k->from_server ? "server" : "client");
    if (k->count == 1)
        fprintf(out, ", frame %zu, element %zu: %s\n", k->frame, k->element, k->command);
    else
        fprintf(out, ", frames %zu to %zu; the first, element %zu: %s\n", k->frame, k->last, k->element, k->command);
    if (k->searched)
        explained_print(&k->evidence, &r->style, r->form.keys);
    else
        print_bare(r, k);
    fputc('\n', out);
}

static void print_text(const explain_report *r, const summary *total, const char *error)
{
    FILE *out = r->style.out;
    char some[64];

    for (size_t i = 0; i < r->count; i++)
        print_kind(r, r->kinds[i]);
    if (r->others != 0)
        fprintf(out, "and %s of other kinds\n\n", style_some(some, r->others, "more message"));
    if (r->count == 0)
        fprintf(out, "no wrong signature%s%s\n", r->form.frame ? " in this frame" : "",
                error ? " in what could be read" : "");
    fputs(error ? "of what could be read: " : "", out);
    style_counts(&r->style, total->verdicts);
    fputc('\n', out);
    if (r->no_key != 0)
        fprintf(out, "%s without a key: only with it can a signature be explained\n",
                style_some(some, r->no_key, "message"));
}

static void print_json(const explain_report *r, const summary *total, const char *error)
{
    json_t *kinds = json_array(), *counts = json_object();

    for (size_t i = 0; i < r->count; i++) {
        const kind *k = r->kinds[i];
        json_t *entry = json_pack("{s:I, s:o, s:s, s:I, s:I, s:I, s:I, s:s, s:s}", "connection",
                                  (json_int_t)k->connection, "session_id", json_sprintf("%016" PRIx64, k->session_id),
                                  "side", k->from_server ? "server" : "client", "messages", (json_int_t)k->count,
                                  "frame", (json_int_t)k->frame, "element", (json_int_t)k->element, "last_frame",
                                  (json_int_t)k->last, "command", k->command, "why", k->why);
        json_object_set_new(entry, "evidence", k->searched ? explained_json(&k->evidence, r->form.keys) : json_null());
        json_array_append_new(kinds, entry);
    }
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        json_object_set_new(counts, verdict_name((verdict)i), json_integer((json_int_t)total->verdicts[i]));
    json_t *all = json_pack("{s:o, s:I, s:o, s:o}", "wrong", kinds, "messages_omitted", (json_int_t)r->others,
                            "summary", counts, "error", error ? json_string(error) : json_null());
    json_dumpf(all, r->style.out, JSON_INDENT(1));
    fputc('\n', r->style.out);
    json_decref(all);
}

static void end(report *report, const summary *total, const char *error)
{
    explain_report *r = (explain_report *)report;

    if (r->form.json)
        print_json(r, total, error);
    else
        print_text(r, total, error);
    for (size_t i = 0; i < r->count; i++) {
        explicit_bzero(r->kinds[i], sizeof *r->kinds[i]);
        free(r->kinds[i]);
    }
    free(r);
}

report *report_explain(const report_form *form, FILE *out)
{
    explain_report *r = need(sizeof *r);
    r->report = (struct report){message, remark, closed, end};
    r->style = (style){out, form->colour};
    r->form = *form;
    return &r->report;
}
