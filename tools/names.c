/* SPDX-License-Identifier: Apache-2.0 */
/* The standards' names for the numbers on the wire: see names.h. */
#include "names.h"

#include <ctype.h>

typedef struct entry {
    uint32_t number;
    const char *name;
} entry;

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *find(const entry *entries, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i].number == number)
            return entries[i].name;
    return NULL;
}

const char *name_command(uint32_t command)
{
    static const char *const names[] = {
        "NEGOTIATE",     "SESSION_SETUP", "LOGOFF",   "TREE_CONNECT", "TREE_DISCONNECT",
        "CREATE",        "CLOSE",         "FLUSH",    "READ",         "WRITE",
        "LOCK",          "IOCTL",         "CANCEL",   "ECHO",         "QUERY_DIRECTORY",
        "CHANGE_NOTIFY", "QUERY_INFO",    "SET_INFO", "OPLOCK_BREAK", "SERVER_TO_CLIENT_NOTIFICATION",
    };
    return command < COUNT(names) ? names[command] : NULL;
}

const char *name_dialect(uint32_t dialect)
{
    static const entry names[] = {{0x0202, "2.0.2"}, {0x0210, "2.1"},   {0x0300, "3.0"},
                                  {0x0302, "3.0.2"}, {0x0311, "3.1.1"}, {0x02FF, "2.???"}};
    return find(names, COUNT(names), dialect);
}

const char *name_signing_algorithm(uint32_t id)
{
    static const entry names[] = {{0, "HMAC-SHA256"}, {1, "AES-CMAC"}, {2, "AES-GMAC"}};
    return find(names, COUNT(names), id);
}

const char *name_cipher(uint32_t id)
{
    static const entry names[] = {
        {0, "none"}, {1, "AES-128-CCM"}, {2, "AES-128-GCM"}, {3, "AES-256-CCM"}, {4, "AES-256-GCM"}};
    return find(names, COUNT(names), id);
}

const char *name_preauth_hash(uint32_t id)
{
    return id == 1 ? "SHA-512" : NULL;
}

const char *name_compression(uint32_t id)
{
    static const entry names[] = {{0, "NONE"},         {1, "LZNT1"},      {2, "LZ77"},
                                  {3, "LZ77+Huffman"}, {4, "Pattern_V1"}, {5, "LZ4"}};
    return find(names, COUNT(names), id);
}

const char *name_rdma_transform(uint32_t id)
{
    static const entry names[] = {{0, "NONE"}, {1, "ENCRYPTION"}, {2, "SIGNING"}};
    return find(names, COUNT(names), id);
}

const char *name_context(uint32_t type)
{
    static const entry names[] = {
        {0x0001, "PREAUTH_INTEGRITY_CAPABILITIES"}, {0x0002, "ENCRYPTION_CAPABILITIES"},
        {0x0003, "COMPRESSION_CAPABILITIES"},       {0x0005, "NETNAME_NEGOTIATE_CONTEXT_ID"},
        {0x0006, "TRANSPORT_CAPABILITIES"},         {0x0007, "RDMA_TRANSFORM_CAPABILITIES"},
        {0x0008, "SIGNING_CAPABILITIES"},           {0x0100, "POSIX_EXTENSIONS"},
    };
    return find(names, COUNT(names), type);
}

const char *name_capability(unsigned bit)
{
    static const char *const names[] = {
        "DFS",        "LEASING",      "LARGE_MTU", "MULTI_CHANNEL", "PERSISTENT_HANDLES", "DIRECTORY_LEASING",
        "ENCRYPTION", "NOTIFICATIONS"};
    return bit < COUNT(names) ? names[bit] : NULL;
}

const char *name_status(uint32_t status)
{
    static const entry names[] = {
        {0x00000000, "SUCCESS"},
        {0x00000103, "PENDING"},
        {0x80000006, "NO_MORE_FILES"},
        {0xC000000D, "INVALID_PARAMETER"},
        {0xC0000016, "MORE_PROCESSING_REQUIRED"},
        {0xC0000022, "ACCESS_DENIED"},
        {0xC0000034, "OBJECT_NAME_NOT_FOUND"},
        {0xC000006D, "LOGON_FAILURE"},
        {0xC00000BB, "NOT_SUPPORTED"},
        {0xC00000C3, "INVALID_NETWORK_RESPONSE"},
        {0xC00000C9, "NETWORK_NAME_DELETED"},
        {0xC00000D0, "REQUEST_NOT_ACCEPTED"},
        {0xC0000120, "CANCELLED"},
        {0xC0000128, "FILE_CLOSED"},
        {0xC0000203, "USER_SESSION_DELETED"},
        {0xC0000225, "NOT_FOUND"},
        {0xC000035C, "NETWORK_SESSION_EXPIRED"},
        {0xC000042A, "REQUEST_OUT_OF_SEQUENCE"},
        {0xC05D0000, "SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP"},
    };
    return find(names, COUNT(names), status);
}

/* Compares letters and digits alone, so that "aes128gcm", "AES-128-GCM" and "AES_128_GCM" are the same. */
static int same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a != 0 && !isalnum((unsigned char)*a))
            a++;
        while (*b != 0 && !isalnum((unsigned char)*b))
            b++;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return 0;
        if (*a == 0)
            return 1;
    }
}

long name_find(const char *(*names)(uint32_t), const char *name, uint32_t limit)
{
    for (uint32_t i = 0; i <= limit; i++) {
        const char *candidate = names(i);
        if (candidate != NULL && same_name(candidate, name))
            return (long)i;
    }
    return -1;
}
