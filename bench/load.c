/* SPDX-License-Identifier: Apache-2.0 */
/* RTLD_LOCAL keeps each peer's library to itself, as for the oracles (oracle/load.c). */
#define _DEFAULT_SOURCE
#include "load.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct loaded peers[PEER_COUNT] = {
    {.name = "boringssl", .title = "BoringSSL", .package = "android-libboringssl-dev"},
    {.name = "openssl3", .title = "OpenSSL", .package = "libssl-dev"},
    {.name = "gnutls", .title = "GnuTLS", .package = "libgnutls28-dev"},
    {.name = "nettle", .title = "nettle", .package = "nettle-dev"},
    {.name = "libgcrypt", .title = "libgcrypt", .package = "libgcrypt20-dev"},
    {.name = "mbedtls", .title = "Mbed TLS", .package = "libmbedtls-dev"},
    {.name = "wolfssl", .title = "wolfSSL", .package = "libwolfssl-dev"},
    {.name = "botan", .title = "Botan", .package = "libbotan-2-dev"},
    {.name = "ipsec_mb", .title = "ipsec-mb", .package = "libipsec-mb-dev"},
};

static void load(struct loaded *l, const char *folder, unsigned without)
{
    char path[PEER_FOLDER_MAX];
    int n = snprintf(path, sizeof path, "%s/libpeer_%s.so", folder, l->name);
    if (n < 0 || (size_t)n >= sizeof path || access(path, R_OK) != 0) {
        snprintf(l->why, sizeof l->why, "libpeer_%s.so is not in %.300s: package %s was not there when this was built",
                 l->name, folder, l->package);
        return;
    }
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct peer *peer = object == NULL ? NULL : dlsym(object, "csign_peer");
    if (peer == NULL) {
        const char *why = dlerror();
        snprintf(l->why, sizeof l->why, "%s", why ? why : "no symbol csign_peer");
    } else if (peer->interface != PEER_INTERFACE || strcmp(peer->name, l->name) != 0) {
        snprintf(l->why, sizeof l->why, "%.300s is of another interface or another peer: build it again", path);
    } else if ((l->version = peer->start(without)) == NULL) {
        snprintf(l->why, sizeof l->why, "%s does not start on this machine", l->title);
    } else {
        l->peer = peer;
    }
}

/* OpenSSL and BoringSSL read OPENSSL_ia32cap when they are loaded: bits of CPUID leaf 7, EBX below ECX. Botan: names. */
static void mask(unsigned without)
{
    uint64_t avx512 = 0xdc230000u, vaes = 3ull << 41, avx2 = 1u << 5;
    uint64_t bits =
        (without & PEER_AVX512 ? avx512 : 0) | (without & PEER_VAES ? vaes : 0) | (without & PEER_AVX2 ? avx2 : 0);
    char text[32];
    snprintf(text, sizeof text, ":~0x%llx", (unsigned long long)bits);
    if (bits)
        setenv("OPENSSL_ia32cap", text, 1);
    if (without & PEER_AVX2)
        setenv("BOTAN_CLEAR_CPUID", "avx2,avx512", 1);
}

void load_peers(const char *folder, unsigned without)
{
    mask(without);
    for (size_t i = 0; i < PEER_COUNT; i++)
        load(&peers[i], folder, without);
}
