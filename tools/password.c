/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords as a source of session keys: see password.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "ntlm.h"
#include "utf16.h"

/* More users than this in a capture are not listed one by one. */
#define SEEN_KEPT 16u
#define NAME_LEN 64u

typedef struct name {
    bool given;
    uint8_t *utf16; /* capitals */
    size_t len;
} name;

typedef struct credential {
    name user, domain;
    uint8_t hash[NTLM_KEY_LEN];
    bool used; /* there was a logon of this user */
} credential;

typedef struct passwords {
    key_source source;
    credential *credentials;
    size_t count;
    char seen[SEEN_KEPT][NAME_LEN];
    size_t seen_count;
    bool asked; /* there was a logon of any kind */
} passwords;

static bool set_name(name *out, const char *text)
{
    if (text == NULL)
        return true;
    out->given = true;
    out->utf16 = need(2 * strlen(text));
    bool good = utf16_from_utf8(out->utf16, &out->len, text);
    utf16_upper(out->utf16, out->len);
    return good;
}

static bool is_name(const name *n, csign_bytes text)
{
    if (!n->given)
        return true;
    if (n->len != text.len)
        return false;
    uint8_t *capitals = need(text.len);
    if (text.len != 0)
        memcpy(capitals, text.data, text.len);
    utf16_upper(capitals, text.len);
    bool same = text.len == 0 || memcmp(capitals, n->utf16, n->len) == 0;
    free(capitals);
    return same;
}

/* Keeps the name of a logon for what is said at the end; returns it: DOMAIN\user. */
static const char *see(passwords *p, const ntlm_logon *logon, char *text, size_t text_len)
{
    char user[NAME_LEN], domain[NAME_LEN];
    utf16_printable(user, sizeof user, logon->user);
    utf16_printable(domain, sizeof domain, logon->domain);
    snprintf(text, text_len, "%s%s%s", domain, domain[0] ? "\\" : "", user);
    for (size_t i = 0; i < p->seen_count; i++)
        if (strncmp(p->seen[i], text, NAME_LEN - 1) == 0)
            return text;
    if (p->seen_count < SEEN_KEPT)
        snprintf(p->seen[p->seen_count++], NAME_LEN, "%s", text);
    return text;
}

/* Whether a password may be that of a logon's user. */
static bool applies(credential *c, const ntlm_logon *logon)
{
    bool is = is_name(&c->user, logon->user) && is_name(&c->domain, logon->domain);
    c->used = c->used || is;
    return is;
}

static void refuse(key_finding *out, const char *why)
{
    out->answer = KEY_REFUSED;
    out->why = why;
}

static void try_all(passwords *p, const ntlm_logon *logon, const char *who, key_finding *out)
{
    size_t tried = 0;
    for (size_t i = 0; i < p->count; i++) {
        credential *c = &p->credentials[i];
        if (!applies(c, logon))
            continue;
        tried++;
        if (ntlm_session_key(out->key.bytes, logon, c->hash)) {
            out->answer = KEY_FOUND;
            out->key.len = NTLM_KEY_LEN;
            return;
        }
    }
    explicit_bzero(&out->key, sizeof out->key);
    refuse(out,
           tried ? "the password is not that of this session's user" : "no password is given for this session's user");
    if (tried != 0)
        snprintf(out->text, sizeof out->text, "%s not that of user %s",
                 tried == 1 ? "the password is" : "each of the passwords is", who);
}

static void find(key_source *source, const security_token *tokens, size_t count, key_finding *out)
{
    passwords *p = (passwords *)source;
    char who[2 * NAME_LEN + 1];
    ntlm_logon logon;

    ntlm_find(&logon, tokens, count);
    p->asked = p->asked || logon.kind != NTLM_NONE;
    out->frame = logon.frame;
    switch (logon.kind) {
    case NTLM_NONE:
        return;
    case NTLM_INCOMPLETE:
        refuse(out, "a message of this session's NTLM exchange is missing or malformed, so the password gives no key");
        return;
    case NTLM_ANONYMOUS:
        refuse(out, "an anonymous NTLM logon has no password, so no key of one");
        snprintf(out->text, sizeof out->text, "%s", out->why);
        return;
    case NTLM_V1:
        see(p, &logon, who, sizeof who);
        for (size_t i = 0; i < p->count; i++)
            applies(&p->credentials[i], &logon);
        refuse(out,
               "this session's user logged on with NTLMv1, whose keys are not computed: give the session key in a key "
               "file");
        snprintf(out->text, sizeof out->text,
                 "user %s logged on with NTLMv1, whose keys are not computed: give the session key in a key file", who);
        return;
    case NTLM_V2:
        try_all(p, &logon, see(p, &logon, who, sizeof who), out);
        return;
    }
}

static bool end(key_source *source, char *text, size_t text_len)
{
    const passwords *p = (const passwords *)source;
    size_t unused = 0, len;

    for (size_t i = 0; i < p->count; i++)
        unused += !p->credentials[i].used;
    if (unused == 0 || (p->seen_count == 0 && p->asked)) /* each logon has had its remark */
        return false;
    if (p->seen_count == 0) {
        snprintf(text, text_len, "no user logs on with NTLM in this capture, so the password is of no use");
        return true;
    }
    if (p->count == 1)
        len = (size_t)snprintf(text, text_len, "the user of the password");
    else
        len = (size_t)snprintf(text, text_len, "the user of %zu of the %zu passwords", unused, p->count);
    len += (size_t)snprintf(text + len, text_len - len, " does not log on in this capture; users seen:");
    for (size_t i = 0; i < p->seen_count && len < text_len; i++)
        len += (size_t)snprintf(text + len, text_len - len, "%s %s", i ? "," : "", p->seen[i]);
    return true;
}

static void release(key_source *source)
{
    passwords *p = (passwords *)source;
    for (size_t i = 0; i < p->count; i++) {
        free(p->credentials[i].user.utf16);
        free(p->credentials[i].domain.utf16);
    }
    if (p->count != 0)
        explicit_bzero(p->credentials, p->count * sizeof *p->credentials);
    free(p->credentials);
    free(p);
}

static bool set_password(credential *out, const char *password)
{
    size_t len, room = 2 * strlen(password);
    uint8_t *utf16 = need(room);
    bool good = utf16_from_utf8(utf16, &len, password);
    ntlm_hash(out->hash, (csign_bytes){utf16, len});
    explicit_bzero(utf16, room);
    free(utf16);
    return good;
}

key_source *password_source(const password_of *given, size_t count)
{
    passwords *p = need(sizeof *p);
    bool good = true;

    p->source = (key_source){"password", find, end, release};
    p->credentials = need(count * sizeof *p->credentials);
    p->count = count;
    for (size_t i = 0; i < count; i++)
        good = set_name(&p->credentials[i].user, given[i].user) &&
               set_name(&p->credentials[i].domain, given[i].domain) &&
               set_password(&p->credentials[i], given[i].password) && good;
    if (good)
        return &p->source;
    release(&p->source);
    return NULL;
}
