/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

#include "octets.h"

#define START (TRANSPORT_LEN + TRANSFORM_LEN)

struct frame *frame_new(void)
{
    struct frame *frame = calloc(1, sizeof *frame);
    if (frame) {
        frame->capacity = 512;
        frame->len = START;
        frame->data = calloc(1, frame->capacity);
        if (!frame->data) {
            free(frame);
            return NULL;
        }
    }
    return frame;
}

void frame_free(struct frame *frame)
{
    if (frame)
        free(frame->data);
    free(frame);
}

uint8_t *frame_append(struct frame *frame, size_t zeros, csign_bytes payload)
{
    size_t len = zeros + payload.len;
    if (frame->capacity - frame->len < len) {
        size_t capacity = frame->len + len + 512;
        uint8_t *data = realloc(frame->data, capacity);
        if (!data)
            return NULL;
        frame->data = data;
        frame->capacity = capacity;
    }
    uint8_t *at = frame->data + frame->len;
    memset(at, 0, zeros);
    if (payload.len)
        memcpy(at + zeros, payload.data, payload.len);
    frame->len += len;
    return at;
}

uint8_t *frame_extend(struct frame *frame, size_t len)
{
    return frame_append(frame, len, (csign_bytes){NULL, 0});
}

uint8_t *frame_begin(struct frame *frame)
{
    if (frame->count == MAX_ELEMENTS)
        return NULL;
    size_t padding = frame->count ? (8 - (frame->len - START) % 8) % 8 : 0;
    size_t offset = frame->len + padding;
    if (!frame_extend(frame, padding + CSIGN_HEADER_LEN))
        return NULL;
    if (frame->count) {
        size_t before = frame->elements[frame->count - 1].offset;
        store_le32(frame->data + before + 20, (uint32_t)(offset - before)); /* NextCommand */
    }
    frame->elements[frame->count++] = (struct frame_element){offset, NULL};
    return frame->data + offset;
}
