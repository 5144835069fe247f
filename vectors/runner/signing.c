/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on signed messages: MS-SMB2 3.1.4.1, 3.1.5.1, 3.3.5.2.7. Each test goes through every way the library offers: whole,
   in parts, in a batch. */
#include <string.h>

#include "operations.h"

enum { HEADER = 64 };

/* A signer from the test's algorithm and key; the key null: a signer that was never initialised. */
static csign_signer read_signer(vector_case *c)
{
    csign_signer signer;
    memset(&signer, 0, sizeof signer);
    csign_signing_algorithm algorithm = case_algorithm(c, "signingAlgorithm");
    if (case_is_null(c, "key"))
        return signer;
    const uint8_t *key = case_exact(c, 16, "key");
    if (!case_failed(c) && csign_signer_init(&signer, algorithm, key) != CSIGN_OK) {
        case_fail(c, "csign_signer_init failed");
    }
    return signer;
}

/* The body behind a header as parts of uneven size. */
static size_t split(csign_bytes parts[CASE_PARTS], const uint8_t *message, size_t len)
{
    if (len == HEADER)
        return 0;
    case_split(parts, (csign_bytes){message + HEADER, len - HEADER});
    return CASE_PARTS;
}

static const char *name_of(csign_status status)
{
    return csign_status_name(status);
}

/* The other ways to verify give the same, and the signature is right exactly when csign_mac says so. */
static void verify_otherwise(vector_case *c, const csign_signer *signer, uint8_t *message, size_t len,
                             csign_status status)
{
    csign_job job = {signer, message, len, CSIGN_OK, NULL, 0};
    size_t bad = csign_verify_batch(&job, 1);
    if (job.status != status || bad != (status != CSIGN_OK)) {
        case_fail(c, "csign_verify_batch says %s, csign_verify %s", name_of(job.status), name_of(status));
    }
    if (len < HEADER)
        return;
    csign_bytes parts[CASE_PARTS];
    size_t part_count = split(parts, message, len);
    csign_status by_parts = csign_verify_parts(signer, message, parts, part_count);
    if (by_parts != status) {
        case_fail(c, "csign_verify_parts says %s, csign_verify %s", name_of(by_parts), name_of(status));
    }
    if (status != CSIGN_OK && status != CSIGN_BAD_SIGNATURE)
        return;
    uint8_t tag[16];
    csign_status computed = csign_mac(signer, tag, message, parts, part_count);
    if (computed != CSIGN_OK)
        case_fail(c, "csign_mac says %s", name_of(computed));
    if ((memcmp(tag, message + 48, sizeof tag) == 0) != (status == CSIGN_OK)) {
        case_fail(c, "csign_mac and csign_verify disagree");
    }
}

void op_verify(vector_case *c)
{
    csign_signer signer = read_signer(c);
    csign_bytes given = case_bytes(c, "message");
    if (case_failed(c))
        return;
    uint8_t *message = case_alloc(c, given.len);
    if (given.len != 0)
        memcpy(message, given.data, given.len);
    csign_status status = csign_verify(&signer, message, given.len);
    (void)case_expect_verdict(c, status);
    verify_otherwise(c, &signer, message, given.len, status);
    case_expect_same(c, "the message after csign_verify", given.data, message, given.len);
    csign_signer_wipe(&signer);
}

void op_sign(vector_case *c)
{
    csign_signer signer = read_signer(c);
    csign_bytes given = case_bytes(c, "message");
    if (case_failed(c))
        return;
    uint8_t *message = case_alloc(c, given.len);
    uint8_t *batched = case_alloc(c, given.len);
    uint8_t *parted = case_alloc(c, given.len);
    if (given.len != 0) {
        memcpy(message, given.data, given.len);
        memcpy(batched, given.data, given.len);
        memcpy(parted, given.data, given.len);
    }
    csign_status status = csign_sign(&signer, message, given.len);
    csign_job job = {&signer, batched, given.len, CSIGN_OK, NULL, 0};
    if (csign_sign_batch(&job, 1) != (status != CSIGN_OK) || job.status != status) {
        case_fail(c, "csign_sign_batch says %s, csign_sign %s", name_of(job.status), name_of(status));
    }
    case_expect_same(c, "the message of csign_sign_batch", message, batched, given.len);
    if (given.len >= HEADER) {
        csign_bytes parts[CASE_PARTS];
        size_t part_count = split(parts, parted, given.len);
        csign_status by_parts = csign_sign_parts(&signer, parted, parts, part_count);
        if (by_parts != status) {
            case_fail(c, "csign_sign_parts says %s, csign_sign %s", name_of(by_parts), name_of(status));
        }
        case_expect_same(c, "the message of csign_sign_parts", message, parted, given.len);
    }
    if (case_expect_status(c, status)) {
        case_expect(c, "signed", message, given.len);
    } else {
        if (!case_is_null(c, "signed"))
            case_fail(c, "a refusal has no signed message");
        case_expect_same(c, "the refused message", given.data, message, given.len);
    }
    csign_signer_wipe(&signer);
}

void op_compound(vector_case *c)
{
    csign_signer signer = read_signer(c);
    csign_bytes message = case_bytes(c, "message");
    size_t count = case_count(c, "elements");
    size_t offset = 0, len = 0;
    csign_status status = CSIGN_OK;
    for (size_t i = 0; !case_failed(c); i++) {
        status = csign_compound_next(message, &offset, &len);
        if (len == 0) {
            if (i != count)
                case_fail(c, "the walk ends after %zu elements, not %zu", i, count);
            break;
        }
        if (i == count) {
            case_fail(c, "the walk finds more than %zu elements", count);
            break;
        }
        case_object(c, "elements[%zu]", i);
        case_expect_number(c, offset, "elements[%zu].offset", i);
        case_expect_number(c, len, "elements[%zu].length", i);
        csign_status verified = csign_verify(&signer, message.data + offset, len);
        case_status_is(c, verified, "elements[%zu].status", i);
    }
    if (!case_failed(c))
        (void)case_expect_verdict(c, status);
    csign_signer_wipe(&signer);
}
