/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a corpus. Files are sorted by name so that every run sees them in the same order. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64 /* else readdir and stat fail where an inode's number is longer than 32 bits */
#include "inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

_Noreturn static void stop(const char *path, const char *why)
{
    fprintf(stderr, "corpus: %s: %s\n", path, why);
    exit(2);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The sorted names in a folder. readdir and not scandir: MSan knows what readdir writes. */
static char **names_in(const char *path, size_t *count)
{
    DIR *dir = opendir(path);
    if (!dir)
        stop(path, strerror(errno));
    char **names = NULL;
    *count = 0;
    errno = 0;
    for (struct dirent *e; (e = readdir(dir)); errno = 0) {
        if (e->d_name[0] == '.')
            continue;
        char **more = realloc(names, (*count + 1) * sizeof *names);
        if (!more || !(more[*count] = strdup(e->d_name)))
            stop(path, "out of memory");
        names = more;
        ++*count;
    }
    if (errno)
        stop(path, strerror(errno));
    closedir(dir);
    if (*count)
        qsort(names, *count, sizeof *names, by_name);
    return names;
}

static uint8_t *read_file(const char *path, size_t size)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        stop(path, strerror(errno));
    uint8_t *data = calloc(size ? size : 1, 1);
    if (!data)
        stop(path, "out of memory");
    if (fread(data, 1, size, f) != size)
        stop(path, "cannot be read to its end");
    fclose(f);
    return data;
}

/* Calls visit for each file at path, in order. */
static size_t walk(const char *path, bool backward, void (*visit)(const char *path, size_t size, void *with),
                   void *with)
{
    struct stat st;
    if (stat(path, &st))
        stop(path, strerror(errno));
    if (!S_ISDIR(st.st_mode)) {
        if (!S_ISREG(st.st_mode))
            stop(path, "neither a file nor a folder");
        visit(path, (size_t)st.st_size, with);
        return 1;
    }
    size_t files = 0, count;
    char **names = names_in(path, &count);
    for (size_t i = 0; i < count; i++) {
        char *name = names[backward ? count - 1 - i : i];
        size_t len = strlen(path) + strlen(name) + 2;
        char *child = malloc(len);
        if (!child)
            stop(path, "out of memory");
        snprintf(child, len, "%s/%s", path, name);
        files += walk(child, backward, visit, with);
        free(child);
        free(name);
    }
    free(names);
    return files;
}

struct user {
    void (*use)(const char *path, const uint8_t *data, size_t size, void *with);
    void *with;
};

static void read_and_use(const char *path, size_t size, void *user)
{
    const struct user *u = user;
    uint8_t *data = read_file(path, size);
    u->use(path, size ? data : data + 1, size, u->with); /* an empty one is the end of its block */
    free(data);
}

size_t inputs_each(const char *path, bool backward, void (*use)(const char *, const uint8_t *, size_t, void *),
                   void *with)
{
    struct user user = {use, with};
    return walk(path, backward, read_and_use, &user);
}

static void measure(const char *path, size_t size, void *max_len)
{
    if (size > *(size_t *)max_len)
        stop(path, "longer than max_len: a finding; it would be cut (fuzz/targets.bzl)");
}

void inputs_check(int count, char *const *paths, size_t max_len, bool require)
{
    size_t named = 0;
    struct stat st;
    for (int i = 0; i < count; i++) {
        if (paths[i][0] == '-' || (!require && stat(paths[i], &st)))
            continue;
        named++;
        if (!walk(paths[i], false, measure, &max_len) && require)
            stop(paths[i], "holds no input; a test without inputs tests nothing (//fuzz:T_seeds)");
    }
    if (!named && require)
        stop("(command line)", "names no corpus");
}
