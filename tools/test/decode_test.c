/* SPDX-License-Identifier: Apache-2.0 */
/* `countersign decode` on the NEGOTIATE messages of eleven real peers, against a reading made by another program; then each of them
   cut at every byte and with every byte altered: always a document, printable as text and as JSON.

   usage: decode_test FILE... (of vectors/captures) */
#include "tools/decode.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

static FILE *nowhere;
static size_t broken;

/* A document for bytes in an allocation of their own, so that a sanitizer sees a read past them. */
static json_t *document_of(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    json_t *document = decode_negotiate((csign_bytes){len ? copy : NULL, len});
    free(copy);
    return document;
}

/* Whatever the bytes are: a whole document, whose error says where. */
static void check_hostile(const uint8_t *bytes, size_t len, const char *what, size_t at)
{
    json_t *document = document_of(bytes, len), *again;
    const json_t *error = json_object_get(document, "error");
    char *text = json_dumps(document, 0);

    CHECK(text != NULL && error != NULL, "%s %zu", what, at);
    again = json_loads(text, 0, NULL);
    CHECK(again != NULL && json_equal(document, again), "%s %zu", what, at);
    if (!json_is_null(error)) {
        json_int_t offset =
            json_integer_value(json_object_get(error, "offset")); /* behind the end: what should be there is not */
        CHECK(json_is_string(json_object_get(error, "text")) && offset >= 0, "%s %zu: offset %lld", what, at,
              (long long)offset);
        broken++;
    }
    decode_print(document, nowhere);
    json_decref(again);
    json_decref(document);
    free(text);
}

static const char *string_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static size_t bytes_of(const char *hex, uint8_t *out, size_t capacity)
{
    size_t len = strlen(hex) / 2;
    CHECK(len <= capacity, "%zu bytes", len);
    for (size_t i = 0; i < len; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        out[i] = (uint8_t)strtol(digits, NULL, 16);
    }
    return len;
}

static void check_contexts(const char *name, const json_t *document, const json_t *expected)
{
    const json_t *contexts = json_object_get(document, "contexts");
    CHECK(json_array_size(contexts) == json_array_size(expected), "%s: %zu contexts", name, json_array_size(contexts));
    for (size_t i = 0; i < json_array_size(expected); i++) {
        const json_t *c = json_array_get(contexts, i), *e = json_array_get(expected, i);
        json_int_t type = json_integer_value(json_object_get(e, "type"));
        CHECK(strtol(string_of(c, "id"), NULL, 16) == type, "%s: context %zu", name, i);
        CHECK(strcmp(string_of(c, "data"), string_of(e, "data")) == 0, "%s: context %zu", name, i);
        CHECK(strstr(string_of(c, "name"), string_of(e, "name")) != NULL, "%s: %s, %s", name, string_of(c, "name"),
              string_of(e, "name"));
    }
}

/* One message; returns its document. */
static json_t *check_message(const char *name, const char *hex)
{
    uint8_t bytes[2048];
    size_t len = bytes_of(hex, bytes + 4, sizeof bytes - 4);
    json_t *document = document_of(bytes + 4, len), *wrapped;

    CHECK(json_is_false(json_object_get(document, "transport_header")), "%s", name);
    memcpy(bytes, (const uint8_t[]){0, 0, (uint8_t)(len >> 8), (uint8_t)len}, 4);
    wrapped = document_of(bytes, len + 4);
    CHECK(json_is_true(json_object_get(wrapped, "transport_header")), "%s", name);
    json_object_set_new(wrapped, "transport_header", json_false());
    CHECK(json_equal(document, wrapped), "%s: differs behind a transport header", name);
    json_decref(wrapped);

    for (size_t cut = 0; cut <= len; cut++) {
        check_hostile(bytes + 4, cut, name, cut);
        check_hostile(bytes, cut, name, cut);
    }
    for (size_t at = 0; at < len + 4; at++)
        for (unsigned bit = 1; bit < 256; bit *= 128) {
            bytes[at] = (uint8_t)(bytes[at] ^ bit);
            check_hostile(bytes, len + 4, name, at);
            bytes[at] = (uint8_t)(bytes[at] ^ bit);
        }
    return document;
}

static void check_peer(const char *name, const json_t *peer)
{
    const char *request = string_of(peer, "negotiate_request_hex"),
               *response = string_of(peer, "negotiate_response_hex");
    const json_t *dialects = json_object_get(peer, "dialects"), *d;
    size_t i;

    CHECK(*request != 0, "%s has no request", name);
    json_t *document = check_message(name, request);
    CHECK(json_is_null(json_object_get(document, "error")) && strcmp(string_of(document, "kind"), "request") == 0, "%s",
          name);
    CHECK(json_array_size(json_object_get(document, "dialects")) == json_array_size(dialects), "%s", name);
    json_array_foreach(dialects, i, d)
        CHECK(strcmp(string_of(json_array_get(json_object_get(document, "dialects"), i), "id") + 2,
                     json_string_value(d)) == 0,
              "%s", name);
    check_contexts(name, document, json_object_get(peer, "request_contexts"));
    json_decref(document);
    if (*response == 0)
        return;
    document = check_message(name, response);
    CHECK(json_is_null(json_object_get(document, "error")) && strcmp(string_of(document, "kind"), "response") == 0,
          "%s", name);
    CHECK(strcmp(string_of(json_object_get(document, "dialect"), "id") + 2, string_of(peer, "response_dialect")) == 0,
          "%s", name);
    check_contexts(name, document, json_object_get(peer, "response_contexts"));
    json_decref(document);
}

int main(int argc, char **argv)
{
    const char *name;
    json_t *peer, *peers = NULL;

    for (int i = 1; i < argc && peers == NULL; i++)
        if (strstr(argv[i], "/negotiate-messages.json") != NULL)
            peers = json_load_file(argv[i], 0, NULL);

    nowhere = fopen("/dev/null", "w");
    CHECK(peers != NULL && nowhere != NULL, "usage: decode_test FILE... (of vectors/captures)");
    CHECK(json_object_size(peers) >= 11, "%zu peers", json_object_size(peers));
    json_object_foreach(peers, name, peer) check_peer(name, peer);
    CHECK(broken > 5000, "%zu broken messages", broken);
    printf("%zu peers, %zu broken messages described\n", json_object_size(peers), broken);
    json_decref(peers);
    fclose(nowhere);
    return check_end();
}
