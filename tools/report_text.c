/* SPDX-License-Identifier: Apache-2.0 */
/* The report for people: see report_text.h. */
#include "report_text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "memory.h"
#include "names.h"
#include "report_connections.h"
#include "report_groups.h"
#include "report_style.h"

typedef struct text_report {
    report report;
    style style;
    bool messages, live;
    bool titled; /* the table of messages has its heading */
    report_groups groups;
    report_connections *connections;
} text_report;

static void print_title(text_report *r)
{
    if (!r->titled)
        fprintf(r->style.out, "%10s  %4s  %-6s  %-16s  %18s  %-16s  %8s  %s\n", "frame", "conn", "side", "command",
                "message id", "session", "status", "verdict");
    r->titled = true;
}

static void print_message(text_report *r, const judged_message *m)
{
    FILE *out = r->style.out;
    char place[48], command[24] = "-", status[16] = "-", id[24] = "-";
    const char *name = name_command(m->command);

    print_title(r);
    snprintf(place, sizeof place, "%zu.%zu", m->frame, m->element);
    if (m->readable && name != NULL)
        snprintf(command, sizeof command, "%s", name);
    else if (m->readable)
        snprintf(command, sizeof command, "0x%04x", (unsigned)m->command);
    if (m->readable && m->from_server)
        snprintf(status, sizeof status, "%08" PRIx32, m->status);
    if (m->readable)
        snprintf(id, sizeof id, "0x%" PRIx64, m->message_id);
    fprintf(out, "%10s  %4zu  %-6s  %-16s  %18s  %016" PRIx64 "  %8s  ", place, m->connection->number,
            m->from_server ? "server" : "client", command, id, m->session_id, status);
    style_verdict(&r->style, m->verdict, 0);
    if (m->algorithm != NULL)
        fprintf(out, "  %s, %s key", m->algorithm, m->key);
    if (m->cipher != NULL)
        fprintf(out, "%s in %s", m->algorithm ? "," : " ", m->cipher);
    if (m->why != NULL)
        fprintf(out, ": %s", m->why);
    fputc('\n', out);
}

static void message(report *report, const judged_message *m)
{
    text_report *r = (text_report *)report;
    bool news = false;

    report_connections_add(r->connections, m);
    if (!verdict_good(m->verdict))
        news = report_groups_add(&r->groups, m) || m->verdict == VERDICT_BAD || m->verdict == VERDICT_MIRRORED;
    if (!r->messages && !(r->live && news))
        return;
    print_message(r, m);
    if (r->live)
        fflush(r->style.out);
}

static void remark(report *report, const report_connection *connection, size_t frame, const char *text)
{
    text_report *r = (text_report *)report;
    char clean[512];

    report_groups_remark(&r->groups, connection, frame, text);
    if (!r->live && !r->messages)
        return;
    printable(clean, sizeof clean, text);
    if (connection != NULL)
        fprintf(r->style.out, "%8zu    %4zu  %s\n", frame, connection->number, clean);
    else
        fprintf(r->style.out, "%s\n", clean);
    fflush(r->style.out);
}

static void closed(report *report, report_connection *connection)
{
    report_connections_closed(((text_report *)report)->connections, connection);
}

static void print_summary(const text_report *r, const summary *total, const char *error)
{
    FILE *out = r->style.out;
    size_t messages = summary_messages(total);
    char number[32], some[64], connections[64];

    if (messages == 0 && error != NULL)
        return;
    fprintf(out, "%ssummary%s%s: %s on %s\n", r->style.colour ? "\033[1m" : "", r->style.colour ? "\033[0m" : "",
            error ? " of what could be read" : "", style_some(some, messages, "message"),
            style_some(connections, report_connections_count(r->connections), "connection"));
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        if (total->verdicts[i] == 0 && i != VERDICT_VERIFIED && i != VERDICT_BAD)
            continue;
        fprintf(out, "  %12s  ", style_number(number, total->verdicts[i]));
        if (total->verdicts[i] != 0)
            style_verdict(&r->style, (verdict)i, 0);
        else /* none is no reason for alarm */
            fputs(verdict_name((verdict)i), out);
        fputc('\n', out);
    }
    if (total->unjudged != 0)
        fprintf(out, "  %12s  %s where something could not be judged\n", style_number(number, total->unjudged),
                total->unjudged == 1 ? "place" : "places");
}

static void end(report *report, const summary *total, const char *error)
{
    text_report *r = (text_report *)report;

    if (r->titled)
        fputc('\n', r->style.out);
    print_summary(r, total, error);
    report_groups_print(&r->groups, &r->style);
    report_connections_print(r->connections, &r->style);
    report_connections_free(r->connections);
    free(r);
}

report *report_text(const report_form *form, FILE *out)
{
    text_report *r = need(sizeof *r);
    r->report = (struct report){message, remark, closed, end};
    r->style = (style){out, form->colour};
    r->messages = form->messages;
    r->live = form->live;
    r->connections = report_connections_new();
    return &r->report;
}
