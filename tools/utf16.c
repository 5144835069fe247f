/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-16LE from and to UTF-8: see utf16.h. */
#define _GNU_SOURCE /* towupper_l, C.UTF-8 */
#include "utf16.h"

#include <locale.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>
#include <wctype.h>

#include "octets.h"

bool utf16_from_utf8(uint8_t *out, size_t *len, const char *text)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = uselocale(utf8);
    size_t left = strlen(text);
    mbstate_t state = {0};
    bool good = true;

    *len = 0;
    while (good && (left != 0 || !mbsinit(&state))) { /* a pair may still owe its second half */
        char16_t unit;
        size_t used = mbrtoc16(&unit, text, left, &state);
        good = used <= left || used == (size_t)-3;
        if (!good)
            break;
        out[(*len)++] = (uint8_t)unit;
        out[(*len)++] = (uint8_t)(unit >> 8);
        if (used != (size_t)-3) { /* -3: the second half of a pair, which takes no bytes */
            text += used;
            left -= used;
        }
    }
    uselocale(before);
    if (utf8 != (locale_t)0)
        freelocale(utf8);
    return good;
}

void utf16_upper(uint8_t *text, size_t len)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    for (size_t i = 0; utf8 != (locale_t)0 && i + 2 <= len; i += 2) {
        wint_t capital = towupper_l(load_le16(text + i), utf8);
        if (capital > 0xFFFF)
            continue;
        text[i] = (uint8_t)capital;
        text[i + 1] = (uint8_t)(capital >> 8);
    }
    if (utf8 != (locale_t)0)
        freelocale(utf8);
}

char *utf16_printable(char *out, size_t out_len, csign_bytes text)
{
    size_t written = 0;
    for (size_t i = 0; i + 2 <= text.len && written + 1 < out_len; i += 2) {
        uint16_t unit = load_le16(text.data + i);
        out[written++] = (char)(unit >= ' ' && unit <= '~' ? unit : '?');
    }
    out[written] = 0;
    return out;
}
