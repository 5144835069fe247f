/* SPDX-License-Identifier: Apache-2.0 */
/* Why a message of a capture does not verify: see diagnosis.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "diagnosis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define OTHER_SESSIONS 256u /* the most recently used, whose keys are tried */

char *diagnosis_sentence(char *out, size_t out_len, const csign_mistake *mistakes, size_t count)
{
    size_t at = (size_t)snprintf(out, out_len, count ? "verifies when " : "verifies");
    for (size_t i = 0; i < count && at < out_len; i++)
        at += (size_t)snprintf(out + at, out_len - at, "%s%s", i ? ", and " : "", csign_mistake_text(mistakes[i]));
    return out;
}

char *diagnosis_tried(char *out, size_t out_len, const csign_diagnosis *found)
{
    if (found->complete)
        snprintf(
            out, out_len,
            "no mistake explains it: %zu were tried alone, in pairs and in threes (%zu combinations), with this key",
            found->candidates, found->tried);
    else
        snprintf(out, out_len,
                 "no mistake was found: the search ended at its bound (--work) after %zu combinations of %zu mistakes; "
                 "all of up to %u were tried, with this key",
                 found->tried, found->candidates, found->depth);
    return out;
}

/* ---- the claim ---- */

static const key_candidate *signing_candidate(const keyring *ring)
{
    if (keyring_proven(ring) && ring->candidates[ring->chosen].signs)
        return &ring->candidates[ring->chosen];
    for (size_t i = 0; i < ring->count; i++)
        if (ring->candidates[i].signs)
            return &ring->candidates[i];
    return NULL;
}

static bool same_key(const csign_key *a, const csign_key *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* A candidate of ring with another session key. */
static const key_candidate *other_candidate(const keyring *ring, const csign_key *key)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->candidates[i].signs && !same_key(&ring->candidates[i].session_key, key))
            return &ring->candidates[i];
    return NULL;
}

static bool take_other(csign_claim *out, const csign_key *other, const csign_key *key, const csign_preauth *hash)
{
    if (same_key(other, key))
        return false;
    out->other_session_key = (csign_bytes){other->bytes, other->len};
    out->other_preauth = hash ? hash->value : NULL;
    return true;
}

static bool take_ring(csign_claim *out, const keyring *ring, const csign_key *key)
{
    const key_candidate *candidate = signing_candidate(ring);
    return candidate != NULL && take_other(out, &candidate->session_key, key, ring->chain_known ? &ring->chain : NULL);
}

/* The session's own authentication for a channel's, a channel's for the session's; else that of another session on this connection. */
static void add_other(csign_claim *out, conversation *c, const keyring *ring, const csign_key *key)
{
    const keyring *first = ring->channel ? sessions_find(&c->world->sessions, ring->session_id) : NULL;
    const key_candidate *candidate = ring->bound ? other_candidate(ring, key) : NULL;

    if (first != NULL)
        take_ring(out, first, key);
    else if (ring->bound && ring->bound_key.len != 0)
        take_other(out, &ring->bound_key, key, &ring->bound_hash);
    else if (candidate != NULL)
        take_other(out, &candidate->session_key, key, &ring->bound_hash);
    if (out->other_session_key.len != 0)
        return;
    out->other_session = true;
    for (const session *s = c->channels.first; s != NULL && out->other_session_key.len == 0; s = s->next)
        if (s->id != ring->session_id)
            take_ring(out, s->ring, key);
}

static bool make_claim(csign_claim *out, conversation *c, const keyring *ring, const key_candidate *key,
                       const diagnosis_subject *subject)
{
    *out = (csign_claim){.frame = subject->message,
                         .offset = subject->offset,
                         .len = subject->len,
                         .dialect = key->dialect,
                         .algorithm = key->algorithm,
                         .session_key = {key->session_key.bytes, key->session_key.len},
                         .channel = ring->channel,
                         .request_signature = subject->request_signature,
                         .work = c->world->diagnose.work};
    if (!ring->setup.incomplete) {
        out->preauth = ring->setup.messages;
        out->preauth_count = ring->setup.count;
        out->final_response = ring->setup.final_response;
    }
    add_other(out, c, ring, &key->session_key);
    return key->dialect != CSIGN_SMB_3_1_1 || out->preauth_count >= 3;
}

/* ---- searching ---- */

static void remember(keyring *ring, const csign_explanation *e, const char *sentence)
{
    if (ring->known == NULL)
        ring->known = need(DIAGNOSE_SEARCHES_MAX * sizeof *ring->known);
    known_mistakes *known = &ring->known[ring->known_count++];
    known->count = e->mistake_count;
    memcpy(known->mistakes, e->mistakes, sizeof known->mistakes);
    known->sentence = sentence;
}

/* Takes the explanation of some mistakes if they reproduce the signature. */
static bool accept(diagnosis *out, const csign_mistake *mistakes, size_t count, uint8_t *scratch, size_t scratch_len)
{
    csign_diagnosis *found = &out->found;
    const uint8_t *signature = out->claim.frame.data + out->claim.offset + 48;
    csign_explanation used;
    uint8_t tag[16];
    bool same = csign_mistaken_mac(tag, &used, &out->claim, mistakes, count, scratch, scratch_len) == CSIGN_OK &&
                memcmp(tag, signature, sizeof tag) == 0;

    if (same) {
        csign_mistaken_mac(found->expected, &found->right, &out->claim, NULL, 0, scratch, scratch_len);
        memcpy(found->claimed, signature, sizeof found->claimed);
        found->explanations[0] = used;
        found->explanation_count = 1;
        found->complete = true;
    }
    explicit_bzero(&used, sizeof used);
    return same;
}

/* Whether what explained an earlier message explains this one. */
static bool try_known(diagnosis *out, const keyring *ring, uint8_t *scratch, size_t scratch_len)
{
    for (size_t i = 0; i < ring->known_count; i++) {
        const known_mistakes *known = &ring->known[i];
        if (accept(out, known->mistakes, known->count, scratch, scratch_len)) {
            out->sentence = known->sentence;
            return out->earlier = true;
        }
    }
    return false;
}

/* Whether it is the key or hash of any of these sessions. */
static bool try_sessions(diagnosis *out, const sessions *all, const keyring *ring, uint8_t *scratch, size_t scratch_len)
{
    static const csign_mistake of_others[] = {CSIGN_MISTAKE_OTHER_SIGNING_KEY, CSIGN_MISTAKE_OTHER_PREAUTH,
                                              CSIGN_MISTAKE_OTHER_SESSION_KEY};
    const csign_key none = {.len = 0};
    size_t left = OTHER_SESSIONS;

    for (const session *s = all->first; s != NULL && left-- != 0; s = s->next)
        if (s->id != ring->session_id && take_ring(&out->claim, s->ring, &none))
            for (size_t i = 0; i < sizeof of_others / sizeof of_others[0]; i++)
                if (accept(out, &of_others[i], 1, scratch, scratch_len))
                    return true;
    return false;
}

/* Whether it is that of another session: on this connection, then of the capture. */
static bool try_others(diagnosis *out, const conversation *c, const keyring *ring, uint8_t *scratch, size_t scratch_len)
{
    out->claim.other_session = true;
    return try_sessions(out, &c->channels, ring, scratch, scratch_len) ||
           try_sessions(out, &c->world->sessions, ring, scratch, scratch_len);
}

/* One key: what is known already, else a search. True: explained. */
static bool try_key(diagnosis *out, conversation *c, keyring *ring, bool search)
{
    size_t scratch_len = csign_diagnose_scratch_len(&out->claim);
    uint8_t *scratch = need(scratch_len);
    bool explained = try_known(out, ring, scratch, scratch_len);
    if (!explained && search && csign_diagnose(&out->found, &out->claim, scratch, scratch_len) == CSIGN_OK) {
        char text[768];
        const csign_explanation *e = &out->found.explanations[0];
        explained = out->found.explanation_count != 0 || try_others(out, c, ring, scratch, scratch_len);
        if (explained)
            diagnosis_sentence(text, sizeof text, e->mistakes, e->mistake_count);
        else
            diagnosis_tried(text, sizeof text, &out->found);
        out->sentence = conversation_keep(c->world, text);
        if (explained)
            remember(ring, e, out->sentence);
    }
    free(scratch);
    return explained;
}

bool diagnosis_make(diagnosis *out, conversation *c, keyring *ring, const diagnosis_subject *subject)
{
    bool fits = keyring_proven(ring) || ring->known_count != 0;
    bool search = ring->searches < (fits ? c->world->diagnose.searches : 1), explained = false, searched = false;

    *out = (diagnosis){0};
    if (c->world->diagnose.work == 0 || (c->world->diagnose.frame != 0 && subject->frame != c->world->diagnose.frame))
        return false;
    /* A channel has the lines of all of the session's authentications for candidates: its own, the last to come, first. */
    for (size_t i = ring->count; i-- > 0 && !explained;) {
        const key_candidate *key = &ring->candidates[i];
        bool possible = !keyring_proven(ring) || i == ring->chosen;
        if (!possible || !key->signs || !make_claim(&out->claim, c, ring, key, subject))
            continue;
        explained = try_key(out, c, ring, search);
        searched = search && !out->earlier;
    }
    ring->searches += searched;
    return explained || searched;
}
