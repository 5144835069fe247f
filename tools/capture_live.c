/* SPDX-License-Identifier: Apache-2.0 */
/* Capturing on a network interface: see capture.h. */
#define _DEFAULT_SOURCE /* u_int, which pcap.h needs */
#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <string.h>

#include "capture.h"

#define SNAP_LEN 262144
#define KERNEL_BUFFER (32 << 20) /* bytes, for bursts */
#define TURN_MS 100              /* how often the sink is asked whether to go on */

static void name_interfaces(char *out, size_t out_len)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_if_t *all = NULL;
    size_t len = 0;

    out[0] = 0;
    if (pcap_findalldevs(&all, why) != 0)
        return;
    for (const pcap_if_t *i = all; i != NULL && len < out_len; i = i->next)
        len += (size_t)snprintf(out + len, out_len - len, "%s%s", len ? ", " : "", i->name);
    pcap_freealldevs(all);
}

static void say_why_not(pcap_t *pcap, const char *interface, int status, char *error, size_t error_len)
{
    char names[512];
    switch (status) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        snprintf(
            error, error_len,
            "capturing needs a permission that this user lacks: run it as root, or once give the program the right: "
            "setcap cap_net_raw+ep COUNTERSIGN");
        return;
    case PCAP_ERROR_NO_SUCH_DEVICE:
        name_interfaces(names, sizeof names);
        snprintf(error, error_len, "there is no interface '%s'%s%s", interface, names[0] ? "; there are: " : "", names);
        return;
    case PCAP_ERROR_IFACE_NOT_UP:
        snprintf(error, error_len, "the interface is down; bring it up: ip link set %s up", interface);
        return;
    default:
        snprintf(error, error_len, "%s: %s", pcap_statustostr(status), pcap_geterr(pcap));
    }
}

static bool activate(pcap_t *pcap, const char *interface, const char *filter, char *error, size_t error_len)
{
    struct bpf_program program;
    char why[PCAP_ERRBUF_SIZE];

    pcap_set_snaplen(pcap, SNAP_LEN);
    pcap_set_promisc(pcap, 1);
    pcap_set_immediate_mode(pcap, 1);
    pcap_set_buffer_size(pcap, KERNEL_BUFFER);
    int status = pcap_activate(pcap);
    if (status < 0) {
        say_why_not(pcap, interface, status, error, error_len);
        return false;
    }
    if (!capture_link_supported(pcap_datalink(pcap), interface, error, error_len))
        return false;
    if (pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        snprintf(error, error_len, "the filter '%s': %s", filter, pcap_geterr(pcap));
        return false;
    }
    status = pcap_setfilter(pcap, &program);
    pcap_freecode(&program);
    if (status != 0 || pcap_setnonblock(pcap, 1, why) != 0) {
        snprintf(error, error_len, "%s", status != 0 ? pcap_geterr(pcap) : why);
        return false;
    }
    return true;
}

/* The kernel counts packets that the filter would have kept out as well on some systems; on Linux only those that it let pass. */
static void count_dropped(pcap_t *pcap, capture_counts *counts)
{
    struct pcap_stat stats;
    if (pcap_stats(pcap, &stats) == 0)
        counts->dropped = (size_t)stats.ps_drop + stats.ps_ifdrop;
}

static bool read_frames(pcap_t *pcap, capture_counts *counts, const capture_sink *sink, char *error, size_t error_len)
{
    struct pollfd ready = {.fd = pcap_get_selectable_fd(pcap), .events = POLLIN};
    int link_type = pcap_datalink(pcap);
    struct pcap_pkthdr *header;
    const u_char *bytes;

    while (sink->more(sink->context, counts)) {
        int result = pcap_next_ex(pcap, &header, &bytes);
        if (result == 1)
            capture_frame(counts, sink, link_type, (csign_bytes){bytes, header->caplen}, header->len);
        else if (result != 0) {
            snprintf(error, error_len, "after %zu frames: %s", counts->frames, pcap_geterr(pcap));
            return false;
        } else if (poll(&ready, 1, TURN_MS) < 0 && errno != EINTR) {
            snprintf(error, error_len, "%s", strerror(errno));
            return false;
        }
    }
    return true;
}

bool capture_live(const char *interface, const char *filter, capture_counts *counts, const capture_sink *sink,
                  char *error, size_t error_len)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_create(interface, why);
    if (pcap == NULL) {
        snprintf(error, error_len, "%s", why);
        return false;
    }
    bool good = activate(pcap, interface, filter, error, error_len);
    if (good) {
        good = read_frames(pcap, counts, sink, error, error_len);
        count_dropped(pcap, counts);
    }
    pcap_close(pcap);
    return good;
}
