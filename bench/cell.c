/* SPDX-License-Identifier: Apache-2.0 */
/* Taking cells down, and comparing what their contenders answer. What is expected is what most of them say: no answer is taken from
   ours. */
#include "cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cell_add(struct cell *cell, struct contender contender)
{
    if (cell->contender_count == CELL_CONTENDERS_MAX || contender.state == NULL) {
        if (contender.free != NULL && contender.state != NULL)
            contender.free(contender.state);
        return false;
    }
    cell->contenders[cell->contender_count++] = contender;
    return true;
}

void cell_free(struct cell *cell)
{
    for (size_t i = 0; i < cell->contender_count; i++)
        if (cell->contenders[i].free)
            cell->contenders[i].free(cell->contenders[i].state);
    if (cell->shared_free)
        cell->shared_free(cell->shared);
    memset(cell, 0, sizeof *cell);
}

static void name(char *error, size_t room, const struct contender *c, const char *what)
{
    size_t used = strlen(error);
    snprintf(error + used, room - used, "%s%s (%s)%s", used ? "; " : "", c->peer->name, c->form, what);
}

bool cell_check(struct cell *cell, char error[512])
{
    size_t n = cell->contender_count, len = cell->answer_len, best = 0, best_votes = 0;
    uint8_t *answers = calloc(n + 1, len + 1);
    bool ok = answers != NULL;
    error[0] = '\0';
    for (size_t i = 0; ok && i < n; i++) {
        struct contender *c = &cell->contenders[i];
        if (c->answer && !c->answer(c->state, answers + i * len)) {
            name(error, 512, c, " failed");
            ok = false;
        }
    }
    for (size_t i = 0; ok && i < n; i++) {
        size_t votes = 0;
        for (size_t j = 0; cell->contenders[i].answer && j < n; j++)
            votes += cell->contenders[j].answer && memcmp(answers + i * len, answers + j * len, len) == 0;
        if (votes > best_votes) {
            best_votes = votes;
            best = i;
        }
    }
    for (size_t i = 0; ok && i < n; i++)
        if (cell->contenders[i].answer && memcmp(answers + i * len, answers + best * len, len) != 0)
            name(error, 512, &cell->contenders[i], " differs");
    free(answers);
    return ok && error[0] == '\0';
}
