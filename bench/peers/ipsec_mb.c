/* SPDX-License-Identifier: Apache-2.0 */
/* Intel's multi-buffer library, without argument checks: for AES-GMAC the direct calls, for the rest jobs in bursts, which beat a submit
   for each by a tenth to a fifth (1.3 has hash bursts, with jobs that stay filled, for HMAC but not for CMAC). Its widest code, which
   init_mb_mgr_auto takes, is not its fastest everywhere: a caller who measures keeps three managers. SSE's with SHA-NI for HMAC: its
   two lanes beat the sixteen of AVX-512 but in long batches. AVX2's for a few or short messages of CMAC. Lane lengths of CMAC
   have 16 bits. */
#define PEER_ADAPTER
#include <intel-ipsec-mb.h>
#include <stdlib.h>
#include <string.h>

#include "../peer.h"

static IMB_MGR *sse, *avx2, *widest;

static const char *start(unsigned without)
{
    sse = alloc_mb_mgr(0);
    avx2 = alloc_mb_mgr(0);
    widest = alloc_mb_mgr(0);
    if (sse == NULL || avx2 == NULL || widest == NULL)
        return NULL;
    init_mb_mgr_sse(sse);
    if (without & PEER_AVX2)
        init_mb_mgr_avx(avx2);
    else
        init_mb_mgr_avx2(avx2);
    if (without == 0)
        init_mb_mgr_auto(widest, NULL);
    else
        widest = avx2;
    return imb_get_version_str();
}

struct cmac_key {
    _Alignas(64) uint32_t round_keys[4 * 15], decrypt[4 * 15];
    _Alignas(16) uint8_t subkey[2][16];
};

struct hmac_key {
    _Alignas(64) uint8_t inner[32], outer[32];
};

static void *allocate(size_t size)
{
    return aligned_alloc(64, (size + 63) / 64 * 64);
}

static void *cmac_new(void)
{
    return allocate(sizeof(struct cmac_key));
}

static void *gmac_new(void)
{
    return allocate(sizeof(struct gcm_key_data));
}

static void *hmac_new(void)
{
    return allocate(sizeof(struct hmac_key));
}

static bool cmac_set(void *opaque, const uint8_t *raw, size_t len)
{
    struct cmac_key *key = opaque;
    (void)len;
    IMB_AES_KEYEXP_128(avx2, raw, key->round_keys, key->decrypt);
    IMB_AES_CMAC_SUBKEY_GEN_128(avx2, key->round_keys, key->subkey[0], key->subkey[1]);
    return true;
}

static bool gmac_set(void *key, const uint8_t *raw, size_t len)
{
    (void)len;
    IMB_AES128_GCM_PRE(widest, raw, key);
    return true;
}

static bool hmac_set(void *opaque, const uint8_t *raw, size_t len)
{
    struct hmac_key *key = opaque;
    uint8_t pad[64];
    for (size_t i = 0; i < 64; i++)
        pad[i] = (uint8_t)((i < len ? raw[i] : 0) ^ 0x36);
    IMB_SHA256_ONE_BLOCK(sse, pad, key->inner);
    for (size_t i = 0; i < 64; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    IMB_SHA256_ONE_BLOCK(sse, pad, key->outer);
    return len <= 64;
}

static void fill(IMB_JOB *job, const struct peer_message *m)
{
    job->cipher_mode = IMB_CIPHER_NULL;
    job->cipher_direction = IMB_DIR_ENCRYPT;
    job->chain_order = IMB_ORDER_HASH_CIPHER;
    job->src = m->data;
    job->hash_start_src_offset_in_bytes = 0;
    job->msg_len_to_hash_in_bytes = m->len;
    job->auth_tag_output = m->tag;
    job->auth_tag_output_len_in_bytes = 16;
    if (m->algorithm == PEER_AES_CMAC) {
        const struct cmac_key *key = m->key;
        job->hash_alg = IMB_AUTH_AES_CMAC;
        job->u.CMAC._key_expanded = key->round_keys;
        job->u.CMAC._skey1 = key->subkey[0];
        job->u.CMAC._skey2 = key->subkey[1];
    } else if (m->algorithm == PEER_AES_GMAC) {
        job->hash_alg = IMB_AUTH_AES_GMAC_128;
        job->u.GMAC._key = m->key;
        job->u.GMAC._iv = m->nonce;
        job->u.GMAC.iv_len_in_bytes = 12;
    } else {
        const struct hmac_key *key = m->key;
        job->hash_alg = IMB_AUTH_HMAC_SHA_256;
        job->auth_tag_output_len_in_bytes = 32;
        job->u.HMAC._hashed_auth_key_xor_ipad = key->inner;
        job->u.HMAC._hashed_auth_key_xor_opad = key->outer;
    }
}

/* The manager owns the jobs, so they are filled for each call. At most IMB_MAX_BURST_SIZE messages. */
static bool burst(IMB_MGR *manager, const struct peer_message *messages, uint32_t count)
{
    IMB_JOB *jobs[IMB_MAX_BURST_SIZE];
    while (IMB_GET_NEXT_BURST(manager, count, jobs) <
           count) /* the ring's end is near: everything is done, so start over */
        IMB_FLUSH_JOB(manager);
    for (uint32_t i = 0; i < count; i++)
        fill(jobs[i], &messages[i]);
    uint32_t done = IMB_SUBMIT_BURST_NOCHECK(manager, count, jobs);
    for (uint32_t more = 1; done < count && more > 0; done += more)
        more = IMB_FLUSH_BURST(manager, count - done, jobs);
    return done == count;
}

/* Of HMAC alone, with jobs of the caller's that stay filled. */
static bool hmac_burst(IMB_MGR *manager, IMB_JOB *jobs, uint32_t count)
{
    return IMB_SUBMIT_HASH_BURST_NOCHECK(manager, jobs, count, IMB_AUTH_HMAC_SHA_256) == count;
}

static bool cmac(const struct peer_message *m)
{
    fill(IMB_GET_NEXT_JOB(avx2), m);
    const IMB_JOB *job = IMB_SUBMIT_JOB_NOCHECK(avx2);
    job = job ? job : IMB_FLUSH_JOB(avx2);
    return job != NULL && job->status == IMB_STATUS_COMPLETED;
}

static bool hmac(const struct peer_message *m)
{
    IMB_JOB job;
    fill(&job, m);
    return hmac_burst(sse, &job, 1);
}

/* The encryption of nothing, the message being additional data, is sooner done than IMB_AES128_GMAC_INIT, _UPDATE and _FINALIZE. */
static bool gmac_by(IMB_MGR *manager, const struct peer_message *m)
{
    struct gcm_context_data context;
    IMB_AES128_GCM_ENC(manager, m->key, &context, m->tag, m->tag, 0, m->nonce, m->data, m->len, m->tag, 16);
    return true;
}

static bool gmac(const struct peer_message *m)
{
    return gmac_by(widest, m);
}

/* For one short message the 48 powers of the widest code are too many. */
static bool gmac_one_shot(const struct peer_message *m, const uint8_t raw[16])
{
    IMB_AES128_GCM_PRE(avx2, raw, m->key);
    return gmac_by(avx2, m);
}

/* A caller with several managers sorts: a part for each algorithm, with the manager that was the fastest for such messages on a Zen 4. */
struct part {
    IMB_MGR *manager;
    uint32_t count;
    IMB_JOB *jobs; /* of HMAC, which stay filled */
    struct peer_message *messages;
};

struct batch {
    struct part parts[PEER_ALGORITHMS];
};

static void batch_free(void *opaque)
{
    struct batch *batch = opaque;
    for (int a = 0; a < PEER_ALGORITHMS; a++) {
        free(batch->parts[a].jobs);
        free(batch->parts[a].messages);
    }
    free(batch);
}

static IMB_MGR *fastest(enum peer_algorithm algorithm, size_t count, size_t mean_len)
{
    if (algorithm == PEER_HMAC_SHA256)
        return count >= 16 && mean_len >= 65000 ? widest : sse;
    return algorithm == PEER_AES_CMAC && (count <= 8 || mean_len <= 256) ? avx2 : widest;
}

static bool part_fill(struct part *part, const struct peer_message *messages, size_t count,
                      enum peer_algorithm algorithm)
{
    size_t bytes = 0;
    part->messages = calloc(count, sizeof *part->messages);
    part->jobs = calloc(count, sizeof *part->jobs);
    if (part->messages == NULL || part->jobs == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (messages[i].algorithm == algorithm) {
            memcpy(&part->messages[part->count], &messages[i], sizeof *messages);
            fill(&part->jobs[part->count++], &messages[i]);
            bytes += messages[i].len;
        }
    part->manager = fastest(algorithm, part->count, part->count ? bytes / part->count : 0);
    return true;
}

static void *batch_new(const struct peer_message *messages, size_t count)
{
    struct batch *batch = calloc(1, sizeof *batch);
    bool ok = batch != NULL && count > 0 && count <= IMB_MAX_BURST_SIZE;
    for (int a = 0; ok && a < PEER_ALGORITHMS; a++)
        ok = part_fill(&batch->parts[a], messages, count, (enum peer_algorithm)a);
    if (!ok && batch != NULL) {
        batch_free(batch);
        batch = NULL;
    }
    return batch;
}

static bool batch(void *prepared)
{
    const struct part *parts = ((const struct batch *)prepared)->parts;
    bool ok = true;
    for (int a = 0; a < PEER_ALGORITHMS; a++)
        if (parts[a].count > 0)
            ok = (a == PEER_HMAC_SHA256 ? hmac_burst(parts[a].manager, parts[a].jobs, parts[a].count)
                                        : burst(parts[a].manager, parts[a].messages, parts[a].count)) &&
                 ok;
    return ok;
}

/* The plain way beside it, as the library's README shows it: one manager of init_mb_mgr_auto, a submit for each message, flushes. */
struct jobs {
    size_t count;
    struct peer_message messages[];
};

static void *jobs_new(const struct peer_message *messages, size_t count)
{
    struct jobs *jobs = malloc(sizeof *jobs + count * sizeof *messages);
    if (jobs == NULL)
        return NULL;
    jobs->count = count;
    memcpy(jobs->messages, messages, count * sizeof *messages);
    return jobs;
}

static bool jobs_run(void *prepared)
{
    const struct jobs *jobs = prepared;
    size_t done = 0;
    bool ok = true;
    for (size_t i = 0; i < jobs->count; i++) {
        IMB_JOB *job = IMB_GET_NEXT_JOB(widest);
        fill(job, &jobs->messages[i]);
        for (job = IMB_SUBMIT_JOB_NOCHECK(widest); job != NULL; job = IMB_GET_COMPLETED_JOB(widest), done++)
            ok = ok && job->status == IMB_STATUS_COMPLETED;
    }
    for (; done < jobs->count; done++) {
        const IMB_JOB *job = IMB_FLUSH_JOB(widest);
        ok = ok && job != NULL && job->status == IMB_STATUS_COMPLETED;
    }
    return ok;
}

static bool sha512(uint8_t digest[64], const uint8_t *data, size_t len)
{
    IMB_SHA512(avx2, data, len, digest);
    return true;
}

/* A job for each key; pad states are made anew where the key changes. */
static bool kdf(const struct peer_derivation *d, size_t count)
{
    enum { MOST = 4 };
    struct hmac_key keys[MOST];
    IMB_JOB jobs[MOST];
    uint8_t blocks[MOST][32];
    size_t key = 0;
    for (size_t i = 0; i < count && i < MOST; i++) {
        if (i == 0 || d[i].key_len != d[i - 1].key_len) {
            key = i;
            hmac_set(&keys[key], d[i].key, d[i].key_len);
        }
        const struct peer_message message = {&keys[key],     NULL,      (uint8_t *)(uintptr_t)d[i].input,
                                             d[i].input_len, blocks[i], PEER_HMAC_SHA256};
        fill(&jobs[i], &message);
    }
    bool ok = count <= MOST && hmac_burst(sse, jobs, (uint32_t)count);
    for (size_t i = 0; ok && i < count; i++)
        memcpy(d[i].out, blocks[i], d[i].out_len);
    return ok;
}

const struct peer csign_peer = {
    .interface = PEER_INTERFACE,
    .name = "ipsec_mb",
    .start = start,
    .calls =
        {
            [PEER_AES_CMAC] = {"IMB_SUBMIT_JOB_NOCHECK, IMB_FLUSH_JOB", cmac_new, cmac_set, free, cmac, 65535, NULL},
            [PEER_AES_GMAC] = {"IMB_AES128_GCM_ENC of no bytes", gmac_new, gmac_set, free, gmac, 0, gmac_one_shot},
            [PEER_HMAC_SHA256] = {"IMB_SUBMIT_HASH_BURST_NOCHECK of one job", hmac_new, hmac_set, free, hmac, 0, NULL},
        },
    .batches = {{"batch", "IMB_SUBMIT_BURST_NOCHECK, IMB_FLUSH_BURST; IMB_SUBMIT_HASH_BURST_NOCHECK of HMAC", batch_new,
                 batch, batch_free},
                {"jobs", "init_mb_mgr_auto, IMB_SUBMIT_JOB_NOCHECK for each message, IMB_FLUSH_JOB", jobs_new, jobs_run,
                 free}},
    .sha512_how = "IMB_SHA512",
    .sha512 = sha512,
    .kdf_how = "IMB_SUBMIT_HASH_BURST_NOCHECK, a job for each key",
    .kdf = kdf,
};
