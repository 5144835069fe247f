/* SPDX-License-Identifier: Apache-2.0 */
/* Many messages in one call: the place where independent messages can share the processor's pipelines. Jobs are taken in windows,
   since nothing is allocated; in a window those of one algorithm and backend go to it together, the longest first, so that no lane is
   left alone with a long message at the end. Each job's result is that of the single call. */
#include "../crypto/wipe.h"
#include "signer.h"

enum { WINDOW = 64 };

typedef csign_status refuse(const csign_signer *signer, const uint8_t *header, const csign_bytes *parts,
                            size_t part_count, size_t *len);

/* The jobs of a window that have a MAC to compute. */
typedef struct window {
    size_t count;
    csign_job *jobs[WINDOW];
    csign_mac_job macs[WINDOW];
    csign_bytes bodies[WINDOW];
} window;

static csign_status add(window *w, csign_job *job, refuse *refuses)
{
    csign_mac_job *mac = &w->macs[w->count];
    csign_status status = CSIGN_OK;
    mac->message = (csign_message){job->message, job->parts, job->part_count};
    if (job->part_count == 0) {
        mac->message.parts = &w->bodies[w->count];
        mac->message.part_count = 1;
        status = csign_signer_body(job->signer, job->message, job->len, &w->bodies[w->count]);
    } else if (job->len != MESSAGE_HEADER) {
        status = CSIGN_BAD_ARGUMENT; /* a job in parts whose length is not the header's contradicts itself */
    }
    if (status == CSIGN_OK) {
        status = refuses(job->signer, job->message, mac->message.parts, mac->message.part_count, &mac->len);
    }
    if (status == CSIGN_OK) {
        mac->key = &job->signer->state;
        mac->nonce = csign_signer_nonce(job->message);
        w->jobs[w->count] = job;
        w->count++;
    }
    return status;
}

static void longest_first(csign_mac_job **jobs, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        csign_mac_job *const job = jobs[i];
        size_t to = i;
        for (; to > 0 && jobs[to - 1]->len < job->len; to--) {
            jobs[to] = jobs[to - 1];
        }
        jobs[to] = job;
    }
}

static bool same_way(const csign_signer *a, const csign_signer *b)
{
    return a->kind == b->kind && a->backend == b->backend;
}

static void one_by_one(const csign_signer *signer, csign_mac_job *const *jobs, size_t count)
{
    const csign_backend *by = csign_signer_backend(signer);
    for (size_t i = 0; i < count; i++) {
        switch (csign_signer_algorithm(signer)) {
        case CSIGN_HMAC_SHA256:
            by->hmac(jobs[i]->key, jobs[i]->mac, &jobs[i]->message);
            break;
        case CSIGN_AES_CMAC:
            by->cmac(jobs[i]->key, jobs[i]->mac, &jobs[i]->message);
            break;
        default: /* CSIGN_AES_GMAC */
            by->gmac(jobs[i]->key, jobs[i]->mac, jobs[i]->nonce, &jobs[i]->message);
            break;
        }
    }
}

/* The MACs of jobs whose signers all have one algorithm and backend, those of the first. */
static void compute(const csign_signer *signer, csign_mac_job **jobs, size_t count)
{
    const csign_backend *by = csign_signer_backend(signer);
    void (*const batches[])(csign_mac_job *const *, size_t) = {by->hmac_batch, by->cmac_batch, by->gmac_batch};
    void (*const batch)(csign_mac_job *const *, size_t) = batches[csign_signer_algorithm(signer)];
    if (batch == NULL || count == 1) {
        one_by_one(signer, jobs, count);
    } else {
        longest_first(jobs, count);
        batch(jobs, count);
    }
}

static void compute_all(window *w)
{
    csign_mac_job *together[WINDOW];
    uint64_t done = 0; /* a bit for each job */
    for (size_t first = 0; first < w->count; first++) {
        size_t count = 0;
        for (size_t i = first; i < w->count; i++) {
            if ((done >> i & 1) == 0 && same_way(w->jobs[first]->signer, w->jobs[i]->signer)) {
                together[count] = &w->macs[i];
                count++;
                done |= UINT64_C(1) << i;
            }
        }
        if (count > 0) {
            compute(w->jobs[first]->signer, together, count);
        }
    }
}

static void none_ok(csign_job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        jobs[i].status = CSIGN_BAD_ARGUMENT;
    }
}

static size_t not_ok(const csign_job *jobs, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += jobs[i].status != CSIGN_OK;
    }
    return n;
}

/* Fills a window from the jobs, from *next on. */
static void fill(window *w, csign_job *jobs, size_t count, size_t *next, refuse *refuses)
{
    w->count = 0;
    for (; *next < count && w->count < WINDOW; (*next)++) {
        csign_job *job = &jobs[*next];
        const csign_status refused = add(w, job, refuses);
        if (refused != CSIGN_OK) {
            job->status = refused;
        }
    }
    compute_all(w);
}

size_t csign_sign_batch(csign_job *jobs, size_t count)
{
    window w;
    if (jobs == NULL) {
        return count;
    }
    none_ok(jobs, count);
    for (size_t next = 0; next < count;) {
        fill(&w, jobs, count, &next, csign_signer_refuses_to_sign);
        for (size_t i = 0; i < w.count; i++) {
            csign_signature_write(w.jobs[i]->message, w.macs[i].mac);
            w.jobs[i]->status = CSIGN_OK;
        }
    }
    csign_wipe(w.macs, sizeof w.macs);
    return not_ok(jobs, count);
}

size_t csign_verify_batch(csign_job *jobs, size_t count)
{
    window w;
    if (jobs == NULL) {
        return count;
    }
    none_ok(jobs, count);
    for (size_t next = 0; next < count;) {
        fill(&w, jobs, count, &next, csign_signer_refuses_to_verify);
        for (size_t i = 0; i < w.count; i++) {
            w.jobs[i]->status =
                csign_signature_good(w.jobs[i]->message, w.macs[i].mac) ? CSIGN_OK : CSIGN_BAD_SIGNATURE;
        }
    }
    csign_wipe(w.macs, sizeof w.macs);
    return not_ok(jobs, count);
}
