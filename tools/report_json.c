/* SPDX-License-Identifier: Apache-2.0 */
/* The report as JSON: see report_json.h. A message's line is printed directly, for there are millions; names need no
   escapes. */
#include "report_json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "diagnosis.h"
#include "memory.h"
#include "names.h"

typedef struct json_report {
    report report;
    FILE *out, *diagnostics;
    bool lines, live;
    size_t messages;
    json_t *remarks;
    size_t remarks_omitted;
} json_report;

static void print(json_report *r, json_t *value)
{
    if (value == NULL || json_dumpf(value, r->out, JSON_COMPACT | JSON_ENCODE_ANY) != 0) {
        fputs("countersign: the report cannot be written\n", stderr);
        exit(2);
    }
    json_decref(value);
}

/* Members come as `"name":value,`, the last without the comma. */
static void text_member(json_report *r, const char *name, const char *text)
{
    if (text != NULL)
        fprintf(r->out, "\"%s\":\"%s\",", name, text);
    else
        fprintf(r->out, "\"%s\":null,", name);
}

static void hex_member(json_report *r, const char *name, bool known, int digits, uint64_t number)
{
    if (known)
        fprintf(r->out, "\"%s\":\"%0*" PRIx64 "\",", name, digits, number);
    else
        fprintf(r->out, "\"%s\":null,", name);
}

static const char *command(const judged_message *m, char number[8])
{
    const char *name = name_command(m->command);
    if (name == NULL)
        snprintf(number, 8, "0x%04x", (unsigned)m->command);
    return !m->readable ? NULL : name ? name : number;
}

/* The names of the mistakes that reproduce a wrong signature. */
static void mistakes_member(json_report *r, const judged_message *m)
{
    if (m->diagnosis == NULL || m->diagnosis->found.explanation_count == 0) {
        text_member(r, "mistakes", NULL);
        return;
    }
    const csign_explanation *e = &m->diagnosis->found.explanations[0];
    fputs("\"mistakes\":[", r->out);
    for (size_t i = 0; i < e->mistake_count; i++)
        fprintf(r->out, "%s\"%s\"", i ? "," : "", csign_mistake_name(e->mistakes[i]));
    fputs("],", r->out);
}

static void message(report *report, const judged_message *m)
{
    json_report *r = (json_report *)report;
    char number[8];

    if (r->lines)
        fputs("{\"message\":", r->out);
    else
        fputs(r->messages++ ? ",\n" : "{\"messages\":[\n", r->out);
    fprintf(r->out, "{\"frame\":%zu,\"element\":%zu,\"connection\":%zu,", m->frame, m->element, m->connection->number);
    text_member(r, "side", m->from_server ? "server" : "client");
    text_member(r, "command", command(m, number));
    hex_member(r, "message_id", m->readable, 16, m->message_id);
    hex_member(r, "session_id", true, 16, m->session_id);
    hex_member(r, "status", m->readable, 8, m->status);
    text_member(r, "verdict", verdict_name(m->verdict));
    text_member(r, "algorithm", m->algorithm);
    text_member(r, "key", m->key);
    text_member(r, "source", m->source);
    text_member(r, "cipher", m->cipher);
    mistakes_member(r, m);
    fputs("\"why\":", r->out);
    if (m->why != NULL)
        print(r, json_string(m->why));
    fputs(m->why != NULL ? "}" : "null}", r->out);
    if (r->lines)
        fputs("}\n", r->out);
    if (r->live)
        fflush(r->out);
}

static void remark(report *report, const report_connection *connection, size_t frame, const char *text)
{
    json_report *r = (json_report *)report;
    char clean[512];

    printable(clean, sizeof clean, text);
    if (connection != NULL)
        fprintf(r->diagnostics, "countersign pcap: connection %zu, frame %zu: %s\n", connection->number, frame, clean);
    else
        fprintf(r->diagnostics, "countersign pcap: %s\n", clean);
    if (!r->lines && json_array_size(r->remarks) == REPORT_JSON_REMARKS) {
        r->remarks_omitted++;
        return;
    }
    json_t *entry = json_pack("{s:o, s:o, s:s}", "connection",
                              connection ? json_integer((json_int_t)connection->number) : json_null(), "frame",
                              connection ? json_integer((json_int_t)frame) : json_null(), "text", clean);
    if (!r->lines) {
        json_array_append_new(r->remarks, entry);
        return;
    }
    fputs("{\"remark\":", r->out);
    print(r, entry);
    fputs("}\n", r->out);
    if (r->live)
        fflush(r->out);
}

static void closed(report *report, report_connection *connection)
{
    (void)report;
    (void)connection;
}

static void end(report *report, const summary *total, const char *error)
{
    json_report *r = (json_report *)report;
    char clean[512];
    json_t *counts = json_object();

    for (size_t i = 0; i < VERDICT_COUNT; i++)
        json_object_set_new(counts, verdict_name((verdict)i), json_integer((json_int_t)total->verdicts[i]));
    if (r->lines)
        fputs("{\"summary\":", r->out);
    else
        fputs(r->messages ? "\n],\n\"summary\":" : "{\"messages\":[],\n\"summary\":", r->out);
    print(r, counts);
    fputs(r->lines ? "," : ",\n", r->out);
    if (!r->lines) {
        fputs("\"remarks\":", r->out);
        print(r, json_incref(r->remarks));
        fprintf(r->out, ",\n\"remarks_omitted\":%zu,\n", r->remarks_omitted);
    }
    fputs("\"error\":", r->out);
    print(r, error ? json_string(printable(clean, sizeof clean, error)) : json_null());
    fputs("}\n", r->out);
    json_decref(r->remarks);
    free(r);
}

report *report_json(const report_form *form, FILE *out, FILE *diagnostics)
{
    json_report *r = need(sizeof *r);
    *r = (json_report){.report = {message, remark, closed, end},
                       .out = out,
                       .diagnostics = diagnostics,
                       .lines = form->lines,
                       .live = form->live,
                       .remarks = json_array()};
    return &r->report;
}
