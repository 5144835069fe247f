/* SPDX-License-Identifier: Apache-2.0 */
/* What NEGOTIATE's answer says and the commands hold to (MS-SMB2 2.2.4). */
#ifndef SERVER_MAX_IO_H
#define SERVER_MAX_IO_H

#define MAX_TRANSACT (8u * 1024 * 1024)
#define MAX_READ_WRITE (8u * 1024 * 1024)

#endif
