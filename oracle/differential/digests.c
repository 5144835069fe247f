/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of digests.txt: operation, seed, cases, digest. See digests.h. */
#include "digests.h"

#include <inttypes.h>
#include <string.h>

void digest_print(const struct run *run)
{
    printf("%s 0x%016" PRIx64 " %" PRIu64 " 0x%016" PRIx64 "\n", run->operation->name, run->seed, run->index,
           run->digest);
}

bool digest_demand(const char *path, const struct run *run)
{
    char line[200], name[32];
    uint64_t seed, cases, digest;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    bool found = false, equal = false;
    while (!found && fgets(line, sizeof line, file)) {
        if (line[0] == '#')
            continue;
        if (sscanf(line, "%31s 0x%" SCNx64 " %" SCNu64 " 0x%" SCNx64, name, &seed, &cases, &digest) != 4) {
            fprintf(stderr, "%s: not a digest: %s", path, line);
            break;
        }
        if (strcmp(name, run->operation->name) || seed != run->seed || cases != run->index)
            continue;
        found = true;
        equal = digest == run->digest;
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
