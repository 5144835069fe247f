/* SPDX-License-Identifier: Apache-2.0 */
#include "ntlm_token.h"

#include <stdlib.h>
#include <string.h>

#include "octets.h"

#define DEPTH 8
#define VERSION_LEN 8
#define NEGOTIATE_LEN 32    /* without Version */
#define AUTHENTICATE_LEN 64 /* likewise, without the payload */
#define LM_LEN 24
#define KEY_LEN 16
#define NTLMV2_LEN 44 /* NTProofStr, and NTLMv2_CLIENT_CHALLENGE without its pairs */
#define OCTET_STRING 0x04
#define CONSTRUCTED 0x20

/* DER (X.690 8.1, 10.1): where one value lies. */
struct tlv {
    size_t start, content, len;
};

static bool parse(csign_bytes der, size_t at, size_t end, struct tlv *out)
{
    if (end - at < 2)
        return false;
    size_t head = 2, len = der.data[at + 1];
    if (len & 0x80) {
        size_t octets = len & 0x7F;
        if (!octets || octets > 3 || end - at < 2 + octets)
            return false;
        len = 0;
        for (size_t i = 0; i < octets; i++)
            len = len << 8 | der.data[at + 2 + i];
        head += octets;
    }
    *out = (struct tlv){at, at + head, len};
    return len <= end - at - head;
}

/* The values around the one whose content begins at target, the outermost first, and that one. */
static size_t find_path(csign_bytes der, size_t target, struct tlv path[DEPTH])
{
    size_t depth = 0, at = 0, end = der.len;
    while (at < end && depth < DEPTH) {
        struct tlv *here = &path[depth];
        if (!parse(der, at, end, here))
            return 0;
        size_t behind = here->content + here->len;
        if (here->content == target && der.data[at] == OCTET_STRING)
            return depth + 1;
        if (target >= behind) {
            at = behind;
        } else if (target >= here->content && der.data[at] & CONSTRUCTED) {
            at = here->content;
            end = behind;
            depth++;
        } else {
            return 0;
        }
    }
    return 0;
}

static size_t length_octets(size_t len)
{
    return len < 0x80 ? 1 : len < 0x100 ? 2 : len < 0x10000 ? 3 : 4;
}

static uint8_t *put_length(uint8_t *out, size_t len)
{
    size_t octets = length_octets(len) - 1;
    *out++ = octets ? (uint8_t)(0x80 | octets) : (uint8_t)len;
    for (size_t i = octets; i > 0; i--)
        *out++ = (uint8_t)(len >> 8 * (i - 1));
    return out;
}

/* Lays the token with VERSION_LEN zero bytes at where. */
static uint8_t *with_gap(csign_bytes der, const struct tlv *path, size_t depth, size_t where, size_t *len)
{
    size_t lens[DEPTH], grown = VERSION_LEN;
    for (size_t i = depth; i > 0; i--) {
        lens[i - 1] = path[i - 1].len + grown;
        grown += 1 + length_octets(lens[i - 1]) - (path[i - 1].content - path[i - 1].start);
    }
    uint8_t *out = malloc(der.len + grown), *to = out;
    if (!out)
        return NULL;
    size_t from = 0;
    for (size_t i = 0; i < depth; i++) {
        size_t through = path[i].start + 1 - from; /* up to the tag */
        memcpy(to, der.data + from, through);
        to = put_length(to + through, lens[i]);
        from = path[i].content;
    }
    memcpy(to, der.data + from, where - from);
    to += where - from;
    memset(to, 0, VERSION_LEN);
    memcpy(to + VERSION_LEN, der.data + where, der.len - where);
    *len = der.len + grown;
    return out;
}

/* Whether the payload begins where Version would be: its first field does. */
static bool starts_without_version(const uint8_t *message)
{
    uint32_t first = UINT32_MAX;
    for (size_t field = 12; field < 60; field += 8) {
        uint32_t offset = load_le32(message + field + 4);
        if (load_le16(message + field) && offset < first)
            first = offset;
    }
    return first >= AUTHENTICATE_LEN && first < AUTHENTICATE_LEN + VERSION_LEN;
}

/* The path to the NTLM message in a token; 0: there is none, or it is shorter than any. */
static size_t find_message(csign_bytes token, struct tlv path[DEPTH])
{
    const uint8_t *message = token.len ? memmem(token.data, token.len, "NTLMSSP", 8) : NULL;
    size_t depth = message ? find_path(token, (size_t)(message - token.data), path) : 0;
    return depth && path[depth - 1].len >= NEGOTIATE_LEN ? depth : 0;
}

bool ntlm_is_anonymous(csign_bytes token)
{
    struct tlv path[DEPTH];
    size_t depth = find_message(token, path);
    if (!depth || path[depth - 1].len < AUTHENTICATE_LEN)
        return false;
    const uint8_t *message = token.data + path[depth - 1].content;
    /* Lengths of LmChallengeResponse 12, NtChallengeResponse 20, UserName 36. */
    return load_le32(message + 8) == 3 && load_le16(message + 12) <= 1 && !load_le16(message + 20) &&
           !load_le16(message + 36);
}

/* AV_PAIRs up to MsvAvEOL. */
static bool pairs_end(const uint8_t *pairs, size_t len)
{
    for (size_t at = 0; len - at >= 4; at += 4u + load_le16(pairs + at + 2)) {
        if (!load_le16(pairs + at))
            return true;
        if (load_le16(pairs + at + 2) > len - at - 4)
            return false;
    }
    return false;
}

static bool is_ntlmv2(const uint8_t *message, size_t len)
{
    size_t lm = load_le16(message + 12), nt = load_le16(message + 20), offset = load_le32(message + 24);
    size_t key = load_le16(message + 52), key_offset = load_le32(message + 56);
    return (!lm || lm == LM_LEN) && key == KEY_LEN && key_offset <= len && key <= len - key_offset &&
           nt >= NTLMV2_LEN && offset <= len && nt <= len - offset &&
           pairs_end(message + offset + NTLMV2_LEN, nt - NTLMV2_LEN);
}

/* Whatever looks like a message must be a right one: which of them the library takes is then all the same. */
bool ntlm_is_safe(csign_bytes token)
{
    size_t at = 0;
    const uint8_t *found;
    while (at < token.len && (found = memmem(token.data + at, token.len - at, "NTLMSSP", 8)) != NULL) {
        at = (size_t)(found - token.data);
        size_t len = token.len - at;
        if (len < 12 || (load_le32(found + 8) == 3 && (len < AUTHENTICATE_LEN || !is_ntlmv2(found, len))))
            return false;
        at += 8;
    }
    return true;
}

uint8_t *ntlm_with_version(csign_bytes token, size_t *len)
{
    struct tlv path[DEPTH];
    size_t depth = find_message(token, path);
    if (!depth)
        return NULL;
    const struct tlv *inner = &path[depth - 1];
    const uint8_t *message = token.data + inner->content;
    uint32_t type = load_le32(message + 8);
    if (type == 1 && inner->len < NEGOTIATE_LEN + VERSION_LEN)
        return with_gap(token, path, depth, inner->content + inner->len, len);
    if (type != 3 || inner->len < AUTHENTICATE_LEN + VERSION_LEN || !starts_without_version(message))
        return NULL;
    uint8_t *out = with_gap(token, path, depth, inner->content + AUTHENTICATE_LEN, len);
    uint8_t *laid = out ? memmem(out, *len, "NTLMSSP", 8) : NULL;
    for (size_t field = 12; laid && field < 60; field += 8)
        store_le32(laid + field + 4, load_le32(laid + field + 4) + VERSION_LEN);
    return out;
}
