/* SPDX-License-Identifier: Apache-2.0 */
/* Many messages in one call: the place where independent messages can share the processor's pipelines. Jobs are taken in windows,
   since nothing is allocated; in a window those of one algorithm and backend go to it together, the longest first, so that no lane is
   left alone with a long message at the end. Each job's result is that of the single call. */
#include "../crypto/wipe.h"
#include "element.h"
#include "message_rules.h"

enum { WINDOW = 64 };

/* The jobs of a window that have a MAC to compute. */
typedef struct window {
    size_t count;
    csign_job *jobs[WINDOW];
    csign_mac_job macs[WINDOW];
    csign_bytes bodies[WINDOW];
} window;

/* What the job's single call would say before it computes a MAC; CSIGN_OK: the MAC is to be computed. */
static csign_status take(csign_mac_job *mac, csign_bytes *body, const csign_job *job, bool to_sign)
{
    csign_status status = CSIGN_BAD_ARGUMENT;
    mac->len = job->len;
    if (job->part_count == 0) {
        status = csign_element_whole(&mac->message, body, job->signer, job->message, job->len);
    } else if (job->len == CSIGN_HEADER_LEN) { /* another length contradicts the parts */
        status = csign_element_parts(&mac->message, &mac->len, job->signer, job->message, job->parts, job->part_count);
        if (status == CSIGN_OK && to_sign && csign_element_overlaps(&mac->message)) {
            status = CSIGN_BAD_ARGUMENT;
        }
    }
    if (status != CSIGN_OK) {
        return status;
    }
    mac->key = &job->signer->state;
    mac->nonce = csign_signer_nonce(job->message);
    return to_sign ? csign_message_signable(job->message, mac->len, csign_signer_algorithm(job->signer))
                   : csign_message_verifiable(job->message, mac->len);
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
        if ((done >> first & 1) != 0) {
            continue;
        }
        for (size_t i = first; i < w->count; i++) {
            if ((done >> i & 1) == 0 && same_way(w->jobs[first]->signer, w->jobs[i]->signer)) {
                together[count] = &w->macs[i];
                count++;
                done |= UINT64_C(1) << i;
            }
        }
        compute(w->jobs[first]->signer, together, count);
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

/* Fills a window from the jobs, from *next on, and computes its MACs. */
static void fill(window *w, csign_job *jobs, size_t count, size_t *next, bool to_sign)
{
    w->count = 0;
    for (; *next < count && w->count < WINDOW; (*next)++) {
        csign_job *job = &jobs[*next];
        const csign_status status = take(&w->macs[w->count], &w->bodies[w->count], job, to_sign);
        if (status == CSIGN_OK) {
            w->jobs[w->count] = job;
            w->count++;
        } else {
            job->status = status;
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
        fill(&w, jobs, count, &next, true);
        for (size_t i = 0; i < w.count; i++) {
            csign_signature_write(w.jobs[i]->message, w.macs[i].mac);
            csign_wipe(w.macs[i].mac, sizeof w.macs[i].mac);
            w.jobs[i]->status = CSIGN_OK;
        }
    }
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
        fill(&w, jobs, count, &next, false);
        for (size_t i = 0; i < w.count; i++) {
            w.jobs[i]->status =
                csign_signature_good(w.jobs[i]->message, w.macs[i].mac) ? CSIGN_OK : CSIGN_BAD_SIGNATURE;
            csign_wipe(w.macs[i].mac, sizeof w.macs[i].mac);
        }
    }
    return not_ok(jobs, count);
}
