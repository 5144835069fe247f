/* SPDX-License-Identifier: Apache-2.0 */
/* What a fuzz target is, and the few things that all of them need. A target is one file with one `fuzz_target` named
   fuzz_this; the same file runs under libFuzzer, AFL++ and the replay driver. A target's outcome depends on its input
   alone: no time, no randomness, no environment, nothing kept from one input to the next. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <countersign/countersign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct fuzz_target {
    const char *name;
    void (*start)(void);                            /* once, before any input; may be NULL */
    void (*one)(const uint8_t *input, size_t size); /* input is a heap block of exactly size bytes */
} fuzz_target;

extern const fuzz_target fuzz_this;

/* CHECK(condition, property): a broken property ends the process with its name. It does not depend on NDEBUG. */
#define CHECK(condition, property) ((condition) ? (void)0 : fuzz_broken(__FILE__, __LINE__, property, #condition))
_Noreturn void fuzz_broken(const char *file, int line, const char *property, const char *condition);

/* The outcome of an input is a 64-bit digest of what the library answered. Two runs of one input must give the same; so must
   two builds and two architectures. Under MSan a byte of an answer that was never written is found here. */
void fuzz_outcome(const void *bytes, size_t len);
void fuzz_outcome_number(uint64_t number);

/* Runs one input, a heap block of exactly size bytes, twice when `again`, and returns its outcome: entry.c, for the drivers. */
uint64_t fuzz_run(const uint8_t *block, size_t size, bool again);

/* --no_mutator on the command line: the engine mutates alone, without fuzz/mutator. */
extern bool fuzz_engine_alone;

/* Whether the input got past the first length check; a test counts the seeds that do. An input whose control fields are not
   whole did not (fuzz_take sees that), nor one that a target calls too short. */
extern bool fuzz_was_too_short;
static inline void fuzz_too_short(bool is)
{
    fuzz_was_too_short = fuzz_was_too_short || is;
}

/* A reader of the front of an input: control fields of fixed size; what is missing reads as zero. */
typedef struct fuzz_reader {
    const uint8_t *data;
    size_t left;
} fuzz_reader;

void fuzz_take(fuzz_reader *r, uint8_t *out, size_t len);
uint8_t fuzz_take_u8(fuzz_reader *r);
uint16_t fuzz_take_u16(fuzz_reader *r);
csign_bytes fuzz_take_view(fuzz_reader *r, size_t len); /* at most what is left */
csign_bytes fuzz_rest(const fuzz_reader *r);

/* Cuts whole into count contiguous parts, empty ones among them; cuts says where. The parts joined are whole. */
void fuzz_cut(csign_bytes *parts, size_t count, csign_bytes whole, const uint16_t *cuts);

uint8_t *fuzz_copy(csign_bytes bytes); /* a heap block of exactly their length; of one byte when there is none */

bool fuzz_all(const void *object, size_t len, uint8_t value);

static inline uint32_t fuzz_le(const uint8_t *p, size_t len) /* up to four bytes; apart from lib/octets.h on purpose */
{
    uint32_t v = 0;
    for (size_t i = len; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static inline uint64_t fuzz_le64(const uint8_t *p)
{
    return (uint64_t)fuzz_le(p + 4, 4) << 32 | fuzz_le(p, 4);
}

#endif
