/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE as an onlooker sees it (MS-SMB2 3.2.5.2). The response alone says what was chosen. A response that no client
   should accept is followed all the same, with a remark: the messages behind it show what its two sides made of it. */
#include "negotiation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "names.h"

#define DIALECT_WILDCARD 0x02FFu /* the answer to an SMB1 negotiate: an SMB2 NEGOTIATE follows */

void negotiation_request(conversation *c, csign_bytes message)
{
    if (c->negotiated_known) /* a second one ends a connection (MS-SMB2 3.3.5.3.1) and changes nothing */
        return;
    free(c->request);
    c->request = need(message.len);
    c->request_len = message.len;
    memcpy(c->request, message.data, message.len);
    csign_preauth_init(&c->chain);
    csign_preauth_update(&c->chain, message);
    c->chain_known = true;
    transcript_free(&c->negotiate);
    if (c->world->diagnose.work != 0)
        transcript_add(&c->negotiate, message);
}

/* What the response says, for the case that csign_negotiate_accept refuses it or its request is not in the capture. */
static bool chosen_by(csign_negotiated *out, const csign_negotiate_response *response)
{
    *out = (csign_negotiated){.dialect = (csign_dialect)response->dialect, .signing_algorithm = CSIGN_AES_CMAC};
    switch (response->dialect) {
    case CSIGN_SMB_2_0_2:
    case CSIGN_SMB_2_1:
        out->signing_algorithm = CSIGN_HMAC_SHA256;
        return true;
    case CSIGN_SMB_3_0:
    case CSIGN_SMB_3_0_2:
        out->cipher = (response->capabilities & CSIGN_CAP_ENCRYPTION) != 0 ? CSIGN_AES_128_CCM : CSIGN_CIPHER_NONE;
        return true;
    case CSIGN_SMB_3_1_1:
        break;
    default:
        return false;
    }
    out->preauth_hash = CSIGN_PREAUTH_SHA512;
    out->signing_negotiated = response->has_signing;
    if (response->has_signing) {
        uint16_t id = csign_u16_at(response->signing_algorithms, 0);
        if (id > CSIGN_AES_GMAC)
            return false;
        out->signing_algorithm = (csign_signing_algorithm)id;
    }
    out->cipher_negotiated = response->has_encryption;
    if (response->has_encryption && csign_u16_at(response->ciphers, 0) <= CSIGN_AES_256_GCM)
        out->cipher = (csign_cipher)csign_u16_at(response->ciphers, 0);
    return true;
}

static void remark_status(conversation *c, size_t frame, const char *what, csign_status status)
{
    char text[256];
    snprintf(text, sizeof text, "%s: %s (%s)", what, csign_status_text(status), csign_status_name(status));
    conversation_remark(c, frame, false, text);
}

void negotiation_response(conversation *c, csign_bytes message, size_t frame)
{
    csign_negotiate_request request;
    csign_negotiate_response response;
    csign_header header;

    if (c->negotiated_known || csign_header_parse(&header, message) != CSIGN_OK || header.status != 0)
        return;
    csign_status status = csign_negotiate_response_parse(&response, message);
    if (status != CSIGN_OK) {
        remark_status(c, frame, "the NEGOTIATE response cannot be read", status);
        return;
    }
    if (response.dialect == DIALECT_WILDCARD) {
        c->chain_known = false;
        return;
    }
    c->signing_required = (response.security_mode & SECURITY_MODE_SIGNING_REQUIRED) != 0;
    if (c->request == NULL) {
        c->negotiated_known = chosen_by(&c->negotiated, &response);
        if (response.dialect == CSIGN_SMB_3_1_1)
            conversation_remark(c, frame, true,
                                "the NEGOTIATE request is missing, and without it no 3.1.1 key can be derived");
    } else {
        status = csign_negotiate_request_parse(&request, (csign_bytes){c->request, c->request_len});
        if (status != CSIGN_OK)
            remark_status(c, frame, "the NEGOTIATE request that this answers cannot be read", status);
        else if ((status = csign_negotiate_accept(&c->negotiated, &request, &response)) != CSIGN_OK)
            remark_status(c, frame, "a client must not accept this NEGOTIATE response", status);
        else
            c->signing_required |= (request.security_mode & SECURITY_MODE_SIGNING_REQUIRED) != 0;
        c->negotiated_known = status == CSIGN_OK || chosen_by(&c->negotiated, &response);
    }
    if (!c->negotiated_known)
        conversation_remark(c, frame, true,
                            "this NEGOTIATE response chooses a dialect or signing algorithm that is not known here");
    csign_preauth_update(&c->chain, message);
    if (c->world->diagnose.work != 0)
        transcript_add(&c->negotiate, message);
    free(c->request);
    c->request = NULL;
    negotiation_describe(c);
}

/* "192.0.2.1:445"; IPv6 in full, in brackets. */
static int endpoint_text(char *out, size_t out_len, const endpoint *e)
{
    const uint8_t *a = e->address;
    if (!e->ipv6)
        return snprintf(out, out_len, "%u.%u.%u.%u:%u", a[0], a[1], a[2], a[3], e->port);
    return snprintf(out, out_len, "[%x:%x:%x:%x:%x:%x:%x:%x]:%u", a[0] << 8 | a[1], a[2] << 8 | a[3], a[4] << 8 | a[5],
                    a[6] << 8 | a[7], a[8] << 8 | a[9], a[10] << 8 | a[11], a[12] << 8 | a[13], a[14] << 8 | a[15],
                    e->port);
}

void negotiation_describe(conversation *c)
{
    report_connection *about = &c->about;
    char client[64], server[64];
    unsigned s = c->server_direction != 0; /* not known yet: the first to speak is rather the client */

    endpoint_text(client, sizeof client, &c->ends[1 - s]);
    endpoint_text(server, sizeof server, &c->ends[s]);
    snprintf(about->ends, sizeof about->ends, "%s > %s", client, server);
    if (c->negotiated_known)
        snprintf(about->terms, sizeof about->terms, "SMB %s, %s, %s", name_dialect(c->negotiated.dialect),
                 name_signing_algorithm(c->negotiated.signing_algorithm),
                 c->negotiated.cipher == CSIGN_CIPHER_NONE ? "no cipher" : name_cipher(c->negotiated.cipher));
    else
        snprintf(about->terms, sizeof about->terms, "nothing negotiated in this capture");
}
