/* SPDX-License-Identifier: Apache-2.0 */
/* How much stack each backend takes: the deepest byte that a call on a painted stack has overwritten. Prints the size of a signer, and
   for each backend that runs here and each algorithm the bytes for making a signer, for signing a message and for a batch of 64. ci/size
   makes a table of it. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>

#include "check.h"
#include "lib/smb3/signer.h"
#include "samples.h"

enum {
    STACK = 512 * 1024,
    MARGIN = 128 /* for memset and this file's own frames */,
    PAINT = 0xC7,
    JOBS = 64,
    LEN = 700
};

static const char *const names[] = {"HMAC-SHA256", "AES-CMAC", "AES-GMAC"};

typedef struct work {
    void (*run)(struct work *);
    uint8_t *stack;
    size_t depth;
    csign_signer signer;
    uint32_t backend;
    csign_signing_algorithm algorithm;
    uint8_t messages[JOBS][LEN];
    csign_job jobs[JOBS];
} work;

static void init(work *w)
{
    CHECK_STATUS(csign_signer_init_by(&w->signer, w->backend, w->algorithm, sample_key), CSIGN_OK);
}

static void sign(work *w)
{
    CHECK_STATUS(csign_sign(&w->signer, w->messages[0], LEN), CSIGN_OK);
}

static void batch(work *w)
{
    CHECK(csign_sign_batch(w->jobs, JOBS) == 0);
}

/* Runs once, so that nothing is linked only now; then paints all that lies below, and runs again. */
static void *thread(void *argument)
{
    work *w = argument;
    uint8_t *const here = __builtin_frame_address(0);
    w->run(w);
    memset(w->stack, PAINT, (size_t)(here - MARGIN - w->stack));
    w->run(w);
    size_t at = 0;
    while (w->stack[at] == PAINT) {
        at++;
    }
    CHECK(at > 0);
    w->depth = (size_t)(here - w->stack) - at;
    return NULL;
}

/* Bytes from this function's thread down to the deepest one that was overwritten. */
static size_t depth(work *w, void (*run)(work *))
{
    pthread_t id;
    pthread_attr_t attributes;
    w->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (!CHECK(w->stack != MAP_FAILED)) {
        return 0;
    }
    w->run = run;
    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstack(&attributes, w->stack, STACK) == 0);
    CHECK(pthread_create(&id, &attributes, thread, w) == 0 && pthread_join(id, NULL) == 0);
    pthread_attr_destroy(&attributes);
    munmap(w->stack, STACK);
    return w->depth;
}

int main(void)
{
    static const csign_primitive primitives[] = {CSIGN_HMAC, CSIGN_CMAC, CSIGN_GMAC};
    static work w;
    printf("signer %zu\n", sizeof(csign_signer));
    for (size_t i = 0; i < JOBS; i++) {
        w.jobs[i] = (csign_job){.signer = &w.signer, .message = w.messages[i], .len = LEN - i};
        sample_message(w.messages[i], LEN);
    }
    for (w.backend = 0; csign_backends[w.backend] != NULL; w.backend++) {
        const csign_backend *b = csign_backends[w.backend];
        for (unsigned a = 0; a < 3; a++) {
            w.algorithm = (csign_signing_algorithm)a;
            if (csign_backend_missing(b) == NULL && csign_backend_has(b, primitives[a])) {
                const size_t for_init = depth(&w, init), for_sign = depth(&w, sign), for_batch = depth(&w, batch);
                printf("stack %s %s %zu %zu %zu\n", b->name, names[a], for_init, for_sign, for_batch);
            }
        }
    }
    return CHECK_RESULT();
}
