/* SPDX-License-Identifier: Apache-2.0 */
/* An answer being laid: the transport header, then one element or more, each with the signer that signs it at the end. */
#ifndef SERVER_FRAME_H
#define SERVER_FRAME_H

#include <stdbool.h>

#include <countersign/countersign.h>

#define TRANSPORT_LEN 4u
#define TRANSFORM_LEN 52u
#define MAX_SEALED 0x7FFFFFFFu /* what the crypto library takes in one piece */
#define MAX_ELEMENTS 64u       /* of a message; more is refused */
#define MAX_FRAME                                                                                                      \
    (8u * 1024 * 1024 + 64 * 1024) /* bytes of all of them, but for refusals; the transport header could say 16 MiB */

struct session;

struct frame_element {
    size_t offset;              /* in data */
    const csign_signer *signer; /* NULL: not signed */
};

struct frame {
    uint8_t *data; /* room for transport and transform headers, then the elements */
    size_t len, capacity;
    struct frame_element elements[MAX_ELEMENTS];
    size_t count;
    struct session *encrypt_for; /* or NULL */
    csign_preauth *preauth;      /* what absorbs its only element once it is signed, or NULL */
    struct frame *prev, *next;
};

struct frame *frame_new(void);
void frame_free(struct frame *frame);
/* frame_begin pads the element before and lays a zeroed header. NULL: no memory or too many elements. */
uint8_t *frame_begin(struct frame *frame);
/* frame_extend: len zeroed bytes behind the current element; NULL: no memory. */
uint8_t *frame_extend(struct frame *frame, size_t len);
/* frame_append: zeros zeroed bytes, and payload behind them. */
uint8_t *frame_append(struct frame *frame, size_t zeros, csign_bytes payload);

#endif
