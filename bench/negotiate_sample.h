/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_NEGOTIATE_SAMPLE_H
#define BENCH_NEGOTIATE_SAMPLE_H

#include <countersign/bytes.h>

/* smbclient's NEGOTIATE request as captured (vectors/captures); empty if the table no longer has it. */
csign_bytes negotiate_sample(void);

#endif
