/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE as it arrives in SMB1's clothes (MS-SMB2 3.3.5.3). */
#ifndef SERVER_NEGOTIATE_H
#define SERVER_NEGOTIATE_H

#include "connection.h"

/* negotiate_multi_protocol answers an SMB1 NEGOTIATE that offers "SMB 2.???" or "SMB 2.002"; drops the connection of any other. */
void negotiate_multi_protocol(struct connection *connection, csign_bytes message);
/* negotiate_describe fills in what the response says of this server for out->dialect, whatever else was chosen. */
void negotiate_describe(const struct connection *connection, csign_negotiate_response *out);

#endif
