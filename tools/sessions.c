/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions by id: see sessions.h. */
#include "sessions.h"

#include <stdlib.h>

#include "memory.h"

/* Moves what it finds to the front: traffic comes in runs. */
static session *find(sessions *all, uint64_t id)
{
    for (session **link = &all->first; *link != NULL; link = &(*link)->next)
        if ((*link)->id == id) {
            session *s = *link;
            *link = s->next;
            s->next = all->first;
            all->first = s;
            return s;
        }
    return NULL;
}

static void release(const sessions *all, keyring *ring)
{
    if (--ring->holders != 0)
        return;
    if (all->log != NULL)
        keylog_add(all->log, ring);
    keyring_free(ring);
}

/* Forgets a session and those behind it. */
static void forget(sessions *all, session **link)
{
    while (*link != NULL) {
        session *s = *link;
        *link = s->next;
        release(all, s->ring);
        free(s);
        all->count--;
    }
}

keyring *sessions_find(sessions *all, uint64_t id)
{
    session *s = find(all, id);
    return s ? s->ring : NULL;
}

bool sessions_set(sessions *all, uint64_t id, keyring *ring, size_t limit)
{
    session *s = find(all, id), **link = &all->first;

    ring->holders++;
    if (s != NULL) {
        release(all, s->ring);
        s->ring = ring;
        return false;
    }
    s = need(sizeof *s);
    *s = (session){.next = all->first, .id = id, .ring = ring};
    all->first = s;
    if (++all->count <= limit)
        return false;
    for (size_t i = 0; i < limit && *link != NULL; i++)
        link = &(*link)->next;
    forget(all, link);
    return true;
}

void sessions_free(sessions *all)
{
    forget(all, &all->first);
}
