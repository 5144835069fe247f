/* SPDX-License-Identifier: Apache-2.0 */
/* An open: what a FileId names (MS-SMB2 3.3.1.10). */
#ifndef SERVER_OPEN_H
#define SERVER_OPEN_H

#include <uthash.h>
#include <utlist.h>

#include "request.h"
#include "share.h"

#define MAX_OPENS 2048u /* of a session */

/* Access rights, MS-SMB2 2.2.13.1. */
#define READ_DATA 0x01u
#define WRITE_DATA 0x02u
#define APPEND_DATA 0x04u
#define EXECUTE 0x20u
#define READ_ATTRIBUTES 0x80u
#define WRITE_ATTRIBUTES 0x100u
#define DELETE 0x10000u
#define READ_CONTROL 0x20000u
#define WRITE_DAC 0x40000u
#define WRITE_OWNER 0x80000u
#define SYNCHRONIZE 0x100000u
#define ALL_ACCESS 0x1F01FFu

#define SHARE_READ 1u
#define SHARE_WRITE 2u
#define SHARE_DELETE 4u

struct event;
struct range_lock;
struct watch;

struct open {
    uint8_t id[16];
    struct session *session;
    struct tree *tree;
    struct node *node;
    uint32_t access, share_access, mode;
    bool delete_on_close;
    uint64_t position; /* FilePositionInformation, which this server only remembers */
    /* Of the oplock: oplock.h. */
    uint8_t oplock, breaking_to;
    bool breaking;
    struct event *break_timer;
    /* Of the enumeration: query_directory.c. */
    bool enumerating;
    const struct node *enumerated; /* the last entry that was sent, or NULL */
    uint8_t dots;                  /* how many of "." and ".." were */
    uint8_t pattern[MAX_NAME];     /* folded */
    size_t pattern_len;
    struct range_lock *locks; /* DL list: range_lock.h */
    size_t lock_count;
    uint8_t lock_sequence[65];          /* by index, 1 to 64: number + 1 of the last LOCK that succeeded; 0: none */
    struct watch *watch;                /* notify.h */
    struct open *prev, *next;           /* of the tree */
    struct open *node_prev, *node_next; /* of the node */
    UT_hash_handle hh;                  /* of the share, by id */
};

/* open_new: NULL when the session has too many. */
struct open *open_new(struct request *request, struct node *node, uint32_t access, uint32_t share_access);
/* open_end: CLOSE, or the end of the tree connect. Locks go, what waits is answered, and the node goes if it was to be deleted. */
void open_end(struct open *open);
struct share *open_share(const struct open *open);
/* share_mode_conflicts: whether access and share_access do not go together with what is open already (MS-FSA 2.1.5.1.2.2). */
bool share_mode_conflicts(const struct node *node, uint32_t access, uint32_t share_access);
/* can_delete: what stands against a disposition of delete (MS-FSA 2.1.5.14.3). */
uint32_t can_delete(const struct node *node);

#endif
