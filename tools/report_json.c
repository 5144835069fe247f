/* SPDX-License-Identifier: Apache-2.0 */
/* The report as one JSON object, written message by message so that memory does not grow with the capture. Its form is a
   promise: {"messages":[...],"summary":{...},"error":null}; numbers of 64 bits are strings of hex digits, because many
   readers of JSON round them. Remarks have no place in it and go to the diagnostics. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "memory.h"
#include "names.h"
#include "report.h"

typedef struct json_report {
    report report;
    FILE *out, *diagnostics;
    size_t messages;
} json_report;

static void print(json_report *r, json_t *value)
{
    if (value == NULL || json_dumpf(value, r->out, JSON_COMPACT | JSON_ENCODE_ANY) != 0) {
        fputs("countersign: the report cannot be written\n", stderr);
        exit(2);
    }
    json_decref(value);
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

/* digits hex digits of number, or null. */
static json_t *hex(bool known, int digits, uint64_t number)
{
    return known ? json_sprintf("%0*" PRIx64, digits, number) : json_null();
}

static void connection(report *report, size_t number, const char *description)
{
    (void)report;
    (void)number;
    (void)description;
}

static json_t *command(const judged_message *m)
{
    const char *name = name_command(m->command);
    if (!m->readable)
        return json_null();
    return name ? json_string(name) : json_sprintf("0x%04x", (unsigned)m->command);
}

static void message(report *report, const judged_message *m)
{
    json_report *r = (json_report *)report;
    fputs(r->messages++ ? ",\n" : "{\"messages\":[\n", r->out);
    print(r, json_pack("{s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", /* */
                       "frame", (json_int_t)m->frame,                             /* */
                       "element", (json_int_t)m->element,                         /* */
                       "side", m->from_server ? "server" : "client",              /* */
                       "command", command(m),                                     /* */
                       "message_id", hex(m->readable, 16, m->message_id),         /* */
                       "session_id", hex(true, 16, m->session_id),                /* */
                       "status", hex(m->readable, 8, m->status),                  /* */
                       "verdict", verdict_name(m->verdict),                       /* */
                       "algorithm", text_or_null(m->algorithm),                   /* */
                       "key", text_or_null(m->key),                               /* */
                       "cipher", text_or_null(m->cipher)));
}

static void remark(report *report, size_t number, size_t frame, const char *text)
{
    json_report *r = (json_report *)report;
    char clean[512];
    fprintf(r->diagnostics, "countersign pcap: connection %zu, frame %zu: %s\n", number, frame,
            printable(clean, sizeof clean, text));
}

static void end(report *report, const summary *total, const char *error)
{
    json_report *r = (json_report *)report;
    char clean[512];
    json_t *counts = json_object();

    for (size_t i = 0; i < VERDICT_COUNT; i++)
        json_object_set_new(counts, verdict_name((verdict)i), json_integer((json_int_t)total->verdicts[i]));
    fputs(r->messages ? "\n],\n\"summary\":" : "{\"messages\":[],\n\"summary\":", r->out);
    print(r, counts);
    fputs(",\n\"error\":", r->out);
    print(r, text_or_null(error ? printable(clean, sizeof clean, error) : NULL));
    fputs("}\n", r->out);
    free(r);
}

report *report_json(FILE *out, FILE *diagnostics)
{
    json_report *r = need(sizeof *r);
    *r = (json_report){{connection, message, remark, end}, out, diagnostics, 0};
    return &r->report;
}
