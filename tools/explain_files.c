/* SPDX-License-Identifier: Apache-2.0 */
/* `countersign explain` without a capture: see explain_files.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "explain_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "command_values.h"
#include "countersign/message.h"
#include "diagnosis.h"
#include "explain.h"
#include "memory.h"

#define MESSAGE_LIMIT (64u << 20) /* the largest message has 16 MiB; as hex with blanks */
#define STATUS_MORE_PROCESSING_REQUIRED 0xC0000016u
#define MESSAGES 64u /* of a preauthentication hash: what csign_diagnose takes */

const char explain_files_help[] =
    "  --message FILE      the message that does not verify, from the SMB2 header on, all elements of a compound\n"
    "  --element N         its element, from 1; without it the first\n"
    "  --session-key HEX   the key that authentication produced, whole; '-' reads the digits from standard input\n"
    "  --dialect DIALECT   2.0.2, 2.1, 3.0, 3.0.2 or 3.1.1\n"
    "  --signing NAME      3.1.1: the algorithm negotiated: HMAC-SHA256, AES-CMAC (which it is without) or AES-GMAC\n"
    "  --preauth FILE      3.1.1: a message of the preauthentication hash; once for each: NEGOTIATE request and "
    "response,\n"
    "                      then each SESSION_SETUP request, and each response with STATUS_MORE_PROCESSING_REQUIRED\n"
    "  --final FILE        the SESSION_SETUP response with STATUS_SUCCESS\n"
    "  --request-signature HEX  the signature of the request that the message answers\n"
    "  --channel           all this is of an authentication that bound a channel\n"
    "  --other-session-key HEX  --other-preauth HEX  session key and preauth hash of the session's first "
    "authentication,\n"
    "                      or if that is the one above, of a bound channel's\n"
    "  --hex               the files are text: hex digits, with white space and colons anywhere\n";

bool explain_files_is(int option)
{
    return option == EXPLAIN_FILES_PREAUTH || (option >= EXPLAIN_FILES_CHANNEL && option <= EXPLAIN_FILES_SIGNING);
}

static bool take_hex(owned_bytes *out, const char *option, const char *value, size_t len)
{
    if (!command_hex("explain", option, value, &out->data, &out->len))
        return false;
    if (out->len != len && len != 0) {
        command_misused("explain", "--%s has %zu bytes and not %zu", option, out->len, len);
        return false;
    }
    return true;
}

bool explain_files_take(explain_files *f, int option, const char *value)
{
    f->any = true;
    switch (option) {
    case EXPLAIN_FILES_CHANNEL:
        return f->channel = true;
    case EXPLAIN_FILES_HEX:
        return f->hex = true;
    case EXPLAIN_FILES_DIALECT:
        return f->dialect_given = command_dialect(&f->dialect, "explain", value);
    case EXPLAIN_FILES_SIGNING:
        return f->signing_given = command_signing(&f->signing, "explain", value);
    case EXPLAIN_FILES_ELEMENT:
        return command_number(&f->element, "explain", "element", value);
    case EXPLAIN_FILES_FINAL:
        f->final_response = value;
        return true;
    case EXPLAIN_FILES_MESSAGE:
        f->message = value;
        return true;
    case EXPLAIN_FILES_PREAUTH:
        f->preauth = need_more(f->preauth, &f->preauth_capacity, f->preauth_count, sizeof *f->preauth);
        f->preauth[f->preauth_count++] = value;
        return true;
    case EXPLAIN_FILES_SESSION_KEY:
        return command_session_key("explain", value, &f->session_key.data, &f->session_key.len);
    case EXPLAIN_FILES_OTHER_KEY:
        return take_hex(&f->other_key, "other-session-key", value, 0);
    case EXPLAIN_FILES_OTHER_PREAUTH:
        return take_hex(&f->other_preauth, "other-preauth", value, 64);
    default:
        return take_hex(&f->request_signature, "request-signature", value, 16);
    }
}

/* ---- what the options mean together ---- */

/* What is missing or does not go together; NULL: nothing. */
static const char *settle(const explain_files *f, csign_claim *claim)
{
    bool smb2 = f->dialect < CSIGN_SMB_3_0, smb311 = f->dialect == CSIGN_SMB_3_1_1;

    if (f->message == NULL)
        return "--message is missing";
    if (f->session_key.len == 0)
        return "--session-key is missing";
    if (!f->dialect_given)
        return "--dialect is missing";
    if (smb311 && f->preauth_count < 3)
        return "3.1.1 derives its keys from the preauthentication hash: give --preauth for NEGOTIATE request, "
               "NEGOTIATE response "
               "and each SESSION_SETUP message";
    if (f->preauth_count > MESSAGES)
        return "--preauth: more than 64 messages";
    claim->dialect = f->dialect;
    claim->algorithm = smb2 ? CSIGN_HMAC_SHA256 : CSIGN_AES_CMAC;
    if (f->signing_given && !smb311 && f->signing != claim->algorithm)
        return smb2 ? "--signing: 2.x signs with HMAC-SHA256 only" : "--signing: 3.0 and 3.0.2 sign with AES-CMAC only";
    if (f->signing_given)
        claim->algorithm = f->signing;
    return NULL;
}

/* Reads a message of 64 bytes at least. False: a message has been printed. */
static bool read_message(owned_bytes *out, const char *name, bool hex)
{
    char error[256];
    FILE *file = fopen(name, "rb");
    bool good = file != NULL && read_all(file, &out->data, &out->len, MESSAGE_LIMIT, error, sizeof error);

    if (file == NULL)
        snprintf(error, sizeof error, "%s", strerror(errno));
    else
        fclose(file);
    if (good && hex)
        good = command_from_hex(out->data, &out->len, error, sizeof error);
    if (good && (out->len < CSIGN_HEADER_LEN || memcmp(out->data, "\xFESMB", 4) != 0)) {
        snprintf(
            error, sizeof error, "%s",
            hex ? "these digits are no SMB2 message: it begins with fe534d42, and has 64 bytes at least"
                : "no SMB2 message: it begins with FE 'S' 'M' 'B' and has 64 bytes at least; hex digits need --hex");
        good = false;
    }
    if (!good)
        fprintf(stderr, "countersign explain: %s: %s\n", name, error);
    return good;
}

/* Whether the messages of the hash are what they must be, in this order. NULL: they are; else what is wrong with *wrong, from 1. */
static const char *check_order(const csign_bytes *messages, size_t count, size_t *wrong)
{
    for (size_t i = 0; i < count; i++) {
        csign_header h;
        bool response = i % 2 == 1;
        *wrong = i + 1;
        if (csign_header_parse(&h, messages[i]) != CSIGN_OK)
            return "is no SMB2 message";
        bool is_response = (h.flags & CSIGN_FLAG_SERVER_TO_REDIR) != 0;
        if (i < 2 && (h.command != CSIGN_COMMAND_NEGOTIATE || is_response != response))
            return response ? "must be the NEGOTIATE response" : "must be the NEGOTIATE request";
        if (i >= 2 && h.command != CSIGN_COMMAND_SESSION_SETUP)
            return "must be a SESSION_SETUP message";
        if (i >= 2 && is_response && h.status != STATUS_MORE_PROCESSING_REQUIRED)
            return "is a response whose status is not MORE_PROCESSING_REQUIRED: it is not hashed; the one with success "
                   "is --final";
        if (i >= 2 && is_response != response)
            return response ? "must be a SESSION_SETUP response" : "must be a SESSION_SETUP request";
    }
    return count % 2 == 0 && count != 0
               ? "must not be the last: after a response with MORE_PROCESSING_REQUIRED comes another request"
               : NULL;
}

/* Finds the element. False: a message has been printed. */
static bool find_element(csign_claim *claim, size_t number, const char *name)
{
    for (size_t i = 0; i < number; i++) {
        csign_status status = csign_compound_next(claim->frame, &claim->offset, &claim->len);
        if (status == CSIGN_OK && claim->len != 0)
            continue;
        if (status != CSIGN_OK)
            fprintf(stderr, "countersign explain: %s: at offset %zu: %s (%s)\n", name, claim->offset,
                    csign_status_text(status), csign_status_name(status));
        else
            fprintf(stderr, "countersign explain: %s: there is no element %zu; it has %zu\n", name, number, i);
        return false;
    }
    return true;
}

static bool is_signed(const csign_claim *claim, const char *name)
{
    csign_header h;
    if (csign_header_parse(&h, (csign_bytes){claim->frame.data + claim->offset, claim->len}) == CSIGN_OK &&
        (h.flags & CSIGN_FLAG_SIGNED) != 0)
        return true;
    fprintf(stderr,
            "countersign explain: %s: the SIGNED flag of this element is clear: there is no signature to explain\n",
            name);
    return false;
}

static int print(const csign_claim *claim, const report_form *form)
{
    size_t scratch_len = csign_diagnose_scratch_len(claim);
    uint8_t *scratch = need(scratch_len);
    csign_diagnosis found;
    char sentence[768];
    csign_status status = csign_diagnose(&found, claim, scratch, scratch_len);

    free(scratch);
    if (status != CSIGN_OK)
        return command_misused("explain", "%s (%s)", csign_status_text(status), csign_status_name(status));
    if (found.explanation_count != 0)
        diagnosis_sentence(sentence, sizeof sentence, found.explanations[0].mistakes,
                           found.explanations[0].mistake_count);
    else
        diagnosis_tried(sentence, sizeof sentence, &found);
    explained e;
    explained_make(&e, claim, &found, sentence);
    if (form->json) {
        json_t *document = explained_json(&e, form->keys);
        json_dumpf(document, stdout, JSON_INDENT(1));
        putchar('\n');
        json_decref(document);
    } else {
        explained_print(&e, &(style){stdout, form->colour}, form->keys);
    }
    int wrong = found.explanation_count == 0 || found.explanations[0].mistake_count != 0;
    explicit_bzero(&found, sizeof found);
    explicit_bzero(&e, sizeof e);
    return wrong;
}

int explain_files_run(const explain_files *f, const report_form *form, uint64_t work)
{
    csign_claim claim = {.session_key = {f->session_key.data, f->session_key.len},
                         .channel = f->channel,
                         .preauth_count = f->preauth_count,
                         .other_session_key = {f->other_key.data, f->other_key.len},
                         .other_preauth = f->other_preauth.data,
                         .request_signature = f->request_signature.data,
                         .work = work};
    owned_bytes messages[MESSAGES + 2] = {{0}}; /* the message, the final response, the others */
    csign_bytes preauth[MESSAGES];
    const char *wrong = settle(f, &claim);
    int status = COMMAND_UNUSABLE;
    size_t at;

    if (wrong != NULL)
        return command_misused("explain", "%s", wrong);
    bool good = read_message(&messages[0], f->message, f->hex);
    good = good && (f->final_response == NULL || read_message(&messages[1], f->final_response, f->hex));
    for (size_t i = 0; good && i < f->preauth_count; i++) {
        good = read_message(&messages[2 + i], f->preauth[i], f->hex);
        preauth[i] = (csign_bytes){messages[2 + i].data, messages[2 + i].len};
    }
    claim.frame = (csign_bytes){messages[0].data, messages[0].len};
    claim.final_response = (csign_bytes){messages[1].data, messages[1].len};
    claim.preauth = preauth;
    if (good && claim.dialect == CSIGN_SMB_3_1_1 && (wrong = check_order(preauth, f->preauth_count, &at)) != NULL) {
        fprintf(stderr, "countersign explain: %s: this --preauth, number %zu, %s\n", f->preauth[at - 1], at, wrong);
        good = false;
    }
    if (good && find_element(&claim, f->element ? f->element : 1, f->message) && is_signed(&claim, f->message))
        status = print(&claim, form);
    for (size_t i = 0; i < MESSAGES + 2; i++)
        free(messages[i].data);
    return status;
}

static void end(owned_bytes *secret)
{
    if (secret->len != 0)
        explicit_bzero(secret->data, secret->len);
    free(secret->data);
}

void explain_files_end(explain_files *f)
{
    end(&f->session_key);
    end(&f->other_key);
    end(&f->other_preauth);
    end(&f->request_signature);
    free(f->preauth);
}
