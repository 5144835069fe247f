/* SPDX-License-Identifier: Apache-2.0 */
/* The network side: accepts, frames (MS-SMB2 2.1), and keeps slow, silent and greedy peers within bounds. */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include <stddef.h>

#include "server.h"

struct evconnlistener;

/* listener_new: NULL: *why says what is wrong with address or port. */
struct evconnlistener *listener_new(struct server *server, char *why, size_t why_len);
/* listener_end closes it, and every connection that it accepted. */
void listener_end(struct evconnlistener *listener, struct server *server);
/* listener_port: the one that it got, for port 0. */
uint16_t listener_port(struct evconnlistener *listener);

#endif
