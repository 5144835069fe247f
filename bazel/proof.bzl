# SPDX-License-Identifier: Apache-2.0
"""cbmc_proof and constant_time_test: a check by CBMC or by valgrind as a test of its own.

The tools come with their stamps as inputs, so that another version of a prover or a compiler runs the tests again, and a
system without the tool skips them, by name. `formal-quick` tests are for every commit, `formal` ones take longer.
"""

load("//bazel:script.bzl", "script_test")

_CBMC = ["@sys_cbmc//:bin/cbmc", "@sys_cbmc//:bin/goto-cc", "@sys_cbmc//:bin/goto-instrument"]

def cbmc_proof(name, quick = True, kissat = False):
    """The proof in cbmc/NAME with its mutants. kissat: its proof.conf says `solver = kissat`."""
    script_test(
        name = name,
        size = "medium" if quick else "large",
        src = "prove",
        args = [name, "--cbmc", "$(rootpath @sys_cbmc//:bin/cbmc)"],
        data = native.glob(["cbmc/*.h", "cbmc/%s/*" % name], allow_empty = False) +
               ["//lib:sources", "@sys_cbmc//:stamp"] + _CBMC + (["@sys_kissat//:stamp"] if kissat else []),
        tags = ["formal-quick"] if quick else ["formal"],
    )

def constant_time_test(name, compiler, stamp, level, msan = False):
    """The library, built by compiler with -O and level, under valgrind or with MemorySanitizer; then the leaks that it must see."""
    script_test(
        name = name,
        size = "medium",
        src = "constant_time/check",
        args = ["run", "--compiler", compiler, "--level", level] + (["--msan"] if msan else []),
        data = native.glob(["constant_time/*"]) + ["//lib:sources", stamp] + ([] if msan else ["@sys_valgrind//:stamp"]),
        tags = ["formal-quick"],
    )
