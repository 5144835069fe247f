/* SPDX-License-Identifier: Apache-2.0 */
/* The negotiate contexts of a message as a document (MS-SMB2 2.2.3.1): see decode.h. Lenient: as much of a broken context is
   shown as there is. */
#include <inttypes.h>

#include "countersign/negotiate.h"
#include "decode.h"
#include "names.h"
#include "octets.h"

#define CONTEXT_HEADER_LEN 8u

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

/* count ids at `at` of a context's data, or as many as there are. */
static json_t *decode_ids(csign_bytes data, size_t at, size_t count, const char *(*name)(uint32_t))
{
    json_t *ids = json_array();
    for (size_t i = 0; i < count && at + 2 * i + 2 <= data.len; i++) {
        uint16_t id = load_le16(data.data + at + 2 * i);
        json_array_append_new(ids, decode_id(id, 4, name(id)));
    }
    return ids;
}

/* UTF-16LE as UTF-8; NULL when it is not valid. */
static json_t *decode_utf16(csign_bytes data)
{
    char text[3 * 256 + 1];
    size_t len = 0;
    if (data.len % 2 != 0 || data.len > 512)
        return NULL;
    for (size_t i = 0; i < data.len; i += 2) {
        uint32_t c = load_le16(data.data + i);
        if (c >= 0xD800 && c < 0xE000) /* surrogates: host names have none */
            return NULL;
        if (c < 0x80) {
            text[len++] = (char)c;
        } else if (c < 0x800) {
            text[len++] = (char)(0xC0 | c >> 6);
            text[len++] = (char)(0x80 | (c & 0x3F));
        } else {
            text[len++] = (char)(0xE0 | c >> 12);
            text[len++] = (char)(0x80 | (c >> 6 & 0x3F));
            text[len++] = (char)(0x80 | (c & 0x3F));
        }
    }
    return json_stringn(text, len); /* NULL again for an embedded NUL where jansson does not allow it */
}

static void decode_data(json_t *context, uint16_t type, csign_bytes data)
{
    const uint8_t *p = data.data;
    size_t count = data.len >= 2 ? load_le16(p) : 0;

    switch (type) {
    case CSIGN_CONTEXT_PREAUTH_INTEGRITY:
        if (data.len < 4)
            return;
        set(context, "hash_algorithms", decode_ids(data, 4, count, name_preauth_hash));
        set(context, "salt_length", json_integer(load_le16(p + 2)));
        if (4 + 2 * count + load_le16(p + 2) <= data.len)
            set(context, "salt", decode_hex((csign_bytes){p + 4 + 2 * count, load_le16(p + 2)}));
        return;
    case CSIGN_CONTEXT_ENCRYPTION:
        set(context, "ciphers", decode_ids(data, 2, count, name_cipher));
        return;
    case CSIGN_CONTEXT_COMPRESSION:
        if (data.len >= 8)
            set(context, "flags", json_sprintf("0x%08" PRIx32, load_le32(p + 4)));
        set(context, "compression_algorithms", decode_ids(data, 8, count, name_compression));
        return;
    case CSIGN_CONTEXT_NETNAME: {
        json_t *name = decode_utf16(data);
        set(context, "netname", name ? name : decode_hex(data));
        return;
    }
    case CSIGN_CONTEXT_TRANSPORT:
        if (data.len >= 4)
            set(context, "flags", json_sprintf("0x%08" PRIx32, load_le32(p)));
        return;
    case CSIGN_CONTEXT_RDMA_TRANSFORM:
        set(context, "rdma_transforms", decode_ids(data, 8, count, name_rdma_transform));
        return;
    case CSIGN_CONTEXT_SIGNING:
        set(context, "signing_algorithms", decode_ids(data, 2, count, name_signing_algorithm));
        return;
    default:
        return;
    }
}

json_t *decode_contexts(csign_bytes message, size_t offset, size_t count)
{
    json_t *contexts = json_array();

    for (size_t i = 0; i < count; i++) {
        if (offset > message.len || message.len - offset < CONTEXT_HEADER_LEN)
            break;
        const uint8_t *p = message.data + offset;
        uint16_t type = load_le16(p);
        size_t said = load_le16(p + 2), room = message.len - offset - CONTEXT_HEADER_LEN;
        csign_bytes data = {p + CONTEXT_HEADER_LEN, said < room ? said : room};
        json_t *context = decode_id(type, 4, name_context(type));

        set(context, "offset", json_integer((json_int_t)offset));
        set(context, "data_length", json_integer((json_int_t)said));
        set(context, "reserved", json_sprintf("0x%08" PRIx32, load_le32(p + 4)));
        decode_data(context, type, data);
        set(context, "data", decode_hex(data));
        json_array_append_new(contexts, context);
        if (said > room)
            break;
        offset += CONTEXT_HEADER_LEN + said;
        offset += (8 - offset % 8) % 8;
    }
    return contexts;
}
