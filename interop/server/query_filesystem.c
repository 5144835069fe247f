/* SPDX-License-Identifier: Apache-2.0 */
/* Information about the volume (MS-FSCC 2.5). */
#include <string.h>

#include "info.h"
#include "octets.h"
#include "query.h"
#include "session.h"

enum { VOLUME = 1, SIZE = 3, DEVICE = 4, ATTRIBUTE = 5, FULL_SIZE = 7, OBJECT_ID = 8, SECTOR_SIZE = 11 };

#define SECTOR 512u
#define DEVICE_DISK 7u
#define DEVICE_IS_MOUNTED 0x20u
/* FILE_CASE_PRESERVED_NAMES, FILE_UNICODE_ON_DISK; and names are not case-sensitive. */
#define FILESYSTEM_ATTRIBUTES 0x6u

uint32_t query_filesystem(const struct open *open, uint8_t class, struct query *out)
{
    const struct share *share = open_share(open);
    const uint64_t total = MAX_SHARE / CLUSTER, free_clusters = (MAX_SHARE - share->used) / CLUSTER;
    uint8_t *p = out->data;
    size_t name_len;
    switch (class) {
    case VOLUME:
        name_len = 2 * strlen(VOLUME_LABEL);
        store_le64(p, open->session->server->start_time);
        store_le32(p + 8, VOLUME_SERIAL);
        store_le32(p + 12, (uint32_t)name_len);
        info_utf16(p + 18, VOLUME_LABEL);
        out->fixed = 24;
        out->len = 18 + name_len;
        return STATUS_SUCCESS;
    case SIZE:
        store_le64(p, total);
        store_le64(p + 8, free_clusters);
        store_le32(p + 16, CLUSTER / SECTOR);
        store_le32(p + 20, SECTOR);
        out->len = 24;
        break;
    case DEVICE:
        store_le32(p, DEVICE_DISK);
        store_le32(p + 4, DEVICE_IS_MOUNTED);
        out->len = 8;
        break;
    case ATTRIBUTE:
        name_len = 2 * strlen("NTFS"); /* clients decide by this name what they may ask for */
        store_le32(p, FILESYSTEM_ATTRIBUTES);
        store_le32(p + 4, MAX_NAME / 2);
        store_le32(p + 8, (uint32_t)name_len);
        info_utf16(p + 12, "NTFS");
        out->fixed = 16;
        out->len = 12 + name_len;
        return STATUS_SUCCESS;
    case FULL_SIZE:
        store_le64(p, total);
        store_le64(p + 8, free_clusters);
        store_le64(p + 16, free_clusters);
        store_le32(p + 24, CLUSTER / SECTOR);
        store_le32(p + 28, SECTOR);
        out->len = 32;
        break;
    case OBJECT_ID:
        memcpy(p, open->session->server->guid, 16);
        out->len = 64;
        break;
    case SECTOR_SIZE:
        store_le32(p, SECTOR);
        for (unsigned i = 4; i < 16; i += 4) /* what is read and written at once */
            store_le32(p + i, CLUSTER);
        store_le32(p + 16, 3); /* aligned, and so are partitions */
        out->len = 28;
        break;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
    out->fixed = out->len;
    return STATUS_SUCCESS;
}
