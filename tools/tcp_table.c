/* SPDX-License-Identifier: Apache-2.0 */
/* The connections that TCP reassembly knows: see tcp_table.h. */
#include "tcp_table.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static bool same_endpoint(const endpoint *a, const endpoint *b)
{
    return a->port == b->port && a->ipv6 == b->ipv6 && memcmp(a->address, b->address, sizeof a->address) == 0;
}

static size_t endpoint_hash(const endpoint *e)
{
    size_t h = e->port;
    for (size_t i = 0; i < sizeof e->address; i++)
        h = 31 * h + e->address[i];
    return h;
}

static connection **bucket_of(tcp_table *table, const endpoint *a, const endpoint *b)
{
    return &table->buckets[(endpoint_hash(a) + endpoint_hash(b)) % TCP_TABLE_BUCKETS];
}

static void unlist(connection *c)
{
    connection_list *list = c->list;
    *(c->older ? &c->older->newer : &list->oldest) = c->newer;
    *(c->newer ? &c->newer->older : &list->newest) = c->older;
    list->count--;
}

static void enlist(connection_list *list, connection *c)
{
    c->list = list;
    c->older = list->newest;
    c->newer = NULL;
    *(list->newest ? &list->newest->newer : &list->oldest) = c;
    list->newest = c;
    list->count++;
}

void tcp_table_move(connection_list *list, connection *c)
{
    unlist(c);
    enlist(list, c);
}

static bool joins(const connection *c, const tcp_segment *s, unsigned *direction)
{
    for (*direction = 0; *direction < 2; ++*direction)
        if (same_endpoint(&c->ends[*direction], &s->from) && same_endpoint(&c->ends[1 - *direction], &s->to))
            return true;
    return false;
}

connection *tcp_table_find(tcp_table *table, const tcp_segment *s, unsigned *direction)
{
    connection **bucket, *c = table->latest;

    if (c != NULL && joins(c, s, direction))
        return c;
    bucket = bucket_of(table, &s->from, &s->to);
    for (c = *bucket; c != NULL; c = c->in_bucket)
        if (joins(c, s, direction)) {
            tcp_table_move(c->list, c);
            return table->latest = c;
        }
    return NULL;
}

connection *tcp_table_add(tcp_table *table, const tcp_segment *s)
{
    connection **bucket = bucket_of(table, &s->from, &s->to), *c = need(sizeof *c);
    c->begun = table->begun++;
    c->ends[0] = s->from;
    c->ends[1] = s->to;
    c->in_bucket = *bucket;
    *bucket = c;
    enlist(&table->open, c);
    return table->latest = c;
}

void tcp_table_remove(tcp_table *table, connection *c)
{
    connection **link = bucket_of(table, &c->ends[0], &c->ends[1]);
    while (*link != c)
        link = &(*link)->in_bucket;
    *link = c->in_bucket;
    unlist(c);
    if (table->latest == c)
        table->latest = NULL;
    free(c);
}

static int by_beginning(const void *a, const void *b)
{
    const connection *x = *(connection *const *)a, *y = *(connection *const *)b;
    return x->begun < y->begun ? -1 : x->begun > y->begun;
}

connection **tcp_table_all(const tcp_table *table, size_t *count)
{
    connection **all = need((table->open.count + table->ended.count) * sizeof(connection *));
    *count = 0;
    for (connection *c = table->ended.oldest; c != NULL; c = c->newer)
        all[(*count)++] = c;
    for (connection *c = table->open.oldest; c != NULL; c = c->newer)
        all[(*count)++] = c;
    qsort(all, *count, sizeof *all, by_beginning);
    return all;
}
