/* SPDX-License-Identifier: Apache-2.0 */
/* The peers: which there are, and their shared objects. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "peer.h"

#define PEER_COUNT 9
#define PEER_FOLDER_MAX 4096

/* One line of the report's list of peers. */
struct loaded {
    const char *name, *title, *package;
    const struct peer *peer; /* NULL: not measured */
    const char *version;
    char why[512]; /* it is not */
};

/* Opens libpeer_NAME.so in folder for every peer and starts it without a set of features. */
void load_peers(const char *folder, unsigned without);

extern struct loaded peers[PEER_COUNT];

#endif
