/* SPDX-License-Identifier: Apache-2.0 */
/* What all reports share: see report.h. */
#include "report.h"

#include "report_explain.h"
#include "report_json.h"
#include "report_text.h"

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

bool verdict_good(verdict v)
{
    return v != VERDICT_BAD && v != VERDICT_MIRRORED && v != VERDICT_NO_KEY && v != VERDICT_ENCRYPTED;
}

size_t summary_messages(const summary *total)
{
    size_t messages = 0;
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        messages += total->verdicts[i];
    return messages;
}

char *printable(char *out, size_t out_len, const char *text)
{
    size_t i = 0;
    for (; i + 1 < out_len && text[i] != 0; i++)
        out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    out[i] = 0;
    return out;
}

report *report_new(const report_form *form, FILE *out, FILE *diagnostics)
{
    if (form->explain)
        return report_explain(form, out);
    return form->json || form->lines ? report_json(form, out, diagnostics) : report_text(form, out);
}
