/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_PIN_H
#define BENCH_PIN_H

/* Ties the process to one core, -1: the one it is on. Returns it, or -1 if the system refuses. */
int pin(int cpu);

#endif
