/* SPDX-License-Identifier: Apache-2.0 */
/* csign_derive_key: which calls are allowed, over all dialects, purposes and lengths; what a refused one leaves. */
#include "check.h"
#include "samples.h"

static const csign_dialect dialects[] = {CSIGN_SMB_2_0_2,       CSIGN_SMB_2_1,   CSIGN_SMB_3_0,
                                         CSIGN_SMB_3_0_2,       CSIGN_SMB_3_1_1, (csign_dialect)0x02FF,
                                         (csign_dialect)0x0310, (csign_dialect)0};

/* The table of protocol: what a key of this length for this purpose needs. */
static bool allowed(csign_dialect dialect, unsigned purpose, size_t len)
{
    bool cipher = purpose == CSIGN_KEY_CLIENT_TO_SERVER || purpose == CSIGN_KEY_SERVER_TO_CLIENT;
    if (purpose > CSIGN_KEY_SERVER_TO_CLIENT) {
        return false;
    }
    switch ((unsigned)dialect) {
    case 0x0202:
    case 0x0210:
        return len == 16 && !cipher;
    case 0x0300:
    case 0x0302:
        return len == 16;
    case 0x0311:
        return len == 16 || (len == 32 && cipher);
    default:
        return false;
    }
}

int main(void)
{
    static const uint8_t preauth[64] = {1, 2, 3};
    const csign_bytes key = {sample_key, sizeof sample_key};
    for (size_t d = 0; d < sizeof dialects / sizeof dialects[0]; d++) {
        for (unsigned purpose = 0; purpose < 6; purpose++) {
            for (size_t len = 0; len <= 48; len++) {
                uint8_t out[49];
                memset(out, 0xA5, sizeof out);
                csign_status status = csign_derive_key(out, len, (csign_key_purpose)purpose, dialects[d], key, preauth);
                CHECK_STATUS(status, allowed(dialects[d], purpose, len) ? CSIGN_OK : CSIGN_BAD_ARGUMENT);
                CHECK(status == CSIGN_OK ? !all_zero(out, len) : all_zero(out, len));
                CHECK(out[len] == 0xA5);
            }
        }
    }
    uint8_t out[32];
    csign_bytes contradiction = {NULL, 16};
    CHECK_STATUS(csign_derive_key(NULL, 16, CSIGN_KEY_SIGNING, CSIGN_SMB_3_0, key, NULL), CSIGN_BAD_ARGUMENT);
    memset(out, 0xA5, sizeof out);
    CHECK_STATUS(csign_derive_key(out, 16, CSIGN_KEY_SIGNING, CSIGN_SMB_3_0, contradiction, NULL), CSIGN_BAD_ARGUMENT);
    CHECK(all_zero(out, 16) && out[16] == 0xA5);
    memset(out, 0xA5, sizeof out);
    CHECK_STATUS(csign_derive_key(out, 16, CSIGN_KEY_SIGNING, CSIGN_SMB_3_1_1, key, NULL), CSIGN_BAD_ARGUMENT);
    CHECK(all_zero(out, 16) && out[16] == 0xA5);
    /* Below 3.1.1 the hash is ignored. */
    uint8_t with[16];
    uint8_t without[16];
    CHECK_STATUS(csign_derive_key(with, 16, CSIGN_KEY_SIGNING, CSIGN_SMB_3_0_2, key, preauth), CSIGN_OK);
    CHECK_STATUS(csign_derive_key(without, 16, CSIGN_KEY_SIGNING, CSIGN_SMB_3_0_2, key, NULL), CSIGN_OK);
    CHECK_BYTES(with, without, 16);
    return CHECK_RESULT();
}
