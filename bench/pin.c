/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "pin.h"

#include <sched.h>

int pin(int cpu)
{
    cpu_set_t set;
    if (cpu < 0)
        cpu = sched_getcpu();
    CPU_ZERO(&set);
    CPU_SET((unsigned)cpu, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0 ? cpu : -1;
}
