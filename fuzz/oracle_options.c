/* SPDX-License-Identifier: Apache-2.0 */
/* AddressSanitizer's defaults for targets with oracles; ASAN_OPTIONS in the environment still wins. Freed memory waits in a quarantine
   of 256 MiB before it is used again. lib/ allocates nothing, the oracles' libraries do at each call, and page faults on ever new
   memory took most of a run's time (kdf_diff: four fifths). 16 MiB still hold hundreds of inputs that a target might have kept. */
const char *__asan_default_options(void); /* NOLINT(bugprone-reserved-identifier): the runtime's name */
const char *__asan_default_options(void)  /* NOLINT(bugprone-reserved-identifier) */
{
    return "quarantine_size_mb=16";
}
