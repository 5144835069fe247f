/* SPDX-License-Identifier: Apache-2.0 */
/* Where keys come from and go to: see key_options.h. */
#define _DEFAULT_SOURCE /* explicit_bzero, fchmod */
#include "key_options.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "keytab.h"
#include "memory.h"
#include "report.h"
#include "run_stats.h"

#define KEY_FILE_LIMIT (256u << 20) /* logs are long */
#define PASSWORD_LIMIT 1024u

const char key_options_help[] =
    "  --keys FILE         the sessions' keys. A key file has lines SESSION_ID SESSION_KEY in hex: the id is the "
    "64-bit\n"
    "                      number with 16 digits, the key is what authentication produced, of any length, '#' starts "
    "a\n"
    "                      comment. A session may have several lines: the first is its own key, the others are the\n"
    "                      keys of authentications that bound other connections to it. FILE may also be a log of\n"
    "                      Samba's (server or client) with 'debug encryption = yes', or Wireshark's smb2_seskey_list.\n"
    "                      Standard input is /dev/stdin.\n"
    "  --password TEXT     the password of NTLM users; '-' reads a line of standard input. A password on the command\n"
    "                      line is seen by everybody who runs ps.\n"
    "  --user NAME         whose password it is, when there are several users; with several passwords, each user\n"
    "  --domain NAME       stands beside its own\n"
    "  --keytab FILE       the keys of Kerberos services (cifs/HOST@REALM): their tickets give the session keys\n"
    "  --keylog FILE       write the session keys found to FILE, as Wireshark's smb2_seskey_list (tshark -o\n"
    "                      uat:smb2_seskey_list:LINE) and --keys read them\n"
    "                      All but --keylog may be repeated. A line of a key file beats the other sources. While an\n"
    "                      interface is captured, key files that have grown are read again as sessions need it.\n";

/* The password that an option belongs to: the last, or a new one if that has the same already. */
static password_of *beside(key_options *o, size_t member)
{
    password_of *last = o->password_count ? &o->passwords[o->password_count - 1] : NULL;
    if (last != NULL && *(const char **)((char *)last + member) == NULL)
        return last;
    o->passwords = need_more(o->passwords, &o->password_capacity, o->password_count, sizeof *o->passwords);
    o->passwords[o->password_count] = (password_of){0};
    return &o->passwords[o->password_count++];
}

bool key_options_take(key_options *o, int option, const char *value)
{
    switch (option) {
    case KEY_OPTION_KEYS:
        o->files = need_more(o->files, &o->file_capacity, o->file_count, sizeof *o->files);
        o->files[o->file_count++] = value;
        return true;
    case KEY_OPTION_KEYTAB:
        o->keytabs = need_more(o->keytabs, &o->keytab_capacity, o->keytab_count, sizeof *o->keytabs);
        o->keytabs[o->keytab_count++] = value;
        return true;
    case KEY_OPTION_PASSWORD:
        beside(o, offsetof(password_of, password))->password = value;
        return true;
    case KEY_OPTION_USER:
        beside(o, offsetof(password_of, user))->user = value;
        return true;
    case KEY_OPTION_DOMAIN:
        beside(o, offsetof(password_of, domain))->domain = value;
        return true;
    default:
        if (o->keylog_name != NULL) {
            command_misused("pcap", "--keylog is given twice");
            return false;
        }
        o->keylog_name = value;
        return true;
    }
}

/* Puts a file's lines behind those of others. again: what there is to say about it has been said. */
static bool load_file(keyfile *into, const char *name, bool again, char *error, size_t error_len)
{
    char why[256];
    uint8_t *text;
    size_t len;
    keyfile keys = {0};
    uint64_t contradiction = 0;
    FILE *file = fopen(name, "r");

    if (file == NULL) {
        snprintf(error, error_len, "%s: %s", name,
                 strcmp(name, "-") == 0 ? "of --keys, standard input is called /dev/stdin" : strerror(errno));
        return false;
    }
    setvbuf(file, NULL, _IONBF, 0);
    bool good = read_all(file, &text, &len, KEY_FILE_LIMIT, why, sizeof why);
    fclose(file);
    if (good) {
        good = keyfile_read(&keys, (csign_bytes){text, len}, why, sizeof why);
        explicit_bzero(text, len);
        free(text);
    }
    good = good && keyfile_merge(into, &keys, &contradiction, why, sizeof why);
    if (!good)
        snprintf(error, error_len, "%s: %s", name, why);
    char clean[512];
    if (contradiction != 0 && !again)
        fprintf(stderr,
                "countersign pcap: %s: session %016" PRIx64
                " has another key than in a file before; both are tried, that "
                "one's first\n",
                printable(clean, sizeof clean, name), contradiction);
    return good;
}

static key_stamp stamp_of(const char *name)
{
    struct stat about;
    if (stat(name, &about) != 0)
        return (key_stamp){0};
    return (key_stamp){.modified = (uint64_t)about.st_mtim.tv_sec * 1000000000u + (uint64_t)about.st_mtim.tv_nsec,
                       .size = (uint64_t)about.st_size,
                       .inode = about.st_ino};
}

static bool load_files(key_options *o, bool again, char *error, size_t error_len)
{
    keyfile all = {0};
    for (size_t i = 0; i < o->file_count; i++) {
        o->stamps[i] = stamp_of(o->files[i]);
        if (!load_file(&all, o->files[i], again, error, error_len)) {
            keyfile_free(&all);
            return false;
        }
    }
    keyfile_free(&o->keys);
    o->keys = all;
    return true;
}

bool key_options_refresh(void *context)
{
    key_options *o = context;
    char error[1024];
    uint64_t begun = run_clock();
    bool changed = false;

    if (begun < o->quiet)
        return false;
    for (size_t i = 0; i < o->file_count; i++) {
        key_stamp now = stamp_of(o->files[i]);
        changed = changed || memcmp(&now, &o->stamps[i], sizeof now) != 0;
    }
    if (!changed)
        return false;
    bool good = load_files(o, true, error, sizeof error);
    o->quiet = run_clock() + 20 * (run_clock() - begun);
    return good;
}

/* A line of standard input, unbuffered so that no copy stays behind. */
static char *read_password(void)
{
    char *text = need(PASSWORD_LIMIT);
    size_t len = 0;
    for (int c; len + 1 < PASSWORD_LIMIT && (c = getchar()) != EOF && c != '\n';)
        text[len++] = (char)c;
    if (len != 0 && text[len - 1] == '\r')
        text[len - 1] = 0;
    return text;
}

static bool load_passwords(key_options *o, bool stdin_free, char *error, size_t error_len)
{
    char **lines = need((o->password_count + 1) * sizeof *lines);
    const char *wrong = NULL;
    key_source *source = NULL;

    for (size_t i = 0; i < o->password_count && wrong == NULL; i++) {
        password_of *p = &o->passwords[i];
        if (p->password == NULL)
            wrong = "--user and --domain need a --password beside them";
        else if (strcmp(p->password, "-") == 0 && !stdin_free)
            wrong = "--password - and the capture cannot both be standard input";
        else if (strcmp(p->password, "-") == 0) {
            setvbuf(stdin, NULL, _IONBF, 0);
            p->password = lines[i] = read_password();
        }
    }
    if (wrong == NULL && (source = password_source(o->passwords, o->password_count)) == NULL)
        wrong = "--password, --user and --domain must be UTF-8";
    for (size_t i = 0; i < o->password_count; i++) {
        if (lines[i] != NULL)
            explicit_bzero(lines[i], PASSWORD_LIMIT);
        free(lines[i]);
    }
    free(lines);
    wipe_stack();
    if (source != NULL)
        o->sources[o->source_count++] = source;
    if (wrong != NULL)
        snprintf(error, error_len, "%s", wrong);
    return wrong == NULL;
}

/* Readable by its owner alone, also when it was there before; what is not a file (a pipe) is left as it is. */
static FILE *open_keylog(const char *name)
{
    struct stat about;
    int descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return NULL;
    bool good = fstat(descriptor, &about) == 0 && (!S_ISREG(about.st_mode) || fchmod(descriptor, 0600) == 0);
    FILE *file = good ? fdopen(descriptor, "w") : NULL;
    if (file == NULL)
        close(descriptor);
    return file;
}

bool key_options_load(key_options *o, bool stdin_free, char *error, size_t error_len)
{
    o->stamps = need(o->file_count * sizeof *o->stamps);
    if (!load_files(o, false, error, error_len))
        return false;
    o->sources = need(2 * sizeof(key_source *)); /* passwords, keytabs */
    if (o->password_count != 0 && !load_passwords(o, stdin_free, error, error_len))
        return false;
    if (o->keytab_count != 0) {
        key_source *source = keytab_source(o->keytabs, o->keytab_count, error, error_len);
        if (source == NULL)
            return false;
        o->sources[o->source_count++] = source;
    }
    if (o->keylog_name != NULL && (o->keylog = open_keylog(o->keylog_name)) == NULL) {
        snprintf(error, error_len, "%s: %s", o->keylog_name, strerror(errno));
        return false;
    }
    return true;
}

void key_options_end(key_options *o)
{
    for (size_t i = 0; i < o->source_count; i++)
        o->sources[i]->release(o->sources[i]);
    if (o->keylog != NULL)
        fclose(o->keylog);
    keyfile_free(&o->keys);
    free(o->sources);
    free(o->stamps);
    free(o->files);
    free(o->keytabs);
    free(o->passwords);
    *o = (key_options){0};
}
