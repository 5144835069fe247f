/* SPDX-License-Identifier: Apache-2.0 */
/* The search for the mistakes that reproduce a signature: see countersign/diagnose.h. First none, then each candidate
   alone, then each two, then each three that concern different things; the fewest that fit are the answer. A
   combination in which one mistake makes no difference is passed over (mistakes.h says what each needs): it would be a
   smaller one, tried before. */
#include "../include/countersign/diagnose.h"

#include <string.h>

#include "../crypto/wipe.h"
#include "../wire/header.h"
#include "claim.h"
#include "recipe.h"

enum { DEPTH = 3 };

/* What a combination costs beside the bytes of frame and preauth messages: key derivation, key schedules. */
enum { WORK_PER_TRY = 256 };

size_t csign_diagnose_scratch_len(const csign_claim *claim)
{
    if (claim == NULL) {
        return 0;
    }
    size_t frame = claim->frame.len + AROUND_MAX, hashed = claim->final_response.len + AROUND_MAX;
    for (size_t i = 0; claim->preauth != NULL && i < claim->preauth_count; i++) {
        hashed += claim->preauth[i].len + AROUND_MAX;
    }
    return sizeof(csign_work) + (frame > hashed ? frame : hashed);
}

typedef struct search {
    csign_diagnosis *out;
    const csign_claim *claim;
    csign_work *work;
    uint8_t *space;
    uint64_t has, spent, cost;
    csign_mistake candidates[CSIGN_MISTAKE_COUNT];
    size_t count; /* of candidates */
} search;

/* Makes the recipe of some mistakes. False: two concern the same thing, or one of them makes no difference. */
static bool make_recipe(csign_recipe *recipe, const csign_claim *claim, uint64_t has, const csign_mistake *mistakes,
                        size_t count)
{
    uint64_t needs = 0;
    memset(recipe, 0, sizeof *recipe);
    for (size_t i = 0; i < count; i++) {
        const csign_mistake_entry *entry = csign_mistake_at(mistakes[i]);
        if (recipe->choice[entry->thing] != CSIGN_MISTAKE_NONE) {
            return false;
        }
        recipe->choice[entry->thing] = mistakes[i];
        needs |= entry->needs;
    }
    return (needs & ~csign_recipe_has(recipe, claim, has)) == 0;
}

static void set_mistakes(csign_explanation *used, const csign_mistake *mistakes, size_t count)
{
    used->mistake_count = count;
    for (size_t i = 0; i < count; i++) {
        used->mistakes[i] = mistakes[i];
    }
}

/* Tries one combination. False: the work that the caller allows is used up. */
static bool try_one(search *s, const csign_mistake *mistakes, size_t count)
{
    csign_recipe recipe;
    csign_diagnosis *out = s->out;
    if (!make_recipe(&recipe, s->claim, s->has, mistakes, count)) {
        return true;
    }
    if (s->claim->work != 0 && s->spent >= s->claim->work) {
        return false;
    }
    s->spent += s->cost;
    out->tried++;
    csign_explanation used;
    csign_recipe_sign(s->work, s->space, &used, &recipe, s->claim);
    if (count == 0) {
        out->right = used;
        memcpy(out->expected, s->work->tag, SIGNATURE_LEN);
    }
    if (memcmp(s->work->tag, out->claimed, SIGNATURE_LEN) == 0 && out->explanation_count < CSIGN_EXPLANATIONS) {
        set_mistakes(&used, mistakes, count);
        out->explanations[out->explanation_count++] = used;
    }
    csign_wipe(&used, sizeof used);
    return true;
}

/* Moves to the next `depth` of the candidates, in ascending order. False: that were all. */
static bool next_combination(const search *s, size_t index[DEPTH], size_t depth)
{
    for (size_t i = depth; i-- > 0;) {
        if (index[i] + (depth - i) < s->count) {
            index[i]++;
            for (size_t k = i + 1; k < depth; k++) {
                index[k] = index[k - 1] + 1;
            }
            return true;
        }
    }
    return false;
}

/* Tries every combination of `depth` candidates. False: the work is used up. */
static bool try_depth(search *s, size_t depth)
{
    size_t index[DEPTH] = {0, 1, 2}; /* more candidates than that need nothing (mistakes.c) */
    do {
        csign_mistake mistakes[DEPTH];
        for (size_t i = 0; i < depth; i++) {
            mistakes[i] = s->candidates[index[i]];
        }
        if (!try_one(s, mistakes, depth)) {
            return false;
        }
    } while (next_combination(s, index, depth));
    return true;
}

static void find_candidates(search *s)
{
    for (unsigned m = CSIGN_MISTAKE_NONE + 1; m < CSIGN_MISTAKE_COUNT; m++) {
        uint64_t needs = csign_mistake_at((csign_mistake)m)->needs & ~HAS_OF_RECIPE;
        if ((needs & ~s->has) == 0) {
            s->candidates[s->count++] = (csign_mistake)m;
        }
    }
    s->out->candidates = s->count;
}

static csign_status check(const csign_claim *claim, const uint8_t *scratch, size_t scratch_len)
{
    if (claim == NULL || scratch == NULL || !csign_claim_ok(claim)) {
        return CSIGN_BAD_ARGUMENT;
    }
    return scratch_len < csign_diagnose_scratch_len(claim) ? CSIGN_NO_SPACE : CSIGN_OK;
}

csign_status csign_diagnose(csign_diagnosis *out, const csign_claim *claim, uint8_t *scratch, size_t scratch_len)
{
    if (out == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(out, 0, sizeof *out);
    csign_status status = check(claim, scratch, scratch_len);
    if (status != CSIGN_OK) {
        return status;
    }
    search s = {.out = out, .claim = claim, .work = (csign_work *)scratch, .space = scratch + sizeof(csign_work)};
    memcpy(out->claimed, claim->frame.data + claim->offset + HEADER_SIGNATURE, SIGNATURE_LEN);
    s.has = csign_claim_has(claim);
    s.cost = WORK_PER_TRY + claim->frame.len;
    for (size_t i = 0; i < claim->preauth_count; i++) {
        s.cost += claim->preauth[i].len;
    }
    find_candidates(&s);
    out->complete = true;
    for (unsigned depth = 0; depth <= DEPTH && out->complete && out->explanation_count == 0; depth++) {
        out->complete = depth == 0 ? try_one(&s, NULL, 0) : try_depth(&s, depth);
        out->depth = out->complete ? depth : depth - 1;
    }
    csign_wipe(scratch, csign_diagnose_scratch_len(claim));
    return CSIGN_OK;
}

csign_status csign_mistaken_mac(uint8_t tag[16], csign_explanation *used, const csign_claim *claim,
                                const csign_mistake *mistakes, size_t count, uint8_t *scratch, size_t scratch_len)
{
    csign_explanation unused, *explanation = used == NULL ? &unused : used;
    if (tag == NULL) {
        return CSIGN_BAD_ARGUMENT;
    }
    memset(tag, 0, SIGNATURE_LEN);
    csign_status status = check(claim, scratch, scratch_len);
    if (status == CSIGN_OK && (count > DEPTH || (mistakes == NULL && count != 0))) {
        status = CSIGN_BAD_ARGUMENT;
    }
    for (size_t i = 0; status == CSIGN_OK && i < count; i++) {
        if ((unsigned)mistakes[i] - 1u >= CSIGN_MISTAKE_COUNT - 1u) {
            status = CSIGN_BAD_ARGUMENT;
        }
    }
    csign_recipe recipe;
    if (status == CSIGN_OK && !make_recipe(&recipe, claim, csign_claim_has(claim), mistakes, count)) {
        status = CSIGN_UNSUPPORTED;
    }
    if (status != CSIGN_OK) {
        return status;
    }
    csign_work *work = (csign_work *)scratch;
    csign_recipe_sign(work, scratch + sizeof *work, explanation, &recipe, claim);
    set_mistakes(explanation, mistakes, count);
    memcpy(tag, work->tag, SIGNATURE_LEN);
    csign_wipe(&unused, sizeof unused);
    csign_wipe(scratch, csign_diagnose_scratch_len(claim));
    return CSIGN_OK;
}
