/* SPDX-License-Identifier: Apache-2.0 */
/* The messages that a preauthentication hash is made of: see transcript.h. */
#include "transcript.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

static csign_bytes copy(csign_bytes message)
{
    uint8_t *bytes = need(message.len);
    memcpy(bytes, message.data, message.len);
    return (csign_bytes){bytes, message.len};
}

static void release(csign_bytes message)
{
    free((void *)(uintptr_t)message.data);
}

void transcript_add(transcript *t, csign_bytes message)
{
    if (t->count == TRANSCRIPT_MESSAGES || message.len > TRANSCRIPT_BYTES - t->len) {
        t->incomplete = true;
        return;
    }
    t->messages = need_more(t->messages, &t->capacity, t->count, sizeof *t->messages);
    t->messages[t->count++] = copy(message);
    t->len += message.len;
}

void transcript_end(transcript *t, csign_bytes final_response)
{
    if (final_response.len <= TRANSCRIPT_BYTES - t->len)
        t->final_response = copy(final_response);
}

void transcript_copy(transcript *out, const transcript *t)
{
    for (size_t i = 0; i < t->count; i++)
        transcript_add(out, t->messages[i]);
    out->incomplete = t->incomplete;
}

void transcript_free(transcript *t)
{
    for (size_t i = 0; i < t->count; i++)
        release(t->messages[i]);
    release(t->final_response);
    free(t->messages);
    *t = (transcript){0};
}
