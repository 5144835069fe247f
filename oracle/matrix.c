/* SPDX-License-Identifier: Apache-2.0 */
/* Reads MATRIX.json: objects and plain strings are all it holds, so this needs no JSON library, which a process full of crypto
   libraries is better without. Strict: what it does not expect is an error. matrix.schema.json says the shape in full. */
#include "matrix.h"

#include <string.h>

const char *const matrix_operation[ORACLE_OPERATIONS] = {"cmac_aes128", "gmac_aes128", "hmac_sha256", "sha512",
                                                         "kdf_sp800_108"};

const char *matrix_how_name(enum matrix_how how)
{
    static const char *const names[] = {"unsaid", "native", "composed", "unavailable"};
    return names[how];
}

struct reader {
    const char *start, *at;
    char *error;
    size_t oracle; /* whose members are being read */
};

static bool fail(struct reader *r, const char *what)
{
    if (!r->error[0])
        snprintf(r->error, 160, "MATRIX.json, offset %ld: %s", (long)(r->at - r->start), what);
    return false;
}

static char peek(struct reader *r)
{
    while (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r')
        r->at++;
    return *r->at;
}

static bool expect(struct reader *r, char c)
{
    if (peek(r) != c)
        return fail(r, "not the character expected");
    r->at++;
    return true;
}

static bool read_string(struct reader *r, char *out, size_t capacity)
{
    if (!expect(r, '"'))
        return fail(r, "a string expected");
    size_t len = 0;
    for (; *r->at != '"'; r->at++) {
        if (*r->at == '\0' || *r->at == '\\' || *r->at == '\n')
            return fail(r, "a string without escapes expected");
        if (len + 1 == capacity)
            return fail(r, "a shorter string expected");
        out[len++] = *r->at;
    }
    out[len] = '\0';
    r->at++;
    return true;
}

typedef bool member_fn(struct reader *r, struct matrix *m, const char *name, int operation);

static bool read_object(struct reader *r, struct matrix *m, member_fn *member, int operation)
{
    char name[MATRIX_NAME_MAX];
    if (!expect(r, '{'))
        return false;
    do {
        if (!read_string(r, name, sizeof name) || !expect(r, ':') || !member(r, m, name, operation))
            return false;
    } while (peek(r) == ',' && r->at++);
    return expect(r, '}');
}

static bool read_family(struct reader *r, struct matrix *m, const char *name, int operation)
{
    char description[200];
    (void)operation;
    if (m->family_count == DIFF_ORACLES_MAX)
        return fail(r, "too many families");
    memcpy(m->family[m->family_count++], name, strlen(name) + 1);
    return read_string(r, description, sizeof description);
}

static bool read_family_name(struct reader *r, const struct matrix *m, size_t *family)
{
    char name[MATRIX_NAME_MAX];
    if (!read_string(r, name, sizeof name))
        return false;
    for (*family = 0; *family < m->family_count; ++*family)
        if (strcmp(m->family[*family], name) == 0)
            return true;
    return fail(r, "a family that \"families\" does not name");
}

static bool read_oracle_member(struct reader *r, struct matrix *m, const char *name, int operation)
{
    char library[200];
    (void)operation;
    if (strcmp(name, "family") == 0)
        return read_family_name(r, m, &m->oracle_family[r->oracle]);
    return strcmp(name, "library") == 0 ? read_string(r, library, sizeof library)
                                        : fail(r, "neither \"family\" nor \"library\"");
}

static bool read_oracle(struct reader *r, struct matrix *m, const char *name, int operation)
{
    if (m->oracle_count == DIFF_ORACLES_MAX)
        return fail(r, "too many oracles");
    r->oracle = m->oracle_count++;
    memcpy(m->oracle[r->oracle], name, strlen(name) + 1);
    m->oracle_family[r->oracle] = SIZE_MAX;
    if (!read_object(r, m, read_oracle_member, operation))
        return false;
    if (m->oracle_family[r->oracle] == SIZE_MAX)
        return fail(r, "an oracle without a family");
    for (int op = 0; op < ORACLE_OPERATIONS; op++)
        m->cell_family[op][r->oracle] = m->oracle_family[r->oracle];
    return true;
}

static bool read_how(struct reader *r, enum matrix_how *how, const char *word)
{
    if (*how != MATRIX_UNSAID)
        return fail(r, "a cell given twice");
    if (strcmp(word, "native") == 0)
        *how = MATRIX_NATIVE;
    if (strcmp(word, "composed") == 0)
        *how = MATRIX_COMPOSED;
    return *how != MATRIX_UNSAID || fail(r, "neither native nor composed");
}

/* {"unavailable": why}, or {"native": family}, {"composed": family}: of another family than the oracle's other answers. */
static bool read_cell_member(struct reader *r, struct matrix *m, const char *name, int operation)
{
    enum matrix_how *how = &m->how[operation][r->oracle];
    char reason[200];
    if (strcmp(name, "unavailable") != 0)
        return read_how(r, how, name) && read_family_name(r, m, &m->cell_family[operation][r->oracle]);
    *how = MATRIX_UNAVAILABLE;
    return read_string(r, reason, sizeof reason) && (reason[0] || fail(r, "a reason expected"));
}

static bool read_cell(struct reader *r, struct matrix *m, const char *name, int operation)
{
    char word[16];
    for (r->oracle = 0; r->oracle < m->oracle_count; r->oracle++) {
        if (strcmp(m->oracle[r->oracle], name) != 0)
            continue;
        enum matrix_how *how = &m->how[operation][r->oracle];
        if (*how != MATRIX_UNSAID)
            return fail(r, "a cell given twice");
        if (peek(r) == '{')
            return read_object(r, m, read_cell_member, operation);
        return read_string(r, word, sizeof word) && read_how(r, how, word);
    }
    return fail(r, "an oracle that \"oracles\" does not name");
}

static bool read_operation(struct reader *r, struct matrix *m, const char *name, int operation)
{
    for (operation = 0; operation < ORACLE_OPERATIONS; operation++)
        if (strcmp(matrix_operation[operation], name) == 0)
            return read_object(r, m, read_cell, operation);
    return fail(r, "an unknown operation");
}

static bool read_part(struct reader *r, struct matrix *m, const char *name, int operation)
{
    if (strcmp(name, "families") == 0)
        return read_object(r, m, read_family, operation);
    if (strcmp(name, "oracles") == 0)
        return read_object(r, m, read_oracle, operation);
    if (strcmp(name, "operations") == 0)
        return read_object(r, m, read_operation, operation);
    return fail(r, "none of \"families\", \"oracles\", \"operations\"");
}

bool matrix_read(struct matrix *out, const char *text, char error[160])
{
    struct reader r = {text, text, error, 0};
    memset(out, 0, sizeof *out);
    error[0] = '\0';
    if (!read_object(&r, out, read_part, 0))
        return false;
    if (peek(&r) != '\0')
        return fail(&r, "something after the end");
    if (out->oracle_count == 0)
        return fail(&r, "no oracles");
    for (int op = 0; op < ORACLE_OPERATIONS; op++)
        for (size_t i = 0; i < out->oracle_count; i++)
            if (out->how[op][i] == MATRIX_UNSAID) {
                snprintf(error, 160, "MATRIX.json says nothing about %s of %s", matrix_operation[op], out->oracle[i]);
                return false;
            }
    return true;
}
