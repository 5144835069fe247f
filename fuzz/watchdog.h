/* SPDX-License-Identifier: Apache-2.0 */
/* What the replay driver has to see of inputs that do not come back, as the engines do themselves. */
#ifndef FUZZ_WATCHDOG_H
#define FUZZ_WATCHDOG_H

void watchdog_start(void);
void watchdog_input(const char *path); /* this input runs from now on; NULL: none */

#endif
