/* SPDX-License-Identifier: Apache-2.0 */
/* A NEGOTIATE message as a document (MS-SMB2 2.2.1, 2.2.3, 2.2.4): see decode.h. Whether it is right is the library's word;
   the reading for display is done here, because what a parser refuses is what one wants to look at. */
#include "decode.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "countersign/countersign.h"
#include "hex.h"
#include "memory.h"
#include "names.h"
#include "octets.h"

#define REQUEST_FIXED_LEN 36u
#define RESPONSE_FIXED_LEN 64u

json_t *decode_id(uint32_t id, int digits, const char *name)
{
    return json_pack("{s:o, s:s?}", "id", json_sprintf("0x%0*" PRIx32, digits, id), "name", name);
}

json_t *decode_hex(csign_bytes bytes)
{
    char *text = need(2 * bytes.len + 1);
    json_t *value = json_string(hex_text(text, bytes.data, bytes.len));
    free(text);
    return value;
}

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

/* The names of the bits that are set. */
static json_t *decode_bits(uint32_t value, const char *(*name)(unsigned bit))
{
    json_t *names = json_array();
    for (unsigned bit = 0; bit < 32; bit++)
        if ((value >> bit & 1) != 0) {
            const char *known = name(bit);
            json_array_append_new(names, known ? json_string(known) : json_sprintf("bit %u", bit));
        }
    return json_pack("{s:o, s:o}", "value", json_sprintf("0x%08" PRIx32, value), "bits", names);
}

static const char *flag_name(unsigned bit)
{
    static const char *const names[] = {"SERVER_TO_REDIR", "ASYNC", "RELATED", "SIGNED"};
    return bit < 4 ? names[bit] : NULL;
}

static const char *security_mode_name(unsigned bit)
{
    static const char *const names[] = {"SIGNING_ENABLED", "SIGNING_REQUIRED"};
    return bit < 2 ? names[bit] : NULL;
}

/* A FILETIME, 100 ns since 1601, as a date where it is one. */
static json_t *decode_time(uint64_t filetime)
{
    char date[32] = "";
    time_t seconds = (time_t)(filetime / 10000000u) - (time_t)11644473600;
    const struct tm *utc = filetime >> 63 ? NULL : gmtime(&seconds);
    if (filetime != 0 && utc != NULL)
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", utc);
    return json_pack("{s:I, s:s?}", "value", (json_int_t)filetime, "date", *date ? date : NULL);
}

static json_t *decode_header(const csign_header *h)
{
    return json_pack("{s:i, s:o, s:o, s:i, s:o, s:I, s:o, s:o, s:I, s:o, s:o}",     /* */
                     "credit_charge", (int)h->credit_charge,                        /* */
                     "status", decode_id(h->status, 8, name_status(h->status)),     /* */
                     "command", decode_id(h->command, 4, name_command(h->command)), /* */
                     "credits", (int)h->credits,                                    /* */
                     "flags", decode_bits(h->flags, flag_name),                     /* */
                     "next_command", (json_int_t)h->next_command,                   /* */
                     "message_id", json_sprintf("%016" PRIx64, h->message_id),      /* */
                     "process_id", json_sprintf("%08" PRIx32, h->process_id),       /* */
                     "tree_id", (json_int_t)h->tree_id,                             /* */
                     "session_id", json_sprintf("%016" PRIx64, h->session_id),      /* */
                     "signature", decode_hex((csign_bytes){h->signature, sizeof h->signature}));
}

static void decode_request(json_t *document, csign_bytes message)
{
    const uint8_t *body = message.data + CSIGN_HEADER_LEN;
    size_t count = load_le16(body + 2), room = (message.len - CSIGN_HEADER_LEN - REQUEST_FIXED_LEN) / 2;
    json_t *dialects = json_array();
    bool smb311 = false;

    for (size_t i = 0; i < count && i < room; i++) {
        uint16_t dialect = load_le16(body + REQUEST_FIXED_LEN + 2 * i);
        json_array_append_new(dialects, decode_id(dialect, 4, name_dialect(dialect)));
        smb311 = smb311 || dialect == CSIGN_SMB_3_1_1;
    }
    set(document, "dialect_count", json_integer((json_int_t)count));
    set(document, "dialects", dialects);
    set(document, "security_mode", decode_bits(load_le16(body + 4), security_mode_name));
    set(document, "capabilities", decode_bits(load_le32(body + 8), name_capability));
    set(document, "client_guid", decode_hex((csign_bytes){body + 12, 16}));
    if (!smb311) {
        set(document, "client_start_time", decode_time(load_le64(body + 28)));
        return;
    }
    set(document, "context_offset", json_integer((json_int_t)load_le32(body + 28)));
    set(document, "context_count", json_integer((json_int_t)load_le16(body + 32)));
    set(document, "contexts", decode_contexts(message, load_le32(body + 28), load_le16(body + 32)));
}

static void decode_response(json_t *document, csign_bytes message)
{
    const uint8_t *body = message.data + CSIGN_HEADER_LEN;
    size_t offset = load_le16(body + 56), len = load_le16(body + 58);
    csign_bytes buffer = {NULL, 0};
    uint16_t dialect = load_le16(body + 4);

    if (len != 0 && offset <= message.len && len <= message.len - offset)
        buffer = (csign_bytes){message.data + offset, len};
    set(document, "dialect", decode_id(dialect, 4, name_dialect(dialect)));
    set(document, "security_mode", decode_bits(load_le16(body + 2), security_mode_name));
    set(document, "server_guid", decode_hex((csign_bytes){body + 8, 16}));
    set(document, "capabilities", decode_bits(load_le32(body + 24), name_capability));
    set(document, "max_transact_size", json_integer((json_int_t)load_le32(body + 28)));
    set(document, "max_read_size", json_integer((json_int_t)load_le32(body + 32)));
    set(document, "max_write_size", json_integer((json_int_t)load_le32(body + 36)));
    set(document, "system_time", decode_time(load_le64(body + 40)));
    set(document, "server_start_time", decode_time(load_le64(body + 48)));
    set(document, "security_buffer_offset", json_integer((json_int_t)offset));
    set(document, "security_buffer_length", json_integer((json_int_t)len));
    set(document, "security_buffer", decode_hex(buffer));
    if (dialect != CSIGN_SMB_3_1_1)
        return;
    set(document, "context_offset", json_integer((json_int_t)load_le32(body + 60)));
    set(document, "context_count", json_integer((json_int_t)load_le16(body + 6)));
    set(document, "contexts", decode_contexts(message, load_le32(body + 60), load_le16(body + 6)));
}

static void set_error(json_t *document, csign_status status, const char *text, size_t offset)
{
    set(document, "error",
        json_pack("{s:s, s:s, s:I}", "status", csign_status_name(status), "text", text, "offset", (json_int_t)offset));
}

/* Where a message is wrong that the parser has refused as a whole, and what is wrong there. */
static const char *locate(csign_bytes m, bool response, size_t *offset)
{
    const uint8_t *p = m.data, *body = m.data + CSIGN_HEADER_LEN;
    size_t fixed = CSIGN_HEADER_LEN + (response ? RESPONSE_FIXED_LEN : REQUEST_FIXED_LEN);

    *offset = 12;
    if (load_le16(p + 12) != CSIGN_COMMAND_NEGOTIATE)
        return "Command is not NEGOTIATE: only NEGOTIATE messages are decoded";
    *offset = 16;
    if ((load_le32(p + 16) & CSIGN_FLAG_SIGNED) != 0)
        return "Flags: a NEGOTIATE is never SIGNED";
    *offset = 20;
    if (load_le32(p + 20) != 0)
        return "NextCommand is not 0: a NEGOTIATE stands alone";
    *offset = m.len;
    if (m.len < fixed)
        return "the message ends inside its fixed part";
    *offset = CSIGN_HEADER_LEN;
    if (load_le16(body) != (response ? 65 : 36))
        return response ? "StructureSize is not 65" : "StructureSize is not 36";
    *offset = CSIGN_HEADER_LEN + 2;
    if (!response && load_le16(body + 2) == 0)
        return "DialectCount is 0";
    if (!response && 2u * load_le16(body + 2) > m.len - fixed)
        return "DialectCount: the dialects run past the message";
    *offset = CSIGN_HEADER_LEN + 56;
    return response ? "SecurityBufferOffset, SecurityBufferLength: the buffer is not behind the fixed part and inside "
                      "the message"
                    : "the message is refused";
}

/* The message behind a transport header, if there is one; *note is what does not fit. */
static csign_bytes unwrap(csign_bytes input, bool *wrapped, const char **note)
{
    *wrapped = input.len >= 8 && input.data[0] == 0 && memcmp(input.data + 4, "\xFESMB", 4) == 0;
    *note = NULL;
    if (!*wrapped)
        return input;
    size_t len = load_be32(input.data), there = input.len - 4;
    if (len > there)
        *note = "the transport header counts more bytes than there are: the message is cut";
    if (len < there)
        *note = "there are more bytes than the transport header counts; they are not looked at";
    return (csign_bytes){input.data + 4, len < there ? len : there};
}

json_t *decode_negotiate(csign_bytes input)
{
    csign_negotiate_request request;
    csign_negotiate_response response;
    csign_header header;
    const char *note;
    bool wrapped;
    size_t offset;
    json_t *document = json_object();
    csign_bytes message = unwrap(input, &wrapped, &note);

    set(document, "transport_header", json_boolean(wrapped));
    set(document, "note", note ? json_string(note) : json_null());
    set(document, "length", json_integer((json_int_t)message.len));
    set(document, "error", json_null());
    csign_status status = csign_header_parse(&header, message);
    if (status != CSIGN_OK) {
        bool id_wrong = message.len >= 4 && memcmp(message.data, "\xFESMB", 4) != 0;
        set_error(document, status,
                  message.len < CSIGN_HEADER_LEN && !id_wrong ? "the message is shorter than an SMB2 header"
                  : id_wrong ? "no SMB2 message starts here: ProtocolId is not FE 'S' 'M' 'B'"
                             : "StructureSize of the header is not 64",
                  id_wrong                         ? 0
                  : message.len < CSIGN_HEADER_LEN ? message.len
                                                   : 4);
        return document;
    }
    bool is_response = (header.flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0;
    set(document, "kind", json_string(is_response ? "response" : "request"));
    set(document, "header", decode_header(&header));
    status = is_response ? csign_negotiate_response_parse(&response, message)
                         : csign_negotiate_request_parse(&request, message);
    bool is_negotiate = header.command == CSIGN_COMMAND_NEGOTIATE && (!is_response || header.status == 0);
    if (is_negotiate && message.len >= CSIGN_HEADER_LEN + (is_response ? RESPONSE_FIXED_LEN : REQUEST_FIXED_LEN)) {
        if (is_response)
            decode_response(document, message);
        else
            decode_request(document, message);
    }
    if (status != CSIGN_OK) {
        const char *text = is_response && header.status != 0 && header.command == CSIGN_COMMAND_NEGOTIATE
                               ? (offset = 8, "the server refuses: an error response has nothing to decode")
                               : locate(message, is_response, &offset);
        set_error(document, status, text, offset);
        return document;
    }
    const csign_negotiate_contexts *contexts = is_response ? &response.contexts : &request.contexts;
    if (contexts->contexts_status != CSIGN_OK)
        set_error(document, contexts->contexts_status, csign_status_text(contexts->contexts_status),
                  contexts->contexts_error_offset);
    return document;
}
