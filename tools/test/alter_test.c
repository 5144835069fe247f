/* SPDX-License-Identifier: Apache-2.0 */
/* No altered byte makes anything `verified` that is not: every byte of recorded captures is altered, one at a time, and whatever the tool
   then calls verified must carry the signature that the independent implementations of oracle/ compute, under a key that
   Samba logged (or a tool apart from lib/ derived). In the unaltered capture all of them are asked; an altered one
   has to bring nothing new, or they are asked again.

   usage: alter_test [--every=N] [--largest=BYTES] [--masks=N] FILE... (of vectors/captures)
     --every    alters each Nth byte (1)    --largest   leaves bigger captures out    --masks   in how many ways each, up to 4 (1) */
#define _POSIX_C_SOURCE 200809L
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "oracle/smb3.h"
#include "tools/judge.h"

#define MAX_PROVEN 4096u
#define MAX_KEYS 16u

static const char *const algorithms[] = {"HMAC-SHA256", "AES-CMAC", "AES-GMAC"};

/* A session's signing key, or that of a channel bound to it. */
typedef struct signing_key {
    uint64_t session_id;
    uint8_t bytes[16];
} signing_key;

/* Something verified: what, in which session, under which algorithm. */
typedef struct proven {
    uint64_t session_id, hash;
    const char *algorithm;
    uint8_t *bytes;
    size_t len;
} proven;

typedef struct subject {
    const char *name;
    uint8_t *bytes;
    size_t len;
    char *key_text;
    signing_key keys[MAX_KEYS];
    size_t key_count;
    proven proven[MAX_PROVEN];
    size_t proven_count;
    size_t altered_at;       /* for messages; SIZE_MAX: nothing is altered */
    size_t verified;         /* in the last run */
    uint8_t setup_chain[64]; /* the preauthentication hash of the SESSION_SETUPs alone */
    struct smb3_scratch scratch;
} subject;

static FILE *nowhere;

static uint64_t hash_of(csign_bytes b)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < b.len; i++)
        h = (h ^ b.data[i]) * 1099511628211u;
    return h;
}

static bool is_proven(const subject *s, const judged_message *m, csign_bytes element)
{
    uint64_t hash = hash_of(element);
    for (size_t i = 0; i < s->proven_count; i++) {
        const proven *p = &s->proven[i];
        if (p->hash == hash && p->session_id == m->session_id && p->len == element.len &&
            strcmp(p->algorithm, m->algorithm) == 0 && memcmp(p->bytes, element.data, element.len) == 0)
            return true;
    }
    return false;
}

static void prove(subject *s, const judged_message *m, csign_bytes element)
{
    CHECK(s->proven_count < MAX_PROVEN, "%s: too many", s->name);
    if (s->proven_count == MAX_PROVEN)
        return;
    proven *p = &s->proven[s->proven_count++];
    *p = (proven){m->session_id, hash_of(element), m->algorithm, check_there(malloc(element.len), "memory"),
                  element.len};
    memcpy(p->bytes, element.data, element.len);
}

/* Whether all oracles give the element's signature under one of its session's keys. */
static bool oracles_agree(subject *s, const judged_message *m, csign_bytes element)
{
    struct diff_question question;
    unsigned algorithm = 0;

    while (algorithm < 3 && strcmp(algorithms[algorithm], m->algorithm) != 0)
        algorithm++;
    CHECK(algorithm < 3 && element.len >= 64, "%s: %s over %zu bytes", s->name, m->algorithm, element.len);
    for (size_t i = 0; algorithm < 3 && i < s->key_count; i++) {
        if (s->keys[i].session_id != m->session_id)
            continue;
        smb3_ask_signature(&question, &s->scratch, algorithm, s->keys[i].bytes, element.data, element.len);
        if (diff_differing(&question, element.data + 48) == 0)
            return true;
    }
    return false;
}

/* Puts a question to the first oracle that has the operation. */
static void ask(const struct diff_question *question, uint8_t *answer)
{
    size_t i = 0;
    while (i < diff_oracle_count() && !diff_ask(i, question, answer))
        i++;
    CHECK(i < diff_oracle_count(), "no oracle answers");
}

static void chain_setup(subject *s, const judged_message *m, csign_bytes element)
{
    struct diff_question question;
    uint8_t next[64];

    if (s->altered_at != SIZE_MAX || m->command != CSIGN_COMMAND_SESSION_SETUP || (m->from_server && m->status == 0))
        return;
    smb3_ask_preauth(&question, &s->scratch, s->setup_chain, (struct diff_bytes){element.data, element.len});
    ask(&question, next);
    memcpy(s->setup_chain, next, sizeof next);
}

static void on_verdict(void *context, const judged_message *m, csign_bytes element)
{
    subject *s = context;
    chain_setup(s, m, element);
    if (m->verdict != VERDICT_VERIFIED)
        return;
    s->verified++;
    if (is_proven(s, m, element))
        return;
    bool agree = oracles_agree(s, m, element);
    CHECK(agree, "%s, byte %zd altered: frame %zu.%zu is verified, and its signature is wrong", s->name,
          (ssize_t)s->altered_at, m->frame, m->element);
    if (agree)
        prove(s, m, element);
}

static int judge(subject *s)
{
    judge_options options = {.judged = on_verdict, .judged_context = s};
    s->verified = 0;
    return judge_memory((csign_bytes){s->bytes, s->len},
                        (csign_bytes){(const uint8_t *)s->key_text, strlen(s->key_text)}, &options, nowhere, nowhere);
}

static void add_key(subject *s, const char *session_id, const char *key)
{
    CHECK(s->key_count < MAX_KEYS && strlen(key) == 32, "%s: %zu keys", s->name, s->key_count);
    signing_key *k = &s->keys[s->key_count++];
    k->session_id = strtoull(session_id, NULL, 16);
    for (size_t i = 0; i < 16; i++) {
        char digits[3] = {key[2 * i], key[2 * i + 1], 0};
        k->bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
}

static const char *text_of(const json_t *object, const char *name)
{
    return check_there((void *)(uintptr_t)json_string_value(json_object_get(object, name)), name);
}

/* Session keys for the tool; signing keys for the oracles. */
static void load_keys(subject *s, const json_t *sidecar)
{
    size_t i, len;
    const json_t *entry;
    FILE *text = check_there(open_memstream(&s->key_text, &len), "memory");

    json_array_foreach(json_object_get(sidecar, "sessions"), i, entry)
    {
        const char *id = text_of(entry, "session_id");
        const json_t *signing = json_object_get(json_object_get(entry, "derived"), "signing");
        fprintf(text, "%s %s\n", id, text_of(entry, "session_key"));
        if (json_is_string(signing))
            add_key(s, id, json_string_value(signing));
    }
    json_array_foreach(json_object_get(sidecar, "bound_channels"), i, entry)
    {
        fprintf(text, "%s %s\n", text_of(entry, "session_id"), text_of(entry, "channel_session_key"));
        add_key(s, text_of(entry, "session_id"), text_of(entry, "channel_signing_key"));
    }
    fclose(text);
}

/* Samba's own words are the last: what it logged must be what the other tool derived. */
static void compare_logged(const subject *s, const json_t *sidecar)
{
    size_t i;
    const json_t *entry;
    json_array_foreach(json_object_get(sidecar, "samba_logged_keys"), i, entry)
    {
        const char *signing = json_string_value(json_object_get(entry, "signing"));
        subject logged = {.name = s->name};
        bool known = false;
        if (signing == NULL)
            continue;
        add_key(&logged, text_of(entry, "id"), signing);
        for (size_t k = 0; k < s->key_count; k++)
            known = known || memcmp(&s->keys[k], &logged.keys[0], sizeof logged.keys[0]) == 0;
        CHECK(known, "%s: Samba has logged another signing key", s->name);
    }
}

/* One client leaves NEGOTIATE out of its hash chain, so its signatures are wrong. Where an alteration hides NEGOTIATE from the tool (a wild
   sequence number), the tool derives that client's key, and is right to find its signatures right. */
static void add_key_without_negotiate(subject *s, const json_t *sidecar)
{
    const json_t *session = json_array_get(json_object_get(sidecar, "sessions"), 0);
    subject parsed = {.name = s->name};
    struct diff_question question;
    signing_key *k = &s->keys[s->key_count++];

    add_key(&parsed, text_of(session, "session_id"), text_of(session, "session_key"));
    k->session_id = parsed.keys[0].session_id;
    smb3_ask_key(&question, &s->scratch, SMB3_SIGNING, 0x0311, 16, (struct diff_bytes){parsed.keys[0].bytes, 16},
                 s->setup_chain);
    ask(&question, k->bytes);
}

static void load(subject *s, const char *capture)
{
    size_t stem = strlen(capture) - strlen("pcap");
    char json_name[4096];
    *s = (subject){.name = strrchr(capture, '/') ? strrchr(capture, '/') + 1 : capture, .altered_at = SIZE_MAX};
    FILE *f = check_there(fopen(capture, "rb"), capture);
    s->bytes = check_there(malloc(1u << 20), "memory");
    s->len = fread(s->bytes, 1, 1u << 20, f);
    fclose(f);
    snprintf(json_name, sizeof json_name, "%.*sjson", (int)stem, capture);
    json_t *sidecar = check_there(json_load_file(json_name, 0, NULL), json_name);
    load_keys(s, sidecar);
    compare_logged(s, sidecar);
    judge(s);
    CHECK(s->verified ==
              (size_t)json_integer_value(json_object_get(json_object_get(sidecar, "expected"), "signed_verified")),
          "%s: %zu verified", s->name, s->verified);
    if (json_integer_value(json_object_get(json_object_get(sidecar, "expected"), "signed_but_wrong")) != 0)
        add_key_without_negotiate(s, sidecar);
    json_decref(sidecar);
}

static void unload(subject *s)
{
    for (size_t i = 0; i < s->proven_count; i++)
        free(s->proven[i].bytes);
    smb3_scratch_free(&s->scratch);
    free(s->key_text);
    free(s->bytes);
}

static size_t alter(subject *s, size_t first, size_t every, size_t masks)
{
    static const uint8_t all[4] = {0x01, 0x80, 0xFF, 0x08};
    size_t original = s->verified, fewer = 0, count = 0, signed_bytes = 0;

    for (size_t i = 0; i < s->proven_count; i++)
        signed_bytes += s->proven[i].len;

    for (s->altered_at = first; s->altered_at < s->len; s->altered_at += every)
        for (size_t i = 0; i < masks; i++) {
            uint8_t mask = all[(s->altered_at / every + i) % 4];
            s->bytes[s->altered_at] ^= mask;
            int status = judge(s);
            s->bytes[s->altered_at] ^= mask;
            CHECK(status >= JUDGE_GOOD && status <= JUDGE_UNUSABLE, "%s: status %d", s->name, status);
            fewer += s->verified < original;
            count++;
        }
    /* a byte under a signature takes a message away */
    CHECK(2 * fewer * every >= signed_bytes * masks, "%s: of %zu alterations %zu matter, %zu bytes are signed", s->name,
          count, fewer, signed_bytes);
    printf("%s: %zu alterations; %zu signatures asked of the oracles\n", s->name, count, s->proven_count);
    return count;
}

int main(int argc, char **argv)
{
    size_t every = 1, largest = 1u << 20, masks = 1, captures = 0;
    static subject s;

    nowhere = check_there(fopen("/dev/null", "w"), "/dev/null");
    diff_init();
    for (int i = 1; i < argc; i++) {
        const char *value = strchr(argv[i], '=');
        if (strncmp(argv[i], "--every=", 8) == 0)
            every = strtoul(value + 1, NULL, 10);
        else if (strncmp(argv[i], "--largest=", 10) == 0)
            largest = strtoul(value + 1, NULL, 10);
        else if (strncmp(argv[i], "--masks=", 8) == 0)
            masks = strtoul(value + 1, NULL, 10);
        else if (strstr(argv[i], ".pcap") != NULL) {
            load(&s, argv[i]);
            if (s.len <= largest)
                captures += alter(&s, captures % every, every, masks) != 0;
            unload(&s);
        }
    }
    CHECK(captures >= 4, "usage: alter_test [--every=N] [--largest=BYTES] [--masks=N] FILE... (of vectors/captures)");
    fclose(nowhere);
    return check_end();
}
