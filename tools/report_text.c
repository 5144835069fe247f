/* SPDX-License-Identifier: Apache-2.0 */
/* The report for people: what was said on each connection, by session; then the summary; then what is wrong, so that it
   stands where the terminal stops. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "names.h"
#include "report.h"

typedef struct text_remark {
    size_t connection, frame;
    char *text;
} text_remark;

typedef struct text_report {
    report report;
    FILE *out;
    bool colour;
    char **connections; /* descriptions */
    size_t connection_count, connection_capacity;
    judged_message *messages;
    size_t message_count, message_capacity;
    text_remark *remarks;
    size_t remark_count, remark_capacity;
} text_report;

static const char *const colours[VERDICT_COUNT] = {
    [VERDICT_VERIFIED] = "\033[32m", [VERDICT_DECRYPTED] = "\033[32m", [VERDICT_BAD] = "\033[1;31m",
    [VERDICT_MIRRORED] = "\033[33m", [VERDICT_NO_KEY] = "\033[33m",
};

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    return printable(need(size), size, text);
}

static void connection(report *report, size_t number, const char *description)
{
    text_report *r = (text_report *)report;
    while (r->connection_count <= number) {
        r->connections =
            need_more(r->connections, &r->connection_capacity, r->connection_count, sizeof *r->connections);
        r->connections[r->connection_count++] = NULL;
    }
    free(r->connections[number]);
    r->connections[number] = copy(description);
}

static void message(report *report, const judged_message *m)
{
    text_report *r = (text_report *)report;
    r->messages = need_more(r->messages, &r->message_capacity, r->message_count, sizeof *r->messages);
    r->messages[r->message_count++] = *m;
}

static void remark(report *report, size_t number, size_t frame, const char *text)
{
    text_report *r = (text_report *)report;
    r->remarks = need_more(r->remarks, &r->remark_capacity, r->remark_count, sizeof *r->remarks);
    r->remarks[r->remark_count++] = (text_remark){number, frame, copy(text)};
}

/* By connection, then by session in the order of their first frames would need a table; by session id is found as easily. */
static int by_connection(const void *a, const void *b)
{
    const judged_message *x = a, *y = b;
    if (x->connection != y->connection)
        return x->connection < y->connection ? -1 : 1;
    if (x->session_id != y->session_id)
        return x->session_id < y->session_id ? -1 : 1;
    if (x->frame != y->frame)
        return x->frame < y->frame ? -1 : 1;
    return x->element < y->element ? -1 : x->element > y->element;
}

static void print_verdict(const text_report *r, verdict v, int width)
{
    const char *colour = r->colour && colours[v] ? colours[v] : "";
    fprintf(r->out, "%s%-*s%s", colour, width, verdict_name(v), *colour ? "\033[0m" : "");
}

static void print_message(const text_report *r, const judged_message *m)
{
    char place[48], command[24] = "-", status[16] = "", id[24] = "-";
    const char *name = name_command(m->command);

    snprintf(place, sizeof place, "%zu.%zu", m->frame, m->element);
    if (m->readable && name != NULL)
        snprintf(command, sizeof command, "%s", name);
    else if (m->readable)
        snprintf(command, sizeof command, "0x%04x", (unsigned)m->command);
    if (m->readable && m->from_server)
        snprintf(status, sizeof status, "%08" PRIx32, m->status);
    if (m->readable)
        snprintf(id, sizeof id, "0x%" PRIx64, m->message_id);
    fprintf(r->out, "    %10s  %s  %-16s  %18s  %8s  ", place, m->from_server ? "server" : "client", command, id,
            status);
    print_verdict(r, m->verdict, m->algorithm || m->cipher ? 18 : 0);
    if (m->algorithm != NULL)
        fprintf(r->out, "  %s, %s key", m->algorithm, m->key);
    if (m->cipher != NULL)
        fprintf(r->out, "%s in %s", m->algorithm ? "," : " ", m->cipher);
    fputc('\n', r->out);
}

static void print_conversations(text_report *r)
{
    const judged_message *previous = NULL;
    if (r->message_count != 0)
        qsort(r->messages, r->message_count, sizeof *r->messages, by_connection);
    for (size_t i = 0; i < r->message_count; i++) {
        const judged_message *m = &r->messages[i];
        bool new_connection = previous == NULL || previous->connection != m->connection;
        if (new_connection)
            fprintf(r->out, "%sconnection %zu: %s\n", i ? "\n" : "", m->connection,
                    m->connection < r->connection_count ? r->connections[m->connection] : "?");
        if (new_connection || previous->session_id != m->session_id) {
            if (m->session_id == 0)
                fputs("  before a session\n", r->out);
            else
                fprintf(r->out, "  session %016" PRIx64 "\n", m->session_id);
            fprintf(r->out, "    %10s  %-6s  %-16s  %18s  %8s  %s\n", "frame", "side", "command", "message id",
                    "status", "verdict");
        }
        print_message(r, m);
        previous = m;
    }
}

/* How many messages from i on share connection, session, verdict and reason: without a key that is a session's whole traffic, and
   one line says it. */
static size_t alike(const text_report *r, size_t i)
{
    const judged_message *m = &r->messages[i];
    size_t count = 1;
    while ((m->verdict == VERDICT_NO_KEY || m->verdict == VERDICT_ENCRYPTED) && i + count < r->message_count &&
           r->messages[i + count].why == m->why && r->messages[i + count].verdict == m->verdict &&
           r->messages[i + count].connection == m->connection && r->messages[i + count].session_id == m->session_id)
        count++;
    return count;
}

static void print_wrong(text_report *r)
{
    bool heading = false;
    for (size_t i = 0, count; i < r->message_count; i += count) {
        const judged_message *m = &r->messages[i];
        const char *name = name_command(m->command);
        count = alike(r, i);
        if (m->why == NULL)
            continue;
        fputs(heading ? "" : "\nnot verified\n", r->out);
        heading = true;
        if (count > 1)
            fprintf(r->out, "  frames %zu to %zu, %zu messages", m->frame, r->messages[i + count - 1].frame, count);
        else
            fprintf(r->out, "  frame %zu, element %zu, %s's %s", m->frame, m->element,
                    m->from_server ? "server" : "client", name ? name : "message");
        fprintf(r->out, " in session %016" PRIx64 ": ", m->session_id);
        print_verdict(r, m->verdict, 0);
        fprintf(r->out, ": %s\n", m->why);
    }
    if (r->remark_count != 0)
        fputs("\nnot judged, or worth knowing\n", r->out);
    for (size_t i = 0; i < r->remark_count; i++)
        fprintf(r->out, "  connection %zu, frame %zu: %s\n", r->remarks[i].connection, r->remarks[i].frame,
                r->remarks[i].text);
}

static void end(report *report, const summary *total, const char *error)
{
    text_report *r = (text_report *)report;

    print_conversations(r);
    fputs(r->message_count ? "\nsummary" : "summary", r->out);
    fputs(error ? " of what could be read\n" : "\n", r->out);
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        fprintf(r->out, "  %8zu  ", total->verdicts[i]);
        print_verdict(r, (verdict)i, 0);
        fputc('\n', r->out);
    }
    if (total->unjudged != 0)
        fprintf(r->out, "  %8zu  places where something could not be judged\n", total->unjudged);
    print_wrong(r);

    for (size_t i = 0; i < r->connection_count; i++)
        free(r->connections[i]);
    for (size_t i = 0; i < r->remark_count; i++)
        free(r->remarks[i].text);
    free(r->connections);
    free(r->messages);
    free(r->remarks);
    free(r);
}

report *report_text(FILE *out, bool colour)
{
    text_report *r = need(sizeof *r);
    *r = (text_report){.report = {connection, message, remark, end}, .out = out, .colour = colour};
    return &r->report;
}
