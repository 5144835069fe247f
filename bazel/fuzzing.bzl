# SPDX-License-Identifier: Apache-2.0
"""cc_fuzz_test, with the names and the shape of rules_fuzzing, which would be a download and wants a C++ toolchain.

    T          test: replays the seeds and the corpus; an absent or empty folder of seeds fails it
    T_bin      the fuzz binary, for campaigns, afl-fuzz and reproducers
    T_run      bazel run --config=asan-ubsan-libfuzzer //fuzz:T_run -- --timeout_secs=60, or --config=afl (fuzz/launcher.sh)
    T_options  T.options, what libFuzzer's flags are to ClusterFuzz
    T_raw      the target as a library, without an engine
    T_seeds    the seeds, a folder made at build time (bazel/seeds.bzl)
    T_corpus   what corpus/T adds to them    T_dict   the dictionaries
    T_mutator.so  the target's structure-aware mutator for AFL++, if it has one; libFuzzer's is in T_bin

The engine is chosen by --define=fuzz_engine=libfuzzer or =afl, as the -libfuzzer and afl configurations of .bazelrc do.
Without it the replay driver in plain C is linked: any compiler will do.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")
load(":copts.bzl", "STRICT")
load(":script.bzl", "script_binary")

# Bazel hands link arguments over in a file, where afl-cc does not see -fsanitize=fuzzer: its driver is named by path.
_ENGINE_LINKOPTS = {
    "//fuzz:engine_libfuzzer": ["-fsanitize=fuzzer"],
    "//fuzz:engine_afl": ["/usr/lib/afl/libAFLDriver.a"],
    "//conditions:default": [],
}
_ENGINE_DEPS = {
    "//fuzz:engine_libfuzzer": [],
    "//fuzz:engine_afl": [],
    "//conditions:default": ["//fuzz:replay_driver"],
}

# For the harness: coverage steers towards new behaviour of lib/, and the harness' own loops would only dilute and slow it.
HARNESS = select({
    "//fuzz:engine_libfuzzer": ["-fno-sanitize=fuzzer-no-link"],
    "//conditions:default": [],
})

def _mutator(name, which, prefix):
    """The mutator of fuzz/mutator for one target: T_mutator for libFuzzer's builds, T_mutator.so for AFL++."""
    defines = ["MUTATOR_KIND=mutator_" + which, "MUTATOR_PREFIX=%d" % prefix]
    cc_library(
        name = name + "_mutator",
        testonly = True,
        srcs = ["//fuzz/mutator:libfuzzer.c"],
        copts = STRICT + HARNESS,
        local_defines = defines,
        tags = ["manual"],  # needs LLVMFuzzerMutate: a part of T_bin in libFuzzer's configurations
        deps = ["//fuzz:fuzz", "//fuzz/mutator"],
        alwayslink = True,
    )

    # Under the afl configuration the compiler instruments, and what afl-fuzz itself loads must not be: built the same in all.
    native.genrule(
        name = name + "_mutator_so",
        testonly = True,
        srcs = ["//fuzz/mutator:afl_sources", "//lib:sources"],
        outs = [name + "_mutator.so"],
        cmd = "gcc -std=c11 -O2 -g -shared -fPIC -fvisibility=hidden %s -Ilib/include -o $@ " % " ".join(["-D" + d for d in defines]) +
              "$$(for f in $(SRCS); do case $$f in *.c) echo $$f ;; esac; done)",
        tags = ["manual"],  # for afl-fuzz, whose launcher and campaign build it by name
    )

def _link(name, srcs, limits, deps = [], linkopts = [], mutator = None):
    """The libraries of a fuzz target and what links a binary of them: attributes of a cc_binary or cc_test."""
    cc_library(
        name = name + "_raw",
        testonly = True,
        srcs = srcs,
        copts = STRICT + HARNESS,
        tags = ["manual"],  # a part of T and T_bin, which are built and run
        deps = deps + ["//fuzz:fuzz"],
        alwayslink = True,
    )
    cc_library(
        name = name + "_limits",
        testonly = True,
        srcs = ["//fuzz:limits.c"],
        copts = STRICT + HARNESS,
        local_defines = limits,
        tags = ["manual"],  # likewise
        deps = ["//fuzz:limits"],
        alwayslink = True,
    )
    return {
        "deps": [":%s_raw" % name, ":%s_limits" % name, "//fuzz:entry"] + select(_ENGINE_DEPS) + (select({
            "//fuzz:engine_libfuzzer": [":%s_mutator" % name],
            "//conditions:default": [],
        }) if mutator else []),
        "linkopts": linkopts + select(_ENGINE_LINKOPTS),
    }

def fuzz_bin(name, srcs, limits):
    """T_bin alone, of what is no target of the table."""
    cc_binary(name = name + "_bin", testonly = True, **_link(name, srcs, limits))

def cc_fuzz_test(name, corpus, srcs, flags, afl_flags, limits, options, deps = [], dicts = [], data = [], linkopts = [], size = "small",
                 msan = True, mutator = None, tags = []):
    """A fuzz target and what belongs to it.

    Args:
      name: the target's name, T above.
      corpus: label of the corpus, //corpus:T. Its files lie in the folder corpus/T, and the tests get that folder if it is
        there; the seeds, T_seeds, must be.
      srcs: the target, which defines fuzz_this (fuzz/fuzz.h).
      flags: libFuzzer's, from the table of targets: -max_len=N among them, and an input longer than that fails the test.
      afl_flags: afl-fuzz's, likewise.
      limits: the definitions for fuzz/limits.c.
      options: the text of T.options.
      deps: libraries of the target.
      dicts: dictionaries, in the syntax that libFuzzer and AFL++ share.
      data: files that the target needs at run time, oracles for example.
      linkopts: for the binaries.
      size: of the test.
      msan: whether it runs under MSan: False if it calls uninstrumented libraries that write memory of ours.
      mutator: (which, prefix) of fuzz/mutator, or None.
      tags: beside those that select configurations.
    """
    folder = corpus.replace("//", "").replace(":", "/")
    native.filegroup(name = name + "_corpus", srcs = [corpus], testonly = True)
    native.filegroup(name = name + "_dict", srcs = dicts, testonly = True)
    if mutator:
        _mutator(name, mutator[0], mutator[1])
    native.genrule(
        name = name + "_options",
        testonly = True,
        outs = [name + ".options"],
        cmd = "printf '%%s' '%s' >$@" % options,
    )
    stored = [":%s_seeds" % name, ":%s_corpus" % name]
    inputs = ["$(rootpath :%s_seeds)" % name, "--if_there=" + folder]
    link = _link(name, srcs, limits, deps, linkopts, mutator)
    cc_binary(name = name + "_bin", testonly = True, data = data, **link)
    cc_test(
        name = name,
        size = size,
        args = ["--require_inputs", "-runs=0"] + flags + inputs,
        data = data + stored,
        tags = ["fuzz", "asan-ubsan", "msan" if msan else "no-msan"] + tags,
        **link
    )
    script_binary(
        name = name + "_run",
        testonly = True,
        src = "//fuzz:launcher.sh",
        args = ["$(rootpath :%s_bin)" % name] + ["--libfuzzer=" + f for f in flags] + ["--afl=" + f for f in afl_flags] +
               (["--dict=$(rootpath :%s_dict)" % name] if dicts else []) + (["--mutator=$(rootpath :%s_mutator.so)" % name] if mutator else []) +
               ["--seeds=$(rootpath :%s_seeds)" % name, "--if_there=" + folder],
        data = stored + [":%s_bin" % name, ":%s_dict" % name] + ([":%s_mutator.so" % name] if mutator else []),
        tags = ["manual"],  # a launcher for people, not a test
    )
