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
    const keyring *ring;
    const key_candidate *key;
} logged;

/* A session's first channel first; then by key, so that the same key stands together. */
static int compare(const void *a, const void *b)
{
    const logged *x = a, *y = b;
    if (x->ring->session_id != y->ring->session_id)
        return x->ring->session_id < y->ring->session_id ? -1 : 1;
    if (x->ring->channel != y->ring->channel)
        return x->ring->channel ? 1 : -1;
    return memcmp(x->key->session_key.bytes, y->key->session_key.bytes, 16);
}

/* Without the quotes Wireshark takes the next line for an empty field at the end. */
static void put_key(FILE *out, const csign_key *key)
{
    char text[2 * sizeof key->bytes + 1];
    fprintf(out, ",%s", key->len ? hex_text(text, key->bytes, key->len) : "\"\"");
    explicit_bzero(text, sizeof text);
}

/* The first 16 bytes of a session key give all keys but AES-256's of a longer one: those are written themselves. */
static void put_line(FILE *out, const keyring *ring, const key_candidate *k)
{
    static const csign_key none;
    bool apart = k->ciphers_apart && !ring->channel;

    for (unsigned i = 0; i < 8; i++)
        fprintf(out, "%02x", (unsigned)(ring->session_id >> 8 * i & 0xFF));
    put_key(out, &k->session_key);
    put_key(out, apart ? &k->server_to_client : &none);
    put_key(out, apart ? &k->client_to_server : &none);
    fputc('\n', out);
}

bool keylog_write(FILE *out, const keyring *rings)
{
    logged *sorted = NULL;
    size_t count = 0, capacity = 0;

    for (const keyring *r = rings; r != NULL; r = r->next) {
        sorted = need_more(sorted, &capacity, count, sizeof *sorted);
        sorted[count] = (logged){r, known(r)};
        count += sorted[count].key != NULL;
    }
    if (count != 0)
        qsort(sorted, count, sizeof *sorted, compare);
    fputs("# Session id, session key, server to client key, client to server key; Wireshark's file smb2_seskey_list.\n",
          out);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || compare(&sorted[i - 1], &sorted[i]) != 0)
            put_line(out, sorted[i].ring, sorted[i].key);
    free(sorted);
    return fflush(out) == 0 && !ferror(out);
}
