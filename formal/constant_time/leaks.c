/* SPDX-License-Identifier: Apache-2.0 */
/* Planted leaks: each must be reported, or a clean run of secrets.c means nothing. All but the last, which shows what
   memcheck cannot see: an instruction whose time depends on its operands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"

static volatile unsigned sink;
static const unsigned char table[256] = {0x63, 0x7C, 0x77, 0x7B};

__attribute__((noinline)) static int early_exit(const unsigned char *a, const unsigned char *b)
{
    for (int i = 0; i < 16; i++) {
        if (a[i] != b[i]) {
            return 0;
        }
    }
    return 1;
}

__attribute__((noinline)) static void key_bit(const unsigned char *key)
{
    if ((key[0] & 1) != 0) {
        sink++;
    }
}

__attribute__((noinline)) static void loop_count(const unsigned char *key)
{
    for (unsigned i = 0; i < key[0]; i++) {
        sink++;
    }
}

int main(int argc, char **argv)
{
    unsigned char key[16] = {1, 2, 3}, tag[16] = {1, 2, 4};
    const char *leak = argc == 2 ? argv[1] : "";
    SECRET(key, sizeof key);
    if (strcmp(leak, "table_lookup") == 0) {
        sink = table[key[3]];
    } else if (strcmp(leak, "memcmp") == 0) {
        int order = memcmp(key, tag, 16);
        PUBLIC(&order, sizeof order);
        sink = (unsigned)order;
    } else if (strcmp(leak, "early_exit") == 0) {
        int equal = early_exit(key, tag);
        PUBLIC(&equal, sizeof equal);
        sink = (unsigned)equal;
    } else if (strcmp(leak, "key_bit") == 0) {
        key_bit(key);
    } else if (strcmp(leak, "loop_count") == 0) {
        loop_count(key);
    } else if (strcmp(leak, "division") == 0) {
        sink = 1000003u / (key[2] | 1u);
    } else {
        return 2;
    }
    printf("leaked by %s\n", leak);
    return 0;
}
