/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions by id: see sessions.h. */
#include "sessions.h"

#include <stdlib.h>

#include "memory.h"

/* Moves what it finds to the front: traffic comes in runs. */
static session *find(session **list, uint64_t id)
{
    for (session **link = list; *link != NULL; link = &(*link)->next)
        if ((*link)->id == id) {
            session *s = *link;
            *link = s->next;
            s->next = *list;
            *list = s;
            return s;
        }
    return NULL;
}

keyring *sessions_find(session **list, uint64_t id)
{
    session *s = find(list, id);
    return s ? s->ring : NULL;
}

void sessions_set(session **list, uint64_t id, keyring *ring)
{
    session *s = find(list, id);
    if (s == NULL) {
        s = need(sizeof *s);
        s->id = id;
        s->next = *list;
        *list = s;
    }
    s->ring = ring;
}

void sessions_free(session **list)
{
    for (session *s = *list, *next; s != NULL; s = next) {
        next = s->next;
        free(s);
    }
    *list = NULL;
}
