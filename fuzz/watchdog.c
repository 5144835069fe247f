/* SPDX-License-Identifier: Apache-2.0 */
/* Four times in each second of processor time a signal looks whether the same input still runs, and how large the process is: an
   input that hangs, or eats memory that is not the heap's, ends the process with the input's path. Processor time, so that a busy
   machine makes no hang; for what waits and uses none there is a second timer with ten times the patience. Under a sanitizer the
   process' size is mostly the sanitizer's own, and the heap is counted anyway (allocations.h). */
#define _XOPEN_SOURCE 700
#include "watchdog.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "fuzz.h"
#include "limits.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif

enum {
    TICKS_A_SECOND = 4,
    WAITING = 10, /* times longer */
    SANITIZED = __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
};

static const char *volatile running;
static int used, waited; /* ticks of this input, by either timer */

static void say(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        abort();
}

_Noreturn static void broken(const char *property)
{
    say("BROKEN PROPERTY ");
    say(fuzz_this.name);
    say(": ");
    say(property);
    say("\n  ");
    say(running ? running : "no input");
    say("\n");
    abort();
}

static void on_tick(int signal)
{
    struct rusage usage;
    if (!running)
        return;
    int patience = signal == SIGPROF ? 1 : WAITING;
    int *ticks = signal == SIGPROF ? &used : &waited;
    if (++*ticks > TICKS_A_SECOND * patience * (int)fuzz_limit.timeout_seconds)
        broken("an input comes back in time");
    if (!SANITIZED && !getrusage(RUSAGE_SELF, &usage) && (size_t)usage.ru_maxrss * 1024 > fuzz_limit.memory)
        broken("an input needs no more memory than the limit");
}

static bool timer(int which, int signal)
{
    struct sigaction action;
    struct itimerval times = {{0, 1000000 / TICKS_A_SECOND}, {0, 1000000 / TICKS_A_SECOND}};
    memset(&action, 0, sizeof action);
    action.sa_handler = on_tick;
    action.sa_flags = SA_RESTART;
    return !sigaction(signal, &action, NULL) && !setitimer(which, &times, NULL);
}

void watchdog_start(void)
{
    if (!timer(ITIMER_PROF, SIGPROF) || !timer(ITIMER_REAL, SIGALRM)) {
        say("replay: no timer\n");
        exit(2);
    }
}

void watchdog_input(const char *path)
{
    used = waited = 0;
    running = path;
}
