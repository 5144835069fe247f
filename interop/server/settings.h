/* SPDX-License-Identifier: Apache-2.0 */
/* The command line. */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <countersign/negotiate.h>

struct settings {
    const char *address;
    uint16_t port;
    const char *users;  /* NTLM_USER_FILE: DOMAIN:user:password */
    const char *keytab; /* or NULL: no Kerberos */
    const char *share_name;
    csign_negotiate_policy policy;
    bool signing_required;
    bool encryption_required;
    bool guests; /* an unknown user becomes a guest, who signs nothing */
    bool debug_keys;
    bool quiet;
    unsigned patience; /* seconds */
    unsigned max_connections;
    unsigned max_memory; /* MiB of messages that all connections together hold */
};

/* settings_parse reads the command line, and ends the process with a message when it cannot. */
void settings_parse(struct settings *out, int argc, char **argv);

#endif
