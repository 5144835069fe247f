/* SPDX-License-Identifier: Apache-2.0 */
/* Key derivation in counter mode: NIST SP 800-108 section 4.1 (section 5.1 of its first edition) with HMAC-SHA-256, a
   32-bit counter in front of the fixed input and a 32-bit L behind it, both big-endian, as MS-SMB2 3.1.4.2 asks for. L
   counts bits, and the whole output's, so a longer key is not the extension of a shorter one. */
#include "kdf.h"

#include <stdbool.h>
#include <string.h>

#include "../include/countersign/crypto.h"
#include "../octets.h"
#include "wipe.h"

enum {
    OUT_MAX = 255 * 32, /* 255 blocks of HMAC-SHA-256 */
    OTHERS = 4 + 1 + 4, /* bytes of the input that are neither label nor context */
    LABEL_MAX = 16,     /* as long as SMB's are */
    CONTEXT_MAX = 64
};

/* What is authenticated: one of SMB's in one piece, which is faster to hash, another in parts. */
typedef struct input {
    csign_bytes parts[5];
    uint8_t counter[4], length[4];
    uint8_t joined[OTHERS + LABEL_MAX + CONTEXT_MAX];
} input;

static uint8_t *append(uint8_t *to, csign_bytes bytes)
{
    if (bytes.len == 64) { /* a preauth hash: without a call */
        memcpy(to, bytes.data, 64);
    } else if (bytes.len > 0) {
        memcpy(to, bytes.data, bytes.len);
    }
    return to + bytes.len;
}

static uint32_t bits(const csign_kdf_block *block)
{
    return (uint32_t)(8 * block->key_len);
}

static void in_one_piece(csign_mac_job *job, input *in, const csign_kdf_block *block)
{
    uint8_t *to = in->joined;
    csign_store_be32(to, block->i);
    to = append(to + 4, block->label);
    *to = 0;
    to = append(to + 1, block->context);
    csign_store_be32(to, bits(block));
    in->parts[0] = (csign_bytes){in->joined, job->len};
    job->message.part_count = 1;
}

static void in_parts(csign_mac_job *job, input *in, const csign_kdf_block *block)
{
    static const uint8_t separator[1] = {0};
    csign_store_be32(in->counter, block->i);
    csign_store_be32(in->length, bits(block));
    in->parts[0] = (csign_bytes){in->counter, sizeof in->counter};
    in->parts[1] = block->label;
    in->parts[2] = (csign_bytes){separator, sizeof separator};
    in->parts[3] = block->context;
    in->parts[4] = (csign_bytes){in->length, sizeof in->length};
    job->message.part_count = 5;
}

static void prepare(csign_mac_job *job, input *in, const csign_kdf_block *block)
{
    job->key = block->key;
    job->len = OTHERS + block->label.len + block->context.len;
    job->message.header = NULL;
    job->message.parts = in->parts;
    if (block->label.len <= LABEL_MAX && block->context.len <= CONTEXT_MAX) {
        in_one_piece(job, in, block);
    } else {
        in_parts(job, in, block);
    }
}

void csign_kdf_blocks(const csign_backend *backend, const csign_kdf_block *blocks, size_t count)
{
    input inputs[CSIGN_KDF_BLOCKS_MAX];
    csign_mac_job jobs[CSIGN_KDF_BLOCKS_MAX];
    csign_mac_job *together[CSIGN_KDF_BLOCKS_MAX];
    for (size_t i = 0; i < count; i++) {
        prepare(&jobs[i], &inputs[i], &blocks[i]);
        together[i] = &jobs[i];
    }
    if (backend->hmac_batch != NULL && count > 1) {
        backend->hmac_batch(together, count);
    } else {
        for (size_t i = 0; i < count; i++) {
            backend->hmac(jobs[i].key, jobs[i].mac, &jobs[i].message);
        }
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(blocks[i].out, jobs[i].mac, blocks[i].len);
        csign_wipe(jobs[i].mac, sizeof jobs[i].mac);
    }
}

/* Blocks of one key, a few at a time. */
static void derive(const csign_backend *backend, uint8_t *out, size_t out_len, const csign_hmac_key *key,
                   csign_bytes label, csign_bytes context)
{
    csign_kdf_block blocks[CSIGN_KDF_BLOCKS_MAX];
    uint32_t i = 0;
    for (size_t done = 0; done < out_len;) {
        size_t count = 0;
        for (; count < CSIGN_KDF_BLOCKS_MAX && done < out_len; count++) {
            const size_t left = out_len - done;
            const size_t len = left < 32 ? left : 32;
            i++;
            blocks[count] = (csign_kdf_block){out + done, len, key, i, label, context, out_len};
            done += len;
        }
        csign_kdf_blocks(backend, blocks, count);
    }
}

static bool is_view(csign_bytes bytes)
{
    return bytes.data != NULL || bytes.len == 0;
}

csign_status csign_kdf_sp800_108(uint8_t *out, size_t out_len, csign_bytes key, csign_bytes label, csign_bytes context)
{
    if (out == NULL || out_len == 0 || out_len > OUT_MAX || !is_view(key) || !is_view(label) || !is_view(context)) {
        return CSIGN_BAD_ARGUMENT;
    }
    const csign_backend *backend = csign_backends[csign_backend_best(CSIGN_HMAC)];
    csign_hmac_key ready;
    backend->hmac_key(&ready, key);
    derive(backend, out, out_len, &ready, label, context);
    csign_wipe(&ready, sizeof ready);
    return CSIGN_OK;
}
