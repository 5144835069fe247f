/* SPDX-License-Identifier: Apache-2.0 */
#include "setup.h"

#include <stdlib.h>

#include "auth.h"

struct setup *setup_new(struct connection *connection, struct session *session)
{
    struct setup *setup = calloc(1, sizeof *setup);
    if (!setup)
        return NULL;
    setup->auth = auth_new();
    if (!setup->auth) {
        free(setup);
        return NULL;
    }
    setup->session_id = session->id;
    setup->preauth = connection->preauth;
    DL_APPEND(connection->setups, setup);
    connection->setup_count++;
    return setup;
}

struct setup *setup_find(const struct connection *connection, uint64_t session_id)
{
    struct setup *setup;
    DL_FOREACH(connection->setups, setup)
    {
        if (setup->session_id == session_id)
            return setup;
    }
    return NULL;
}

void setup_drop_orphans(struct connection *connection)
{
    struct setup *setup, *next;
    DL_FOREACH_SAFE(connection->setups, setup, next)
    {
        if (!session_find(connection->server, setup->session_id))
            setup_end(connection, setup);
    }
}

void setup_end(struct connection *connection, struct setup *setup)
{
    struct session *session = session_find(connection->server, setup->session_id);
    /* A frame that is still to be hashed into this setup's chain is hashed for nobody. */
    connection_send(connection);
    DL_DELETE(connection->setups, setup);
    connection->setup_count--;
    auth_free(setup->auth);
    free(setup);
    if (session && !session->established)
        session_end(session, STATUS_USER_SESSION_DELETED);
}
