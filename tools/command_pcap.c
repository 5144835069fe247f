/* SPDX-License-Identifier: Apache-2.0 */
/* `countersign pcap`: the command line around judge.h. */
#define _DEFAULT_SOURCE /* getopt_long, sigaction */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "command_values.h"
#include "judge.h"
#include "key_options.h"

static const char help[] =
    "usage: countersign pcap CAPTURE [--keys FILE] ...       a pcap or pcapng file; '-' is standard input\n"
    "       countersign pcap --interface NAME [--keys FILE] ...\n"
    "\n"
    "Judges the signature of every SMB2 and SMB3 message in a capture, or as it is captured, and decrypts what is\n"
    "encrypted.\n"
    "\n"
    "Where keys come from; without them nothing can be verified:\n"
    "%s"
    "\n"
    "  --require-verified  exit with 1 also when a signed or encrypted message has no key, when a signature is "
    "mirrored\n"
    "                      (which authenticates nothing), or when something could not be judged (missing or damaged\n"
    "                      bytes, packets that the kernel dropped, compressed messages), or when a message is "
    "unsigned\n"
    "                      in a session that requires signing\n"
    "\n"
    "What is captured, and how long:\n"
    "  -i, --interface NAME  capture on this interface until Ctrl-C, SIGTERM, --count or --seconds\n"
    "  --filter EXPR         capture only what this pcap-filter(7) expression lets pass; without it: tcp\n"
    "  --count N             end after N messages\n"
    "  --seconds N           end after N seconds\n"
    "\n"
    "What is printed:\n"
    "  --messages          a line for every message, as they come. Without it: from an interface or a pipe a line for\n"
    "                      each that is not good (of a session without a key the first), from a file none\n"
    "  --json              one JSON object\n"
    "  --json-lines        JSON Lines: an object for each message and each remark as they come, then one for the "
    "summary\n"
    "  --color WHEN        auto, always or never; auto is a terminal but for NO_COLOR and TERM=dumb\n"
    "  --stats             on standard error: frames, bytes, messages, time, throughput, and how it compares with\n"
    "                      checking the same messages in memory; peak memory\n"
    "  --help              this\n"
    "\n"
    "Verdicts: verified; decrypted (came encrypted, and the AEAD's tag is right); bad; unsigned; not-to-be-verified\n"
    "(never signed by the protocol's rules); mirrored (a response that repeats its request's signature, as servers\n"
    "without a key do); no-key; encrypted (no key is known).\n"
    "\n"
    "Exit status: 0 nothing is bad, 1 a signature is bad, 2 the input cannot be used (further); what came before is\n"
    "reported all the same.\n";

/* For each search for the mistake behind a wrong signature: enough for all pairs of a small message, in hundredths of a second.
   `countersign explain` takes more time. */
#define WORK_MIB UINT64_C(8)
#define SEARCHES 4u

/* The command line, taken in. */
typedef struct pcap_command {
    judge_options judging;
    key_options keys;
    const char *interface, *filter;
    size_t seconds;
    bool help;
} pcap_command;

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

/* Interrupts, and the end of the time, end the capture and not the program: the summary is still to come. */
static void stop_on_signals(size_t seconds)
{
    struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART: a read that waits must return */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    if (seconds != 0)
        alarm((unsigned)seconds);
}

/* False: the option is wrong, and a message has been printed. */
static bool take_option(pcap_command *c, int option)
{
    switch (option) {
    case 'i':
        c->interface = optarg;
        return true;
    case 'f':
        c->filter = optarg;
        return true;
    case 'c':
        return command_number(&c->judging.message_limit, "pcap", "count", optarg);
    case 's':
        return command_number(&c->seconds, "pcap", "seconds", optarg);
    case 'C':
        return command_color(&c->judging.form.colour, "pcap", optarg);
    case 'm':
        return c->judging.form.messages = true;
    case 'j':
        return c->judging.form.json = true;
    case 'l':
        return c->judging.form.lines = true;
    case 'r':
        return c->judging.require_verified = true;
    case 'S':
        return c->judging.stats = true;
    case 'h':
        return c->help = true;
    case '?':
        return false;
    default:
        return key_options_take(&c->keys, option, optarg);
    }
}

static bool take_options(pcap_command *c, int argc, char **argv)
{
    static const struct option options[] = {KEY_OPTIONS,
                                            {"interface", required_argument, NULL, 'i'},
                                            {"filter", required_argument, NULL, 'f'},
                                            {"count", required_argument, NULL, 'c'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {"color", required_argument, NULL, 'C'},
                                            {"messages", no_argument, NULL, 'm'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"json-lines", no_argument, NULL, 'l'},
                                            {"require-verified", no_argument, NULL, 'r'},
                                            {"stats", no_argument, NULL, 'S'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    unsigned given = 0;
    for (int option; !c->help && (option = command_option(argc, argv, ":i:", options, &given)) != -1;)
        if (!take_option(c, option))
            return false;
    return true;
}

/* What the options mean together. False: nothing, and a message has been printed. */
static bool settle(pcap_command *c, int captures)
{
    const char *wrong = NULL;
    if (c->interface != NULL && captures != 0)
        wrong = "a capture and --interface: choose one";
    else if (c->interface == NULL && captures != 1)
        wrong = captures == 0 ? "the capture is missing" : "more than one capture";
    else if (c->interface == NULL && c->filter != NULL)
        wrong = "--filter goes with --interface";
    else if (c->judging.form.json && c->judging.form.lines)
        wrong = "--json and --json-lines: choose one";
    if (wrong != NULL) {
        command_misused("pcap", "%s", wrong);
        return false;
    }
    return true;
}

/* Finds out what the capture is: an interface and a pipe are live, a file of some size may get a bar. */
static bool open_input(pcap_command *c, judge_input *input, const char *name)
{
    struct stat about;
    input->name = name;
    if (c->interface != NULL) {
        input->name = c->interface;
        input->filter = c->filter ? c->filter : "tcp";
        c->judging.form.live = true;
    } else {
        input->file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
        if (input->file == NULL)
            return false;
        bool regular = fstat(fileno(input->file), &about) == 0 && S_ISREG(about.st_mode);
        c->judging.form.live = !regular;
        const report_form *form = &c->judging.form;
        if (regular && isatty(STDERR_FILENO) && !form->messages && !form->json &&
            !form->lines) /* nothing comes in between */
            c->judging.progress = (size_t)about.st_size;
    }
    if (c->judging.form.live || c->seconds != 0) {
        stop_on_signals(c->seconds);
        c->judging.stop = &stop;
    }
    return true;
}

/* The input is known and what it needs is there. */
static int run(pcap_command *c, const char *name)
{
    judge_input input = {0};
    char error[1024];

    bool stdin_free = c->interface != NULL || strcmp(name, "-") != 0;
    if (!key_options_load(&c->keys, stdin_free, error, sizeof error))
        return judge_refuse(error, &c->judging, stdout, stderr);
    c->judging.sources = c->keys.sources;
    c->judging.source_count = c->keys.source_count;
    c->judging.keylog = c->keys.keylog;
    if (c->interface != NULL && c->keys.file_count != 0) {
        c->judging.refresh = key_options_refresh;
        c->judging.refresh_context = &c->keys;
    }
    if (open_input(c, &input, name))
        return judge_capture(&input, &c->keys.keys, &c->judging, stdout, stderr);
    snprintf(error, sizeof error, "%s: %s", input.name, strerror(errno));
    return judge_refuse(error, &c->judging, stdout, stderr);
}

int command_pcap(int argc, char **argv)
{
    pcap_command c = {.judging.diagnose = {.work = WORK_MIB << 20, .searches = SEARCHES}};
    int status = COMMAND_UNUSABLE;

    command_color(&c.judging.form.colour, "pcap", "auto");
    if (!take_options(&c, argc, argv))
        status = COMMAND_UNUSABLE;
    else if (c.help)
        status = printf(help, key_options_help) < 0;
    else if (settle(&c, argc - optind))
        status = run(&c, argv[optind]);
    key_options_end(&c.keys);
    return status;
}
