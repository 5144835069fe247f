/* SPDX-License-Identifier: Apache-2.0 */
/* NTLM as an onlooker with the password sees it: see ntlm.h. Section numbers are MS-NLMP's; the primitives are nettle's. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "ntlm.h"

#include <nettle/arcfour.h>
#include <nettle/hmac.h>
#include <nettle/md4.h>
#include <nettle/memops.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "octets.h"
#include "spnego.h"
#include "utf16.h"

#define GSS_INITIAL_TOKEN 0x60u /* of Kerberos, for one */
#define CHALLENGE 2u
#define AUTHENTICATE 3u
#define CHALLENGE_LEN 32u    /* as much of 2.2.1.2 as is read */
#define AUTHENTICATE_LEN 64u /* of 2.2.1.3 */
#define V1_RESPONSE_LEN 24u
#define V2_RESPONSE_LEN 44u /* the least: NTProofStr, and NTLMv2_CLIENT_CHALLENGE without pairs */
#define FLAG_UNICODE 0x00000001u
#define FLAG_KEY_EXCHANGE 0x40000000u

/* A message of NTLM's, and its type; 0: it is none. */
static uint32_t message_type(csign_bytes message)
{
    return message.len >= 12 && memcmp(message.data, "NTLMSSP", 8) == 0 ? load_le32(message.data + 8) : 0;
}

/* The payload that the fields at an offset name (2.2.2: Len, MaxLen, BufferOffset). False: it is not inside the message. */
static bool payload(csign_bytes *out, csign_bytes message, size_t at)
{
    size_t len = load_le16(message.data + at), offset = load_le32(message.data + at + 4);
    *out = (csign_bytes){NULL, 0};
    if (len == 0)
        return true;
    if (offset > message.len || message.len - offset < len)
        return false;
    *out = (csign_bytes){message.data + offset, len};
    return true;
}

static ntlm_kind authenticate(ntlm_logon *out, csign_bytes message)
{
    csign_bytes key;

    if (message.len < AUTHENTICATE_LEN || !payload(&out->response, message, 20) ||
        !payload(&out->domain, message, 28) || !payload(&out->user, message, 36) || !payload(&key, message, 52))
        return NTLM_INCOMPLETE;
    uint32_t flags = load_le32(message.data + 60);
    if (out->response.len == 0 && out->user.len == 0)
        return NTLM_ANONYMOUS;
    if ((flags & FLAG_KEY_EXCHANGE) != 0)
        out->exchanged_key = key.data;
    if ((flags & FLAG_KEY_EXCHANGE) != 0 && key.len != NTLM_KEY_LEN)
        return NTLM_INCOMPLETE;
    if ((flags & FLAG_UNICODE) == 0 || out->response.len == V1_RESPONSE_LEN) /* NTLMv2 needs Unicode (3.3.2) */
        return NTLM_V1;
    return out->response.len < V2_RESPONSE_LEN ? NTLM_INCOMPLETE : NTLM_V2;
}

void ntlm_find(ntlm_logon *out, const security_token *tokens, size_t count)
{
    *out = (ntlm_logon){.kind = NTLM_NONE};
    for (size_t i = 0; i < count; i++) {
        csign_bytes message = spnego_token(tokens[i].bytes);
        uint32_t type = message_type(message);
        if (message.len != 0 && message.data[0] == GSS_INITIAL_TOKEN) { /* the server did not take the first choice */
            out->kind = NTLM_NONE;
            continue;
        }
        if (type != 0 && out->kind == NTLM_NONE)
            out->kind = NTLM_INCOMPLETE;
        if (type == CHALLENGE && tokens[i].from_server && message.len >= CHALLENGE_LEN)
            out->server_challenge = message.data + 24;
        if (type == AUTHENTICATE && !tokens[i].from_server) {
            out->kind = authenticate(out, message);
            out->frame = tokens[i].frame;
        }
    }
    if (out->kind == NTLM_V2 && out->server_challenge == NULL)
        out->kind = NTLM_INCOMPLETE;
}

void ntlm_hash(uint8_t hash[NTLM_KEY_LEN], csign_bytes password)
{
    struct md4_ctx md4;
    md4_init(&md4);
    md4_update(&md4, password.len, password.data);
    md4_digest(&md4, NTLM_KEY_LEN, hash);
    explicit_bzero(&md4, sizeof md4);
}

/* HMAC-MD5 over two pieces. */
static void hmac(uint8_t mac[NTLM_KEY_LEN], const uint8_t key[NTLM_KEY_LEN], csign_bytes a, csign_bytes b)
{
    struct hmac_md5_ctx md5;
    hmac_md5_set_key(&md5, NTLM_KEY_LEN, key);
    hmac_md5_update(&md5, a.len, a.data);
    hmac_md5_update(&md5, b.len, b.data);
    hmac_md5_digest(&md5, NTLM_KEY_LEN, mac);
    explicit_bzero(&md5, sizeof md5);
}

/* SessionBaseKey (3.3.2) for one spelling of the domain. False: the response does not prove the password with it. */
static bool base_key(uint8_t base[NTLM_KEY_LEN], const ntlm_logon *logon, const uint8_t hash[NTLM_KEY_LEN],
                     csign_bytes user, csign_bytes domain)
{
    const csign_bytes temp = {logon->response.data + NTLM_KEY_LEN, logon->response.len - NTLM_KEY_LEN};
    uint8_t ntowf[NTLM_KEY_LEN], proof[NTLM_KEY_LEN];

    hmac(ntowf, hash, user, domain);
    hmac(proof, ntowf, (csign_bytes){logon->server_challenge, 8}, temp);
    bool good = memeql_sec(proof, logon->response.data, NTLM_KEY_LEN) != 0;
    hmac(base, ntowf, (csign_bytes){proof, NTLM_KEY_LEN}, (csign_bytes){NULL, 0});
    explicit_bzero(ntowf, sizeof ntowf);
    explicit_bzero(proof, sizeof proof);
    return good;
}

static csign_bytes upper(csign_bytes text)
{
    uint8_t *copy = need(text.len);
    if (text.len != 0)
        memcpy(copy, text.data, text.len);
    utf16_upper(copy, text.len);
    return (csign_bytes){copy, text.len};
}

bool ntlm_session_key(uint8_t key[NTLM_KEY_LEN], const ntlm_logon *logon, const uint8_t hash[NTLM_KEY_LEN])
{
    const csign_bytes user = upper(logon->user), domain = upper(logon->domain), none = {NULL, 0};

    /* Clients disagree whether the domain is taken as sent, in capitals, or not at all. */
    bool good = base_key(key, logon, hash, user, logon->domain) || base_key(key, logon, hash, user, domain) ||
                base_key(key, logon, hash, user, none);
    if (good && logon->exchanged_key != NULL) {
        struct arcfour_ctx rc4;
        arcfour_set_key(&rc4, NTLM_KEY_LEN, key);
        arcfour_crypt(&rc4, NTLM_KEY_LEN, key, logon->exchanged_key);
        explicit_bzero(&rc4, sizeof rc4);
    }
    free((void *)(uintptr_t)user.data);
    free((void *)(uintptr_t)domain.data);
    return good;
}
