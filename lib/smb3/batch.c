/* SPDX-License-Identifier: Apache-2.0 */
/* Many messages in one call: the place where independent messages can share the processor's pipelines. Each job's
   result is that of the single call. */
#include "../include/countersign/sign.h"

static size_t not_ok(const csign_job *jobs, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += jobs[i].status != CSIGN_OK;
    }
    return n;
}

/* A job in parts whose length is not the header's contradicts itself. */
static int job_ok(const csign_job *job)
{
    return job->part_count == 0 || job->len == 64;
}

size_t csign_sign_batch(csign_job *jobs, size_t count)
{
    if (jobs == NULL) {
        return count;
    }
    for (size_t i = 0; i < count; i++) {
        csign_job *job = &jobs[i];
        job->status = CSIGN_BAD_ARGUMENT;
        if (!job_ok(job)) {
            continue;
        }
        job->status = job->part_count == 0 ? csign_sign(job->signer, job->message, job->len)
                                           : csign_sign_parts(job->signer, job->message, job->parts, job->part_count);
    }
    return not_ok(jobs, count);
}

size_t csign_verify_batch(csign_job *jobs, size_t count)
{
    if (jobs == NULL) {
        return count;
    }
    for (size_t i = 0; i < count; i++) {
        jobs[i].status = CSIGN_BAD_ARGUMENT;
    }
    for (size_t i = 0; i < count; i++) {
        csign_job *job = &jobs[i];
        if (!job_ok(job)) {
            continue;
        }
        job->status = job->part_count == 0 ? csign_verify(job->signer, job->message, job->len)
                                           : csign_verify_parts(job->signer, job->message, job->parts, job->part_count);
    }
    return not_ok(jobs, count);
}
