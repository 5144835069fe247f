/* SPDX-License-Identifier: Apache-2.0 */
/* Watching directories (MS-FSA 2.1.4.1): from its first CHANGE_NOTIFY on, an open of a directory gathers what happens there, for the
   request that waits or for the next one. */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

#include "open.h"

#define MAX_EVENTS                                                                                                     \
    32768u /* bytes that an open gathers: then the client must read the directory anew. They count as the share's. */

/* MS-FSCC 2.7.1. */
#define NOTIFY_ADDED 1u
#define NOTIFY_REMOVED 2u
#define NOTIFY_MODIFIED 3u
#define NOTIFY_RENAMED_OLD 4u
#define NOTIFY_RENAMED_NEW 5u

/* MS-SMB2 2.2.35. */
#define FILTER_FILE_NAME 0x001u
#define FILTER_DIR_NAME 0x002u
#define FILTER_ATTRIBUTES 0x004u
#define FILTER_SIZE 0x008u
#define FILTER_LAST_WRITE 0x010u
#define FILTER_LAST_ACCESS 0x020u
#define FILTER_CREATION 0x040u
#define FILTER_SECURITY 0x100u

struct watch {
    uint32_t filter;
    bool tree;
    size_t most;     /* bytes that the first request takes */
    uint8_t *events; /* FILE_NOTIFY_INFORMATION, one behind the other */
    size_t len, capacity, last;
    bool overflowed;
    struct request *requests; /* DL list */
};

/* notify_change tells all who watch. A renamed node is told of twice, before and after: what is gathered goes out the second time. */
void notify_change(struct share *share, const struct node *node, uint32_t action, uint32_t filter);
/* notify_moved: Windows calls a file that was renamed modified; here that goes to those who are not told of names. */
void notify_moved(struct share *share, const struct node *node);
/* watch_answer answers request with what was gathered; the status (change_notify.c). */
uint32_t watch_answer(struct request *request, struct open *open);
/* watch_deleted: the directory is to be deleted, and nothing will happen there any more. */
void watch_deleted(struct node *directory);
void watch_end(struct open *open);

#endif
