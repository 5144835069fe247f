/* SPDX-License-Identifier: Apache-2.0 */
/* csign_header_parse on any bytes: what it takes is what MS-SMB2 2.2.1 calls a header, every field is that of the bytes, what it
   refuses leaves zeros; and whoever else looks at a header comes to the same end: the walk through compounds, and the rules that
   say which messages are signed, never signed or must not be. The input is an element, of which 128 bytes are looked at. */
#include "refusals.h"
#include "sign_model.h"
#include "views.h"

enum { LONGEST = 128 }; /* a header, and a body to which NextCommand may lead */

static csign_status expected_status(csign_bytes e)
{
    if (e.len < 64)
        return CSIGN_TRUNCATED;
    return fuzz_le(e.data, 4) == 0x424D53FE && fuzz_le(e.data + 4, 2) == 64 ? CSIGN_OK : CSIGN_MALFORMED;
}

static void check_walk(csign_bytes e, csign_status parsed)
{
    size_t offset = 0, len = 0;
    csign_status status = csign_compound_next(e, &offset, &len);
    uint32_t next = e.len >= 64 ? fuzz_le(e.data + 20, 4) : 0;
    csign_status expected = parsed;
    if (parsed == CSIGN_OK && next)
        expected = next < 64 || next % 8 ? CSIGN_MALFORMED : next > e.len ? CSIGN_TRUNCATED : CSIGN_OK;
    CHECK(status == expected && !offset, "the walk begins if and only if the header is good and NextCommand can be");
    CHECK(len == (status != CSIGN_OK ? 0 : next ? next : e.len), "the first element ends where NextCommand says");
}

/* Which messages are signed, and which never: the fields of the header alone decide, for every algorithm. */
static void check_rules(csign_bytes e)
{
    static const uint8_t key[16] = {1, 2, 3};
    for (unsigned algorithm = 0; algorithm < 3; algorithm++) {
        csign_signer signer;
        CHECK(csign_signer_init(&signer, (csign_signing_algorithm)algorithm, key) == CSIGN_OK, "16 bytes are a key");
        csign_status status = csign_verify(&signer, e.data, e.len), expected = model_verify(e);
        CHECK(expected == CSIGN_OK ? status == CSIGN_OK || status == CSIGN_BAD_SIGNATURE : status == expected,
              "a header says whether its signature is looked at");
        fuzz_outcome_number(status);
        fuzz_too_short(status == CSIGN_TRUNCATED);
        if (e.len >= 64) {
            uint8_t header[64];
            memcpy(header, e.data, 64);
            csign_bytes body = {e.len > 64 ? e.data + 64 : NULL, e.len - 64};
            status = csign_sign_parts(&signer, header, &body, 1);
            CHECK(status == model_sign((csign_signing_algorithm)algorithm, e),
                  "a header says whether it may be signed");
            CHECK(status == CSIGN_OK || !memcmp(header, e.data, 64), "a header that is not signed is unchanged");
            fuzz_outcome_number(status);
        }
        csign_signer_wipe(&signer);
    }
}

/* What does not depend on an input: fifteen statuses have names of their own. */
static void start(void)
{
    for (unsigned status = 0; status < 15; status++)
        for (unsigned other = 0; other <= status; other++)
            CHECK((other == status) ==
                      !strcmp(csign_status_name((csign_status)status), csign_status_name((csign_status)other)),
                  "no two statuses have the same name");
}

/* Any number may be asked for as a status. */
static void check_status_number(uint32_t number)
{
    const char *name = csign_status_name((csign_status)number), *text = csign_status_text((csign_status)number);
    uint32_t answer = csign_status_ntstatus((csign_status)number);
    CHECK(!strncmp(name, "CSIGN_", 6) && (number >= 15) == !strcmp(name, "CSIGN_?") && strlen(text) > 6,
          "a status has a name and a sentence, and a number that is none says so");
    CHECK(number ? answer >> 30 == 3 : !answer, "only success is answered with success");
}

static void one(const uint8_t *input, size_t size)
{
    csign_bytes element = {input, size < LONGEST ? size : LONGEST};
    csign_header h;
    memset(&h, 0xA5, sizeof h);
    csign_status status = csign_header_parse(&h, element);
    fuzz_outcome_number(status);
    CHECK(status == expected_status(element), "a header is taken if and only if MS-SMB2 2.2.1 says it is one");
    if (status == CSIGN_OK) {
        views_check_header(&h, element);
        fuzz_outcome(element.data, 64);
    } else {
        CHECK(fuzz_all(&h, sizeof h, 0), "a refused header leaves zeros");
    }
    check_walk(element, status);
    check_rules(element);
    check_status_number((uint32_t)status);
    check_status_number(size >= 12 ? fuzz_le(input + 8, 4) : (uint32_t)size);
    refusals_parse(element);
}

const fuzz_target fuzz_this = {"header", start, one};
