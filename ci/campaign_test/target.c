/* SPDX-License-Identifier: Apache-2.0 */
/* A fuzz target for the campaign's own tests: a walk through a maze of states, so that new inputs keep coming for a while. With
   PLANTED two different properties break. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static volatile unsigned seen;

static void broken(const char *property)
{
    fprintf(stderr, "BROKEN PROPERTY maze: %s\n", property);
    abort();
}

#define ROOM(n)                                                                                                        \
    case n:                                                                                                            \
        if (byte == (uint8_t)((n) * 37 + 11))                                                                          \
            room = (n) + 1;                                                                                            \
        else if (byte == (uint8_t)((n) * 59 + 5))                                                                      \
            room = ((n) * 7) % 32;                                                                                     \
        else if (byte == (uint8_t)((n) * 83 + 1))                                                                      \
            seen += (n);                                                                                               \
        break;
#define ROOMS(n) ROOM(n) ROOM((n) + 1) ROOM((n) + 2) ROOM((n) + 3)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned room = 0, deepest = 0;
    for (size_t i = 0; i < size; i++) {
        const uint8_t byte = data[i];
        switch (room) {
            ROOMS(0) ROOMS(4) ROOMS(8) ROOMS(12) ROOMS(16) ROOMS(20) ROOMS(24) ROOMS(28) default : room = 0;
        }
        if (room > deepest)
            deepest = room;
    }
#ifdef PLANTED
    if (deepest == 2)
        broken(size % 2 ? "the second room has a window" : "the second room has a door");
#else
    if (deepest > 1000)
        broken("there are not so many rooms");
#endif
    return 0;
}
