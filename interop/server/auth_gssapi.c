/* SPDX-License-Identifier: Apache-2.0 */
/* GSSAPI as acceptor. The credential is for SPNEGO, limited to what this server serves: one for NTLM alone is refused by the library. */
#include <errno.h>
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth.h"
#include "ntlm_token.h"

static gss_OID_desc SPNEGO = {6, "\x2b\x06\x01\x05\x05\x02"};
static gss_OID_desc MECHANISMS[] = {{10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"},
                                    {9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"}}; /* NTLMSSP, Kerberos */

/* gss-ntlmssp 1.2 loses about 8 KiB whenever it hashes a password of the user file, which is at every authentication: an OpenSSL library
   context and its legacy provider, for MD4. Nothing that is called here would give them back. */
static gss_cred_id_t credential;

struct auth {
    gss_ctx_id_t context;
};

static void explain(char *why, size_t why_len, OM_uint32 major, OM_uint32 minor)
{
    OM_uint32 ignored, more = 0;
    gss_buffer_desc general = GSS_C_EMPTY_BUFFER, special = GSS_C_EMPTY_BUFFER;
    gss_display_status(&ignored, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &more, &general);
    more = 0;
    gss_display_status(&ignored, minor, GSS_C_MECH_CODE, GSS_C_NO_OID, &more, &special);
    snprintf(why, why_len, "%.*s%s%.*s", (int)general.length, (const char *)general.value, minor ? ": " : "",
             minor ? (int)special.length : 0, (const char *)special.value);
    gss_release_buffer(&ignored, &general);
    gss_release_buffer(&ignored, &special);
}

/* A line of the user file as gss-ntlmssp reads it: the password ends at the next colon, so that there can be none in it. */
static bool is_account(const char *line)
{
    size_t domain = strcspn(line, ":"), user = line[domain] ? strcspn(line + domain + 1, ":") : 0;
    const char *password = line + domain + user + 2;
    for (const char *c = line; *c; c++)
        if ((unsigned char)*c < 32)
            return false;
    bool marked = !strncmp(line, "\xEF\xBB\xBF", 3); /* a byte order mark would belong to the domain */
    return !marked && domain && user && domain + user + 2 < strlen(line) && !strchr(password, ':');
}

/* Every line is looked at: the mechanism passes over what it does not understand, and says nothing. The domain of the first account becomes the
   server's name, as on any server that stands alone: a client that names no domain takes it. */
static bool read_users(const char *users, char *why, size_t why_len)
{
    char line[1024];
    unsigned number = 0;
    bool any = false, right = true;
    FILE *file = fopen(users, "r");
    while (file && right && fgets(line, sizeof line, file)) {
        number++;
        line[strcspn(line, "\r\n")] = 0;
        if (!*line || *line == '#')
            continue;
        right = is_account(line);
        if (!any && right) {
            line[strcspn(line, ":")] = 0;
            right = !setenv("NETBIOS_COMPUTER_NAME", line, 1) && !setenv("NETBIOS_DOMAIN_NAME", line, 1);
        }
        any = true;
    }
    if (file)
        fclose(file);
    if (!right)
        snprintf(why, why_len, "%s, line %u: not DOMAIN:user:password, of text without a further colon", users, number);
    else if (!any)
        snprintf(why, why_len, "%s: no line of DOMAIN:user:password", users);
    return any && right;
}

/* Else what is wrong with the keytab would be said to each client that has a ticket, and to nobody here. */
static bool keytab_serves(char *why, size_t why_len)
{
    gss_OID_set_desc kerberos = {1, &MECHANISMS[1]};
    gss_cred_id_t keys = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor, ignored,
        major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &kerberos, GSS_C_ACCEPT, &keys, NULL, NULL);
    gss_release_cred(&ignored, &keys);
    if (GSS_ERROR(major))
        explain(why, why_len, major, minor);
    return !GSS_ERROR(major);
}

bool auth_start(const struct settings *settings, char *why, size_t why_len)
{
    if (access(settings->users, R_OK)) {
        snprintf(why, why_len, "%s: %s", settings->users, strerror(errno));
        return false;
    }
    if (settings->keytab && access(settings->keytab, R_OK)) {
        snprintf(why, why_len, "%s: %s", settings->keytab, strerror(errno));
        return false;
    }
    if (!read_users(settings->users, why, why_len))
        return false;
    setenv("NTLM_USER_FILE", settings->users, 1);
    if (settings->keytab && (setenv("KRB5_KTNAME", settings->keytab, 1) || !keytab_serves(why, why_len)))
        return false;
    gss_OID_set_desc spnego = {1, &SPNEGO}, served = {settings->keytab ? 2 : 1, MECHANISMS};
    OM_uint32 minor, major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &spnego, GSS_C_ACCEPT,
                                              &credential, NULL, NULL);
    if (!GSS_ERROR(major))
        major = gss_set_neg_mechs(&minor, credential, &served);
    if (GSS_ERROR(major)) {
        explain(why, why_len, major, minor);
        return false;
    }
    return true;
}

void auth_stop(void)
{
    OM_uint32 minor;
    gss_release_cred(&minor, &credential);
}

struct auth *auth_new(void)
{
    return calloc(1, sizeof(struct auth));
}

void auth_free(struct auth *auth)
{
    OM_uint32 minor;
    gss_delete_sec_context(&minor, &auth->context, GSS_C_NO_BUFFER);
    free(auth);
}

static uint8_t *copy(gss_buffer_t token, size_t *len)
{
    OM_uint32 minor;
    uint8_t *out = token->length ? malloc(token->length) : NULL;
    *len = out ? token->length : 0;
    if (out)
        memcpy(out, token->value, token->length);
    gss_release_buffer(&minor, token);
    return out;
}

uint8_t *auth_hint(size_t *len)
{
    OM_uint32 minor;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc empty = GSS_C_EMPTY_BUFFER, token = GSS_C_EMPTY_BUFFER;
    gss_accept_sec_context(&minor, &context, credential, &empty, GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &token, NULL,
                           NULL, NULL);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    return copy(&token, len);
}

static bool identify(struct auth *auth, gss_name_t name, OM_uint32 flags, struct auth_identity *identity, char *why,
                     size_t why_len)
{
    OM_uint32 minor, major;
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    gss_buffer_set_t keys = GSS_C_NO_BUFFER_SET;
    major = gss_display_name(&minor, name, &text, NULL);
    if (GSS_ERROR(major)) {
        explain(why, why_len, major, minor);
        return false;
    }
    snprintf(identity->user, sizeof identity->user, "%.*s", (int)text.length, (const char *)text.value);
    gss_release_buffer(&minor, &text);
    identity->anonymous = flags & GSS_C_ANON_FLAG;
    major = gss_inquire_sec_context_by_oid(&minor, auth->context, GSS_C_INQ_SSPI_SESSION_KEY, &keys);
    bool ok = !GSS_ERROR(major) && keys->count && keys->elements[0].length <= sizeof identity->session_key;
    if (ok) {
        identity->session_key_len = keys->elements[0].length;
        memcpy(identity->session_key, keys->elements[0].value, identity->session_key_len);
        explicit_bzero(keys->elements[0].value, keys->elements[0].length);
    } else if (!identity->anonymous) {
        explain(why, why_len, major, minor);
    }
    gss_release_buffer_set(&minor, &keys);
    return ok || identity->anonymous;
}

enum auth_result auth_step(struct auth *auth, csign_bytes in, uint8_t **out, size_t *out_len,
                           struct auth_identity *identity, char *why, size_t why_len)
{
    OM_uint32 minor, flags = 0;
    gss_name_t name = GSS_C_NO_NAME;
    if (auth->context && ntlm_is_anonymous(in)) {
        *out_len = sizeof AUTH_ACCEPTED;
        *out = malloc(*out_len);
        if (*out)
            memcpy(*out, AUTH_ACCEPTED, *out_len);
        identity->anonymous = true;
        snprintf(identity->user, sizeof identity->user, "anonymous");
        return *out ? AUTH_DONE : AUTH_FAILED;
    }
    *out = NULL;
    *out_len = 0;
    if (!ntlm_is_safe(in)) {
        snprintf(why, why_len, "the AUTHENTICATE message is not as NTLMv2 has it");
        return AUTH_FAILED;
    }
    size_t longer_len;
    uint8_t *longer = ntlm_with_version(in, &longer_len);
    gss_buffer_desc token = {in.len, (void *)(uintptr_t)in.data}, answer = GSS_C_EMPTY_BUFFER;
    if (longer)
        token = (gss_buffer_desc){longer_len, longer};
    OM_uint32 major = gss_accept_sec_context(&minor, &auth->context, credential, &token, GSS_C_NO_CHANNEL_BINDINGS,
                                             &name, NULL, &answer, &flags, NULL, NULL);
    free(longer);
    if (GSS_ERROR(major))
        explain(why, why_len, major, minor);
    *out = copy(&answer, out_len);
    enum auth_result result = GSS_ERROR(major)                                      ? AUTH_FAILED
                              : major & GSS_S_CONTINUE_NEEDED                       ? AUTH_CONTINUE
                              : identify(auth, name, flags, identity, why, why_len) ? AUTH_DONE
                                                                                    : AUTH_FAILED;
    gss_release_name(&minor, &name);
    return result;
}
