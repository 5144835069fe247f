/* SPDX-License-Identifier: Apache-2.0 */
#include <event2/event.h>
#include <event2/listener.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "auth.h"
#include "listener.h"

static void stop(evutil_socket_t signal, short events, void *base)
{
    (void)signal;
    (void)events;
    event_base_loopexit(base, NULL);
}

static int fail(const char *why)
{
    fprintf(stderr, "server: %s\n", why);
    return EXIT_FAILURE;
}

/* As many descriptors as the system lets this process have. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (!getrlimit(RLIMIT_NOFILE, &limit)) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* What is ready is looked for often: by default the loop does first whatever is there to be done. */
static struct event_base *fair_base(void)
{
    const struct timeval interval = {0, 10000};
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;
    if (config && !event_config_set_max_dispatch_interval(config, &interval, -1, 0))
        base = event_base_new_with_config(config);
    if (config)
        event_config_free(config);
    return base;
}

/* Answers come and go by the megabyte: their pages are kept for the next ones, instead of being given back and faulted in again, which took
   a third of the time of a large READ. */
#define KEPT (16 * 1024 * 1024)

int main(int argc, char **argv)
{
    struct settings settings;
    settings_parse(&settings, argc, argv);
    char why[512];
    if (!auth_start(&settings, why, sizeof why))
        return fail(why);
    mallopt(M_TRIM_THRESHOLD, KEPT);
    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();
    struct event_base *base = fair_base();
    struct server server;
    if (!base || !server_init(&server, &settings, base))
        return fail("no memory");
    struct evconnlistener *listener = listener_new(&server, why, sizeof why);
    if (!listener)
        return fail(why);
    struct event *interrupt = evsignal_new(base, SIGINT, stop, base),
                 *terminate = evsignal_new(base, SIGTERM, stop, base);
    event_add(interrupt, NULL);
    event_add(terminate, NULL);
    printf("listening on %s port %u\n", settings.address, listener_port(listener));
    fflush(stdout);
    event_base_dispatch(base);
    listener_end(listener, &server);
    server_end(&server);
    event_free(interrupt);
    event_free(terminate);
    event_base_free(base);
    auth_stop();
    return EXIT_SUCCESS;
}
