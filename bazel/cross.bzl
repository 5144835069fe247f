# SPDX-License-Identifier: Apache-2.0
"""portable_test: the library built by a plain compiler, checked, and run, on this machine or under qemu for another.

The compilers are called by a script instead of through Bazel C toolchains: that is what a user without Bazel does, and it
needs no toolchain definition for each target.
"""

load(":script.bzl", "script_test")

def backends_test(name, compiler, qemu = None, cpus = {}, without = {}, tags = [], size = "large"):
    """cpus: {qemu's name of a processor: the backends that run there}; without: {flag, less CSIGN_: the backends left with it}."""
    tools = [compiler] + ([qemu] if qemu else [])
    files = ["//lib:sources", "//vectors:portable_runner", "//tests:portable_backends", "//fuzz:portable_backends"]
    script_test(
        name = name,
        size = size,
        src = "//bazel/portable:backends.sh",
        args = ["$(rootpath %s)" % compiler, "$(rootpath %s)" % qemu if qemu else "native"] +
               ["--cpu %s=%s" % (c, ",".join(b)) for c, b in cpus.items()] +
               ["--without %s=%s" % (f, ",".join(b)) for f, b in without.items()] +
               ["$(rootpaths %s)" % f for f in files],
        data = tools + [t.split("//")[0] + "//:stamp" for t in tools] + files,
        tags = tags,
    )

def portable_test(name, compiler, qemu = None, runner = [], tags = [], size = "medium"):
    """compiler and qemu: labels `@sys_NAME//:bin/TOOL`; runner: C files of a program whose exit code is the verdict."""
    tools = [compiler] + ([qemu] if qemu else [])
    script_test(
        name = name,
        size = size,
        src = "//bazel/portable:build.sh",
        args = [
            "$(rootpath %s)" % compiler,
            "$(rootpath %s)" % qemu if qemu else "native",
            "$(rootpath //bazel/portable:objects.sh)",
            "$(rootpath //bazel/portable:ten_lines.c)",
        ] + ["$(rootpaths %s)" % r for r in runner] + ["--", "$(rootpaths //lib:sources)"],
        data = tools + [t.split("//")[0] + "//:stamp" for t in tools] + runner + [
            "@sys_binutils//:stamp",
            "//bazel/portable:objects.sh",
            "//bazel/portable:ten_lines.c",
            "//lib:sources",
        ],
        tags = tags,
    )
