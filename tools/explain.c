/* SPDX-License-Identifier: Apache-2.0 */
/* A diagnosis for people and as JSON: see explain.h. */
#include "explain.h"

#include <string.h>

#include "diagnosis.h"
#include "hex.h"
#include "names.h"

void explained_make(explained *out, const csign_claim *claim, const csign_diagnosis *found, const char *sentence)
{
    *out = (explained){.found = *found, .sentence = sentence, .frame_len = claim->frame.len, .channel = claim->channel};
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static const csign_explanation *used_of(const explained *e)
{
    return e->found.explanation_count ? &e->found.explanations[0] : NULL;
}

/* ---- for people ---- */

static void print_line(const style *s, const char *title, const char *text)
{
    fprintf(s->out, "  %-16s %s\n", title, text);
}

/* A value as the signer had it and, where that differs, as it should be. used: NULL when nothing explains the signature. */
static void print_hex(const style *s, const char *title, const uint8_t *used, const uint8_t *right, size_t len)
{
    char text[2 * 64 + 1];
    if (used != NULL)
        print_line(s, title, hex_text(text, used, len));
    if (used == NULL || memcmp(used, right, len) != 0)
        print_line(s, used ? "  should be" : title, hex_text(text, right, len));
}

static char *range_text(char *out, size_t out_len, const csign_explanation *e, size_t frame_len)
{
    size_t at = (size_t)snprintf(out, out_len, "bytes %zu to %zu of the message's %zu", e->from, e->to, frame_len);
    if (e->padding != 0)
        at += (size_t)snprintf(out + at, out_len - at, ", and %zu zero bytes", e->padding);
    if (e->transport_header)
        snprintf(out + at, out_len - at, ", and the transport header before them");
    return out;
}

static bool same_range(const csign_explanation *a, const csign_explanation *b)
{
    return a->from == b->from && a->to == b->to && a->padding == b->padding &&
           a->transport_header == b->transport_header;
}

static void print_range(const explained *e, const style *s)
{
    char text[160];
    const csign_explanation *used = used_of(e), *right = &e->found.right;
    if (used != NULL)
        print_line(s, "covered", range_text(text, sizeof text, used, e->frame_len));
    if (used == NULL || !same_range(used, right))
        print_line(s, used ? "  should be" : "to be covered", range_text(text, sizeof text, right, e->frame_len));
}

static void print_nonce(const explained *e, const style *s)
{
    const csign_explanation *used = used_of(e), *right = &e->found.right;
    bool used_gmac = used != NULL && used->algorithm == CSIGN_AES_GMAC;
    if (used_gmac || right->algorithm == CSIGN_AES_GMAC)
        print_hex(s, "nonce", used_gmac ? used->nonce : NULL, right->nonce, sizeof right->nonce);
}

static size_t shown_len(const csign_key *key)
{
    return key->len < sizeof key->bytes ? key->len : sizeof key->bytes;
}

static void print_key(const explained *e, const style *s, bool keys)
{
    const csign_key *right = &e->found.right.key, *used = used_of(e) ? &used_of(e)->key : right;
    bool same = used->len == right->len && memcmp(used->bytes, right->bytes, shown_len(right)) == 0;
    char text[2 * sizeof right->bytes + 1];

    fprintf(s->out, "  %-16s %s, key of the %s%s%s\n", "right is", name_signing_algorithm(e->found.right.algorithm),
            e->channel ? "channel" : "session", same ? "" : "; the signer used another",
            keys ? "" : " (--show-keys prints it)");
    if (!keys)
        return;
    print_line(s, "signing key", hex_text(text, used->bytes, shown_len(used)));
    if (!same)
        print_line(s, "  should be", hex_text(text, right->bytes, shown_len(right)));
}

static void print_alternatives(const explained *e, const style *s)
{
    char text[768];
    for (size_t i = 1; i < e->found.explanation_count; i++) {
        const csign_explanation *other = &e->found.explanations[i];
        fprintf(s->out, "  %-16s %s\n", i == 1 ? "or, the same here" : "",
                diagnosis_sentence(text, sizeof text, other->mistakes, other->mistake_count));
    }
}

void explained_print(const explained *e, const style *s, bool keys)
{
    const csign_explanation *used = used_of(e), *right = &e->found.right;

    fprintf(s->out, "\n  %s%s%s\n\n", s->colour ? "\033[1m" : "", e->sentence, s->colour ? "\033[0m" : "");
    print_alternatives(e, s);
    for (size_t i = 0; used != NULL && i < used->mistake_count; i++)
        print_line(s, "to change", csign_mistake_advice(used->mistakes[i]));
    print_hex(s, "signature", e->found.claimed, e->found.expected, sizeof e->found.claimed);
    if (used != NULL && used->algorithm != right->algorithm)
        print_line(s, "made with", name_signing_algorithm(used->algorithm));
    print_key(e, s, keys);
    print_nonce(e, s);
    print_range(e, s);
    if (!is_zero(right->preauth, sizeof right->preauth))
        print_hex(s, "preauth hash", used ? used->preauth : NULL, right->preauth, sizeof right->preauth);
}

/* ---- as JSON ---- */

static json_t *hex_json(const uint8_t *bytes, size_t len)
{
    char text[2 * 64 + 1];
    return json_string(hex_text(text, bytes, len));
}

static json_t *recipe_json(const csign_explanation *e, bool keys)
{
    json_t *out = json_pack("{s:s, s:[I, I], s:I, s:b}", "algorithm", name_signing_algorithm(e->algorithm), "range",
                            (json_int_t)e->from, (json_int_t)e->to, "padding", (json_int_t)e->padding,
                            "transport_header", e->transport_header);
    json_object_set_new(out, "nonce",
                        e->algorithm == CSIGN_AES_GMAC ? hex_json(e->nonce, sizeof e->nonce) : json_null());
    json_object_set_new(out, "preauth",
                        is_zero(e->preauth, sizeof e->preauth) ? json_null() : hex_json(e->preauth, sizeof e->preauth));
    json_object_set_new(out, "key", keys ? hex_json(e->key.bytes, shown_len(&e->key)) : json_null());
    return out;
}

static json_t *mistakes_json(const csign_explanation *e)
{
    json_t *out = json_array();
    for (size_t i = 0; i < e->mistake_count; i++)
        json_array_append_new(out, json_pack("{s:s, s:s, s:s}", "name", csign_mistake_name(e->mistakes[i]), "text",
                                             csign_mistake_text(e->mistakes[i]), "advice",
                                             csign_mistake_advice(e->mistakes[i])));
    return out;
}

json_t *explained_json(const explained *e, bool keys)
{
    const csign_diagnosis *d = &e->found;
    json_t *explanations = json_array();
    for (size_t i = 0; i < d->explanation_count; i++) {
        json_t *one = recipe_json(&d->explanations[i], keys);
        json_object_set_new(one, "mistakes", mistakes_json(&d->explanations[i]));
        json_array_append_new(explanations, one);
    }
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:b}", "sentence", e->sentence, "signature",
                     hex_json(d->claimed, sizeof d->claimed), "expected", hex_json(d->expected, sizeof d->expected),
                     "right", recipe_json(&d->right, keys), "explanations", explanations, "candidates",
                     (json_int_t)d->candidates, "tried", (json_int_t)d->tried, "complete", d->complete);
}
