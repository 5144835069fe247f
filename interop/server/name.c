/* SPDX-License-Identifier: Apache-2.0 */
#include "name.h"

#include <locale.h>
#include <string.h>
#include <wctype.h>

#include "octets.h"

/* One unit at a time: Windows folds no surrogate pairs either. The tables are the C library's, of a locale of our own. */
static uint16_t fold(uint16_t unit)
{
    static locale_t locale;
    if (unit < 128)
        return unit >= 'a' && unit <= 'z' ? (uint16_t)(unit - 32) : unit;
    if (unit >= 0xD800 && unit < 0xE000)
        return unit;
    if (!locale)
        locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    wint_t upper = locale ? towupper_l(unit, locale) : unit;
    return upper <= 0xFFFF ? (uint16_t)upper : unit;
}

void name_fold(uint8_t *out, csign_bytes name)
{
    for (size_t i = 0; i + 1 < name.len; i += 2)
        store_le16(out + i, fold(load_le16(name.data + i)));
}

bool name_is(csign_bytes name, const char *ascii)
{
    size_t len = strlen(ascii);
    if (name.len != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (load_le16(name.data + 2 * i) != (uint8_t)ascii[i])
            return false;
    return true;
}

bool name_valid(csign_bytes name)
{
    if (!name.len || name.len % 2 || name.len > MAX_NAME || name_is(name, ".") || name_is(name, ".."))
        return false;
    for (size_t i = 0; i < name.len; i += 2) {
        uint16_t unit = load_le16(name.data + i);
        if (unit < 32 || (unit < 128 && strchr("\"*/:<>?\\|", unit)))
            return false;
    }
    return true;
}

/* The pattern as an automaton: active[i] says that what is before i of the pattern can have matched the name so far. No backtracking, so
   that no pattern costs more than its length times the name's. */
bool name_matches(csign_bytes pattern, csign_bytes name, size_t *steps)
{
    bool active[MAX_NAME / 2 + 1] = {true};
    size_t states = pattern.len / 2, length = name.len / 2, last_dot = length;
    if (states > MAX_NAME / 2)
        return false;
    for (size_t j = 0; j < length; j++)
        if (load_le16(name.data + 2 * j) == '.')
            last_dot = j;
    for (size_t j = 0;; j++) {
        bool end = j == length, next[MAX_NAME / 2 + 1];
        memset(next, 0, states + 1);
        uint16_t unit = end ? 0 : load_le16(name.data + 2 * j);
        for (size_t i = 0; i < states; i++) {
            if (!active[i])
                continue;
            uint16_t p = load_le16(pattern.data + 2 * i);
            bool dot = !end && unit == '.';
            switch (p) {
            case '*':
                active[i + 1] = true;
                next[i] = true;
                break;
            case '<': /* as *, but not beyond the last dot */
                active[i + 1] = true;
                next[i] = last_dot == length || j <= last_dot;
                break;
            case '>': /* as ?, but nothing at a dot or at the end */
                if (end || dot)
                    active[i + 1] = true;
                if (!dot || j + 1 == length)
                    next[i + 1] = true;
                break;
            case '"': /* a dot, or nothing at the end */
                if (end)
                    active[i + 1] = true;
                if (dot)
                    next[i + 1] = true;
                break;
            case '?':
                next[i + 1] = true;
                break;
            default:
                if (p == unit && !end)
                    next[i + 1] = true;
            }
        }
        *steps += states + 1;
        if (end)
            return active[states];
        if (!memchr(next, true, states + 1))
            return false;
        memcpy(active, next, states + 1);
    }
}
