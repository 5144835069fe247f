/* SPDX-License-Identifier: Apache-2.0 */
/* Many messages in one call: the place where independent messages can share the processor's pipelines. Jobs are taken in windows,
   since nothing is allocated; in a window those of one algorithm and backend go to it together, the longest first, so that no lane is
   left alone with a long message at the end. Each job's result is that of the single call. */
#include "../crypto/wipe.h"
#include "alike.h"
#include "element.h"
#include "message_rules.h"

enum { WINDOW = 64 };

/* The jobs of a window that have a MAC to compute. */
typedef struct window {
    size_t count;
    bool one_way; /* all have one algorithm and backend */
    csign_mac_job *order[WINDOW];
    csign_job *jobs[WINDOW];
    csign_bytes bodies[WINDOW];
    csign_mac_job macs[WINDOW];
} window;

/* What the job's single call would say before it computes a MAC; CSIGN_OK: the MAC is to be computed. */
static inline csign_status take(csign_mac_job *mac, csign_bytes *body, const csign_job *job, bool to_sign)
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

/* Fills a window from the first jobs and returns how many it looked at. Those that it takes are BAD_ARGUMENT until their MAC is there. */
static inline size_t fill(window *w, csign_job *jobs, size_t count, bool to_sign)
{
    size_t n = 0, i = 0;
    bool one_way = true;
    for (; i < count && n < WINDOW; i++) {
        csign_job *const job = &jobs[i];
        csign_mac_job *const mac = &w->macs[n];
        const csign_status status = take(mac, &w->bodies[n], job, to_sign);
        job->status = status;
        if (status == CSIGN_OK) {
            job->status = CSIGN_BAD_ARGUMENT;
            w->order[n] = mac;
            w->jobs[n] = job;
            one_way &= same_way(job->signer, w->jobs[0]->signer);
            n++;
        }
    }
    w->count = n, w->one_way = one_way;
    return i;
}

static void sort(csign_mac_job **jobs, size_t count)
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

typedef void batch_of(csign_mac_job *const *jobs, size_t count);

/* What computes many MACs of a signer's algorithm sooner than one by one; NULL: nothing. */
static inline batch_of *batch_for(const csign_signer *signer)
{
    const csign_backend *by = csign_signer_backend(signer);
    batch_of *const batches[] = {by->hmac_batch, by->cmac_batch, by->gmac_batch};
    return batches[csign_signer_algorithm(signer)];
}

/* The MACs of jobs whose signers all have the algorithm and backend of this one. */
static void compute(const csign_signer *signer, csign_mac_job **jobs, size_t count)
{
    batch_of *const batch = batch_for(signer);
    const size_t few = csign_signer_algorithm(signer) == CSIGN_AES_CMAC ? too_few(jobs[0]->len, true) : 1;
    if (batch == NULL || count <= few) {
        one_by_one(signer, jobs, count);
    } else {
        sort(jobs, count);
        batch(jobs, count);
    }
}

static void compute_each_way(const window *w)
{
    csign_mac_job *together[WINDOW];
    uint64_t done = 0; /* a bit for each job */
    for (size_t first = 0; first < w->count; first++) {
        size_t count = 0;
        if ((done >> first & 1) != 0) {
            continue;
        }
        for (size_t i = first; i < w->count; i++) {
            if (same_way(w->jobs[first]->signer, w->jobs[i]->signer)) {
                together[count] = w->order[i];
                count++;
                done |= UINT64_C(1) << i;
            }
        }
        compute(w->jobs[first]->signer, together, count);
    }
}

static void compute_all(window *w)
{
    if (!w->one_way) {
        compute_each_way(w);
    } else if (w->count > 0) {
        compute(w->jobs[0]->signer, w->order, w->count);
    }
}

static inline csign_status conclude(csign_job *job, const uint8_t *mac, bool to_sign)
{
    job->status = CSIGN_OK;
    if (to_sign) {
        csign_signature_write(job->message, mac);
    } else if (!csign_signature_good(job->message, mac)) {
        job->status = CSIGN_BAD_SIGNATURE;
    }
    return job->status;
}

/* What a single call says of it. */
static inline csign_status alone(const csign_job *job, bool to_sign)
{
    if (job->part_count == 0) {
        return to_sign ? csign_sign(job->signer, job->message, job->len)
                       : csign_verify(job->signer, job->message, job->len);
    }
    if (job->len != CSIGN_HEADER_LEN) {
        return CSIGN_BAD_ARGUMENT; /* another length contradicts the parts */
    }
    return to_sign ? csign_sign_parts(job->signer, job->message, job->parts, job->part_count)
                   : csign_verify_parts(job->signer, job->message, job->parts, job->part_count);
}

/* Whether a job, the first of count, is none of many that are alike; of an algorithm without a batch, of which AES-GMAC has a way for those. */
static inline bool no_likes(const csign_backend *by, const csign_job *job, size_t count)
{
    return by->gmac_alike == NULL || count < GMAC_MANY || job->part_count != 0 || job->len > GMAC_ALIKE_LONGEST ||
           job[1].len != job->len || job[1].signer != job->signer;
}

/* How many of the first jobs have no company worth waiting for. */
static inline size_t sooner_alone(const csign_job *jobs, size_t count)
{
    const csign_signer *const signer = jobs[0].signer;
    if (count == 1) {
        return 1;
    }
    if (!csign_signer_usable(signer)) {
        return 0;
    }
    const csign_backend *by = csign_signer_backend(signer);
    const csign_signing_algorithm algorithm = csign_signer_algorithm(signer);
    size_t n = 0;
    if (batch_for(signer) == NULL) {
        while (n < count &&
               (jobs[n].signer == signer || (jobs[n].signer != NULL && same_way(jobs[n].signer, signer))) &&
               no_likes(by, &jobs[n], count - n)) {
            n++;
        }
    } else if (algorithm != CSIGN_HMAC_SHA256 && jobs[0].part_count == 0 && count <= too_few(jobs[0].len, true)) {
        n = 1;
    }
    return n;
}

static size_t run_alone(csign_job *jobs, size_t count, bool to_sign)
{
    size_t good = 0;
    for (size_t i = 0; i < count; i++) {
        jobs[i].status = alone(&jobs[i], to_sign);
        good += jobs[i].status == CSIGN_OK;
    }
    return good;
}

/* How many of the jobs are CSIGN_OK. */
static inline size_t run(csign_job *jobs, size_t count, bool to_sign)
{
    window w;
    likes a;
    size_t good = 0;
    for (size_t next = 0; next < count;) {
        const size_t few = sooner_alone(&jobs[next], count - next);
        if (few > 0) {
            good += run_alone(&jobs[next], few, to_sign);
            next += few;
            continue;
        }
        compute_alike(&a, jobs + next, count - next, to_sign);
        for (size_t i = 0; i < a.count; i++) {
            good += conclude(&jobs[next + i], a.tags[i], to_sign) == CSIGN_OK;
        }
        next += a.count;
        if (a.count > 0) {
            csign_wipe(a.tags, sizeof a.tags);
        }
        good += run_alone(jobs + next, a.alone, to_sign);
        next += a.alone;
        if (a.count + a.alone == 0) {
            next += fill(&w, jobs + next, count - next, to_sign);
            compute_all(&w);
            for (size_t i = 0; i < w.count; i++) {
                good += conclude(w.jobs[i], w.macs[i].mac, to_sign) == CSIGN_OK;
                csign_wipe(w.macs[i].mac, sizeof w.macs[i].mac);
            }
        }
    }
    return good;
}

size_t csign_sign_batch(csign_job *jobs, size_t count)
{
    return jobs == NULL ? count : count - run(jobs, count, true);
}

size_t csign_verify_batch(csign_job *jobs, size_t count)
{
    return jobs == NULL ? count : count - run(jobs, count, false);
}
