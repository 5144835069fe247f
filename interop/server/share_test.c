/* SPDX-License-Identifier: Apache-2.0 */
/* The share without a client: names, patterns, paths, limits. Patterns and what they match are MS-FSA 2.1.4.4's, worked out by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "info.h"
#include "server.h"
#include "share.h"

static int failures;

/* In place of server.c's: the time is of no interest here. */
uint64_t now_filetime(void)
{
    return 1;
}

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "share_test.c:%d: %s\n", __LINE__, #condition);                                            \
            failures++;                                                                                                \
        }                                                                                                              \
    } while (0)

/* Several at once, for one call. */
static csign_bytes utf16(const char *ascii)
{
    static uint8_t buffers[8][2048];
    static unsigned turn;
    uint8_t *out = buffers[turn++ % 8];
    info_utf16(out, ascii);
    return (csign_bytes){out, 2 * strlen(ascii)};
}

static csign_bytes folded(uint8_t *out, csign_bytes name)
{
    name_fold(out, name);
    return (csign_bytes){out, name.len};
}

static void test_patterns(void)
{
    static const struct {
        const char *pattern, *name;
        bool matches;
    } CASES[] = {
        {"*", "a", true},           {"*", ".", true},
        {"a*c", "abbc", true},      {"a*c", "abbd", false},
        {"?", "a", true},           {"?", "", false},
        {"??", "a", false},         {"A.TXT", "a.txt", true},
        {"*.txt", "a.b.txt", true}, {"*.txt", "txt", false},
        {"<.txt", "a.b.txt", true}, {"<.b", "a.b.txt", false},
        {">>>", "ab", true},        {">>>", "abcd", false},
        {"a>>.c", "a.c", true},     {"a\"", "a", true},
        {"a\"b", "a.b", true},      {"a\"b", "ab", false},
        {"<\"*", "abc", true},      {"", "a", false},
        {"<", "a.b", false},        {"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        uint8_t pattern[MAX_NAME], name[MAX_NAME];
        csign_bytes p = folded(pattern, utf16(CASES[i].pattern)), n = folded(name, utf16(CASES[i].name));
        size_t steps = 0;
        if (name_matches(p, n, &steps) != CASES[i].matches || steps > (p.len / 2 + 1) * (n.len / 2 + 1)) {
            fprintf(stderr, "share_test.c: '%s' and '%s'\n", CASES[i].pattern, CASES[i].name);
            failures++;
        }
    }
}

static struct node *make(struct share *share, const char *path, uint32_t attributes)
{
    struct lookup found;
    if (share_lookup(share, utf16(path), &found) || found.node)
        return NULL;
    return share_create(share, found.parent, found.leaf, attributes);
}

static uint32_t look(struct share *share, const char *path, struct node **node)
{
    struct lookup found;
    uint32_t status = share_lookup(share, utf16(path), &found);
    *node = status ? NULL : found.node;
    return status;
}

static void test_paths(void)
{
    struct share *share = share_new();
    struct node *directory = make(share, "Dir", ATTRIBUTE_DIRECTORY), *file = make(share, "dir\\File", 0), *found;
    CHECK(directory && file && file->parent == directory);
    CHECK(!look(share, "DIR\\fILE", &found) && found == file);
    CHECK(!look(share, "dir\\", &found) && found == directory);
    CHECK(!look(share, "", &found) && found == &share->root);
    CHECK(!look(share, "dir\\..\\dir\\file", &found) && found == file);
    CHECK(look(share, "..", &found) == STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK(look(share, "dir\\..\\..", &found) == STATUS_OBJECT_PATH_SYNTAX_BAD);
    CHECK(!look(share, "dir\\none", &found) && !found);
    CHECK(look(share, "none\\file", &found) == STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK(look(share, "dir\\file\\below", &found) == STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK(look(share, "none\\a*b", &found) == STATUS_OBJECT_NAME_INVALID);
    CHECK(look(share, "a:b", &found) == STATUS_OBJECT_NAME_INVALID);
    char longest[257];
    memset(longest, 'n', 256);
    longest[256] = 0;
    CHECK(look(share, longest, &found) == STATUS_OBJECT_NAME_INVALID);
    longest[255] = 0;
    CHECK(!look(share, longest, &found) && !found);

    uint8_t path[64];
    CHECK(node_path(file, NULL, path, sizeof path) == 18 && !memcmp(path, utf16("\\Dir\\File").data, 18));
    CHECK(node_path(file, directory, path, sizeof path) == 10);

    CHECK(share_rename(directory, directory, utf16("x")) == STATUS_ACCESS_DENIED);
    CHECK(!share_rename(file, &share->root, utf16("moved")));
    CHECK(!look(share, "moved", &found) && found == file);
    CHECK(directory && !directory->children);
    share_free(share);
}

static void test_depth(void)
{
    struct share *share = share_new();
    struct node *at = &share->root, *other = share_create(share, at, utf16("other"), ATTRIBUTE_DIRECTORY);
    for (unsigned i = 0; i < MAX_DEPTH; i++)
        at = share_create(share, at, utf16("d"), ATTRIBUTE_DIRECTORY);
    CHECK(share_rename(other, at, utf16("o")) == STATUS_OBJECT_NAME_INVALID);
    CHECK(!share_rename(other, at->parent, utf16("o")));
    share_free(share);
}

static void test_limits(void)
{
    struct share *share = share_new();
    struct node *file = make(share, "f", 0);
    CHECK(share_resize(share, file, 10));
    share_write(file, 0, (csign_bytes){(const uint8_t *)"xxxxxxxxxx", 10});
    CHECK(share_resize(share, file, 5) && share_resize(share, file, 10) && !memcmp(file->data, "xxxxx\0\0\0\0\0", 10));
    CHECK(share_resize(share, file, MAX_FILE) && !memcmp(file->data, "xxxxx\0", 6) && !file->data[MAX_FILE - 1]);
    share_write(file, 3 * CLUSTER, (csign_bytes){(const uint8_t *)"y", 1});
    CHECK(share_resize(share, file, 3 * CLUSTER + 1) && file->data[3 * CLUSTER] == 'y');
    CHECK(share_resize(share, file, 10) && share_resize(share, file, 4 * CLUSTER) && !file->data[3 * CLUSTER]);
    CHECK(share_resize(share, file, 10) && !memcmp(file->data, "xxxxx\0\0\0\0\0", 10));
    CHECK(!share_resize(share, file, MAX_FILE + 1ull));
    CHECK(!share_resize(share, file, UINT64_MAX));
    CHECK(file->size == 10);
    size_t before = share->used;
    unsigned files = 0;
    char name[16];
    for (; files < 100; files++) {
        snprintf(name, sizeof name, "big%u", files);
        struct node *big = make(share, name, 0);
        if (!big || !share_resize(share, big, MAX_FILE))
            break;
    }
    CHECK(files == MAX_SHARE / MAX_FILE - 1 && share->used <= MAX_SHARE);
    while (share->root.children) {
        struct node *node = share->root.children;
        share_unlink(node);
        share_forget(share, node);
    }
    CHECK(share->used < before);
    CHECK(share->used == 0);
    share_free(share);
}

int main(void)
{
    test_patterns();
    test_paths();
    test_depth();
    test_limits();
    if (!failures)
        puts("share: names, patterns, paths and limits are as they should be");
    return failures != 0;
}
