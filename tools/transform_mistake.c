/* SPDX-License-Identifier: Apache-2.0 */
/* Why an encrypted message does not open: see transform_mistake.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "transform_mistake.h"

#include <stdio.h>
#include <string.h>

#include "names.h"

/* What can be wrong with a key, one choice for each thing. */
typedef struct cipher_recipe {
    bool swapped, truncated;
    csign_cipher cipher; /* NONE: the negotiated one */
    enum { HASH_RIGHT, HASH_WITHOUT_NEGOTIATE, HASH_WITH_FINAL, HASH_VARIANTS } hash;
} cipher_recipe;

static size_t mistakes_of(const cipher_recipe *r)
{
    return (size_t)r->swapped + r->truncated + (r->cipher != CSIGN_CIPHER_NONE) + (r->hash != HASH_RIGHT);
}

static void write_sentence(char *out, size_t out_len, const cipher_recipe *r)
{
    static const char *const hashes[HASH_VARIANTS] = {
        [HASH_WITHOUT_NEGOTIATE] = "both NEGOTIATE messages are left out of the preauth hash",
        [HASH_WITH_FINAL] = "the final SESSION_SETUP response is in the preauth hash",
    };
    char cipher[64] = "";
    if (r->cipher != CSIGN_CIPHER_NONE)
        snprintf(cipher, sizeof cipher, "the cipher is %s", name_cipher(r->cipher));
    const char *const clauses[] = {
        cipher[0] ? cipher : NULL, r->swapped ? "client-to-server and server-to-client keys are swapped" : NULL,
        r->truncated ? "the cipher key is made from the session key truncated to 16 bytes" : NULL, hashes[r->hash]};
    size_t at = (size_t)snprintf(out, out_len, "decrypts when ");
    bool more = false;
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++)
        if (clauses[i] != NULL && at < out_len) {
            at += (size_t)snprintf(out + at, out_len - at, "%s%s", more ? ", and " : "", clauses[i]);
            more = true;
        }
}

static void make_hash(csign_preauth *out, const keyring *ring, const cipher_recipe *r)
{
    *out = ring->chain;
    if (r->hash == HASH_WITHOUT_NEGOTIATE) {
        csign_preauth_init(out);
        for (size_t i = 2; i < ring->setup.count; i++)
            csign_preauth_update(out, ring->setup.messages[i]);
    } else if (r->hash == HASH_WITH_FINAL) {
        csign_preauth_update(out, ring->setup.final_response);
    }
}

static bool opens(const keyring *ring, const key_candidate *k, const cipher_recipe *r, const transform *t, sender from,
                  uint8_t *plain)
{
    csign_cipher cipher = r->cipher != CSIGN_CIPHER_NONE ? r->cipher : k->cipher;
    bool to_server = (from == SENDER_CLIENT) != r->swapped, wide = cipher >= CSIGN_AES_256_CCM;
    csign_key key = {.len = wide ? 32 : 16};
    csign_bytes session_key = {k->session_key.bytes, k->session_key.len};
    csign_preauth hash;

    if (r->truncated && (!wide || session_key.len <= 16))
        return false;
    session_key.len = r->truncated ? 16 : session_key.len;
    make_hash(&hash, ring, r);
    bool good =
        csign_derive_key(key.bytes, key.len, to_server ? CSIGN_KEY_CLIENT_TO_SERVER : CSIGN_KEY_SERVER_TO_CLIENT,
                         k->dialect, session_key, hash.value) == CSIGN_OK &&
        transform_open(plain, t, cipher, &key);
    explicit_bzero(&key, sizeof key);
    return good;
}

/* Every recipe with so many mistakes. */
static bool try_all(const keyring *ring, const key_candidate *k, size_t mistakes, cipher_recipe *r, const transform *t,
                    sender from, uint8_t *plain)
{
    bool smb311 = k->dialect == CSIGN_SMB_3_1_1,
         hashes = smb311 && ring->setup.count >= 3 && ring->setup.final_response.len != 0;
    for (unsigned i = 0; i < 2u * 2u * (CSIGN_AES_256_GCM + 1u) * HASH_VARIANTS; i++) {
        unsigned rest = i / 4;
        *r = (cipher_recipe){.swapped = i & 1,
                             .truncated = i >> 1 & 1,
                             .cipher = rest % (CSIGN_AES_256_GCM + 1u),
                             .hash = rest / (CSIGN_AES_256_GCM + 1u)};
        if (mistakes_of(r) == mistakes && r->cipher != k->cipher && (r->hash == HASH_RIGHT || hashes) &&
            opens(ring, k, r, t, from, plain))
            return true;
    }
    return false;
}

const char *transform_mistake(conversation *c, keyring *ring, const transform *t, sender from, uint8_t *plain)
{
    char text[256];
    cipher_recipe r;

    if (c->world->diagnose.work == 0 || from == SENDER_UNKNOWN || ring->cipher_searches == CIPHER_SEARCHES)
        return NULL;
    for (size_t mistakes = 1; mistakes <= 2; mistakes++)
        for (size_t i = 0; i < ring->count; i++) {
            const key_candidate *k = &ring->candidates[i];
            if (k->signs && k->cipher != CSIGN_CIPHER_NONE && try_all(ring, k, mistakes, &r, t, from, plain)) {
                write_sentence(text, sizeof text, &r);
                return conversation_keep(c->world, text);
            }
        }
    ring->cipher_searches++;
    return NULL;
}
