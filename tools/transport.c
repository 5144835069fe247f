/* SPDX-License-Identifier: Apache-2.0 */
/* From one direction's bytes to SMB messages: see transport.h. */
#include "transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "octets.h"

#define SESSION_MESSAGE 0x00u
#define SESSION_REQUEST 0x81u /* to 0x84: its answers; 0x85: keepalive */
#define SESSION_KEEPALIVE 0x85u
#define SMB_LEN 8u         /* as much of a frame as tells whether it is an SMB message */
#define BUFFER_KEPT 65536u /* a big message is no reason to keep a big buffer */
#define PROBE_LEN 10u      /* as much of a frame as plausible() reads */

static const csign_bytes nothing = {NULL, 0};

static size_t frame_len(const uint8_t *header)
{
    return load_be32(header) & 0xFFFFFFu;
}

static bool is_session_service(uint8_t type)
{
    return type >= SESSION_REQUEST && type <= SESSION_KEEPALIVE;
}

/* FE is SMB2, FF SMB1, FD an encrypted and FC a compressed message. */
static bool is_smb(const uint8_t *message)
{
    return message[0] >= 0xFC && memcmp(message + 1, "SMB", 3) == 0;
}

/* Whether PROBE_LEN bytes look like a transport header with an SMB header behind it. */
static bool plausible(const uint8_t *p)
{
    static const size_t shortest[4] = {16, 52, 64, 32}; /* of FC, FD, FE, FF */
    const uint8_t *message = p + TRANSPORT_HEADER_LEN;
    if (p[0] != SESSION_MESSAGE || !is_smb(message) || frame_len(p) < shortest[message[0] - 0xFC])
        return false;
    return message[0] != 0xFE || load_le16(message + 4) == 64;
}

static csign_bytes behind(csign_bytes b, size_t count)
{
    return count == 0 ? b : (csign_bytes){b.data + count, b.len - count}; /* NULL + 0 is undefined */
}

static void drop(transport *t, size_t count)
{
    t->len -= count;
    if (t->len != 0 && count != 0)
        memmove(t->buffer, t->buffer + count, t->len);
}

static void search(transport *t)
{
    size_t at = 0;
    while (at + PROBE_LEN <= t->len && !plausible(t->buffer + at))
        at++;
    t->searching = at + PROBE_LEN > t->len;
    t->searched += at;
    drop(t, at);
}

static void lose(transport *t, const transport_consumer *consumer, csign_bytes known, bool only, const char *text)
{
    if (t->spoken)
        consumer->lost(consumer->context, known, only, t->frame, text);
}

/* A frame that is no SMB message. Inside an SMB conversation its length is believed; elsewhere this is not SMB at all. */
static void foreign(transport *t, const transport_consumer *consumer, const uint8_t *header)
{
    char text[96];
    if (header[0] == SESSION_MESSAGE && t->spoken) {
        snprintf(text, sizeof text, "a transport frame of %zu bytes that is no SMB message is passed over",
                 frame_len(header));
        t->skip = TRANSPORT_HEADER_LEN + frame_len(header);
    } else {
        snprintf(text, sizeof text, "%02x%02x%02x%02x is no transport header; searching for the next one", header[0],
                 header[1], header[2], header[3]);
        t->searching = true;
    }
    lose(t, consumer, nothing, false, text);
}

/* Takes a frame off the start of *bytes. False: more bytes are needed, or it is no frame (skip or searching is set). */
static bool take_frame(transport *t, csign_bytes *bytes, const transport_consumer *consumer)
{
    const uint8_t *header = bytes->data;

    if (bytes->len < TRANSPORT_HEADER_LEN)
        return false;
    size_t len = frame_len(header);
    if (is_session_service(header[0]) && (t->spoken || len <= 512)) {
        t->skip = TRANSPORT_HEADER_LEN + len;
        return false;
    }
    if (header[0] == SESSION_MESSAGE && len == 0) {
        *bytes = behind(*bytes, TRANSPORT_HEADER_LEN);
        return true;
    }
    if (header[0] != SESSION_MESSAGE || len < 4 || (bytes->len >= SMB_LEN && !is_smb(header + TRANSPORT_HEADER_LEN))) {
        foreign(t, consumer, header);
        return false;
    }
    if (bytes->len < TRANSPORT_HEADER_LEN + len)
        return false;
    t->spoken = true;
    *bytes = behind(*bytes, TRANSPORT_HEADER_LEN + len);
    consumer->message(consumer->context, (csign_bytes){header + TRANSPORT_HEADER_LEN, len}, t->frame);
    return true;
}

static void append(transport *t, csign_bytes bytes, size_t frame)
{
    if (bytes.len == 0)
        return;
    while (t->capacity - t->len < bytes.len)
        t->buffer = need_more(t->buffer, &t->capacity, t->capacity, 1);
    memcpy(t->buffer + t->len, bytes.data, bytes.len);
    if (t->len == 0 || frame > t->frame)
        t->frame = frame;
    t->len += bytes.len;
}

/* How many more bytes the frame in the buffer needs: for its header, to be told from others, to be whole. */
static size_t wanted(const transport *t)
{
    if (t->len < TRANSPORT_HEADER_LEN)
        return TRANSPORT_HEADER_LEN - t->len;
    size_t whole = TRANSPORT_HEADER_LEN + frame_len(t->buffer);
    return (t->len < SMB_LEN && SMB_LEN < whole ? SMB_LEN : whole) - t->len;
}

/* Takes from the buffer what can be taken: all frames that are whole, all bytes that are to be passed over. */
static void settle(transport *t, size_t frame, const transport_consumer *consumer)
{
    size_t skipped;
    do {
        if (t->searching)
            search(t);
        if (t->searching)
            return;
        csign_bytes left = {t->buffer, t->len};
        while (take_frame(t, &left, consumer))
            t->frame = frame; /* what is behind a message came with its last bytes, in this frame */
        skipped = t->skip < left.len ? t->skip : left.len;
        t->skip -= skipped;
        drop(t, t->len - left.len + skipped);
    } while (t->searching || skipped != 0);
    if (t->len == 0 && t->capacity > BUFFER_KEPT) {
        free(t->buffer);
        t->buffer = NULL;
        t->capacity = 0;
    }
}

void transport_data(transport *t, csign_bytes bytes, size_t frame, const transport_consumer *consumer)
{
    while (bytes.len != 0) {
        if (t->skip != 0) { /* the buffer is empty */
            size_t count = t->skip < bytes.len ? t->skip : bytes.len;
            t->skip -= count;
            bytes = behind(bytes, count);
        } else if (t->len == 0 && !t->searching) { /* messages are judged where they lie */
            t->frame = frame;
            while (take_frame(t, &bytes, consumer))
                ;
            if (t->skip == 0) {
                append(t, bytes, frame);
                if (t->searching)
                    settle(t, frame, consumer);
                return;
            }
        } else { /* no more than completes a frame, so that the next ones need not be copied */
            size_t count = t->searching || wanted(t) > bytes.len ? bytes.len : wanted(t);
            append(t, (csign_bytes){bytes.data, count}, frame);
            bytes = behind(bytes, count);
            settle(t, frame, consumer);
        }
    }
}

void transport_gap(transport *t, uint32_t missing, size_t frame, const transport_consumer *consumer)
{
    char text[128];
    csign_bytes known = nothing;
    size_t left = t->skip; /* of the frame in which the hole begins */

    if (missing == 0) {
        t->searching = true;
        return;
    }
    if (!t->searching && t->skip == 0 && t->len >= TRANSPORT_HEADER_LEN) {
        left = TRANSPORT_HEADER_LEN + frame_len(t->buffer) - t->len;
        known = (csign_bytes){t->buffer + TRANSPORT_HEADER_LEN, t->len - TRANSPORT_HEADER_LEN};
    }
    bool inside = left >= missing;
    snprintf(text, sizeof text, "%u bytes before this frame are missing from the capture%s", (unsigned)missing,
             inside ? ": one message is lost" : "; going on at the next message");
    consumer->lost(consumer->context, known, inside, frame, text);
    t->len = 0;
    t->skip = inside ? left - missing : 0;
    t->searching = !inside;
}

void transport_end(transport *t, const transport_consumer *consumer)
{
    if (!t->searching && t->skip == 0 && t->len != 0) {
        char text[96];
        if (t->len < TRANSPORT_HEADER_LEN)
            snprintf(text, sizeof text, "the connection ends inside a transport header");
        else
            snprintf(text, sizeof text, "the connection's last message is incomplete: %zu of %zu bytes",
                     t->len - TRANSPORT_HEADER_LEN, frame_len(t->buffer));
        lose(t, consumer, nothing, false, text);
    }
    free(t->buffer);
    *t = (transport){0};
}
