/* SPDX-License-Identifier: Apache-2.0 */
/* A batch: a count of jobs, a record for each, and then each job's message, as long as its record says: sign_batch. Jobs come and
   go together with their messages. */
#include "mutator.h"
#include "operations.h"
#include "parts.h"

enum { JOB = 5, JOBS = 17, JOB_LENGTH = 3 };

/* One record comes, goes, doubles or changes places, or a field of one or two bytes changes. Returns which one, and whether it is
   there once more (1) or less (-1). */
static int change_record(rng *r, window *m, size_t *which)
{
    size_t count = m->size / JOB, i = rng_below(r, count), at = i * JOB;
    field f = {0, (uint8_t)(1 + rng_below(r, 2)), FIELD_ANY, NULL};
    *which = i;
    switch (count ? rng_below(r, 8) : 0) {
    case 0:
        *which = rng_below(r, count + 1);
        at = *which * JOB;
        if (!window_insert(m, at, JOB))
            return 0;
        value_fill(r, m, at, JOB);
        DID(record_insert);
        return 1;
    case 1:
        window_remove(m, at, JOB);
        DID(record_drop);
        return -1;
    case 2:
        DID(record_duplicate);
        return window_double(m, at, JOB);
    case 3:
        window_swap(m, at, at + JOB, (i + 1 + rng_below(r, count - i)) * JOB);
        DID(record_reorder);
        return 0;
    default:
        f.at = (uint16_t)window_least(0xFFFF, at + rng_below(r, JOB));
        value_change(r, m, &f, false);
        DID(record_value);
        return 0;
    }
}

/* Where the message of job i begins: all messages stand behind the jobs, each as long as its job says. */
static size_t message_at(const window *m, size_t jobs, size_t i)
{
    size_t at = 1 + JOB * jobs;
    for (size_t k = 0; k < i; k++)
        at += (size_t)window_get(m, 1 + JOB * k + JOB_LENGTH, 2);
    return window_least(at, m->size);
}

static size_t job_count(const window *m)
{
    size_t count = (size_t)window_get(m, 0, 1) % JOBS;
    return window_least(count, m->size ? (m->size - 1) / JOB : 0);
}

/* A job's message: its header, or its body, whose length the job then says. */
static void change_message(rng *r, window *m, size_t jobs, size_t i)
{
    size_t at = message_at(m, jobs, i), end = message_at(m, jobs, i + 1);
    window message = window_open(m, at, end - at);
    if (message.size < HEADER_LEN || rng_one_in(r, 16))
        header_start(r, &message, rng_one_in(r, 2));
    if (rng_one_in(r, 2))
        header_value(r, &message);
    else
        window_resize(&message, HEADER_LEN + value_size(r));
    size_t len = message.size;
    window_close(m, &message);
    window_put(m, 1 + JOB * i + JOB_LENGTH, 2, len);
    DID(body);
}

static void jobs_change(rng *r, window *m)
{
    size_t jobs = job_count(m), i = rng_below(r, jobs);
    if (!m->size)
        window_resize(m, 1);
    if (jobs && rng_one_in(r, 2)) {
        change_message(r, m, jobs, i);
        return;
    }
    window table = window_open(m, 1, JOB * jobs);
    int more = change_record(r, &table, &i);
    window_close(m, &table);
    if (!more)
        return;
    window_put(m, 0, 1, jobs + (more > 0 ? 1u : (size_t)0 - 1));
    jobs = job_count(m);
    if (more > 0 && i < jobs) {
        size_t len = HEADER_LEN;
        window_put(m, 1 + JOB * i + JOB_LENGTH, 2, 0);
        window message = window_open(m, message_at(m, jobs, i), 0);
        header_start(r, &message, rng_one_in(r, 2));
        len = message.size;
        window_close(m, &message);
        window_put(m, 1 + JOB * i + JOB_LENGTH, 2, len);
    }
}

/* The other's messages, behind this one's jobs. */
static void jobs_splice(rng *r, window *m, const window *other)
{
    (void)r;
    size_t at = 1 + JOB * job_count(m), from = 1 + JOB * job_count(other);
    if (m->size < at || other->size < from)
        return;
    window_resize(m, at);
    window_insert_bytes(m, at, other->data + from, window_least(other->size - from, m->max - at));
    DID(splice);
}

const mutator_kind mutator_jobs = {"jobs", NULL, jobs_change, jobs_splice, NULL, 0};
