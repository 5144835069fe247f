/* SPDX-License-Identifier: Apache-2.0 */
/* What the mutator can do, by name, and how often it was done: mutator_test demands that nothing here is dead. The counts have no
   influence on what is done. */
#ifndef FUZZ_MUTATOR_OPERATIONS_H
#define FUZZ_MUTATOR_OPERATIONS_H

#define MUTATOR_OPERATIONS(X)                                                                                          \
    X(engine)          /* the engine's own mutation */                                                                 \
    X(control)         /* a field of the control bytes before the message */                                           \
    X(bytes)           /* some bytes anywhere: turned, inserted, taken out */                                          \
    X(start)           /* the fixed part of a message, field by field, where there is none */                          \
    X(header_value)    /* a field of the SMB2 header */                                                                \
    X(fixed_value)     /* a field of NEGOTIATE's fixed part */                                                         \
    X(dialect)         /* the list of dialects */                                                                      \
    X(security_buffer) /* the security buffer's size or content */                                                     \
    X(context_insert)                                                                                                  \
    X(context_drop)                                                                                                    \
    X(context_duplicate)                                                                                               \
    X(context_reorder)                                                                                                 \
    X(context_retype)                                                                                                  \
    X(context_inside) /* ids, salt, flags, names inside of a context */                                                \
    X(id_insert)                                                                                                       \
    X(id_drop)                                                                                                         \
    X(id_duplicate)                                                                                                    \
    X(id_reorder)                                                                                                      \
    X(id_value)                                                                                                        \
    X(id_many) /* a list of a chosen length */                                                                         \
    X(salt)                                                                                                            \
    X(slack)  /* bytes behind what the counts say */                                                                   \
    X(repair) /* counts, lengths, offsets, alignment made to agree */                                                  \
    X(break_count)                                                                                                     \
    X(break_offset)                                                                                                    \
    X(break_length)                                                                                                    \
    X(break_inner_count)                                                                                               \
    X(break_alignment)                                                                                                 \
    X(break_end) /* the message cut or extended */                                                                     \
    X(agree)     /* an answer's id becomes one that was asked for */                                                   \
    X(element_insert)                                                                                                  \
    X(element_drop)                                                                                                    \
    X(element_duplicate)                                                                                               \
    X(element_reorder)                                                                                                 \
    X(element_resize)                                                                                                  \
    X(break_next_command)                                                                                              \
    X(packet_drop)                                                                                                     \
    X(packet_duplicate)                                                                                                \
    X(packet_reorder)                                                                                                  \
    X(packet_split)   /* one segment becomes two */                                                                    \
    X(packet_overlap) /* a segment again, from an earlier or later sequence number */                                  \
    X(packet_value)   /* a field of Ethernet, IP or TCP */                                                             \
    X(packet_message) /* the SMB2 messages inside */                                                                   \
    X(packet_start)   /* a packet, field by field */                                                                   \
    X(break_packet)   /* one length of record, IP, TCP or transport */                                                 \
    X(record_insert)                                                                                                   \
    X(record_drop)                                                                                                     \
    X(record_duplicate)                                                                                                \
    X(record_reorder)                                                                                                  \
    X(record_value)                                                                                                    \
    X(capture_header)                                                                                                  \
    X(operation)       /* what an operation of a conversation is */                                                    \
    X(meaning)         /* which session, tree connect and open an element means, and how it is signed */               \
    X(encryption)      /* whether a message is encrypted, and for which session */                                     \
    X(body)            /* the bytes behind a header or control fields: size or content */                              \
    X(shape)           /* a header that may be signed */                                                               \
    X(sign)            /* the right signature */                                                                       \
    X(break_signature) /* the right signature but for one bit */                                                       \
    X(splice)          /* a part of a second input */                                                                  \
    X(join)            /* the beginning of one input, the end of another */

enum mutator_operation {
#define X(name) DID_##name,
    MUTATOR_OPERATIONS(X)
#undef X
        MUTATOR_OPERATION_COUNT
};

extern unsigned long mutator_done[MUTATOR_OPERATION_COUNT];

#define DID(name) ((void)mutator_done[DID_##name]++)

#endif
