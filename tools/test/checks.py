# SPDX-License-Identifier: Apache-2.0
"""Checks of a test: check() says what is not so and goes on; result() is the exit status, and too few checks are a failure too."""

count = failures = 0


def check(condition, *what):
    global count, failures
    count += 1
    if not condition:
        failures += 1
        print("FAILED", *what)


def result(least, about=""):
    """about: what else the last line counts, "22 captures, "."""
    print("%s%d checks, %d failures" % (about, count, failures))
    if count < least:
        print("FAILED fewer than %d checks" % least)
    return 1 if failures or count < least else 0
