/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile captures: a small capture cut at every byte, with every byte altered, and damaged at random. Never a crash (the sanitizers
   watch), always whole JSON that counts itself, and never a `verified` that the bytes do not deserve.

   usage: hostile_test FILE... (of vectors/captures): takes two of them, and their sidecars, which have the keys. Which bytes of a
   file are which message's is found here by a walk that knows only what these captures are: Ethernet, IPv4, one transport
   frame a segment. */
#define _POSIX_C_SOURCE 200809L
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tools/judge.h"

#define MAX_ELEMENTS 256u
#define VERDICTS 8u

/* An element of the capture: bytes [start, end) of the file. */
typedef struct element {
    size_t frame, index, start, end;
    bool keying;   /* a 3.1.1 connection's keys depend on every byte of it */
    bool verified; /* in the unaltered capture */
} element;

typedef struct subject {
    const char *name;
    uint8_t *bytes;
    size_t len;
    char *keys;
    element elements[MAX_ELEMENTS];
    size_t element_count;
    size_t verified; /* of the unaltered capture */
    bool smb311;
} subject;

static FILE *nowhere;

static uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint16_t be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* Judges, checks the report's form, and returns it. */
static json_t *judge(const subject *s, const uint8_t *bytes, size_t len, const char *what, size_t at)
{
    static const judge_options options = {.form.json = true};
    static const char *const names[VERDICTS] = {"verified", "bad",    "unsigned",  "not-to-be-verified",
                                                "mirrored", "no-key", "encrypted", "decrypted"};
    char *text = NULL;
    size_t text_len = 0;
    json_error_t error;
    FILE *out = check_there(open_memstream(&text, &text_len), "memory");
    int status = judge_memory((csign_bytes){len ? bytes : NULL, len},
                              (csign_bytes){(const uint8_t *)s->keys, strlen(s->keys)}, &options, out, nowhere);
    fclose(out);
    json_t *report = json_loadb(text, text_len, JSON_REJECT_DUPLICATES, &error);
    CHECK(report != NULL, "%s: %s %zu: %s", s->name, what, at, error.text);
    free(text);

    json_int_t counts[VERDICTS] = {0}, bad;
    const json_t *messages = json_object_get(report, "messages"), *summary = json_object_get(report, "summary");
    for (size_t i = 0; i < json_array_size(messages); i++)
        for (size_t v = 0; v < VERDICTS; v++)
            counts[v] +=
                strcmp(json_string_value(json_object_get(json_array_get(messages, i), "verdict")), names[v]) == 0;
    for (size_t v = 0; v < VERDICTS; v++)
        CHECK(json_integer_value(json_object_get(summary, names[v])) == counts[v], "%s: %s %zu: %s", s->name, what, at,
              names[v]);
    bad = counts[1];
    const json_t *problem = json_object_get(report, "error");
    CHECK(status == (json_is_string(problem) ? 2 : bad ? 1 : 0), "%s: %s %zu: status %d", s->name, what, at, status);
    return report;
}

static size_t count_verified(const json_t *report)
{
    return (size_t)json_integer_value(json_object_get(json_object_get(report, "summary"), "verified"));
}

static bool is_verified(const json_t *report, size_t frame, size_t index)
{
    const json_t *messages = json_object_get(report, "messages");
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *m = json_array_get(messages, i);
        if ((size_t)json_integer_value(json_object_get(m, "frame")) == frame &&
            (size_t)json_integer_value(json_object_get(m, "element")) == index)
            return strcmp(json_string_value(json_object_get(m, "verdict")), "verified") == 0;
    }
    return false;
}

static void walk(subject *s)
{
    size_t frame = 0;
    bool established = false;
    for (size_t at = 24; at + 16 <= s->len;) {
        size_t caplen = le32(s->bytes + at + 8), ip = at + 16 + 14, tcp = ip + 4 * (size_t)(s->bytes[ip] & 15);
        size_t data = tcp + 4 * (size_t)(s->bytes[tcp + 12] >> 4), end = ip + be16(s->bytes + ip + 2);
        frame++;
        at += 16 + caplen;
        if (data + 4 >= end)
            continue;
        data += 4;
        for (size_t index = 0; data < end; index++) {
            const uint8_t *h = s->bytes + data;
            size_t next = le32(h + 20), element_end = next ? data + next : end;
            CHECK(s->element_count < MAX_ELEMENTS && memcmp(h, "\xFESMB", 4) == 0, "%s: frame %zu", s->name, frame);
            element *e = &s->elements[s->element_count++];
            *e = (element){.frame = frame, .index = index, .start = data, .end = element_end};
            bool setup = h[12] <= 1 && h[13] == 0, final = h[12] == 1 && (h[16] & 1) != 0 && le32(h + 8) == 0;
            established = established || final;
            e->keying = setup && !established;
            data = element_end;
        }
    }
}

static void load(subject *s, const char *name)
{
    char *json_name = check_there(strdup(name), "memory"), *text = NULL;
    size_t text_len, i;
    const json_t *session;
    FILE *file = check_there(fopen(name, "rb"), name);

    *s = (subject){.name = name};
    s->bytes = check_there(malloc(1 << 20), "memory");
    s->len = fread(s->bytes, 1, 1 << 20, file);
    fclose(file);
    memcpy(json_name + strlen(json_name) - 5, ".json", 6);
    json_t *sidecar = check_there(json_load_file(json_name, 0, NULL), json_name);
    FILE *keys = check_there(open_memstream(&text, &text_len), "memory");
    json_array_foreach(json_object_get(sidecar, "sessions"), i, session)
        fprintf(keys, "%s %s\n", json_string_value(json_object_get(session, "session_id")),
                json_string_value(json_object_get(session, "session_key")));
    fclose(keys);
    s->keys = text;
    s->smb311 = strcmp(json_string_value(
                           json_object_get(json_array_get(json_object_get(sidecar, "connections"), 0), "dialect")),
                       "0x0311") == 0;
    walk(s);
    json_t *whole = judge(s, s->bytes, s->len, "whole", 0);
    s->verified = count_verified(whole);
    for (i = 0; i < s->element_count; i++)
        s->elements[i].verified = is_verified(whole, s->elements[i].frame, s->elements[i].index);
    CHECK(s->verified > 0 && s->element_count > 5, "%s: %zu verified, %zu elements", name, s->verified,
          s->element_count);
    json_decref(whole);
    json_decref(sidecar);
    free(json_name);
}

static void cut_everywhere(const subject *s)
{
    for (size_t len = 0; len < s->len; len++) {
        uint8_t *copy = check_there(malloc(len ? len : 1),
                                    "memory"); /* its own allocation, so that a sanitizer sees a read past the cut */
        memcpy(copy, s->bytes, len);
        json_t *report = judge(s, copy, len, "cut at", len);
        size_t possible = 0;
        for (size_t i = 0; i < s->element_count; i++)
            possible += s->elements[i].verified && s->elements[i].end <= len;
        CHECK(count_verified(report) <= possible, "%s: cut at %zu: %zu verified, %zu possible", s->name, len,
              count_verified(report), possible);
        json_decref(report);
        free(copy);
    }
    printf("%s: cut at %zu places\n", s->name, s->len);
}

static void alter_everywhere(const subject *s)
{
    uint8_t *copy = check_there(malloc(s->len), "memory");
    size_t signed_bytes = 0, keying_bytes = 0;

    memcpy(copy, s->bytes, s->len);
    for (size_t at = 0; at < s->len; at++) {
        const uint8_t mask = (uint8_t)(1u << at % 8);
        copy[at] ^= mask;
        json_t *report = judge(s, copy, s->len, "altered at", at);
        CHECK(count_verified(report) <= s->verified, "%s: altered at %zu: more verified", s->name, at);
        for (size_t i = 0; i < s->element_count; i++) {
            const element *e = &s->elements[i];
            if (at < e->start || at >= e->end)
                continue;
            signed_bytes += e->verified;
            CHECK(!is_verified(report, e->frame, e->index), "%s: byte %zu is altered, and frame %zu.%zu verifies",
                  s->name, at, e->frame, e->index);
            keying_bytes += s->smb311 && e->keying;
            CHECK(!s->smb311 || !e->keying || count_verified(report) == 0,
                  "%s: byte %zu of the preauth chain altered, %zu verify", s->name, at, count_verified(report));
        }
        json_decref(report);
        copy[at] ^= mask;
    }
    CHECK(signed_bytes > 100 && (!s->smb311 || keying_bytes > 500), "%s: %zu, %zu", s->name, signed_bytes,
          keying_bytes);
    printf("%s: %zu bytes altered: %zu under a signature, %zu in the preauth chain\n", s->name, s->len, signed_bytes,
           keying_bytes);
    free(copy);
}

static void damage_at_random(const subject *s, unsigned rounds)
{
    uint32_t seed = 20;
    uint8_t *copy = check_there(malloc(s->len), "memory");
    for (unsigned round = 0; round < rounds; round++) {
        size_t len = s->len;
        memcpy(copy, s->bytes, len);
        for (unsigned i = 0; i < 1 + round % 40; i++) {
            seed = seed * 1664525u + 1013904223u;
            size_t at = (seed >> 4) % len;
            seed = seed * 1664525u + 1013904223u;
            if ((seed >> 30) == 0 && at + 64 < len) /* a piece is lost */
                memmove(copy + at, copy + at + 1 + (seed >> 8) % 32, (len -= 1 + (seed >> 8) % 32) - at);
            else
                copy[at] = (uint8_t)(seed >> 16);
        }
        json_decref(judge(s, copy, len, "damaged, round", round));
    }
    printf("%s: damaged %u times\n", s->name, rounds);
    free(copy);
}

int main(int argc, char **argv)
{
    nowhere = check_there(fopen("/dev/null", "w"), "/dev/null");
    static const char *const names[] = {"/cl-impacket-311.pcap", "/compound.related1-gmac.pcap"};
    unsigned taken = 0;
    for (int i = 1; i < argc; i++) {
        static subject s;
        if (strstr(argv[i], names[0]) == NULL && strstr(argv[i], names[1]) == NULL)
            continue;
        taken++;
        load(&s, argv[i]);
        cut_everywhere(&s);
        alter_everywhere(&s);
        damage_at_random(&s, 1000);
        free(s.bytes);
        free(s.keys);
    }
    CHECK(taken == 2, "usage: hostile_test FILE... (of vectors/captures)");
    fclose(nowhere);
    return check_end();
}
