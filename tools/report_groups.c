/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong or could not be judged, alike messages together: see report_groups.h. */
#include "report_groups.h"

#include <inttypes.h>
#include <string.h>

#include "names.h"

static void widen(group_span *span, const judged_message *m)
{
    if (span->count++ == 0)
        span->first = m->frame;
    span->last = m->frame;
}

static group_reason *find_reason(report_groups *groups, const judged_message *m)
{
    const char *why = m->why ? m->why : "no reason known";
    for (size_t i = 0; i < groups->reason_count; i++)
        if (groups->reasons[i].verdict == m->verdict && strcmp(groups->reasons[i].why, why) == 0)
            return &groups->reasons[i];
    if (groups->reason_count == GROUP_REASONS)
        return NULL;
    group_reason *reason = &groups->reasons[groups->reason_count++];
    reason->verdict = m->verdict;
    reason->why = why;
    return reason;
}

static bool same_session(const group_span *span, const judged_message *m)
{
    return span->count != 0 && span->session_id == m->session_id && span->connection == m->connection->number;
}

/* The session's span; the newest first, because traffic comes in runs. */
static group_span *find_session(group_reason *reason, const judged_message *m)
{
    for (size_t i = reason->session_count; i-- > 0;)
        if (same_session(&reason->sessions[i], m))
            return &reason->sessions[i];
    return reason->session_count == GROUP_SESSIONS ? &reason->more : &reason->sessions[reason->session_count++];
}

bool report_groups_add(report_groups *groups, const judged_message *m)
{
    group_reason *reason = find_reason(groups, m);
    if (reason == NULL) {
        groups->other_reasons++;
        return true;
    }
    group_span *span = find_session(reason, m);
    const char *name = m->readable ? name_command(m->command) : NULL;
    if (same_session(span, m)) {
        widen(span, m);
        return false;
    }
    span->session_id = m->session_id;
    span->connection = m->connection->number;
    if (span->count == 0)
        snprintf(span->where, sizeof span->where, "%s's %s", m->from_server ? "server" : "client",
                 name ? name : "message");
    widen(span, m);
    return true;
}

/* Whether two texts differ in numbers at most. */
static bool same_shape(const char *a, const char *b)
{
    static const char digits[] = "0123456789";
    while (*a != 0 && *b != 0) {
        size_t x = strspn(a, digits), y = strspn(b, digits);
        if ((x == 0) != (y == 0) || (x == 0 && *a != *b))
            return false;
        a += x ? x : 1;
        b += y ? y : 1;
    }
    return *a == *b;
}

/* The remark that a new one can be counted with, or NULL. */
static group_remark *find_alike(report_groups *groups, bool whole, size_t connection, const char *text)
{
    size_t alike = 0;
    group_remark *newest = NULL;

    for (size_t i = groups->remark_count; i-- > 0;) {
        group_remark *r = &groups->remarks[i];
        if (r->whole != whole || r->connection != connection || !same_shape(r->text, text))
            continue;
        if (!r->varies && strcmp(r->text, text) == 0)
            return r;
        newest = newest ? newest : r;
        alike++;
    }
    if (alike < GROUP_REMARKS_ALIKE)
        return NULL;
    newest->varies = true;
    return newest;
}

void report_groups_remark(report_groups *groups, const report_connection *connection, size_t frame, const char *text)
{
    size_t number = connection ? connection->number : 0;
    char clean[sizeof groups->remarks[0].text];

    printable(clean, sizeof clean, text);
    group_remark *r = find_alike(groups, connection == NULL, number, clean);
    if (r != NULL) {
        r->count++;
        r->last = frame;
        return;
    }
    if (groups->remark_count == GROUP_REMARKS) {
        groups->other_remarks++;
        return;
    }
    r = &groups->remarks[groups->remark_count++];
    *r = (group_remark){.whole = connection == NULL, .connection = number, .count = 1, .first = frame, .last = frame};
    memcpy(r->text, clean, sizeof clean);
}

static void print_frames(const style *s, size_t count, size_t first, size_t last)
{
    char some[64];
    if (count == 1)
        fprintf(s->out, "frame %zu", first);
    else
        fprintf(s->out, "%s in frames %zu to %zu", style_some(some, count, "message"), first, last);
}

static void print_reason(const group_reason *reason, const style *s)
{
    char some[64];

    fputs("  ", s->out);
    style_verdict(s, reason->verdict, 0);
    fprintf(s->out, ": %s\n", reason->why);
    for (size_t i = 0; i < reason->session_count; i++) {
        const group_span *span = &reason->sessions[i];
        fprintf(s->out, "    connection %zu, ", span->connection);
        if (span->session_id != 0)
            fprintf(s->out, "session %016" PRIx64 ": ", span->session_id);
        else
            fputs("no session: ", s->out);
        print_frames(s, span->count, span->first, span->last);
        fprintf(s->out, span->count == 1 ? ", %s\n" : ", the first is the %s\n", span->where);
    }
    if (reason->more.count != 0)
        fprintf(s->out, "    and %s in other sessions, frames %zu to %zu\n",
                style_some(some, reason->more.count, "more message"), reason->more.first, reason->more.last);
}

static void print_remark(const group_remark *r, const style *s)
{
    if (!r->whole) {
        fprintf(s->out, "  connection %zu, ", r->connection);
        if (r->count == 1)
            fprintf(s->out, "frame %zu: ", r->first);
        else
            fprintf(s->out, "%zu times in frames %zu to %zu%s: ", r->count, r->first, r->last,
                    r->varies ? ", first" : "");
    } else
        fputs("  ", s->out);
    fprintf(s->out, "%s\n", r->text);
}

void report_groups_print(const report_groups *groups, const style *s)
{
    char some[64];

    if (groups->reason_count != 0)
        style_heading(s, "not verified");
    for (verdict v = 0; v < VERDICT_COUNT; v++) /* bad first */
        for (size_t i = 0; i < groups->reason_count; i++)
            if (groups->reasons[i].verdict == v)
                print_reason(&groups->reasons[i], s);
    if (groups->other_reasons != 0)
        fprintf(s->out, "  and %s for other reasons\n", style_some(some, groups->other_reasons, "more message"));
    if (groups->remark_count != 0)
        style_heading(s, "not judged, or worth knowing");
    for (size_t i = 0; i < groups->remark_count; i++)
        print_remark(&groups->remarks[i], s);
    if (groups->other_remarks != 0)
        fprintf(s->out, "  and %s\n", style_some(some, groups->other_remarks, "more remark"));
}
