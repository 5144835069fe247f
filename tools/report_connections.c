/* SPDX-License-Identifier: Apache-2.0 */
/* Connections and their sessions: see report_connections.h. */
#include "report_connections.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

typedef struct session_row {
    uint64_t id;
    const char *source; /* of its key, or NULL */
    size_t verdicts[VERDICT_COUNT];
} session_row;

typedef struct connection_row {
    size_t number;
    char ends[sizeof((report_connection *)0)->ends], terms[sizeof((report_connection *)0)->terms];
    session_row sessions[CONNECTIONS_SESSIONS_KEPT];
    size_t session_count, latest;
    session_row more; /* of all other sessions together */
    bool wrong;
} connection_row;

struct report_connections {
    connection_row *kept[2][CONNECTIONS_WRONG]; /* without and with something wrong */
    size_t kept_count[2];
    size_t count;                         /* of all */
    size_t others;                        /* those not kept */
    size_t other_verdicts[VERDICT_COUNT]; /* of their messages */
};

report_connections *report_connections_new(void)
{
    return need(sizeof(report_connections));
}

static session_row *find_session(connection_row *row, uint64_t id)
{
    if (row->session_count != 0 && row->sessions[row->latest].id == id)
        return &row->sessions[row->latest];
    for (row->latest = 0; row->latest < row->session_count; row->latest++)
        if (row->sessions[row->latest].id == id)
            return &row->sessions[row->latest];
    if (row->session_count == CONNECTIONS_SESSIONS_KEPT) {
        row->latest = 0;
        return &row->more;
    }
    row->sessions[row->session_count].id = id;
    return &row->sessions[row->session_count++];
}

void report_connections_add(report_connections *all, const judged_message *m)
{
    connection_row *row = m->connection->own;
    if (row == NULL) {
        m->connection->own = row = need(sizeof *row);
        all->count++;
    }
    session_row *session = find_session(row, m->session_id);
    session->verdicts[m->verdict]++;
    session->source = m->source ? m->source : session->source;
    row->wrong = row->wrong || !verdict_good(m->verdict);
}

static void add_up(size_t sum[VERDICT_COUNT], const size_t verdicts[VERDICT_COUNT])
{
    for (size_t v = 0; v < VERDICT_COUNT; v++)
        sum[v] += verdicts[v];
}

void report_connections_closed(report_connections *all, report_connection *connection)
{
    connection_row *row = connection->own;
    connection->own = NULL;
    if (row == NULL)
        return;
    row->number = connection->number;
    memcpy(row->ends, connection->ends, sizeof row->ends);
    memcpy(row->terms, connection->terms, sizeof row->terms);
    if (all->kept_count[row->wrong] < (row->wrong ? CONNECTIONS_WRONG : CONNECTIONS_GOOD)) {
        all->kept[row->wrong][all->kept_count[row->wrong]++] = row;
        return;
    }
    all->others++;
    for (size_t i = 0; i < row->session_count; i++)
        add_up(all->other_verdicts, row->sessions[i].verdicts);
    add_up(all->other_verdicts, row->more.verdicts);
    free(row);
}

size_t report_connections_count(const report_connections *all)
{
    return all->count;
}

static void print_session(const style *s, const char *name, const session_row *session)
{
    fprintf(s->out, "       %-24s  ", name);
    style_counts(s, session->verdicts);
    fprintf(s->out, session->source ? ", key from the %s\n" : "\n", session->source);
}

static void print_row(const connection_row *row, const style *s)
{
    static const size_t none[VERDICT_COUNT];

    fprintf(s->out, "  %zu  %s  %s\n", row->number, row->ends, row->terms);
    for (size_t i = 0; i < row->session_count; i++) {
        char name[32] = "no session";
        if (row->sessions[i].id != 0)
            snprintf(name, sizeof name, "session %016" PRIx64, row->sessions[i].id);
        print_session(s, name, &row->sessions[i]);
    }
    if (memcmp(row->more.verdicts, none, sizeof none) != 0)
        print_session(s, "other sessions", &row->more);
}

static int by_number(const void *a, const void *b)
{
    const connection_row *x = *(connection_row *const *)a, *y = *(connection_row *const *)b;
    return x->number < y->number ? -1 : x->number > y->number;
}

void report_connections_print(report_connections *all, const style *s)
{
    connection_row *rows[CONNECTIONS_GOOD + CONNECTIONS_WRONG];
    size_t count = 0;
    char some[64];

    for (size_t wrong = 0; wrong < 2; wrong++)
        for (size_t i = 0; i < all->kept_count[wrong]; i++)
            rows[count++] = all->kept[wrong][i];
    if (count == 0)
        return;
    qsort(rows, count, sizeof *rows, by_number);
    style_heading(s, "connections: client > server, and their sessions");
    for (size_t i = 0; i < count; i++)
        print_row(rows[i], s);
    if (all->others != 0) {
        fprintf(s->out, "  and %s: ", style_some(some, all->others, "more connection"));
        style_counts(s, all->other_verdicts);
        fputc('\n', s->out);
    }
}

void report_connections_free(report_connections *all)
{
    for (size_t wrong = 0; wrong < 2; wrong++)
        for (size_t i = 0; i < all->kept_count[wrong]; i++)
            free(all->kept[wrong][i]);
    free(all);
}
