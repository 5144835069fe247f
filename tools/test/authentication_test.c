/* SPDX-License-Identifier: Apache-2.0 */
/* Session keys out of NTLM tokens: the published example of MS-NLMP 4.2.4 (user User, domain Domain, password Password), with and
   without key exchange, raw and in SPNEGO; names in other spellings; what has no key of a password; and every token cut at
   every byte, in an allocation of its own, so that a sanitizer sees a read past the cut. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tools/kerberos.h"
#include "tools/password.h"

/* MS-NLMP 4.2.1, 4.2.4 */
static const uint8_t server_challenge[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
static const uint8_t proof[16] = {0x68, 0xcd, 0x0a, 0xb8, 0x51, 0xe5, 0x1c, 0x96,
                                  0xaa, 0xbc, 0x92, 0x7b, 0xeb, 0xef, 0x6a, 0x1c};
static const uint8_t base_key[16] = {0x8d, 0xe4, 0x0c, 0xca, 0xdb, 0xc1, 0x4a, 0x82,
                                     0xf1, 0x5c, 0xb0, 0xad, 0x0d, 0xe9, 0x5c, 0xa3};
static const uint8_t encrypted_key[16] = {0xc5, 0xda, 0xd2, 0x54, 0x4f, 0xc9, 0x79, 0x90,
                                          0x94, 0xce, 0x1c, 0xe9, 0x0b, 0xc9, 0xd0, 0x3e};
static const uint8_t random_key[16] = {0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                       0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55};
static const uint8_t temp[] = {
    1,    1,    0,    0,    0,    0,    0,    0,                                    /* version */
    0,    0,    0,    0,    0,    0,    0,    0,                                    /* Time */
    0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,                                 /* ClientChallenge */
    0,    0,    0,    0,                                                            /* reserved */
    2,    0,    12,   0,    'D',  0,    'o',  0,    'm', 0, 'a', 0, 'i', 0, 'n', 0, /* MsvAvNbDomainName */
    1,    0,    12,   0,    'S',  0,    'e',  0,    'r', 0, 'v', 0, 'e', 0, 'r', 0, /* MsvAvNbComputerName */
    0,    0,    0,    0,    0,    0,    0,    0,
};

typedef struct message {
    uint8_t bytes[512];
    size_t len;
} message;

static void put(message *m, const void *bytes, size_t len)
{
    if (len != 0)
        memcpy(m->bytes + m->len, bytes, len);
    m->len += len;
}

static void number(uint8_t *at, size_t value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* A payload field: Len, MaxLen, BufferOffset at an offset, and the payload at the end. */
static void put_field(message *m, size_t at, const void *bytes, size_t len)
{
    number(m->bytes + at, len, 2);
    number(m->bytes + at + 2, len, 2);
    number(m->bytes + at + 4, m->len, 4);
    put(m, bytes, len);
}

static message challenge(void)
{
    message m = {.len = 48};
    memcpy(m.bytes, "NTLMSSP", 8);
    m.bytes[8] = 2;
    memcpy(m.bytes + 24, server_challenge, 8);
    return m;
}

static void put_text(message *m, size_t at, const char *ascii)
{
    uint8_t utf16[64] = {0};
    for (size_t i = 0; ascii[i] != 0; i++)
        utf16[2 * i] = (uint8_t)ascii[i];
    put_field(m, at, utf16, 2 * strlen(ascii));
}

static message authenticate(const char *user, const char *domain, size_t response_len, bool key_exchange)
{
    uint8_t response[16 + sizeof temp];
    message m = {.len = 64};

    memcpy(response, proof, 16);
    memcpy(response + 16, temp, sizeof temp);
    memcpy(m.bytes, "NTLMSSP", 8);
    m.bytes[8] = 3;
    number(m.bytes + 60, key_exchange ? 0x40000001 : 1, 4);
    put_field(&m, 20, response, response_len);
    put_text(&m, 28, domain);
    put_text(&m, 36, user);
    put_field(&m, 52, encrypted_key, key_exchange ? 16 : 0);
    return m;
}

/* In a NegTokenResp (RFC 4178), as Windows sends it: lengths of two octets. */
static message in_spnego(const message *inside)
{
    message m = {0};
    const size_t sizes[4] = {inside->len + 12, inside->len + 8, inside->len + 4, inside->len};
    static const uint8_t tags[4] = {0xA1, 0x30, 0xA2, 0x04};
    for (size_t i = 0; i < 4; i++)
        put(&m, (const uint8_t[]){tags[i], 0x82, (uint8_t)(sizes[i] >> 8), (uint8_t)sizes[i]}, 4);
    put(&m, inside->bytes, inside->len);
    return m;
}

static key_finding find(const password_of *password, const message *server, const message *client, size_t server_len,
                        size_t client_len)
{
    key_finding found = {.answer = KEY_NOT_MINE};
    uint8_t *copies[2] = {malloc(server_len + !server_len), malloc(client_len + !client_len)};
    key_source *source = password_source(password, 1);

    if (copies[0] == NULL || copies[1] == NULL || source == NULL)
        exit(1);
    memcpy(copies[0], server->bytes, server_len);
    memcpy(copies[1], client->bytes, client_len);
    const security_token tokens[2] = {{true, 4, {copies[0], server_len}}, {false, 5, {copies[1], client_len}}};
    source->find(source, tokens, 2, &found);
    source->release(source);
    free(copies[0]);
    free(copies[1]);
    return found;
}

static key_finding find_whole(const password_of *password, const message *client)
{
    const message server = challenge();
    return find(password, &server, client, server.len, client->len);
}

static bool is_key(const key_finding *found, const uint8_t key[16])
{
    return found->answer == KEY_FOUND && found->key.len == 16 && memcmp(found->key.bytes, key, 16) == 0;
}

static void published(void)
{
    const password_of right = {.password = "Password"}, wrong = {.password = "password"},
                      named = {"Password", "USER", "domain"};
    message client = authenticate("User", "Domain", 16 + sizeof temp, true);
    key_finding found = find_whole(&right, &client);
    CHECK(is_key(&found, random_key), "with key exchange");
    found = find_whole(&named, &client);
    CHECK(is_key(&found, random_key), "named in other capitals");
    found = find_whole(&wrong, &client);
    CHECK(found.answer == KEY_REFUSED && found.frame == 5 &&
              strcmp(found.text, "the password is not that of user Domain\\User") == 0,
          "%s", found.text);
    client = authenticate("User", "Domain", 16 + sizeof temp, false);
    found = find_whole(&right, &client);
    CHECK(is_key(&found, base_key), "without key exchange");
    client = authenticate("uSER", "Domain", 16 + sizeof temp, false);
    found = find_whole(&right, &client);
    CHECK(is_key(&found, base_key), "the user in other capitals");
    client = authenticate("User", "DOMAIN", 16 + sizeof temp, false);
    found = find_whole(&right, &client);
    CHECK(found.answer == KEY_REFUSED, "the domain counts as it is sent");
}

static void without_a_key(void)
{
    const password_of right = {.password = "Password"}, other = {.password = "Password", .user = "somebody"};
    message client = authenticate("User", "Domain", 24, false);
    key_finding found = find_whole(&right, &client);
    CHECK(found.answer == KEY_REFUSED && strstr(found.text, "NTLMv1") != NULL, "%s", found.text);
    client = authenticate("", "", 0, false);
    found = find_whole(&right, &client);
    CHECK(found.answer == KEY_REFUSED && strstr(found.text, "anonymous") != NULL, "%s", found.text);
    client = authenticate("User", "Domain", 16 + sizeof temp, false);
    found = find_whole(&other, &client);
    CHECK(found.answer == KEY_REFUSED && found.text[0] == 0 && found.why != NULL, "%s", found.text);
    client = (message){.bytes = {'x'}, .len = 1};
    const message server = client;
    found = find(&right, &server, &client, 1, 1);
    CHECK(found.answer == KEY_NOT_MINE, "no NTLM");
}

static void cut_everywhere(void)
{
    const password_of right = {.password = "Password"};
    const message server = challenge(), raw = authenticate("User", "Domain", 16 + sizeof temp, true);
    const message wrapped[2] = {in_spnego(&server), in_spnego(&raw)};
    key_finding found = find(&right, &wrapped[0], &wrapped[1], wrapped[0].len, wrapped[1].len);
    CHECK(is_key(&found, random_key), "in SPNEGO");
    for (size_t len = 0; len < raw.len; len++) {
        found = find(&right, &server, &raw, server.len, len);
        CHECK(found.answer != KEY_FOUND, "AUTHENTICATE cut at %zu", len);
    }
    for (size_t len = 0; len < server.len; len++) {
        found = find(&right, &server, &raw, len, raw.len);
        CHECK((found.answer == KEY_FOUND) == (len >= 32), "CHALLENGE cut at %zu", len);
    }
    for (size_t len = 0; len < wrapped[1].len; len++) {
        found = find(&right, &wrapped[0], &wrapped[1], wrapped[0].len, len);
        CHECK(found.answer != KEY_FOUND, "SPNEGO cut at %zu", len);
    }
    message altered = raw;
    for (size_t at = 0; at < raw.len; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            altered.bytes[at] ^= (uint8_t)(1u << bit);
            find(&right, &server, &altered, server.len, altered.len);
            altered.bytes[at] ^= (uint8_t)(1u << bit);
        }
}

static void kerberos_subkeys(void)
{
    /* EncAPRepPart with a subkey of 4 bytes, and each of its beginnings */
    static const uint8_t part[] = {0x7B, 0x1D, 0x30, 0x1B, 0xA0, 0x02, 0x18, 0x00, 0xA1, 0x03, 0x02,
                                   0x01, 0x05, 0xA2, 0x10, 0x30, 0x0E, 0xA0, 0x03, 0x02, 0x01, 0x12,
                                   0xA1, 0x07, 0x04, 0x05, 'k',  'e',  'y',  '!',  '!'};
    csign_key key = {.len = 0};
    CHECK(kerberos_subkey(&key, (csign_bytes){part, sizeof part}) && key.len == 5 && memcmp(key.bytes, "key!!", 5) == 0,
          "a subkey");
    for (size_t len = 0; len < sizeof part; len++) {
        uint8_t *copy = malloc(len + !len);
        if (copy == NULL)
            exit(1);
        memcpy(copy, part, len);
        CHECK(!kerberos_subkey(&key, (csign_bytes){copy, len}), "a subkey cut at %zu", len);
        free(copy);
    }
}

/* A client's first choice of mechanism that is not taken counts for nothing. */
static void second_choice(void)
{
    static const uint8_t ap_req[] = {0x60, 0x2C, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02,
                                     0x02, 0x01, 0x00, 0x6E, 0x1D, 0x30, 0x1B, 0xA2, 0x07, 0x03, 0x05, 0x00,
                                     0x20, 0x00, 0x00, 0x00, 0xA3, 0x02, 0x61, 0x00, 0xA4, 0x0C, 0x30, 0x0A,
                                     0xA0, 0x03, 0x02, 0x01, 0x12, 0xA2, 0x03, 0x04, 0x01, 0x78};
    const password_of right = {.password = "Password"};
    const message server = challenge(), client = authenticate("User", "Domain", 16 + sizeof temp, true);
    const security_token kerberos = {false, 3, {ap_req, sizeof ap_req}};
    const security_token ntlm[2] = {{true, 4, {server.bytes, server.len}}, {false, 5, {client.bytes, client.len}}};
    const security_token first[3] = {kerberos, ntlm[0], ntlm[1]}, last[3] = {ntlm[0], ntlm[1], kerberos};
    kerberos_exchange exchange;
    key_finding found = {.answer = KEY_NOT_MINE};
    key_source *source = password_source(&right, 1);

    if (source == NULL)
        exit(1);
    CHECK(kerberos_find(&exchange, &kerberos, 1) && exchange.mutual && exchange.frame == 3 &&
              exchange.ticket.len == 2 && exchange.authenticator.enctype == 18 &&
              exchange.authenticator.cipher.len == 1,
          "AP-REQ");
    CHECK(kerberos_find(&exchange, last, 3) && !kerberos_find(&exchange, first, 3), "the last mechanism counts");
    source->find(source, first, 3, &found);
    CHECK(is_key(&found, random_key), "NTLM after Kerberos");
    found = (key_finding){.answer = KEY_NOT_MINE};
    source->find(source, last, 3, &found);
    CHECK(found.answer == KEY_NOT_MINE, "Kerberos after NTLM");
    source->release(source);
    for (size_t len = 0; len < sizeof ap_req; len++) {
        uint8_t *copy = malloc(len + !len);
        if (copy == NULL)
            exit(1);
        memcpy(copy, ap_req, len);
        const security_token cut = {false, 3, {copy, len}};
        CHECK(!kerberos_find(&exchange, &cut, 1), "AP-REQ cut at %zu", len);
        free(copy);
    }
}

int main(void)
{
    second_choice();
    published();
    without_a_key();
    cut_everywhere();
    kerberos_subkeys();
    return check_end();
}
