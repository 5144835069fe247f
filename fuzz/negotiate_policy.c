/* SPDX-License-Identifier: Apache-2.0 */
/* What holds of a server's choice (MS-SMB2 3.3.5.4) for every policy and every request, told without saying how it is made: it is
   allowed here and offered there, it is the best by the order that decides, refusals have their reason, and nothing else in policy
   or request has an effect. Input: policy 11 bytes (policy_input.h), where an unknown id is put u8, that id u16, how far lists are
   turned u8, the request (at most 8,192 bytes: each is asked for twenty times, and long ones are negotiate_select's). */
#include <stdlib.h>

#include "policy_input.h"
#include "reorder.h"
#include "select_model.h"

typedef struct subject {
    csign_negotiate_policy policy;
    csign_negotiate_request request;
    csign_bytes message;
    csign_status status;
    csign_negotiated chosen;
    uint8_t place, turn;
    uint16_t unknown;
} subject;

static bool lists(csign_u16_list list, unsigned id)
{
    for (size_t i = 0; i < list.count; i++)
        if (fuzz_le(list.data + 2 * i, 2) == id)
            return true;
    return false;
}

/* A list of the policy as one on the wire. */
static csign_u16_list local_list(uint8_t wire[8], const csign_negotiate_policy *p, bool ciphers)
{
    size_t count = ciphers ? p->cipher_count : p->signing_count;
    for (size_t i = 0; i < count; i++) {
        wire[2 * i] = ciphers ? (uint8_t)p->ciphers[i] : (uint8_t)p->signing[i];
        wire[2 * i + 1] = 0;
    }
    return (csign_u16_list){wire, count};
}

static void check_same(const subject *s, const csign_negotiate_policy *policy, const csign_negotiate_request *request,
                       const char *property)
{
    csign_negotiated again;
    memset(&again, 0x5A, sizeof again);
    csign_status status = csign_negotiate_select(&again, policy, request);
    CHECK(status == s->status && policy_same_result(&again, &s->chosen), property);
}

static void check_dialect(const subject *s)
{
    static const uint16_t known[] = {0x0311, 0x0302, 0x0300, 0x0210, 0x0202};
    size_t i = 0;
    while (i < 5 && !(known[i] >= s->policy.dialect_min && known[i] <= s->policy.dialect_max &&
                      lists(s->request.dialects, known[i])))
        i++;
    CHECK((i == 5) == (s->status == CSIGN_NO_DIALECT), "there is no dialect if and only if none is in common");
    CHECK(s->status != CSIGN_OK || s->chosen.dialect == known[i], "the dialect is the highest in common");
}

/* id, if it was chosen, is in both lists and nothing better is; if none was, nothing is in both. */
static void check_best(csign_u16_list deciding, csign_u16_list other, bool chosen, unsigned id)
{
    for (size_t i = 0; i < deciding.count; i++) {
        unsigned here = fuzz_le(deciding.data + 2 * i, 2);
        if (chosen && here == id) {
            CHECK(lists(other, id), "what is chosen is offered by the peer and allowed here");
            return;
        }
        CHECK(!lists(other, here), "nothing that both sides list is better by the order that decides");
    }
    CHECK(!chosen, "what is chosen is offered by the peer and allowed here");
}

static void check_lists(const subject *s)
{
    const csign_negotiate_request *r = &s->request;
    uint8_t signing_wire[8], ciphers_wire[8];
    csign_u16_list signing = local_list(signing_wire, &s->policy, false), peer_signing = r->signing_algorithms;
    csign_u16_list ciphers = local_list(ciphers_wire, &s->policy, true), peer_ciphers = r->ciphers;
    bool peer = s->policy.peer_order, negotiated = s->chosen.signing_negotiated, cipher = s->chosen.cipher != 0;
    CHECK(s->chosen.cipher_negotiated == r->has_encryption && (r->has_signing || !negotiated),
          "a context is answered if and only if it was there");
    CHECK(negotiated || s->chosen.signing_algorithm == CSIGN_AES_CMAC, "without a choice the algorithm is AES-CMAC");
    CHECK(s->chosen.preauth_hash == 1 && lists(r->preauth_hashes, 1), "the hash is SHA-512, and was offered");
    check_best(peer ? peer_signing : signing, peer ? signing : peer_signing, negotiated, s->chosen.signing_algorithm);
    check_best(peer ? peer_ciphers : ciphers, peer ? ciphers : peer_ciphers, cipher, s->chosen.cipher);
}

static void check_below_3_1_1(const subject *s)
{
    const csign_negotiated *c = &s->chosen;
    csign_negotiate_request other = s->request;
    memset(&other.contexts, 0, sizeof other.contexts);
    check_same(s, &s->policy, &other, "below 3.1.1 contexts have no effect");
    other.contexts_status = CSIGN_MALFORMED;
    check_same(s, &s->policy, &other, "below 3.1.1 an error among contexts has no effect");
    bool encrypt = c->dialect >= CSIGN_SMB_3_0 && s->policy.capabilities & s->request.capabilities & 0x40;
    CHECK(!c->signing_negotiated && !c->cipher_negotiated && c->preauth_hash == 0 &&
              c->signing_algorithm == (c->dialect < CSIGN_SMB_3_0 ? CSIGN_HMAC_SHA256 : CSIGN_AES_CMAC) &&
              c->cipher == (encrypt ? CSIGN_AES_128_CCM : CSIGN_CIPHER_NONE),
          "below 3.1.1 the dialect and the capabilities alone decide");
}

/* Exactly the fallback to an AES-CMAC that the policy does not list is refused, exactly when the policy says so. */
static void check_fallback(const subject *s)
{
    csign_negotiate_policy falling = s->policy, refusing = s->policy;
    csign_negotiated with, without;
    falling.refuse_fallback = false;
    refusing.refuse_fallback = true;
    csign_status may = csign_negotiate_select(&with, &falling, &s->request);
    csign_status must_not = csign_negotiate_select(&without, &refusing, &s->request);
    uint8_t wire[8];
    bool fell = may == CSIGN_OK && with.dialect == CSIGN_SMB_3_1_1 && !with.signing_negotiated &&
                !lists(local_list(wire, &s->policy, false), CSIGN_AES_CMAC);
    CHECK(fell ? must_not == CSIGN_UNSUPPORTED : must_not == may && policy_same_result(&with, &without),
          "refuse_fallback refuses the fallback to AES-CMAC and nothing else");
    CHECK(s->policy.refuse_fallback ? s->status == must_not : s->status == may, "a choice is the same each time");
}

static void check_refusal(const subject *s)
{
    const csign_negotiate_policy *p = &s->policy;
    const csign_negotiate_request *r = &s->request;
    CHECK(s->status == CSIGN_OK || fuzz_all(&s->chosen, sizeof s->chosen, 0), "a refusal leaves zeros");
    if (s->status == CSIGN_NO_DIALECT)
        return;
    bool is_3_1_1 = lists(r->dialects, 0x0311) && p->dialect_max == 0x0311;
    bool feature = (p->compression && r->compression_status != CSIGN_OK) ||
                   (p->transport && r->transport_status != CSIGN_OK) ||
                   (p->rdma_transforms && r->rdma_status != CSIGN_OK);
    uint8_t wire[8];
    csign_u16_list local = local_list(wire, p, false);
    bool common = false;
    for (size_t i = 0; i < local.count; i++)
        common = common || lists(r->signing_algorithms, fuzz_le(local.data + 2 * i, 2));
    bool fallback = p->refuse_fallback && !lists(local, 1) && !common;
    bool refused = is_3_1_1 && (r->contexts_status != CSIGN_OK || !lists(r->preauth_hashes, 1) || feature || fallback);
    CHECK((s->status != CSIGN_OK) == refused, "a request is refused if and only if there is a reason");
    csign_negotiate_policy without = *p;
    csign_negotiate_request other = *r;
    csign_negotiated a, b;
    without.compression = without.transport = without.rdma_transforms = false;
    other.compression_status = other.transport_status = other.rdma_status = CSIGN_OK;
    CHECK(csign_negotiate_select(&a, &without, r) == csign_negotiate_select(&b, &without, &other) &&
              policy_same_result(&a, &b),
          "an error in an optional feature's context counts only where that feature is");
}

/* list with id put in at place, turned to the left, without remove; the caller frees data. */
static csign_u16_list variant(csign_u16_list list, size_t place, uint16_t id, size_t turn, unsigned remove)
{
    uint8_t *wire = malloc(2 * list.count + 2);
    size_t count = 0;
    if (!wire)
        abort();
    for (size_t i = 0; i <= list.count; i++) {
        if (i == place) {
            wire[2 * count] = (uint8_t)(id & 0xFF);
            wire[2 * count++ + 1] = (uint8_t)(id >> 8);
        }
        if (i == list.count)
            break;
        const uint8_t *at = list.data + 2 * ((i + turn) % list.count);
        if (fuzz_le(at, 2) != remove) {
            wire[2 * count] = at[0];
            wire[2 * count++ + 1] = at[1];
        }
    }
    return (csign_u16_list){wire, count};
}

enum { NOWHERE = 65536, NONE = 65536 };

static void check_variant(const subject *s, csign_u16_list *list, csign_negotiate_request *request,
                          csign_u16_list changed, const char *property)
{
    csign_u16_list original = *list;
    *list = changed;
    check_same(s, &s->policy, request, property);
    *list = original;
    free((void *)(uintptr_t)changed.data);
}

/* Ids that nobody knows, and the order of lists unless it decides. */
static void check_peer_lists(const subject *s)
{
    csign_negotiate_request r = s->request;
    csign_u16_list *all[] = {&r.dialects, &r.preauth_hashes, &r.ciphers, &r.signing_algorithms};
    for (size_t i = 0; i < 4; i++) {
        if (!all[i]->count)
            continue;
        uint16_t id = i == 0 ? s->unknown | 0x4000 : s->unknown < 5 ? s->unknown | 0x0100 : s->unknown;
        check_variant(s, all[i], &r, variant(*all[i], s->place % (all[i]->count + 1), id, 0, NONE),
                      "an id that nobody knows changes nothing");
        if (i < 2 || !s->policy.peer_order)
            check_variant(s, all[i], &r, variant(*all[i], NOWHERE, 0, s->turn, NONE),
                          "the order of a list that does not decide changes nothing");
    }
}

/* What was not chosen might as well not be there, on either side. */
static void check_not_chosen(const subject *s, bool ciphers)
{
    csign_negotiate_request r = s->request;
    csign_u16_list *list = ciphers ? &r.ciphers : &r.signing_algorithms;
    unsigned chosen = ciphers ? (unsigned)s->chosen.cipher : (unsigned)s->chosen.signing_algorithm;
    for (unsigned id = 0; id < 5; id++) {
        csign_negotiate_policy p = s->policy;
        size_t *count = ciphers ? &p.cipher_count : &p.signing_count, kept = 0;
        if (id == chosen)
            continue;
        check_variant(s, list, &r, variant(*list, NOWHERE, 0, 0, id), "what was not chosen need not be offered");
        for (size_t i = 0; i < *count; i++) {
            if ((ciphers ? (unsigned)p.ciphers[i] : (unsigned)p.signing[i]) == id)
                continue;
            if (ciphers)
                p.ciphers[kept++] = p.ciphers[i];
            else
                p.signing[kept++] = p.signing[i];
        }
        *count = kept;
        check_same(s, &p, &s->request, "what was not chosen need not be allowed");
    }
}

static void check_chosen(const subject *s)
{
    csign_negotiate_policy narrow = s->policy;
    narrow.dialect_min = narrow.dialect_max = s->chosen.dialect;
    check_same(s, &narrow, &s->request, "the chosen dialect alone is enough");
    if (s->chosen.dialect == CSIGN_SMB_3_1_1) {
        check_lists(s);
        check_not_chosen(s, false);
        check_not_chosen(s, true);
    } else {
        check_below_3_1_1(s);
    }
    policy_converse(&s->chosen, &s->request, (csign_bytes){s->message.data, s->turn % 33u}, NULL);
}

static void check_context_order(const subject *s)
{
    csign_bytes message = reorder_contexts(s->message, s->turn, s->place, s->unknown | 0x8000);
    csign_negotiate_request r;
    if (!message.len)
        return;
    CHECK(csign_negotiate_request_parse(&r, message) == CSIGN_OK && r.contexts_status == CSIGN_OK,
          "the order of contexts and unknown ones make no error");
    check_same(s, &s->policy, &r, "the order of contexts and unknown ones change nothing");
    free((void *)(uintptr_t)message.data);
}

static void check_default(void)
{
    csign_negotiate_policy p;
    memset(&p, 0xA5, sizeof p);
    csign_negotiate_policy_init(&p);
    CHECK(p.dialect_min == 0x0202 && p.dialect_max == 0x0311 && p.signing_count == 3 && p.signing[0] == 2 &&
              p.signing[1] == 1 && p.signing[2] == 0 && p.cipher_count == 4 && p.ciphers[0] == 2 && p.ciphers[1] == 1 &&
              p.ciphers[2] == 4 && p.ciphers[3] == 3 && !p.peer_order && !p.refuse_fallback && p.capabilities == 0x40 &&
              !p.compression && !p.transport && !p.rdma_transforms,
          "the default policy is the documented one");
    CHECK(model_policy_sound(&p), "the default policy is one");
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    subject s;
    memset(&s, 0xA5, sizeof s);
    policy_take(&s.policy, &r);
    s.place = fuzz_take_u8(&r);
    s.unknown = fuzz_take_u16(&r);
    s.turn = fuzz_take_u8(&r);
    s.message = fuzz_take_view(&r, 8192);
    check_default();
    s.status = csign_negotiate_request_parse(&s.request, s.message);
    fuzz_too_short(s.status == CSIGN_TRUNCATED);
    if (s.status != CSIGN_OK)
        return;
    s.status = csign_negotiate_select(&s.chosen, &s.policy, &s.request);
    fuzz_outcome_number(s.status);
    fuzz_outcome_number((uint64_t)s.chosen.dialect << 32 | (uint64_t)s.chosen.signing_algorithm << 16 |
                        (uint64_t)s.chosen.cipher);
    bool sound = model_policy_sound(&s.policy);
    CHECK(sound == (s.status != CSIGN_BAD_ARGUMENT), "a policy is refused if and only if it is none");
    if (!sound) {
        CHECK(fuzz_all(&s.chosen, sizeof s.chosen, 0), "a refusal leaves zeros");
        return;
    }
    check_dialect(&s);
    check_fallback(&s);
    check_refusal(&s);
    check_peer_lists(&s);
    check_context_order(&s);
    if (s.status == CSIGN_OK)
        check_chosen(&s);
}

const fuzz_target fuzz_this = {"negotiate_policy", NULL, one};
