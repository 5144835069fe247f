/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of the preauthentication chain: 0 to 4 messages, whole and in parts, each step against the oracles' SHA-512 over
   value and message. A fork, as a session makes of its connection's chain, must leave the original alone. */
#include <countersign/countersign.h>

#include <string.h>

#include "run.h"

static const enum family families[] = {FAMILY_LENGTH,  FAMILY_LENGTH_CLASS, FAMILY_EDGE,
                                       FAMILY_CONTENT, FAMILY_CHAIN,        FAMILY_PARTS};

static void update_parts(struct run *run, csign_preauth *chain, const uint8_t *message, size_t len)
{
    struct diff_bytes cut[PARTS_MAX];
    csign_bytes parts[PARTS_MAX];
    size_t count = choose_parts(run, cut, message, len);
    for (size_t i = 0; i < count; i++)
        parts[i] = (csign_bytes){cut[i].data, cut[i].len};
    csign_preauth_update_parts(chain, count ? parts : NULL, count);
}

static void one_case(struct run *run)
{
    static const uint8_t zero[64];
    csign_preauth chain;
    uint8_t value[64] = {0}; /* what the chain must be, once checked */
    size_t messages = prng_below(&run->random, 5);
    strata_hit(&run->strata, FAMILY_CHAIN, messages);
    csign_preauth_init(&chain);
    check_plain(run, "csign_preauth_init", zero, chain.value, 64);
    for (size_t i = 0; i < messages; i++) {
        size_t len = i == 0 ? choose_length(run) : prng_below(&run->random, 400);
        const uint8_t *message = choose_message(run, len);
        csign_preauth fork = chain;
        csign_preauth_update(&chain, (csign_bytes){len ? message : NULL, len});
        check_that(run, memcmp(fork.value, value, 64) == 0, "a copy of the chain is a chain of its own");
        update_parts(run, &fork, message, len);
        check_that(run, memcmp(fork.value, chain.value, 64) == 0, "a message in parts is hashed like the parts joined");

        struct diff_question question;
        smb3_ask_preauth(&question, &run->scratch, value, (struct diff_bytes){message, len});
        memcpy(value, chain.value, 64);
        check(run, &question, "csign_preauth_update", value);
    }
}

const struct operation operation_preauth = {"preauth", one_case, families, sizeof families / sizeof *families,
                                            ORACLE_BIT(ORACLE_SHA512)};
