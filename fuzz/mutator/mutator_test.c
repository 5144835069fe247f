/* SPDX-License-Identifier: Apache-2.0 */
/* The mutator's promises, on inputs of a corpus, on garbage and on its own mutants: it stays inside (each block is a heap block of
   exactly max_size bytes, under ASan), keeps to max_size, gives the same for the same seed whatever lies in the unused room, uses
   every operation, and makes NEGOTIATE messages of which many, but not all, are taken.
   usage: mutator_test MUTATIONS KIND PREFIX FOLDER [KIND PREFIX FOLDER]... */
#include <countersign/countersign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../inputs.h"
#include "mutator.h"
#include "operations.h"

static const mutator_kind *const kinds[] = {
#define X(name) &mutator_##name,
    MUTATOR_KINDS(X)
#undef X
};

typedef struct input {
    uint8_t *data;
    size_t size;
} input;

typedef struct corpus {
    input *inputs;
    size_t count, room;
} corpus;

#define MUST(condition, text)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "mutator_test: %s\n  (%s, seed %llu)\n", text, #condition, (unsigned long long)now);       \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static uint64_t now; /* the seed at work */

static void *block(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        abort();
    return p;
}

static void add(corpus *c, const uint8_t *data, size_t size)
{
    if (c->count == c->room) {
        c->room = 2 * c->room + 64;
        input *more = realloc(c->inputs, c->room * sizeof *more);
        if (!more)
            abort();
        c->inputs = more;
    }
    input *i = &c->inputs[c->count++];
    *i = (input){block(size), size};
    if (size)
        memcpy(i->data, data, size);
}

static void load(const char *path, const uint8_t *data, size_t size, void *with)
{
    (void)path;
    add(with, data, size);
}

/* Stands for LLVMFuzzerMutate: writes all the room, and changes the size. */
static size_t engine(uint8_t *data, size_t size, size_t max_size)
{
    memset(data + size, (int)size, max_size - size);
    return max_size / 2;
}

typedef struct mutant {
    uint8_t *data;
    size_t size;
} mutant;

/* One mutation in a block of exactly max_size bytes, the room behind the input filled with junk. */
static mutant mutate(const mutator_form *form, input a, input b, size_t max_size, uint64_t seed, uint8_t junk)
{
    mutant m = {block(max_size), 0};
    if (max_size)
        memset(m.data, junk, max_size);
    if (seed % 4 == 0) {
        m.size = mutator_cross(form, m.data, max_size, a.data, a.size, b.data, b.size, seed);
    } else {
        size_t size = a.size < max_size ? a.size : max_size;
        if (size)
            memcpy(m.data, a.data, size);
        m.size = mutator_mutate(form, m.data, a.size, max_size, seed, seed % 4 == 1 ? engine : NULL);
    }
    return m;
}

static size_t some_room(rng *r, size_t size)
{
    switch (rng_below(r, 4)) {
    case 0:
        return rng_below(r, size + 1);
    case 1:
        return size;
    case 2:
        return size + rng_below(r, 64);
    default:
        return 2 * size + 4096;
    }
}

static void garbage(corpus *c, rng *r)
{
    uint8_t bytes[400];
    for (size_t i = 0; i < 64; i++) {
        for (size_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t)(i % 2 ? rng_next(r) : i % 4 ? 0 : 0xFF);
        add(c, bytes, i < 2 ? 0 : rng_below(r, sizeof bytes));
    }
}

/* Mutates inputs and, half of the time, mutants: those take the place of the last inputs. */
static void many(const mutator_form *form, corpus *c, unsigned long count)
{
    rng r = {count};
    uint64_t sum = 0;
    size_t largest = 0;
    for (unsigned long i = 0; i < count; i++) {
        now = rng_next(&r);
        input a = c->inputs[rng_below(&r, c->count)], b = c->inputs[rng_below(&r, c->count)];
        size_t max_size = some_room(&r, a.size);
        mutant m = mutate(form, a, b, max_size, now, 0xAA);
        MUST(m.size <= max_size, "a mutant is longer than there is room");
        MUST(m.size || !max_size, "a mutant is empty");
        for (size_t k = 0; k < m.size; k += 1 + m.size / 64) /* under MSan: each was written */
            sum += m.data[k] ? m.data[k] : 7u;
        if (i % 8 == 0) {
            mutant again = mutate(form, a, b, max_size, now, 0x55);
            MUST(again.size == m.size && (!m.size || !memcmp(again.data, m.data, m.size)),
                 "the same seed gives another mutant");
            free(again.data);
        }
        largest = m.size > largest ? m.size : largest;
        if (i % 2 && m.size < 20000) {
            input *slot = &c->inputs[c->count - 1 - rng_below(&r, 32)];
            free(slot->data);
            *slot = (input){block(m.size), m.size};
            if (m.size)
                memcpy(slot->data, m.data, m.size);
        }
        free(m.data);
    }
    printf("%-10s %8lu mutations of %4zu inputs, the largest %zu bytes, sum %016llx\n", form->kind->name, count,
           c->count, largest, (unsigned long long)sum);
}

/* 1: taken; 2: and its contexts too. */
static int taken(const uint8_t *data, size_t size)
{
    csign_negotiate_request q;
    csign_negotiate_response s;
    csign_bytes m = {data, size};
    if (csign_negotiate_request_parse(&q, m) == CSIGN_OK)
        return 1 + (q.contexts_status == CSIGN_OK);
    return csign_negotiate_response_parse(&s, m) == CSIGN_OK ? 1 + (s.contexts_status == CSIGN_OK) : 0;
}

/* From messages that are right, after one mutation and after four in a row, without the engine's. */
static void acceptance(const mutator_form *form, const corpus *c, unsigned depth)
{
    unsigned long total = 0, some = 0, whole = 0;
    for (uint64_t round = 0; round < 40000 / c->count + 1; round++) {
        for (size_t i = 0; i < c->count; i++) {
            if (taken(c->inputs[i].data, c->inputs[i].size) != 2)
                continue;
            size_t size = c->inputs[i].size, max_size = size + 4096;
            uint8_t *data = block(max_size);
            memcpy(data, c->inputs[i].data, size);
            for (unsigned k = 0; k < depth; k++)
                size = mutator_mutate(form, data, size, max_size, (now = round << 32 | i << 8 | k), NULL);
            int t = taken(data, size);
            total++;
            some += t > 0;
            whole += t == 2;
            free(data);
        }
    }
    MUST(total > 1000, "the corpus has no good NEGOTIATE messages");
    printf("NEGOTIATE after %u mutations: %lu mutants, %.1f %% parse, %.1f %% with all contexts\n", depth, total,
           100.0 * (double)some / (double)total, 100.0 * (double)whole / (double)total);
    if (depth == 1)
        MUST(100 * whole >= 30 * total && 100 * whole <= 70 * total,
             "between 30 and 70 % of the mutants should be good");
}

static void operations(void)
{
    static const char *const names[] = {
#define X(name) #name,
        MUTATOR_OPERATIONS(X)
#undef X
    };
    int dead = 0;
    for (size_t i = 0; i < MUTATOR_OPERATION_COUNT; i++) {
        printf("  %-20s %10lu%s\n", names[i], mutator_done[i], mutator_done[i] ? "" : "  NEVER");
        dead += !mutator_done[i];
    }
    MUST(!dead, "an operation was never done");
}

int main(int argc, char **argv)
{
    if (argc < 5 || (argc - 2) % 3) {
        fprintf(stderr, "usage: mutator_test MUTATIONS KIND PREFIX FOLDER [KIND PREFIX FOLDER]...\n");
        return 2;
    }
    for (int i = 2; i < argc; i += 3) {
        mutator_form form = {NULL, (size_t)strtoul(argv[i + 1], NULL, 10)};
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (!strcmp(kinds[k]->name, argv[i]))
                form.kind = kinds[k];
        if (!form.kind) {
            fprintf(stderr, "mutator_test: no kind %s\n", argv[i]);
            return 2;
        }
        corpus c = {NULL, 0, 0};
        rng r = {(uint64_t)i};
        inputs_check(1, &argv[i + 2], SIZE_MAX, true);
        inputs_each(argv[i + 2], false, load, &c);
        if (form.kind == &mutator_negotiate && !form.prefix) {
            acceptance(&form, &c, 1);
            acceptance(&form, &c, 4);
        }
        garbage(&c, &r);
        many(&form, &c, strtoul(argv[1], NULL, 10));
        for (size_t k = 0; k < c.count; k++)
            free(c.inputs[k].data);
        free(c.inputs);
    }
    operations();
    return 0;
}
