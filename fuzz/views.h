/* SPDX-License-Identifier: Apache-2.0 */
/* What must be true of a parsed NEGOTIATE message, whatever the bytes were: shared by the negotiate targets. */
#ifndef FUZZ_VIEWS_H
#define FUZZ_VIEWS_H

#include "fuzz.h"

/* The header's fields are the message's bytes. */
void views_check_header(const csign_header *h, csign_bytes message);

/* view lies inside message, at or behind its byte `from`; an empty one may lie anywhere. */
void views_check_inside(csign_bytes view, csign_bytes message, size_t from);

/* The contexts agree with a second, naive reading of `count` contexts at `offset`, of which none may start before `from`
   (context_model.c), and every view is inside the message. */
void views_check_contexts(const csign_negotiate_contexts *c, csign_bytes message, size_t offset, size_t count,
                          size_t from, bool response);

/* Nothing was read as a context: the dialect has none. */
void views_check_no_contexts(const csign_negotiate_contexts *c);

void views_outcome(const csign_negotiate_contexts *c);

/* Equal in every value; lists and views by content, wherever they lie. */
bool views_equal(const csign_negotiate_contexts *a, const csign_negotiate_contexts *b);
bool views_equal_bytes(csign_bytes a, csign_bytes b);
csign_bytes views_of_list(csign_u16_list list);

#endif
