/* SPDX-License-Identifier: Apache-2.0 */
/* The connections that TCP reassembly knows, by their two ends and by how long they have been silent. */
#ifndef COUNTERSIGN_TOOLS_TCP_TABLE_H
#define COUNTERSIGN_TOOLS_TCP_TABLE_H

#include "tcp.h"
#include "tcp_waiting.h"

#define TCP_TABLE_BUCKETS 4096u

typedef struct stream {
    bool known;     /* start and next are */
    bool announced; /* the consumer has heard of it */
    bool midstream; /* no SYN seen: start is just the first segment's */
    uint32_t start, next;
    uint32_t acked; /* the furthest that the other side has acknowledged */
    size_t acked_frame;
    bool finished;        /* there was a FIN */
    uint32_t reach;       /* of anything that has waited, the furthest end */
    waiting_heap coming;  /* waits for bytes before it; by seq */
    waiting_heap blocked; /* in sequence, waits for the other side; by ack */
} stream;

typedef struct connection {
    struct connection *older, *newer; /* in its list */
    struct connection *in_bucket;
    struct connection_list *list;
    endpoint ends[2];
    size_t begun; /* how many came before it */
    stream streams[2];
    waiting *oldest_waiting, *newest_waiting;
    size_t waiting_count, waiting_bytes;
    void *user;
} connection;

/* By the time of the last segment. */
typedef struct connection_list {
    connection *oldest, *newest;
    size_t count;
} connection_list;

typedef struct tcp_table {
    connection_list open, ended;
    size_t begun;
    connection *latest; /* the last segment's: traffic comes in runs */
    connection *buckets[TCP_TABLE_BUCKETS];
} tcp_table;

/* tcp_table_find returns a segment's connection, the newest of its list now, and its direction there; NULL if there is none. */
connection *tcp_table_find(tcp_table *table, const tcp_segment *s, unsigned *direction);

/* tcp_table_add makes a connection, open, of which a segment is the first. */
connection *tcp_table_add(tcp_table *table, const tcp_segment *s);

/* tcp_table_all returns all connections, the one that began first first, and how many there are; release with free. */
connection **tcp_table_all(const tcp_table *table, size_t *count);

/* tcp_table_move makes a connection the newest of a list of its table. */
void tcp_table_move(connection_list *list, connection *c);

/* tcp_table_remove takes a connection, of which nothing waits any more, out of the table and frees it. */
void tcp_table_remove(tcp_table *table, connection *c);

#endif
