/* SPDX-License-Identifier: Apache-2.0 */
/* RTLD_LOCAL keeps each adapter's crypto library to itself, RTLD_NOW finds a missing symbol here and not in the middle of a run.
   RTLD_DEEPBIND is not needed and AddressSanitizer refuses it. Do this before AFL++'s fork server starts. */
#define _GNU_SOURCE
#include "load.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "uninstrumented.h"

static bool exists(char path[PATH_MAX], const char *folder, const char *between, const char *name)
{
    int n = snprintf(path, PATH_MAX, "%s%s/liboracle_%s.so", folder, between, name);
    return n > 0 && n < PATH_MAX && access(path, R_OK) == 0;
}

static bool find(char path[PATH_MAX], const char *name)
{
    const char *chosen = getenv("CSIGN_ORACLE_DIR");
    if (chosen)
        return exists(path, chosen, "", name);

    const char *runfiles = getenv("TEST_SRCDIR"), *workspace = getenv("TEST_WORKSPACE");
    char folder[PATH_MAX];
    if (runfiles && workspace) {
        int n = snprintf(folder, sizeof folder, "%s/%s", runfiles, workspace);
        if (n > 0 && (size_t)n < sizeof folder && exists(path, folder, "/oracle", name))
            return true;
    }

    ssize_t len = readlink("/proc/self/exe", folder, sizeof folder - 1);
    if (len <= 0)
        return false;
    folder[len] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    static const char *const between[] = {"", "/lib", "/../oracle", "/../../oracle"};
    for (size_t i = 0; i < sizeof between / sizeof *between; i++)
        if (exists(path, folder, between[i], name))
            return true;
    return false;
}

const struct oracle *oracle_load(const char *name, char error[512])
{
    char path[PATH_MAX];
    if (!find(path, name)) {
        snprintf(
            error, 512,
            "liboracle_%s.so is not in %s; build //oracle:liboracle_%s.so and set CSIGN_ORACLE_DIR to its folder", name,
            getenv("CSIGN_ORACLE_DIR") ? "$CSIGN_ORACLE_DIR" : "the runfiles, beside the executable or in ../oracle",
            name);
        return NULL;
    }
    uninstrumented_begin();
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct oracle *oracle = object == NULL ? NULL : dlsym(object, "csign_oracle");
    uninstrumented_end();
    if (oracle == NULL) {
        const char *why = dlerror();
        snprintf(error, 512, "%s", why ? why : "no symbol csign_oracle");
        return NULL;
    }
    initialised_by_oracle(oracle, sizeof *oracle);
    if (oracle->interface != ORACLE_INTERFACE) {
        snprintf(error, 512, "%.300s is of interface %u, this program of %u: build both again", path,
                 (unsigned)oracle->interface, ORACLE_INTERFACE);
        return NULL;
    }
    if (oracle->exception_count > ORACLE_EXCEPTIONS_MAX) {
        snprintf(error, 512, "%.300s has more than %u exceptions", path, ORACLE_EXCEPTIONS_MAX);
        return NULL;
    }
    if (strcmp(oracle->name, name) != 0) {
        snprintf(error, 512, "%.300s calls itself %.100s", path, oracle->name);
        return NULL;
    }
    return oracle;
}
