/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of SMB2 that more than one kind of input is made of. Each works in place on a window that begins with its piece. */
#ifndef FUZZ_MUTATOR_PARTS_H
#define FUZZ_MUTATOR_PARTS_H

#include "values.h"

enum { HEADER_LEN = 64, REQUEST_FIXED = 100, RESPONSE_FIXED = 128 };

/* header.c: the 64 bytes in front of everything. */
void header_value(rng *r, window *m);                /* one field */
void header_start(rng *r, window *m, bool response); /* ProtocolId, StructureSize and likely values, from nothing */
void bytes_change(rng *r, window *m);                /* a few bytes anywhere: turned, inserted, taken out */

/* context.c: the Data of one negotiate context, which stays consistent; context_break contradicts one of its counts. */
void context_build(rng *r, window *data, uint32_t type, bool response);
void context_change(rng *r, window *data, uint32_t type, bool response);
bool context_break(rng *r, window *data, uint32_t type);

/* outline.c: where things are in a NEGOTIATE message, whatever its fields claim. */
enum { OUTLINE_CONTEXTS = 48 };

typedef struct outline {
    bool response;
    size_t list_end; /* behind the dialects or the security buffer: contexts start here at the earliest */
    size_t end;      /* behind the last context, or list_end */
    size_t count;    /* of the contexts that are there */
    struct {
        size_t at, len; /* len of its Data, which begins at at + 8, as far as it lies inside */
    } context[OUTLINE_CONTEXTS];
} outline;

void outline_read(outline *o, const window *m);

/* Makes counts, lengths, offsets and alignment agree with what is there. */
void outline_repair(window *m);

/* negotiate.c, compound.c: whole messages. */
void negotiate_change(rng *r, window *m);
void negotiate_change_as(rng *r, window *m, bool response); /* what is none is made that one */
void negotiate_splice(rng *r, window *m, const window *other);
void compound_change(rng *r, window *m);
void compound_splice(rng *r, window *m, const window *other);

#endif
