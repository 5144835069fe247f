/* SPDX-License-Identifier: Apache-2.0 */
/* status.h: names, sentences, NTSTATUS. */
#include <countersign/countersign.h>

#include "check.h"

static const struct {
    csign_status status;
    const char *name;
    uint32_t ntstatus;
} expected[] = {
    {CSIGN_OK, "CSIGN_OK", 0},
    {CSIGN_NOT_SIGNED, "CSIGN_NOT_SIGNED", 0xC0000022},
    {CSIGN_NOT_SIGNED_BY_RULE, "CSIGN_NOT_SIGNED_BY_RULE", 0xC0000022},
    {CSIGN_BAD_SIGNATURE, "CSIGN_BAD_SIGNATURE", 0xC0000022},
    {CSIGN_TRUNCATED, "CSIGN_TRUNCATED", 0xC000000D},
    {CSIGN_MALFORMED, "CSIGN_MALFORMED", 0xC000000D},
    {CSIGN_DUPLICATE_CONTEXT, "CSIGN_DUPLICATE_CONTEXT", 0xC000000D},
    {CSIGN_MISSING_CONTEXT, "CSIGN_MISSING_CONTEXT", 0xC000000D},
    {CSIGN_NO_DIALECT, "CSIGN_NO_DIALECT", 0xC00000BB},
    {CSIGN_NO_OVERLAP, "CSIGN_NO_OVERLAP", 0xC05D0000},
    {CSIGN_NOT_OFFERED, "CSIGN_NOT_OFFERED", 0xC00000C3},
    {CSIGN_UNSUPPORTED, "CSIGN_UNSUPPORTED", 0xC00000BB},
    {CSIGN_NONCE_FORBIDDEN, "CSIGN_NONCE_FORBIDDEN", 0xC000000D},
    {CSIGN_NO_SPACE, "CSIGN_NO_SPACE", 0xC0000023},
    {CSIGN_BAD_ARGUMENT, "CSIGN_BAD_ARGUMENT", 0xC000000D},
};

int main(void)
{
    CHECK(CSIGN_OK == 0);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const char *text = csign_status_text(expected[i].status);
        CHECK(strcmp(csign_status_name(expected[i].status), expected[i].name) == 0);
        CHECK(csign_status_ntstatus(expected[i].status) == expected[i].ntstatus);
        CHECK(strlen(text) > 5 || expected[i].status == CSIGN_OK);
        CHECK(strlen(text) > 0 && text[strlen(text) - 1] != '.');
        for (size_t j = 0; j < i; j++) {
            CHECK(strcmp(text, csign_status_text(expected[j].status)) != 0);
        }
    }
    const int strangers[] = {-1, 15, 1000, 0x7FFFFFFF};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        csign_status stranger = (csign_status)strangers[i];
        CHECK(strcmp(csign_status_name(stranger), "CSIGN_?") == 0);
        CHECK(strlen(csign_status_text(stranger)) > 0);
        CHECK(csign_status_ntstatus(stranger) == 0xC000000D);
    }
    return CHECK_RESULT();
}
