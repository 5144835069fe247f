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

size_t inputs_each(const char *path, void (*use)(const char *, const uint8_t *, size_t, void *), void *with)
{
    struct stat st;
    if (stat(path, &st))
        stop(path, strerror(errno));
    if (!S_ISDIR(st.st_mode)) {
        uint8_t *data = read_file(path, (size_t)st.st_size);
        use(path, st.st_size ? data : data + 1, (size_t)st.st_size, with); /* an empty one is the end of its block */
        free(data);
        return 1;
    }
    size_t files = 0, count;
    char **names = names_in(path, &count);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(path) + strlen(names[i]) + 2;
        char *child = malloc(len);
        if (!child)
            stop(path, "out of memory");
        snprintf(child, len, "%s/%s", path, names[i]);
        files += inputs_each(child, use, with);
        free(child);
        free(names[i]);
    }
    free(names);
    return files;
}

static void measure(const char *path, const uint8_t *data, size_t size, void *max_len)
{
    (void)data;
    if (size > *(size_t *)max_len)
        stop(path, "longer than -max_len: it would be cut; raise max_len in fuzz/targets.bzl");
}

void inputs_require(int count, char *const *paths, size_t max_len)
{
    size_t folders = 0;
    for (int i = 0; i < count; i++) {
        if (paths[i][0] == '-')
            continue;
        folders++;
        if (!inputs_each(paths[i], measure, &max_len))
            stop(paths[i], "holds no input; a test without inputs tests nothing (//fuzz:T_seeds)");
    }
    if (!folders)
        stop("(command line)", "names no corpus");
}
