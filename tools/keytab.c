/* SPDX-License-Identifier: Apache-2.0 */
/* Keytabs as a source of session keys: see keytab.h. The key is the acceptor's subkey (in AP-REP), else the initiator's (in the
   Authenticator), else the ticket's own (RFC 4121 section 2). Neither clocks nor replays are looked at: captures are old. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "keytab.h"

#include <krb5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kerberos.h"
#include "memory.h"

#define EMPTY_KEYTAB 2 /* the format's version alone */

typedef struct keytabs {
    key_source source;
    krb5_context context;
    krb5_keytab *tabs;
    size_t count;
    bool asked; /* there was a Kerberos logon */
} keytabs;

static void refuse(key_finding *out, const char *why)
{
    out->answer = KEY_REFUSED;
    out->why = why;
}

/* Says which ticket no keytab decrypts; its name and key version are the sender's, in the clear. */
static void refuse_ticket(keytabs *k, const krb5_ticket *ticket, krb5_error_code code, key_finding *out)
{
    const char *reason = krb5_get_error_message(k->context, code);
    char *server = NULL;

    refuse(out, "the keytab does not decrypt this session's ticket");
    if (krb5_unparse_name(k->context, ticket->server, &server) != 0)
        server = NULL;
    snprintf(out->text, sizeof out->text,
             "the keytab does not decrypt the ticket for %.100s, key version %u, enctype %d: %s", server ? server : "?",
             (unsigned)ticket->enc_part.kvno, (int)ticket->enc_part.enctype, reason);
    krb5_free_unparsed_name(k->context, server);
    krb5_free_error_message(k->context, reason);
}

/* Decrypts one part of the exchange and takes the subkey out of it. False: it cannot be decrypted. */
static bool take_subkey(const keytabs *k, const krb5_keyblock *key, krb5_keyusage usage, const kerberos_encrypted *part,
                        csign_key *out)
{
    krb5_enc_data in = {
        .enctype = part->enctype,
        .ciphertext = {.data = (char *)(uintptr_t)part->cipher.data, .length = (unsigned)part->cipher.len}};
    krb5_data plain = {.data = need(part->cipher.len), .length = (unsigned)part->cipher.len};

    bool good = krb5_c_decrypt(k->context, key, usage, NULL, &in, &plain) == 0;
    if (good)
        kerberos_subkey(out, (csign_bytes){(const uint8_t *)plain.data, plain.length});
    explicit_bzero(plain.data, part->cipher.len);
    free(plain.data);
    return good;
}

/* With the ticket decrypted. */
static void take_key(const keytabs *k, const krb5_keyblock *session, const kerberos_exchange *exchange,
                     key_finding *out)
{
    if (session->length == 0 || session->length > sizeof out->key.bytes) {
        refuse(out, "the key in this session's ticket is longer than any that SMB uses");
        return;
    }
    memcpy(out->key.bytes, session->contents, session->length);
    out->key.len = session->length;
    if (!take_subkey(k, session, KRB5_KEYUSAGE_AP_REQ_AUTH, &exchange->authenticator, &out->key))
        refuse(out, "the Kerberos authenticator of this session is damaged: the ticket's key does not decrypt it");
    else if (exchange->ap_rep.cipher.len == 0 && exchange->mutual)
        refuse(out, "the capture lacks this session's Kerberos AP-REP, which may hold its key");
    else if (exchange->ap_rep.cipher.len != 0 &&
             !take_subkey(k, session, KRB5_KEYUSAGE_AP_REP_ENCPART, &exchange->ap_rep, &out->key))
        refuse(out, "the Kerberos AP-REP of this session is damaged: the ticket's key does not decrypt it");
    else
        out->answer = KEY_FOUND;
    if (out->answer == KEY_REFUSED)
        snprintf(out->text, sizeof out->text, "%s", out->why);
}

static void find(key_source *source, const security_token *tokens, size_t count, key_finding *out)
{
    keytabs *k = (keytabs *)source;
    kerberos_exchange exchange;
    krb5_ticket *ticket = NULL;
    krb5_error_code code = KRB5_KT_NOTFOUND;

    if (!kerberos_find(&exchange, tokens, count))
        return;
    k->asked = true;
    out->frame = exchange.frame;
    krb5_data encoded = {.data = (char *)(uintptr_t)exchange.ticket.data, .length = (unsigned)exchange.ticket.len};
    if (krb5_decode_ticket(&encoded, &ticket) != 0) {
        refuse(out, "the Kerberos ticket of this session is malformed");
        return;
    }
    for (size_t i = 0; i < k->count && code != 0; i++)
        code = krb5_server_decrypt_ticket_keytab(k->context, k->tabs[i], ticket);
    if (code != 0 || ticket->enc_part2 == NULL || ticket->enc_part2->session == NULL)
        refuse_ticket(k, ticket, code, out);
    else
        take_key(k, ticket->enc_part2->session, &exchange, out);
    if (out->answer != KEY_FOUND)
        explicit_bzero(&out->key, sizeof out->key);
    krb5_free_ticket(k->context, ticket);
}

static bool end(key_source *source, char *text, size_t text_len)
{
    const keytabs *k = (const keytabs *)source;
    if (k->asked)
        return false;
    snprintf(text, text_len, "no user logs on with Kerberos in this capture, so the keytab is of no use");
    return true;
}

static void release(key_source *source)
{
    keytabs *k = (keytabs *)source;
    for (size_t i = 0; i < k->count; i++)
        krb5_kt_close(k->context, k->tabs[i]);
    free(k->tabs);
    krb5_free_context(k->context);
    free(k);
}

/* Reads the first key; krb5_kt_have_content calls a file that is damaged nonexistent or empty. */
static krb5_error_code first_key(const keytabs *k, krb5_keytab tab)
{
    krb5_kt_cursor cursor;
    krb5_keytab_entry entry;
    krb5_error_code code = krb5_kt_start_seq_get(k->context, tab, &cursor);

    if (code != 0)
        return code;
    code = krb5_kt_next_entry(k->context, tab, &entry, &cursor);
    if (code == 0)
        krb5_free_keytab_entry_contents(k->context, &entry);
    krb5_kt_end_seq_get(k->context, tab, &cursor);
    return code;
}

static bool add(keytabs *k, const char *file, char *error, size_t error_len)
{
    size_t name_len = strlen(file) + sizeof "FILE:";
    char *name = need(name_len);
    krb5_keytab tab = NULL;
    struct stat about;

    snprintf(name, name_len, "FILE:%s", file); /* a file, even if its name has a colon */
    krb5_error_code code = krb5_kt_resolve(k->context, name, &tab);
    free(name);
    if (code == 0)
        k->tabs[k->count++] = tab;
    if (code == 0 && (code = first_key(k, tab)) == 0)
        return true;
    const char *reason = krb5_get_error_message(k->context, code);
    bool there = stat(file, &about) == 0 && about.st_size > EMPTY_KEYTAB && access(file, R_OK) == 0;
    snprintf(error, error_len, "%s: no keytab with keys: %s%s", file,
             there ? "the file is damaged or something else: " : "", reason);
    krb5_free_error_message(k->context, reason);
    return false;
}

key_source *keytab_source(const char *const *names, size_t count, char *error, size_t error_len)
{
    keytabs *k = need(sizeof *k);
    k->source = (key_source){"keytab", find, end, release};
    k->tabs = need(count * sizeof(krb5_keytab));
    krb5_error_code code = krb5_init_context(&k->context);
    if (code != 0) {
        snprintf(error, error_len, "libkrb5 cannot be used (%ld): is the file that KRB5_CONFIG names right?",
                 (long)code);
        free(k->tabs);
        free(k);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (!add(k, names[i], error, error_len)) {
            release(&k->source);
            return NULL;
        }
    return &k->source;
}
