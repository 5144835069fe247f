/* SPDX-License-Identifier: Apache-2.0 */
/* `countersign kdf`: the keys of a session from its session key (MS-SMB2 3.1.4.2). */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include <ctype.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "command_values.h"
#include "countersign/countersign.h"
#include "hex.h"
#include "memory.h"
#include "names.h"

#define PREAUTH_LEN 64u

static const char help[] =
    "usage: countersign kdf --session-key HEX --dialect DIALECT [--preauth HEX] [--cipher NAME] [--signing NAME] "
    "[--json]\n"
    "\n"
    "Derives the keys of a session by name: signing, application, client-to-server, server-to-client.\n"
    "\n"
    "  --session-key HEX  the key that authentication produced, whole (a Kerberos key may have 32 bytes);\n"
    "                     '-' reads the digits from standard input: the command line can be seen by others (ps)\n"
    "  --dialect DIALECT  2.0.2, 2.1, 3.0, 3.0.2 or 3.1.1\n"
    "  --preauth HEX      3.1.1: the session's preauthentication hash, 64 bytes; ignored for the others\n"
    "  --cipher NAME      AES-128-CCM, AES-128-GCM, AES-256-CCM, AES-256-GCM or none. Without it AES-128-CCM for 3.0 "
    "and\n"
    "                     3.0.2, and none, hence no cipher keys, for the others\n"
    "  --signing NAME     HMAC-SHA256, AES-CMAC or AES-GMAC, checked against the dialect; it does not change the keys\n"
    "  --json             print one JSON object; a key that does not exist is null\n"
    "  --help             print this\n";

static void print_key(const char *name, const csign_key *key)
{
    char text[2 * sizeof key->bytes + 1];
    printf("%-17s %s\n", name, key->len ? hex_text(text, key->bytes, key->len) : "none");
    explicit_bzero(text, sizeof text);
}

static json_t *key_json(const csign_key *key)
{
    char text[2 * sizeof key->bytes + 1];
    json_t *value = key->len ? json_string(hex_text(text, key->bytes, key->len)) : json_null();
    explicit_bzero(text, sizeof text);
    return value;
}

static void print_session(const csign_session *s, bool json)
{
    if (!json) {
        print_key("signing", &s->signing);
        print_key("application", &s->application);
        print_key("client-to-server", &s->client_to_server);
        print_key("server-to-client", &s->server_to_client);
        return;
    }
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:{s:o, s:o, s:o, s:o}}", "dialect", name_dialect(s->dialect), "signing_algorithm",
                  name_signing_algorithm(s->signing_algorithm), "cipher", name_cipher(s->cipher), "keys", "signing",
                  key_json(&s->signing), "application", key_json(&s->application), "client-to-server",
                  key_json(&s->client_to_server), "server-to-client", key_json(&s->server_to_client));
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

/* Fills in what the dialect decides and checks what was given against it. NULL, or what is wrong. */
static const char *settle(csign_negotiated *n, bool signing_given, bool cipher_given, bool preauth_given)
{
    bool smb2 = n->dialect == CSIGN_SMB_2_0_2 || n->dialect == CSIGN_SMB_2_1, smb311 = n->dialect == CSIGN_SMB_3_1_1;

    if (!signing_given)
        n->signing_algorithm = smb2 ? CSIGN_HMAC_SHA256 : CSIGN_AES_CMAC;
    if (!cipher_given)
        n->cipher = smb2 || smb311 ? CSIGN_CIPHER_NONE : CSIGN_AES_128_CCM;
    n->signing_negotiated = smb311 && signing_given;
    n->cipher_negotiated = smb311 && cipher_given;
    n->preauth_hash = smb311 ? CSIGN_PREAUTH_SHA512 : 0;
    if (smb311 && !preauth_given)
        return "3.1.1 derives its keys from the session's preauthentication hash: give --preauth";
    if (smb2 && n->signing_algorithm != CSIGN_HMAC_SHA256)
        return "--signing: 2.x signs with HMAC-SHA256 only";
    if (smb2 && n->cipher != CSIGN_CIPHER_NONE)
        return "--cipher: 2.x does not encrypt";
    if (!smb2 && !smb311 && n->signing_algorithm != CSIGN_AES_CMAC)
        return "--signing: 3.0 and 3.0.2 sign with AES-CMAC only";
    if (!smb2 && !smb311 && n->cipher > CSIGN_AES_128_CCM)
        return "--cipher: 3.0 and 3.0.2 know AES-128-CCM only";
    return NULL;
}

typedef struct kdf_options {
    csign_negotiated negotiated;
    bool dialect, signing, cipher, json, help;
    uint8_t *key, *preauth;
    size_t key_len, preauth_len;
} kdf_options;

/* One option; returns 0, or the exit status after an error. */
static int take_option(kdf_options *o, int option, const char *value)
{
    long number;
    switch (option) {
    case 'k':
        return command_session_key("kdf", value, &o->key, &o->key_len) ? 0 : COMMAND_UNUSABLE;
    case 'p':
        return command_hex("kdf", "preauth", value, &o->preauth, &o->preauth_len) ? 0 : COMMAND_UNUSABLE;
    case 'd':
        o->dialect = true;
        return command_dialect(&o->negotiated.dialect, "kdf", value) ? 0 : COMMAND_UNUSABLE;
    case 'c':
        number = command_named(value, name_cipher, CSIGN_AES_256_GCM);
        if (number < 0)
            return command_misused(
                "kdf", "--cipher '%s' is not known; one of AES-128-CCM, AES-128-GCM, AES-256-CCM, AES-256-GCM, none",
                value);
        o->negotiated.cipher = (csign_cipher)number;
        o->cipher = true;
        return 0;
    case 's':
        o->signing = true;
        return command_signing(&o->negotiated.signing_algorithm, "kdf", value) ? 0 : COMMAND_UNUSABLE;
    case 'j':
        o->json = true;
        return 0;
    case 'h':
        o->help = true;
        return 0;
    default:
        return COMMAND_UNUSABLE;
    }
}

static int derive(kdf_options *o)
{
    csign_session session;
    const char *wrong;

    if (o->key == NULL)
        return command_misused("kdf", "--session-key is missing");
    if (!o->dialect)
        return command_misused("kdf", "--dialect is missing");
    if (o->preauth != NULL && o->preauth_len != PREAUTH_LEN)
        return command_misused("kdf", "--preauth has %zu bytes; the SHA-512 hash has 64", o->preauth_len);
    wrong = settle(&o->negotiated, o->signing, o->cipher, o->preauth != NULL);
    if (wrong != NULL)
        return command_misused("kdf", "%s", wrong);
    csign_status status = csign_session_derive(&session, &o->negotiated, (csign_bytes){o->key, o->key_len}, o->preauth);
    if (status != CSIGN_OK)
        return command_misused("kdf", "%s (%s)", csign_status_text(status), csign_status_name(status));
    print_session(&session, o->json);
    csign_session_wipe(&session);
    return 0;
}

int command_kdf(int argc, char **argv)
{
    static const struct option options[] = {{"session-key", required_argument, NULL, 'k'},
                                            {"dialect", required_argument, NULL, 'd'},
                                            {"preauth", required_argument, NULL, 'p'},
                                            {"cipher", required_argument, NULL, 'c'},
                                            {"signing", required_argument, NULL, 's'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    kdf_options o = {0};
    unsigned given = 0;
    int status = 0;

    for (int option; status == 0 && (option = command_option(argc, argv, ":", options, &given)) != -1;)
        status = take_option(&o, option, optarg);
    if (status == 0 && o.help)
        fputs(help, stdout);
    else if (status == 0 && optind != argc)
        status = command_misused("kdf", "'%s' is not an option", argv[optind]);
    else if (status == 0)
        status = derive(&o);
    if (o.key != NULL)
        explicit_bzero(o.key, o.key_len);
    free(o.key);
    free(o.preauth);
    return status;
}
