/* SPDX-License-Identifier: Apache-2.0 */
/* Ours behind the peers' interface, linked in: as the three callers there are. */
#ifndef BENCH_PEERS_COUNTERSIGN_H
#define BENCH_PEERS_COUNTERSIGN_H

#include "../peer.h"

extern const struct peer countersign_sign, countersign_verify, countersign_parts;

/* csign_backend_name of a signer. */
const char *countersign_backend(enum peer_algorithm algorithm);

/* The four keys in one call, as csign_session_derive asks for them: what is to be compared with peers, which make no signer. */
bool countersign_keys(const struct peer_derivation *derivations, size_t count);

/* The four keys through csign_session_derive, which makes the signer too. */
bool countersign_session(const struct peer_derivation *derivations, size_t count);

#endif
