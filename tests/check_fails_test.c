/* SPDX-License-Identifier: Apache-2.0 */
/* A test that must fail, also where NDEBUG takes assert() away: check_fails_test.sh runs it. Arguments: the check that is to fail. */
#include <assert.h>

#include "check.h"

int main(int argc, char **argv)
{
    const char *which = argc == 2 ? argv[1] : "";
    const uint8_t one[2] = {0, 1};
    const uint8_t other[2] = {0, 2};
    assert(strcmp(which, "assert") != 0);
    if (strcmp(which, "assert") == 0) {
        return 0; /* NDEBUG: the assertion was not even looked at */
    }
    if (strcmp(which, "nothing") == 0) {
        return CHECK_RESULT();
    }
    CHECK(strcmp(which, "condition") != 0);
    CHECK_STATUS(strcmp(which, "status") == 0 ? 3 : 0, 0);
    CHECK_BYTES(one, strcmp(which, "bytes") == 0 ? other : one, 2);
    if (strcmp(which, "zero") == 0) {
        CHECK_ZERO(&one);
    }
    return CHECK_RESULT();
}
