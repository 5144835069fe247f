/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and verifying any message with any key and algorithm: refusals are those of a second reading of the rules and change
   nothing; a signed message differs from the original in the SIGNED bit and the signature alone and verifies; with one bit
   turned, anywhere, or another key, it does not; parts and batches say the same as single calls; verification never writes.
   Input: algorithm u8 (modulo 3; the rest says by which backend: 0, by the library's choice), key 16, bit to turn u32, cuts 2 x u16, message. */
#include <stdlib.h>

#include "each_backend.h"
#include "refusals.h"
#include "sign_model.h"

typedef struct subject {
    csign_signing_algorithm algorithm;
    uint8_t key[16];
    uint32_t bit;
    uint16_t cuts[2];
    csign_signer signer;
} subject;

/* Verifies alone, in parts and in a batch; all must agree and none may write. */
static csign_status verify(const subject *s, csign_bytes message)
{
    uint8_t *kept = fuzz_copy(message);
    csign_bytes parts[3];
    csign_status status = csign_verify(&s->signer, message.data, message.len);
    csign_job jobs[2] = {{&s->signer, (uint8_t *)(uintptr_t)message.data, message.len, CSIGN_OK, NULL, 0}};
    size_t count = 1;
    if (message.len >= 64) {
        fuzz_cut(parts, 3, (csign_bytes){message.data + 64, message.len - 64}, s->cuts);
        CHECK(csign_verify_parts(&s->signer, message.data, parts, 3) == status,
              "verifying parts is verifying the message");
        jobs[1] = (csign_job){&s->signer, (uint8_t *)(uintptr_t)message.data, 64, CSIGN_OK, parts, 3};
        count = 2;
    }
    size_t failed = csign_verify_batch(jobs, count);
    CHECK(jobs[0].status == status && (count == 1 || jobs[1].status == status) &&
              failed == (status == CSIGN_OK ? 0 : count),
          "verifying a batch is verifying one by one");
    CHECK(!message.len || !memcmp(kept, message.data, message.len), "verification does not write");
    free(kept);
    fuzz_outcome_number(status);
    return status;
}

/* What must come out for a message with whatever signature it has. */
static void check_verify(const subject *s, csign_bytes message, const char *property)
{
    csign_status expected = model_verify(message);
    if (expected == CSIGN_OK) {
        uint8_t tag[16];
        model_mac(tag, s->algorithm, s->key, message);
        expected = memcmp(tag, message.data + 48, 16) ? CSIGN_BAD_SIGNATURE : CSIGN_OK;
    }
    CHECK(verify(s, message) == expected, property);
}

static void check_sign_parts_and_batch(const subject *s, csign_bytes message, csign_status status,
                                       const uint8_t *expected)
{
    csign_bytes parts[3];
    uint8_t header[64], parted[64]; /* not on the heap: on which side of the message they lie must not vary */
    uint8_t *single = fuzz_copy(message);
    csign_job jobs[2] = {{&s->signer, single, message.len, CSIGN_OK, NULL, 0}};
    size_t count = 1;
    if (message.len >= 64) {
        memcpy(header, message.data, 64);
        memcpy(parted, message.data, 64);
        fuzz_cut(parts, 3, (csign_bytes){message.data + 64, message.len - 64}, s->cuts);
        CHECK(csign_sign_parts(&s->signer, header, parts, 3) == status && !memcmp(header, expected, 64),
              "signing parts is signing the message");
        jobs[1] = (csign_job){&s->signer, parted, 64, CSIGN_OK, parts, 3};
        count = 2;
    }
    size_t failed = csign_sign_batch(jobs, count);
    CHECK(failed == (status == CSIGN_OK ? 0 : count) && jobs[0].status == status &&
              (count == 1 || jobs[1].status == status) && (!message.len || !memcmp(single, expected, message.len)) &&
              (count == 1 || !memcmp(parted, expected, 64)),
          "signing a batch is signing one by one");
    free(single);
}

/* A signed message with one bit turned is not authentic, whichever bit it is; nor is it under another key. */
static void check_tampering(subject *s, uint8_t *copy, size_t len)
{
    size_t bit = s->bit % (8 * len);
    copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    csign_bytes turned = {copy, len};
    csign_status status = model_verify(turned);
    CHECK(verify(s, turned) == (status == CSIGN_OK ? CSIGN_BAD_SIGNATURE : status),
          "a message with a bit turned is refused");
    copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    csign_signer other;
    s->key[s->bit >> 8 & 15] ^= (uint8_t)(1u << (s->bit & 7));
    CHECK(csign_signer_init(&other, s->algorithm, s->key) == CSIGN_OK, "every 16 bytes are a key");
    status = csign_verify(&other, copy, len);
    CHECK(status == (model_verify(turned) == CSIGN_OK ? CSIGN_BAD_SIGNATURE : model_verify(turned)),
          "another key verifies nothing");
    csign_signer_wipe(&other);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    uint8_t which = fuzz_take_u8(&r);
    subject s = {.algorithm = (csign_signing_algorithm)(which % 3)};
    fuzz_take(&r, s.key, sizeof s.key);
    s.bit = fuzz_take_u16(&r) | (uint32_t)fuzz_take_u16(&r) << 16;
    s.cuts[0] = fuzz_take_u16(&r);
    s.cuts[1] = fuzz_take_u16(&r);
    csign_bytes message = fuzz_rest(&r);
    fuzz_too_short(message.len < 64);
    CHECK(each_backend_signer(&s.signer, which / 3, s.algorithm, s.key) == CSIGN_OK, "every 16 bytes are a key");
    check_verify(&s, message, "a message verifies if and only if its signature is right, and by the rules");

    uint8_t *copy = fuzz_copy(message);
    csign_status status = csign_sign(&s.signer, copy, message.len);
    fuzz_outcome_number(status);
    CHECK(status == model_sign(s.algorithm, message), "a message is signed or refused by the rules");
    check_sign_parts_and_batch(&s, message, status, copy);
    if (status != CSIGN_OK) {
        CHECK(!message.len || !memcmp(copy, message.data, message.len), "a refused message is unchanged");
    } else {
        uint8_t tag[16];
        model_mac(tag, s.algorithm, s.key, message);
        CHECK(!memcmp(copy, message.data, 16) && copy[16] == (message.data[16] | 8) &&
                  !memcmp(copy + 17, message.data + 17, 31) && !memcmp(copy + 64, message.data + 64, message.len - 64),
              "signing changes the SIGNED bit and the signature alone");
        CHECK(!memcmp(copy + 48, tag, 16), "the signature is the MAC of the message");
        fuzz_outcome(tag, sizeof tag);
        CHECK(verify(&s, (csign_bytes){copy, message.len}) == CSIGN_OK, "what was signed verifies");
        check_tampering(&s, copy, message.len);
    }
    free(copy);
    if (message.len >= 64)
        refusals_signer(&s.signer, message);
    csign_signer_wipe(&s.signer);
    CHECK(fuzz_all(&s.signer, sizeof s.signer, 0), "a wiped signer is zero");
}

const fuzz_target fuzz_this = {"sign_verify", NULL, one};
