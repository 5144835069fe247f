# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the library's objects may hold (design: freestanding): undefined symbols only of the four memory functions, nothing in
# .data, .bss or common, but for what lib/crypto/cpu.c needs to know the processor once: one word in .bss, and getauxval. By readelf,
# which reads every architecture's objects.

# objects_clean OBJECT...: 0 if so; else says what is wrong and returns 1.
objects_clean() {
    local bad=0 found
    [ $# -gt 0 ] || { echo "no objects"; return 1; }
    # Sections that are writable when the program runs: of cpu.c that of the word. .data.rel.ro holds constant pointers and .got2
    # addresses for 32-bit PowerPC's position-independent code, and both are made read-only by the loader.
    found=$(readelf -SW "$@" | sed 's/\[ *\([0-9]*\)\]/\1/' | awk '
        /^File:/ { file = $2 }
        $1 ~ /^[0-9]+$/ && $8 ~ /W/ && $2 !~ /^\.data\.rel\.ro/ && $2 != ".got2" && $6 !~ /^0+$/ &&
            !(file ~ /_crypto_cpu\.o$/ && ($2 == ".bss" || $2 == ".sbss") && $6 ~ /^0*4$/) { print file ": " $2 " holds 0x" $6 " bytes" }')
    [ -z "$found" ] || { echo "$found"; bad=1; }
    # Defined anywhere in the set counts as the library's own; _GLOBAL_OFFSET_TABLE_ is the linker's, for 32-bit PIC.
    found=$(readelf -sW "$@" | awk '
        /^File:/ { cpu = $2 ~ /_crypto_cpu\.o$/ }
        cpu && $8 == "getauxval" { next }
        $1 ~ /^[0-9]+:$/ && $8 != "" { if ($7 == "UND") wanted[$8] = 1; else if ($7 == "COM") common[$8] = 1; else if ($5 != "LOCAL") own[$8] = 1 }
        END {
            split("memcpy memmove memset memcmp _GLOBAL_OFFSET_TABLE_", allowed, " ")
            for (i in allowed) own[allowed[i]] = 1
            for (s in wanted) if (!(s in own)) print "undefined symbol " s
            for (s in common) print "common symbol " s
        }')
    [ -z "$found" ] || { echo "$found"; bad=1; }
    return "$bad"
}
