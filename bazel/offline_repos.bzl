# SPDX-License-Identifier: Apache-2.0
"""Stand-ins for the three repositories that Debian's Bazel 4.2.3 would download.

Any C test makes it fetch rules_cc (our load statements), rules_java (its own Java toolchains) and remote_coverage_tools
(an implicit dependency of every test). It reports an empty native.bazel_version, released Bazels do not; those keep their
own defaults. A workspace that uses //lib by local_repository needs these too: it calls offline_repositories() likewise.
"""

_CC = ["cc_binary", "cc_import", "cc_library", "cc_proto_library", "cc_test", "cc_toolchain", "cc_toolchain_suite",
       "fdo_profile", "objc_import", "objc_library"]
_JAVA = ["java_binary", "java_import", "java_library", "java_package_configuration", "java_plugin", "java_proto_library",
         "java_runtime", "java_test", "java_toolchain"]

_PUBLIC = 'package(default_visibility = ["//visibility:public"])\n'

# `bazel coverage` is not how coverage is measured here (ci/coverage is): a tool that refuses is better than one that pretends.
_NO_COVERAGE_TOOLS = """#!/bin/sh
echo "countersign: bazel coverage has no report generator offline; use ci/coverage" >&2
exit 1
"""

def _text_repository_impl(ctx):
    ctx.file("WORKSPACE", 'workspace(name = "%s")\n' % ctx.name)
    for path, text in ctx.attr.files.items():
        ctx.file(path, text, executable = path.endswith(".sh"))

_text_repository = repository_rule(
    implementation = _text_repository_impl,
    attrs = {"files": attr.string_dict()},
    local = True,
)

def offline_repositories():
    """Defines the stand-ins, on a Bazel that needs them."""
    if native.bazel_version:
        return
    cc = {
        "cc/BUILD": _PUBLIC + 'toolchain_type(name = "toolchain_type")\n',
        "cc/defs.bzl": "".join(["%s = native.%s\n" % (r, r) for r in _CC]),
    }
    for r in _CC:
        cc["cc/%s.bzl" % r] = 'load(":defs.bzl", _r = "%s")\n%s = _r\n' % (r, r)
    _text_repository(name = "rules_cc", files = cc)
    _text_repository(name = "rules_java", files = {
        "java/BUILD": _PUBLIC,
        "java/defs.bzl": "".join(["%s = native.%s\n" % (r, r) for r in _JAVA]),
    })
    _text_repository(name = "remote_coverage_tools", files = {
        "BUILD": _PUBLIC + "".join([
            'sh_binary(name = "%s", srcs = ["refuse.sh"])\n' % n
            for n in ["Main", "coverage_report_generator", "lcov_merger"]
        ]),
        "refuse.sh": _NO_COVERAGE_TOOLS,
    })
