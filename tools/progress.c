/* SPDX-License-Identifier: Apache-2.0 */
/* A progress bar: see progress.h. */
#include "progress.h"

#include "run_stats.h"

#define WIDTH 40u
#define FIRST 1000000000u /* nanoseconds */
#define EACH 100000000u

void progress_show(progress *p, size_t done)
{
    uint64_t now;
    if (p->out == NULL || p->total == 0)
        return;
    now = run_clock();
    if (now - p->begun < FIRST || now - p->drawn < EACH)
        return;
    p->drawn = now;
    double part = done < p->total ? (double)done / (double)p->total : 1;
    double left = part > 0 ? (double)(now - p->begun) / 1e9 * (1 - part) / part : 0;
    fprintf(p->out, "\r[");
    for (unsigned i = 0; i < WIDTH; i++)
        fputc(i < part * WIDTH ? '#' : ' ', p->out);
    fprintf(p->out, "] %3.0f%%, %.0f s left\033[K", 100 * part, left);
    fflush(p->out);
}

void progress_clear(progress *p)
{
    if (p->drawn == 0)
        return;
    fputs("\r\033[K", p->out);
    fflush(p->out);
    p->drawn = 0;
}
