/* SPDX-License-Identifier: Apache-2.0 */
/* What both reports share: see report.h. */
#include "report.h"

const char *verdict_name(verdict v)
{
    static const char *const names[VERDICT_COUNT] = {
        [VERDICT_VERIFIED] = "verified",   [VERDICT_BAD] = "bad",
        [VERDICT_UNSIGNED] = "unsigned",   [VERDICT_NOT_TO_BE_VERIFIED] = "not-to-be-verified",
        [VERDICT_MIRRORED] = "mirrored",   [VERDICT_NO_KEY] = "no-key",
        [VERDICT_ENCRYPTED] = "encrypted", [VERDICT_DECRYPTED] = "decrypted",
    };
    return names[v];
}

char *printable(char *out, size_t out_len, const char *text)
{
    size_t i = 0;
    for (; i + 1 < out_len && text[i] != 0; i++)
        out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    out[i] = 0;
    return out;
}
