/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of digests.txt: operation, seed, cases, digest. See digests.h. */
#include "digests.h"

#include <inttypes.h>
#include <string.h>

/* What a line begins with, and its digest. */
static void line_of(const struct run *run, char start[96], char digest[24])
{
    snprintf(start, 96, "%s 0x%016" PRIx64 " %" PRIu64 " ", run->operation->name, run->seed, run->index);
    snprintf(digest, 24, "0x%016" PRIx64 "\n", run->digest);
}

void digest_print(const struct run *run)
{
    char start[96], digest[24];
    line_of(run, start, digest);
    printf("%s%s", start, digest);
}

bool digest_demand(const char *path, const struct run *run)
{
    char start[96], digest[24], line[200];
    line_of(run, start, digest);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    bool found = false, equal = false;
    while (!found && fgets(line, sizeof line, file)) {
        found = strncmp(line, start, strlen(start)) == 0;
        equal = found && strcmp(line + strlen(start), digest) == 0;
    }
    fclose(file);
    printf("  digest 0x%016" PRIx64 ": %s\n", run->digest,
           equal   ? "the committed one"
           : found ? "NOT the committed one"
                   : "NONE committed");
    if (!equal)
        fprintf(stderr,
                "%s: %s for %s, %" PRIu64
                " cases; if the cases were changed on purpose, its first lines say how to make it again\n",
                path, found ? "another digest" : "no digest", run->operation->name, run->index);
    return equal;
}
