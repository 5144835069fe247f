/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_WORDS 4

struct word {
    const char *name;
    unsigned value;
};

static const struct word SIGNING[] = {
    {"HMAC-SHA256", CSIGN_HMAC_SHA256}, {"AES-128-CMAC", CSIGN_AES_CMAC}, {"AES-128-GMAC", CSIGN_AES_GMAC}, {NULL, 0}};
static const struct word CIPHERS[] = {{"AES-128-CCM", CSIGN_AES_128_CCM},
                                      {"AES-128-GCM", CSIGN_AES_128_GCM},
                                      {"AES-256-CCM", CSIGN_AES_256_CCM},
                                      {"AES-256-GCM", CSIGN_AES_256_GCM},
                                      {NULL, 0}};
static const struct word DIALECTS[] = {{"2.0.2", CSIGN_SMB_2_0_2}, {"2.1", CSIGN_SMB_2_1},     {"3.0", CSIGN_SMB_3_0},
                                       {"3.0.2", CSIGN_SMB_3_0_2}, {"3.1.1", CSIGN_SMB_3_1_1}, {NULL, 0}};
static const struct word ORDERS[] = {{"local", false}, {"peer", true}, {NULL, 0}};
static const struct word DEMANDS[] = {{"offered", false}, {"required", true}, {NULL, 0}};

/* The value of one of the words; what names the option in the complaint about another. */
static unsigned one_of(const struct word *words, const char *text, size_t len, const char *what,
                       struct argp_state *state)
{
    for (const struct word *w = words; w->name; w++)
        if (strlen(w->name) == len && !strncasecmp(w->name, text, len))
            return w->value;
    char known[160] = "";
    for (const struct word *w = words; w->name; w++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", w == words ? "" : ", ", w->name);
    argp_error(state, "--%s: '%.*s' is none of %s", what, (int)len, text, known);
    return 0;
}

static size_t list_of(const struct word *words, const char *text, unsigned out[MAX_WORDS], const char *what,
                      struct argp_state *state)
{
    size_t count = 0;
    for (const char *at = text;;) {
        size_t len = strcspn(at, ",");
        unsigned value = one_of(words, at, len, what, state);
        for (size_t i = 0; i < count; i++)
            if (out[i] == value)
                argp_error(state, "--%s: '%.*s' stands there twice", what, (int)len, at);
        if (count < MAX_WORDS)
            out[count++] = value;
        if (!at[len])
            return count;
        at += len + 1;
    }
}

static void dialects(struct settings *out, const char *text, struct argp_state *state)
{
    const char *dash = strchr(text, '-');
    if (!dash) {
        argp_error(state, "--dialects: '%s' is not MIN-MAX, 2.1-3.1.1 for example", text);
        return;
    }
    out->policy.dialect_min = (csign_dialect)one_of(DIALECTS, text, (size_t)(dash - text), "dialects", state);
    out->policy.dialect_max = (csign_dialect)one_of(DIALECTS, dash + 1, strlen(dash + 1), "dialects", state);
    if (out->policy.dialect_min > out->policy.dialect_max)
        argp_error(state, "--dialects: '%s' begins above its end", text);
}

static unsigned number(const char *text, unsigned long most, const char *what, struct argp_state *state)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || value > most)
        argp_error(state, "--%s: '%s' is not a number from 0 to %lu", what, text, most);
    return (unsigned)value;
}

static bool has_cipher(const csign_negotiate_policy *policy, csign_cipher cipher)
{
    for (size_t i = 0; i < policy->cipher_count; i++)
        if (policy->ciphers[i] == cipher)
            return true;
    return false;
}

enum {
    ADDRESS = 256,
    PORT,
    USERS,
    KEYTAB,
    SHARE,
    ALGORITHMS,
    CIPHER_LIST,
    ORDER,
    SIGNING_DEMAND,
    ENCRYPTION_DEMAND,
    DIALECT_RANGE,
    GUESTS,
    KEYS,
    QUIET,
    PATIENCE,
    MOST,
    MEMORY
};

static const struct argp_option OPTIONS[] = {
    {"address", ADDRESS, "IP", 0, "listen there (127.0.0.1)", 0},
    {"port", PORT, "N", 0, "listen on that port (4450); 0: any, which the first line of output names", 0},
    {"users", USERS, "FILE", 0, "lines of DOMAIN:user:password, for NTLM (required)", 0},
    {"keytab", KEYTAB, "FILE", 0, "serve Kerberos too, with these keys", 0},
    {"share", SHARE, "NAME", 0, "name of the one share, which lives in memory (share)", 0},
    {"dialects", DIALECT_RANGE, "MIN-MAX", 0, "2.0.2, 2.1, 3.0, 3.0.2, 3.1.1 (2.0.2-3.1.1)", 1},
    {"signing-algorithms", ALGORITHMS, "LIST", 0, "most preferred first (AES-128-GMAC,AES-128-CMAC,HMAC-SHA256)", 1},
    {"ciphers", CIPHER_LIST, "LIST", 0,
     "most preferred first (AES-128-GCM,AES-128-CCM,AES-256-GCM,AES-256-CCM), or none", 1},
    {"order", ORDER, "local|peer", 0, "whose order of preference decides (local)", 1},
    {"signing", SIGNING_DEMAND, "required|offered", 0, "whether an unsigned request is refused (required)", 1},
    {"encryption", ENCRYPTION_DEMAND, "required|offered", 0,
     "whether a request that is not encrypted is refused, and a session without a cipher (offered)", 1},
    {"guests", GUESTS, NULL, 0, "whoever fails to authenticate becomes a guest, who signs nothing", 1},
    {"patience", PATIENCE, "SECONDS", 0, "for a message to end, for a peer to authenticate, to take answers (30)", 2},
    {"max-connections", MOST, "N", 0, "(20000)", 2},
    {"max-memory", MEMORY, "MIB", 0, "of messages, for all connections together; then the greatest is dropped (1024)",
     2},
    {"debug-keys", KEYS, NULL, 0, "the log shows keys, not only their fingerprints", 2},
    {"quiet", QUIET, NULL, 0, "no log", 2},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct settings *out = state->input;
    unsigned values[MAX_WORDS];
    switch (key) {
    case ADDRESS:
        out->address = arg;
        break;
    case PORT:
        out->port = (uint16_t)number(arg, 65535, "port", state);
        break;
    case USERS:
        out->users = arg;
        break;
    case KEYTAB:
        out->keytab = arg;
        break;
    case SHARE:
        if (!*arg || strlen(arg) > 80 || strpbrk(arg, "\"\\/[]:|<>+=;,*?"))
            argp_error(
                state,
                "--share: '%s' cannot be a share's name (MS-FSCC 2.1.6: 1 to 80 characters, none of \"\\/[]:|<>+=;,*?)",
                arg);
        out->share_name = arg;
        break;
    case DIALECT_RANGE:
        dialects(out, arg, state);
        break;
    case ALGORITHMS:
        out->policy.signing_count = list_of(SIGNING, arg, values, "signing-algorithms", state);
        for (size_t i = 0; i < out->policy.signing_count; i++)
            out->policy.signing[i] = (csign_signing_algorithm)values[i];
        break;
    case CIPHER_LIST:
        out->policy.cipher_count = strcmp(arg, "none") ? list_of(CIPHERS, arg, values, "ciphers", state) : 0;
        for (size_t i = 0; i < out->policy.cipher_count; i++)
            out->policy.ciphers[i] = (csign_cipher)values[i];
        break;
    case ORDER:
        out->policy.peer_order = one_of(ORDERS, arg, strlen(arg), "order", state);
        break;
    case SIGNING_DEMAND:
        out->signing_required = one_of(DEMANDS, arg, strlen(arg), "signing", state);
        break;
    case ENCRYPTION_DEMAND:
        out->encryption_required = one_of(DEMANDS, arg, strlen(arg), "encryption", state);
        break;
    case GUESTS:
        out->guests = true;
        break;
    case PATIENCE:
        out->patience = number(arg, 3600, "patience", state);
        if (!out->patience)
            argp_error(state, "--patience: a second at least");
        break;
    case MOST:
        out->max_connections = number(arg, 1000000, "max-connections", state);
        if (!out->max_connections)
            argp_error(state, "--max-connections: one at least");
        break;
    case MEMORY:
        out->max_memory = number(arg, 1048576, "max-memory", state);
        if (!out->max_memory)
            argp_error(state, "--max-memory: a MiB at least");
        break;
    case KEYS:
        out->debug_keys = true;
        break;
    case QUIET:
        out->quiet = true;
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is not an option", arg);
        break;
    case ARGP_KEY_END:
        if (!has_cipher(&out->policy, CSIGN_AES_128_CCM)) /* the only one of 3.0, where a capability stands for it */
            out->policy.capabilities &= ~CSIGN_CAP_ENCRYPTION;
        if (!out->users)
            argp_error(state, "--users FILE is required: lines of DOMAIN:user:password");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

void settings_parse(struct settings *out, int argc, char **argv)
{
    *out = (struct settings){.address = "127.0.0.1",
                             .port = 4450,
                             .share_name = "share",
                             .signing_required = true,
                             .patience = 30,
                             .max_connections = 20000,
                             .max_memory = 1024};
    csign_negotiate_policy_init(&out->policy);
    static const struct argp argp = {OPTIONS,
                                     parse,
                                     NULL,
                                     "A reference server for countersign: SMB 2.0.2 to 3.1.1 with signing, key "
                                     "derivation and negotiate contexts by the library. "
                                     "It shows how to embed it; it is not a file server to keep files on.",
                                     NULL,
                                     NULL,
                                     NULL};
    argp_parse(&argp, argc, argv, 0, NULL, out);
}
