/* SPDX-License-Identifier: Apache-2.0 */
/* An adapter with one thing wrong, which the harness must notice before it asks anything. */
#define ORACLE_ADAPTER
#include "oracle.h"

static const char *version(void)
{
    return "fake";
}

#if defined(FAKE_STALE)
#define INTERFACE (ORACLE_INTERFACE + 1)
#else
#define INTERFACE ORACLE_INTERFACE
#endif
#if defined(FAKE_RENAMED)
#define NAME "somebody"
#else
#define NAME "boringssl"
#endif
#if defined(FAKE_WITHOUT_CMAC)
#define CMAC NULL
#else
static bool refuse_cmac(uint8_t tag[16], const uint8_t key[16], const uint8_t *message, size_t len)
{
    (void)tag, (void)key, (void)message, (void)len;
    return false;
}
#define CMAC refuse_cmac
#endif
#if defined(FAKE_COMPOSED_CMAC)
#define COMPOSED ORACLE_BIT(ORACLE_CMAC_AES128)
#else
#define COMPOSED 0
#endif

const struct oracle csign_oracle = {
    .interface = INTERFACE,
    .name = NAME,
    .version = version,
    .composed = COMPOSED,
    .cmac_aes128 = CMAC,
};
