/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is measured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "messages.h"
#include "negotiate_sample.h"

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

static const char *const algorithm_name[PEER_ALGORITHMS] = {"cmac", "gmac", "hmac"};

/* 65520 and not 65536 in batches: ipsec-mb's lengths of CMAC have 16 bits. */
static const size_t single_len[] = {64, 128, 256, 512, 1024, 4096, 16384, 65536, 262144, 1048576};
static const size_t latency_len[] = {64, 128};
static const size_t batch_len[] = {64, 128, 256, 1024, 4096, 65520};
static const size_t batch_count[] = {1, 2, 4, 8, 16, 32, 64};

struct list {
    struct plan *plans;
    size_t count, capacity;
};

static struct plan *add(struct list *list, const char *work, bool (*build)(struct cell *, const struct plan *))
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 256;
        struct plan *grown = realloc(list->plans, capacity * sizeof *grown);
        if (grown == NULL)
            exit(3);
        list->plans = grown;
        list->capacity = capacity;
    }
    struct plan *plan = &list->plans[list->count++];
    memset(plan, 0, sizeof *plan);
    plan->work = work;
    plan->build = build;
    plan->algorithm = -1;
    plan->count = 1;
    snprintf(plan->id, sizeof plan->id, "%s", work);
    return plan;
}

static struct plan *add_mac(struct list *list, const char *work, bool (*build)(struct cell *, const struct plan *),
                            int algorithm, size_t len)
{
    struct plan *plan = add(list, work, build);
    plan->algorithm = algorithm;
    plan->len = plan->bytes = len;
    snprintf(plan->id, sizeof plan->id, "%s/%s/%zu", work, algorithm_name[algorithm], len);
    return plan;
}

/* len: of a cipher key, of a message. */
static void add_len(struct list *list, const char *work, bool (*build)(struct cell *, const struct plan *), size_t len)
{
    struct plan *plan = add(list, work, build);
    plan->len = plan->bytes = len;
    snprintf(plan->id, sizeof plan->id, "%s/%zu", work, len);
}

static void add_batches(struct list *list, int algorithm)
{
    for (size_t l = 0; l < LENGTH_OF(batch_len); l++)
        for (size_t c = 0; c < LENGTH_OF(batch_count); c++)
            for (int keys = KEYS_ONE; keys <= KEYS_EACH; keys++) {
                if (keys == KEYS_EACH && batch_count[c] == 1)
                    continue;
                struct plan *plan = add_mac(list, "batch", build_batch, algorithm, batch_len[l]);
                plan->count = batch_count[c];
                plan->keys = (enum keys)keys;
                plan->bytes = plan->len * plan->count;
                snprintf(plan->id, sizeof plan->id, "batch/%s/%zu/%zu/%s", algorithm_name[algorithm], plan->len,
                         plan->count, keys == KEYS_ONE ? "one-key" : "key-each");
            }
}

static void add_mixed(struct list *list, enum mix mix, int algorithm)
{
    struct shape shapes[MIXED_COUNT];
    struct plan *plan = add(list, "mixed", build_mixed);
    plan->algorithm = algorithm;
    plan->mix = mix;
    plan->keys = KEYS_EACH;
    plan->count = 0;
    messages_mixed(shapes, mix);
    for (size_t i = 0; i < MIXED_COUNT; i++)
        if (algorithm < 0 || algorithm == (int)shapes[i].algorithm) {
            plan->bytes += shapes[i].len;
            plan->count++;
        }
    snprintf(plan->id, sizeof plan->id, "mixed/%s/%s", mix == MIX_UNIFORM ? "uniform" : "log-uniform",
             algorithm < 0 ? "all" : algorithm_name[algorithm]);
}

struct plan *plan_all(size_t *count)
{
    struct list list = {0};
    add(&list, "bounds", build_bounds);
    for (int a = 0; a < PEER_ALGORITHMS; a++) {
        for (size_t i = 0; i < LENGTH_OF(single_len); i++)
            add_mac(&list, "single", build_single, a, single_len[i]);
        for (size_t i = 0; i < LENGTH_OF(latency_len); i++)
            add_mac(&list, "latency", build_latency, a, latency_len[i]);
        add_mac(&list, "fresh", build_fresh, a, 64);
        add_batches(&list, a);
    }
    for (int mix = MIX_UNIFORM; mix <= MIX_LOG_UNIFORM; mix++)
        for (int a = -1; a < PEER_ALGORITHMS; a++)
            add_mixed(&list, (enum mix)mix, a);
    add_len(&list, "keys", build_keys, 16);
    add_len(&list, "keys", build_keys, 32);
    add_len(&list, "sha512", build_sha512, 300);
    add_len(&list, "preauth", build_preauth, negotiate_sample().len);
    add_len(&list, "negotiate", build_negotiate, negotiate_sample().len);
    *count = list.count;
    return list.plans;
}

void plan_free(struct plan *plans, size_t count)
{
    for (size_t i = 0; plans && i < count; i++)
        for (size_t j = 0; j <= CELL_CONTENDERS_MAX; j++)
            free(plans[i].samples[j].ns);
    free(plans);
}
