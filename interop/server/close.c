/* SPDX-License-Identifier: Apache-2.0 */
/* CLOSE (MS-SMB2 3.3.5.10). */
#include "info.h"
#include "octets.h"
#include "open.h"

#define POSTQUERY_ATTRIB 1u

uint32_t serve_close(struct request *request)
{
    uint32_t status;
    struct open *open = request_open(request, request->body + 8, &status);
    if (!open)
        return status;
    uint8_t *body = reply(request, 60);
    if (!body)
        return STATUS_INSUFFICIENT_RESOURCES;
    store_le16(body, 60);
    if (load_le16(request->body + 2) & POSTQUERY_ATTRIB) {
        store_le16(body + 2, POSTQUERY_ATTRIB);
        info_times(body + 8, open->node);
        info_sizes(body + 40, open->node);
        store_le32(body + 56, node_attributes(open->node));
    }
    open_end(open);
    return STATUS_SUCCESS;
}
