/* SPDX-License-Identifier: Apache-2.0 */
/* Sends one request over and over in a session that speed.py has made, many at a time, and verifies every answer: what is measured is the
   server. It knows no more of the protocol than MessageId, Status and signatures.

   usage: load FD SIGNING KEY REQUEST FIRST OUTSTANDING SECONDS LENGTH
   FD: the connection; SIGNING: none, 0, 1, 2 (SigningAlgorithmId); KEY: hexadecimal; REQUEST: the element, hexadecimal, without signature;
   FIRST: its first MessageId; OUTSTANDING: how many wait at once; LENGTH: of each answer. Prints the number of answers and the seconds. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <countersign/countersign.h>

#include "interop/server/octets.h"

#define TRANSPORT_LEN 4u
#define MOST 64u /* requests that wait */
#define STATUS_PENDING 0x103u

struct load {
    int fd;
    const csign_signer *signer; /* NULL: nothing is signed */
    uint8_t request[512];
    size_t request_len;
    uint64_t next_id;
    size_t length;
    uint8_t *in;
    size_t in_len, capacity;
};

static void fail(const char *why)
{
    fprintf(stderr, "load: %s\n", why);
    exit(EXIT_FAILURE);
}

static size_t unhex(uint8_t *out, size_t size, const char *text)
{
    size_t len = strlen(text) / 2;
    if (len > size)
        fail("too long an argument");
    for (size_t i = 0; i < len; i++) {
        char digits[3] = {text[2 * i], text[2 * i + 1], 0};
        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return len;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void send_requests(struct load *load, size_t count)
{
    uint8_t out[MOST * (TRANSPORT_LEN + sizeof load->request)];
    csign_job jobs[MOST];
    size_t step = TRANSPORT_LEN + load->request_len;
    for (size_t i = 0; i < count; i++) {
        uint8_t *at = out + i * step;
        at[0] = at[1] = 0;
        at[2] = (uint8_t)(load->request_len >> 8);
        at[3] = (uint8_t)load->request_len;
        memcpy(at + TRANSPORT_LEN, load->request, load->request_len);
        store_le64(at + TRANSPORT_LEN + 24, load->next_id++);
        jobs[i] = (csign_job){.signer = load->signer, .message = at + TRANSPORT_LEN, .len = load->request_len};
    }
    if (load->signer && csign_sign_batch(jobs, count))
        fail("a request cannot be signed");
    for (size_t sent = 0; sent < count * step;) {
        ssize_t n = write(load->fd, out + sent, count * step - sent);
        if (n < 0 && errno != EINTR)
            fail(strerror(errno));
        sent += n > 0 ? (size_t)n : 0;
    }
}

/* One read, and what is whole of it: checked, verified, taken away. Returns how many answers there were; interim responses are none. */
static size_t receive_answers(struct load *load)
{
    ssize_t n = read(load->fd, load->in + load->in_len, load->capacity - load->in_len);
    if (n <= 0)
        fail(n ? strerror(errno) : "the server has closed the connection");
    load->in_len += (size_t)n;
    csign_job jobs[MOST];
    size_t count = 0, at = 0;
    while (count < MOST && load->in_len - at >= TRANSPORT_LEN) {
        const uint8_t *head = load->in + at;
        size_t len = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        if (load->in_len - at - TRANSPORT_LEN < len)
            break;
        uint8_t *message = load->in + at + TRANSPORT_LEN;
        uint32_t status = len < CSIGN_HEADER_LEN ? 1 : load_le32(message + 8);
        at += TRANSPORT_LEN + len;
        if (status == STATUS_PENDING)
            continue;
        if (status || len != load->length)
            fail("an answer is not what it should be");
        jobs[count++] = (csign_job){.signer = load->signer, .message = message, .len = len};
    }
    if (load->signer && csign_verify_batch(jobs, count))
        fail("an answer is not signed rightly");
    memmove(load->in, load->in + at, load->in_len - at);
    load->in_len -= at;
    return count;
}

int main(int argc, char **argv)
{
    if (argc != 9)
        fail("usage: load FD SIGNING KEY REQUEST FIRST OUTSTANDING SECONDS LENGTH");
    csign_signer signer;
    uint8_t key[16];
    struct load load = {.fd = (int)strtol(argv[1], NULL, 10),
                        .next_id = strtoull(argv[5], NULL, 10),
                        .length = strtoul(argv[8], NULL, 10)};
    if (strcmp(argv[2], "none") != 0) {
        if (unhex(key, sizeof key, argv[3]) != sizeof key ||
            csign_signer_init(&signer, (csign_signing_algorithm)strtoul(argv[2], NULL, 10), key) != CSIGN_OK)
            fail("no signer");
        load.signer = &signer;
    }
    load.request_len = unhex(load.request, sizeof load.request, argv[4]);
    size_t outstanding = strtoul(argv[6], NULL, 10), answers = 0, waiting = 0;
    load.capacity = (outstanding + 1) * (load.length + TRANSPORT_LEN + 1024);
    load.in = malloc(load.capacity);
    if (!load.in || load.request_len < CSIGN_HEADER_LEN || !outstanding || outstanding > MOST)
        fail("wrong arguments");
    double began = now(), until = began + strtod(argv[7], NULL);
    bool over = false;
    do {
        if (!over && waiting < outstanding) {
            send_requests(&load, outstanding - waiting);
            waiting = outstanding;
        }
        size_t n = receive_answers(&load);
        waiting -= n;
        answers += n;
        over = now() >= until;
    } while (!over || waiting);
    printf("%zu %.6f\n", answers, now() - began);
    free(load.in);
    return EXIT_SUCCESS;
}
