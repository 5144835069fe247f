/* SPDX-License-Identifier: Apache-2.0 */
/* The capture reader of `countersign pcap`, TCP reassembly and key file included, on any bytes: it ends with one of its three exit
   codes, its JSON is whole whatever came in, the verdicts add up, the exit code is what they say, and no key is ever printed.
   Keys come from the text, of whatever format, and from the password that the captures of vectors/captures have; Kerberos
   tokens are read as far as that needs no Kerberos library. What --keylog writes is a key file again.
   Input: length of the key file's text u16, that text, the capture. */
#define _POSIX_C_SOURCE 200809L
#include <jansson.h>
#include <stdlib.h>

#include "fuzz.h"
#include "tools/judge.h"
#include "tools/kerberos.h"
#include "tools/password.h"

enum { DIAGNOSE = 65536 }; /* work for each wrong signature: every mistake alone, of a small message */

static const char *const verdicts[] = {"verified",           "decrypted", "bad",    "unsigned",
                                       "not-to-be-verified", "mirrored",  "no-key", "encrypted"};

static json_int_t count_of(const json_t *messages, const char *verdict)
{
    json_int_t count = 0;
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const char *v = json_string_value(json_object_get(json_array_get(messages, i), "verdict"));
        count += v && !strcmp(v, verdict);
    }
    return count;
}

static void check_report(const char *text, size_t len, int status)
{
    json_error_t why;
    json_t *report = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
    CHECK(report, "the JSON is whole");
    const json_t *messages = json_object_get(report, "messages"), *summary = json_object_get(report, "summary");
    const json_t *error = json_object_get(report, "error");
    CHECK(json_is_array(messages) && json_is_object(summary) && error, "messages, summary and error are there");
    json_int_t total = 0;
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        json_int_t n = json_integer_value(json_object_get(summary, verdicts[i]));
        CHECK(n == count_of(messages, verdicts[i]), "the summary counts the messages");
        total += n;
    }
    CHECK(total == (json_int_t)json_array_size(messages), "each message has one verdict");
    CHECK(json_is_null(error) ? status != JUDGE_UNUSABLE : status == JUDGE_UNUSABLE,
          "an error is exit code 2, and 2 an error");
    bool bad = json_integer_value(json_object_get(summary, "bad")) > 0;
    CHECK(status == JUDGE_UNUSABLE || status == (bad ? JUDGE_BAD : JUDGE_GOOD), "a bad signature is exit code 1");
    json_decref(report);
}

/* Keys of 16 bytes and more: a shorter one may well be part of an id. */
static void check_secrecy(csign_bytes key_text, const char *report)
{
    char error[256];
    keyfile keys;
    if (!keyfile_read(&keys, key_text, error, sizeof error))
        return;
    for (size_t i = 0; i < keys.count; i++) {
        char hex[33];
        if (keys.lines[i].key_len < 16)
            continue;
        for (size_t k = 0; k < 16; k++) {
            hex[2 * k] = "0123456789abcdef"[keys.lines[i].key[k] >> 4];
            hex[2 * k + 1] = "0123456789abcdef"[keys.lines[i].key[k] & 15];
        }
        hex[32] = 0;
        CHECK(!strstr(report, hex), "no key is printed");
    }
    keyfile_free(&keys);
}

static void check_keylog(csign_bytes log, const char *report, const char *said)
{
    char error[256];
    keyfile keys;
    if (log.len == 0) /* refused before there was a capture to read */
        return;
    CHECK(keyfile_read(&keys, log, error, sizeof error), "a keylog is a key file");
    keyfile_free(&keys);
    check_secrecy(log, report);
    check_secrecy(log, said);
    fuzz_outcome(log.data, log.len);
}

/* A source that reads every token as one with a keytab would, and finds no key. What would have been decrypted is read as it is. */
static void read_kerberos(key_source *source, const security_token *tokens, size_t count, key_finding *out)
{
    kerberos_exchange exchange;
    (void)source;
    if (!kerberos_find(&exchange, tokens, count))
        return;
    fuzz_outcome_number(exchange.ticket.len);
    fuzz_outcome_number((uint64_t)exchange.authenticator.enctype);
    kerberos_subkey(&out->key, exchange.authenticator.cipher);
    kerberos_subkey(&out->key, exchange.ap_rep.cipher);
    CHECK(out->key.len <= sizeof out->key.bytes, "a subkey has the room that it needs");
}

static bool say_nothing(key_source *source, char *text, size_t text_len)
{
    (void)source;
    (void)text;
    (void)text_len;
    return false;
}

static void judge(csign_bytes capture, csign_bytes keys, bool json)
{
    static const password_of password = {.password = "Passw0rd1"};
    key_source kerberos = {"keytab", read_kerberos, say_nothing, NULL};
    key_source *sources[] = {&kerberos, password_source(&password, 1)};
    char *text = NULL, *said = NULL, *logged = NULL;
    size_t len = 0, said_len = 0, logged_len = 0;
    FILE *out = open_memstream(&text, &len), *diagnostics = open_memstream(&said, &said_len);
    FILE *keylog = open_memstream(&logged, &logged_len);
    if (!out || !diagnostics || !keylog || !sources[1])
        abort();
    judge_options options = {.diagnose = {.work = DIAGNOSE, .searches = 4},
                             .form.json = json,
                             .sources = sources,
                             .source_count = 2,
                             .keylog = keylog};
    int status = judge_memory(capture, keys, &options, out, diagnostics);
    fclose(out);
    fclose(diagnostics);
    fclose(keylog);
    sources[1]->release(sources[1]);
    CHECK(status == JUDGE_GOOD || status == JUDGE_BAD || status == JUDGE_UNUSABLE, "there are three exit codes");
    if (json)
        check_report(text, len, status);
    check_secrecy(keys, text);
    check_secrecy(keys, said);
    check_keylog((csign_bytes){(const uint8_t *)logged, logged_len}, text, said);
    CHECK(status != JUDGE_UNUSABLE || said_len > 0, "what makes the input unusable is said");
    fuzz_outcome_number((uint64_t)status);
    fuzz_outcome(text, len);
    free(text);
    free(said);
    free(logged);
}

static void one(const uint8_t *input, size_t size)
{
    fuzz_reader r = {input, size};
    size_t keys_len = fuzz_take_u16(&r);
    csign_bytes keys = fuzz_take_view(&r, keys_len), capture = fuzz_rest(&r);
    judge(capture, keys, true);
    judge(capture, keys, false);
}

const fuzz_target fuzz_this = {"pcap", NULL, one};
