/* SPDX-License-Identifier: Apache-2.0 */
/* Session keys in Wireshark's form: see keylog.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "keylog.h"

#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "memory.h"

static const key_candidate *known(const keyring *ring)
{
    if (ring->count == 0 || (!keyring_proven(ring) && !ring->definite))
        return NULL;
    return &ring->candidates[keyring_proven(ring) ? ring->chosen : 0];
}

typedef struct logged {
    uint64_t session_id;
    bool channel, apart;
    csign_key session_key, client_to_server, server_to_client;
} logged;

/* A session's first channel first; then by key, so that the same key stands together. */
static int compare(const void *a, const void *b)
{
    const logged *x = a, *y = b;
    if (x->session_id != y->session_id)
        return x->session_id < y->session_id ? -1 : 1;
    if (x->channel != y->channel)
        return x->channel ? 1 : -1;
    return memcmp(x->session_key.bytes, y->session_key.bytes, 16);
}

/* Sorts, and leaves each key once. */
static void settle(keylog *log)
{
    size_t count = 0;
    if (log->count != 0)
        qsort(log->entries, log->count, sizeof *log->entries, compare);
    for (size_t i = 0; i < log->count; i++)
        if (count == 0 || compare(&log->entries[count - 1], &log->entries[i]) != 0)
            log->entries[count++] = log->entries[i];
    log->count = count;
}

static void wipe_and_free(keylog *log)
{
    if (log->capacity != 0)
        explicit_bzero(log->entries, log->capacity * sizeof *log->entries);
    free(log->entries);
}

/* need_more would leave copies of keys behind. */
static void make_room(keylog *log)
{
    settle(log);
    if (log->count < log->capacity - log->capacity / 4)
        return;
    keylog larger = {.count = log->count, .capacity = log->capacity ? 2 * log->capacity : 64};
    larger.entries = need(larger.capacity * sizeof *larger.entries);
    if (log->count != 0)
        memcpy(larger.entries, log->entries, log->count * sizeof *log->entries);
    wipe_and_free(log);
    *log = larger;
}

void keylog_add(keylog *log, const keyring *ring)
{
    const key_candidate *k = known(ring);
    if (k == NULL)
        return;
    if (log->count == log->capacity)
        make_room(log);
    logged *entry = &log->entries[log->count++];
    *entry = (logged){.session_id = ring->session_id,
                      .channel = ring->channel,
                      .apart = k->ciphers_apart && !ring->channel,
                      .session_key = k->session_key,
                      .client_to_server = k->client_to_server,
                      .server_to_client = k->server_to_client};
    if (entry->session_key.len > 16)
        entry->session_key.len = 16;
}

/* Without the quotes Wireshark takes the next line for an empty field at the end. */
static void put_key(FILE *out, const csign_key *key)
{
    char text[2 * sizeof key->bytes + 1];
    fprintf(out, ",%s", key->len ? hex_text(text, key->bytes, key->len) : "\"\"");
    explicit_bzero(text, sizeof text);
}

/* The first 16 bytes of a session key give all keys but AES-256's of a longer one: those are written themselves. */
static void put_line(FILE *out, const logged *l)
{
    static const csign_key none;

    for (unsigned i = 0; i < 8; i++)
        fprintf(out, "%02x", (unsigned)(l->session_id >> 8 * i & 0xFF));
    put_key(out, &l->session_key);
    put_key(out, l->apart ? &l->server_to_client : &none);
    put_key(out, l->apart ? &l->client_to_server : &none);
    fputc('\n', out);
}

bool keylog_write(keylog *log, FILE *out)
{
    settle(log);
    fputs("# Session id, session key, server to client key, client to server key; Wireshark's file smb2_seskey_list.\n",
          out);
    for (size_t i = 0, of_session = 0; i < log->count; i++) {
        if (i != 0 && log->entries[i - 1].session_id != log->entries[i].session_id)
            of_session = 0;
        if (of_session++ < KEYFILE_LINES_PER_SESSION) /* as many as are read back */
            put_line(out, &log->entries[i]);
    }
    wipe_and_free(log);
    *log = (keylog){0};
    return fflush(out) == 0 && !ferror(out);
}
