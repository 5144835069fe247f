/* SPDX-License-Identifier: Apache-2.0 */
#include "window.h"

#include <string.h>

uint64_t window_get(const window *w, size_t at, size_t width)
{
    uint64_t value = 0;
    for (size_t i = width; i-- > 0;)
        value = value << 8 | (at < w->size && i < w->size - at ? w->data[at + i] : 0u);
    return value;
}

void window_put(window *w, size_t at, size_t width, uint64_t value)
{
    for (size_t i = 0; i < width && at < w->size && i < w->size - at; i++)
        w->data[at + i] = (uint8_t)(value >> 8 * i & 0xFF);
}

static uint64_t turned(uint64_t value, size_t width)
{
    uint64_t other = 0;
    for (size_t i = 0; i < width; i++)
        other = other << 8 | (value >> 8 * i & 0xFF);
    return other;
}

uint64_t window_get_be(const window *w, size_t at, size_t width)
{
    return turned(window_get(w, at, width), width);
}

void window_put_be(window *w, size_t at, size_t width, uint64_t value)
{
    window_put(w, at, width, turned(value, width));
}

bool window_insert(window *w, size_t at, size_t count)
{
    if (at > w->size || count > w->max - w->size)
        return false;
    memmove(w->data + at + count, w->data + at, w->size - at);
    memset(w->data + at, 0, count);
    w->size += count;
    return true;
}

void window_remove(window *w, size_t at, size_t count)
{
    if (at >= w->size)
        return;
    count = window_least(count, w->size - at);
    memmove(w->data + at, w->data + at + count, w->size - at - count);
    w->size -= count;
}

void window_resize(window *w, size_t size)
{
    size = window_least(size, w->max);
    if (size > w->size)
        memset(w->data + w->size, 0, size - w->size);
    w->size = size;
}

bool window_insert_bytes(window *w, size_t at, const uint8_t *bytes, size_t count)
{
    if (!window_insert(w, at, count))
        return false;
    if (count)
        memcpy(w->data + at, bytes, count);
    return true;
}

bool window_double(window *w, size_t at, size_t count)
{
    if (at > w->size || count > w->size - at || !window_insert(w, at + count, count))
        return false;
    memcpy(w->data + at + count, w->data + at, count);
    return true;
}

static void reverse(uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        uint8_t byte = data[i];
        data[i] = data[count - 1 - i];
        data[count - 1 - i] = byte;
    }
}

void window_swap(window *w, size_t a, size_t b, size_t c)
{
    if (a > b || b > c || c > w->size)
        return;
    reverse(w->data + a, b - a);
    reverse(w->data + b, c - b);
    reverse(w->data + a, c - a);
}

window window_open(window *outer, size_t at, size_t len)
{
    at = window_least(at, outer->size);
    len = window_least(len, outer->size - at);
    size_t tail = outer->size - at - len;
    memmove(outer->data + outer->max - tail, outer->data + at + len, tail);
    return (window){outer->data + at, len, outer->max - at - tail};
}

void window_close(window *outer, const window *inner)
{
    size_t at = (size_t)(inner->data - outer->data), tail = outer->max - at - inner->max;
    memmove(outer->data + at + inner->size, outer->data + outer->max - tail, tail);
    outer->size = at + inner->size + tail;
}
