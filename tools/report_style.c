/* SPDX-License-Identifier: Apache-2.0 */
/* How the text report looks: see report_style.h. */
#include "report_style.h"

#include <string.h>

static const char *const colours[VERDICT_COUNT] = {
    [VERDICT_VERIFIED] = "\033[32m", [VERDICT_DECRYPTED] = "\033[32m", [VERDICT_BAD] = "\033[1;31m",
    [VERDICT_MIRRORED] = "\033[33m", [VERDICT_NO_KEY] = "\033[33m",    [VERDICT_ENCRYPTED] = "\033[33m",
};

void style_heading(const style *s, const char *text)
{
    fprintf(s->out, s->colour ? "\n\033[1m%s\033[0m\n" : "\n%s\n", text);
}

void style_verdict(const style *s, verdict v, int width)
{
    const char *colour = s->colour && colours[v] ? colours[v] : "";
    fprintf(s->out, "%s%-*s%s", colour, width, verdict_name(v), *colour ? "\033[0m" : "");
}

void style_counts(const style *s, const size_t verdicts[VERDICT_COUNT])
{
    bool any = false;
    char number[32];
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        if (verdicts[i] == 0)
            continue;
        fprintf(s->out, "%s%s ", any ? ", " : "", style_number(number, verdicts[i]));
        style_verdict(s, (verdict)i, 0);
        any = true;
    }
}

char *style_number(char out[32], size_t number)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%zu", number);
    char *p = out;
    for (int i = 0; i < len; i++) {
        if (i != 0 && (len - i) % 3 == 0)
            *p++ = ',';
        *p++ = digits[i];
    }
    *p = 0;
    return out;
}

char *style_some(char out[64], size_t number, const char *what)
{
    char text[32];
    snprintf(out, 64, "%s %s%s", style_number(text, number), what, number == 1 ? "" : "s");
    return out;
}
