# SPDX-License-Identifier: Apache-2.0
"""What tests use of the system they run on: one repository @sys_NAME for each library, tool set and Python module.

    :lib      cc_library of a system library          :tool   the (first) tool         :bin/NAME   each tool
    :stamp    path, version and sha256, and the file itself: an input of whatever uses it, so a replacement runs tests again
    :present  a constraint that only a system with it satisfies

All of them are incompatible with a system that lacks the thing, and so is every target that depends on one, through
`deps`, `data` or `srcs`: `bazel test //...` prints SKIPPED, and for //bazel/present:NAME too, which says what is missing.
`load("@sys_NAME//:defs.bzl", "AVAILABLE")` where that is not enough.

CSIGN_SYS_NAME in the environment (upper case) names another library file, or another folder of the tools.
@platforms//:incompatible would be the usual constraint, but Bazel 4.2.3 does not have it.
"""

_LIB_DIRS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]

# name: (package, folder of the headers, the headers' entries in it, file in a library folder; a header: there is nothing to link)
_LIBRARIES = {
    "boringssl": ("android-libboringssl-dev", "/usr/include/android", ["openssl"], "android/libcrypto.so.0"),
    "botan": ("libbotan-2-dev", "/usr/include/botan-2", ["botan"], "libbotan-2.so.19"),
    "event": ("libevent-dev", "/usr/include", ["event2"], "libevent-2.1.so.7"),
    "gnutls": ("libgnutls28-dev", "/usr/include", ["gnutls"], "libgnutls.so.30"),
    "gssapi": ("libkrb5-dev", "/usr/include", ["gssapi"], "libgssapi_krb5.so.2"),
    "ipsec_mb": ("libipsec-mb-dev", "/usr/include", ["intel-ipsec-mb.h"], "libIPSec_MB.so.1"),
    "jansson": ("libjansson-dev", "/usr/include", ["jansson.h", "jansson_config.h"], "libjansson.so.4"),
    "k5crypto": ("libkrb5-dev", "/usr/include", ["krb5.h", "krb5"], "libk5crypto.so.3"),
    "krb5": ("libkrb5-dev", "/usr/include", ["krb5.h", "krb5"], "libkrb5.so.3"),
    "libgcrypt": ("libgcrypt20-dev", "/usr/include", ["gcrypt.h"], "libgcrypt.so.20"),
    "mbedtls": ("libmbedtls-dev", "/usr/include", ["mbedtls", "psa"], "libmbedcrypto.so.7"),
    "nettle": ("nettle-dev", "/usr/include", ["nettle"], "libnettle.so.8"),
    "openssl3": ("libssl-dev", "/usr/include", ["openssl"], "libcrypto.so.3"),
    "pcap": ("libpcap-dev", "/usr/include", ["pcap.h", "pcap"], "libpcap.so.0.8"),
    "uthash": ("uthash-dev", "/usr/include", ["uthash.h", "utlist.h"], "uthash.h"),
    "wolfssl": ("libwolfssl-dev", "/usr/include", ["wolfssl"], "libwolfssl.so.35"),
}

# name: (package, tools, what the first tool's --version must contain, folders tried before PATH)
_TOOLS = {
    "afl": ("afl++", ["afl-clang-fast", "afl-fuzz", "afl-showmap"], "", []),
    "binutils": ("binutils libc-bin", ["nm", "readelf", "ldd"], "", []),
    "cbmc": ("none; ci/install-cbmc installs it", ["cbmc", "goto-cc", "goto-instrument"], "6.", ["~cache/cbmc-6.6.0/bin"]),
    "clang14": ("clang-14", ["clang-14"], "", []),
    "clang19": ("clang-19 lld-19 llvm-19", ["clang-19", "ld.lld-19", "llvm-cov-19", "llvm-profdata-19", "llvm-symbolizer-19"], "", []),
    "cross_aarch64": ("gcc-aarch64-linux-gnu", ["aarch64-linux-gnu-gcc"], "", []),
    "cross_armhf": ("gcc-arm-linux-gnueabihf", ["arm-linux-gnueabihf-gcc"], "", []),
    "cross_i686": ("gcc-i686-linux-gnu", ["i686-linux-gnu-gcc"], "", []),
    "cross_ppc": ("gcc-powerpc-linux-gnu", ["powerpc-linux-gnu-gcc"], "", []),
    "cross_riscv64": ("gcc-riscv64-linux-gnu", ["riscv64-linux-gnu-gcc"], "", []),
    "cross_s390x": ("gcc-s390x-linux-gnu", ["s390x-linux-gnu-gcc"], "", []),
    "gcc12": ("gcc-12", ["gcc-12"], "", []),
    "kissat": ("none; ci/install-cbmc installs it", ["kissat"], "", ["~cache/cbmc-6.6.0/bin"]),
    "python3": ("python3", ["python3"], "", ["/usr/bin"]),
    "qemu": ("qemu-user", ["qemu-aarch64", "qemu-arm", "qemu-i386", "qemu-ppc", "qemu-riscv64", "qemu-s390x", "qemu-x86_64"], "", []),
    "valgrind": ("valgrind", ["valgrind"], "", []),
}

# Modules of the system's python3: @sys_python3_NAME
_PYTHON_MODULES = {
    "cryptography": "python3-cryptography",
    "cryptography_vectors": "python3-cryptography-vectors",
    "impacket": "python3-impacket",
    "jsonschema": "python3-jsonschema",
    "matplotlib": "python3-matplotlib",
}

SYSTEM = sorted(list(_LIBRARIES) + list(_TOOLS) + ["python3_" + m for m in _PYTHON_MODULES])

def _run(ctx, command):
    """The first line that a command prints, or None if it fails."""
    result = ctx.execute(command, environment = {"LC_ALL": "C"})
    if result.return_code:
        return None
    return (result.stdout or result.stderr).strip().split("\n")[0]

def _package_version(ctx, path):
    """The version of the Debian package that owns a file, or a word where that is not known."""
    for candidate in [str(path), str(path.realpath)]:
        owner = _run(ctx, ["dpkg-query", "-S", candidate])
        if owner:
            package = owner.split(": ")[0].split(", ")[0]
            version = _run(ctx, ["dpkg-query", "-W", "-f=${Version}", package])
            if version:
                return "%s %s" % (package, version)
    return "not from a package"

# filegroup takes no target_compatible_with in Bazel 4.2.3, so each repository has its own.
_FILES_RULE = """
def _impl(ctx):
    runfiles = ctx.runfiles(files = ctx.files.srcs + ctx.files.data)
    return [DefaultInfo(files = depset(ctx.files.srcs), runfiles = runfiles)]

files = rule(_impl, attrs = {"srcs": attr.label_list(allow_files = True), "data": attr.label_list(allow_files = True)})
"""

def _publish(ctx, package, files, versions, targets):
    """Writes the repository. files: {name in it: path}; targets: BUILD text beside the common part."""
    what = ctx.name.split("sys_")[-1]
    ctx.file("WORKSPACE", 'workspace(name = "%s")\n' % ctx.name)
    ctx.file("defs.bzl", "AVAILABLE = %s\n" % bool(files))
    ctx.file("files.bzl", _FILES_RULE)
    for name, path in files.items():
        ctx.symlink(path, name)
    if not files:
        # buildifier: disable=print
        print("%s is not installed; what needs it is SKIPPED (Debian package: %s)" % (what, package))
    ctx.file("versions.txt", "".join(["%s\t%s\n" % (files[n], versions[n]) for n in files]))
    ctx.file("BUILD.bazel", _BUILD % (
        ', default_constraint_value = ":present"' if files else "",
        files.keys(),
        " ".join(["$(location %s)" % n for n in files]) or "/dev/null",
        files.keys(),
    ) + targets)

# The hash is taken by an action, which sees the file change under a running Bazel server; a repository rule would not.
_BUILD = """package(default_visibility = ["//visibility:public"])
load("@rules_cc//cc:defs.bzl", "cc_library")
load(":files.bzl", "files")
constraint_setting(name = "state"%s)
constraint_value(name = "present", constraint_setting = ":state")
genrule(
    name = "stamp_txt",
    srcs = ["versions.txt"] + %s,
    outs = ["stamp.txt"],
    cmd = "sha256sum %s | cut -d ' ' -f 1 | paste $(location versions.txt) - > $@",
    target_compatible_with = [":present"],
)
files(name = "stamp", srcs = ["stamp.txt"] + %s, target_compatible_with = [":present"])
"""

def _library_impl(ctx):
    override = ctx.os.environ.get(ctx.attr.override)
    header_only = ctx.attr.file.endswith(".h")
    names = [override] if override else ["%s/%s" % (d, ctx.attr.file) for d in ([ctx.attr.header_dir] if header_only else _LIB_DIRS)]
    found = [ctx.path(n) for n in names if ctx.path(n).exists]
    headers = [h for h in ctx.attr.headers if ctx.path(ctx.attr.header_dir + "/" + h).exists]
    if not found or headers != ctx.attr.headers:
        _publish(ctx, ctx.attr.package, {}, {}, 'cc_library(name = "lib", target_compatible_with = [":present"])\n')
        return
    path = found[0]
    for h in headers:
        ctx.symlink(ctx.attr.header_dir + "/" + h, "include/" + h)
    _publish(ctx, ctx.attr.package, {path.basename: path}, {path.basename: _package_version(ctx, path)}, """
cc_library(
    name = "lib",
    hdrs = glob(["include/**/*.h"]),
    includes = ["include"],
    linkopts = %s,
    data = [":stamp"],
    target_compatible_with = [":present"],
)
""" % ([] if header_only else [str(path), "-Wl,-rpath,%s" % path.dirname]))

def _tools_impl(ctx):
    override = ctx.os.environ.get(ctx.attr.override)
    cache = ctx.os.environ.get("XDG_CACHE_HOME") or ctx.os.environ.get("HOME", "/root") + "/.cache"
    if override:
        folders = [override]
    else:
        folders = [f.replace("~cache", cache + "/countersign") for f in ctx.attr.folders]
        on_path = ctx.which(ctx.attr.tools[0])
        if on_path:
            folders.append(str(on_path.dirname))
    files = {}
    versions = {}
    for folder in folders:
        paths = {"bin/" + t: ctx.path(folder + "/" + t) for t in ctx.attr.tools}
        if [p for p in paths.values() if not p.exists]:
            continue
        reported = {n: _run(ctx, [str(p), "--version"]) or _package_version(ctx, p) for n, p in paths.items()}
        if ctx.attr.version in reported["bin/" + ctx.attr.tools[0]]:
            files, versions = paths, reported

            # A tool unpacked beside its wrapper (ci/install-cbmc): the wrapper's hash would not tell of a new one.
            for t in ctx.attr.tools:
                unpacked = ctx.path(folder + "/../root/usr/bin/" + t)
                if unpacked.exists:
                    files["unpacked/" + t] = unpacked
                    versions["unpacked/" + t] = reported["bin/" + t]
            break
    main = "bin/" + ctx.attr.tools[0]
    targets = """
files(name = "tool", srcs = %s, data = [":stamp"], target_compatible_with = [":present"])
exports_files(%s)
""" % ([main] if files else [], files.keys())
    if not files:  # so that naming one tool of a missing set is incompatible too, not an error
        targets += "".join(['files(name = "bin/%s", target_compatible_with = [":present"])\n' % t for t in ctx.attr.tools])
    _publish(ctx, ctx.attr.package, files, versions, targets)

def _python_module_impl(ctx):
    where = _run(ctx, ["/usr/bin/python3", "-c", "import sys, importlib, importlib.metadata as m; " +
                                                 "p = importlib.import_module(sys.argv[1]); " +
                                                 "print(p.__file__, m.version(sys.argv[1].replace('_', '-')))", ctx.attr.module])
    if ctx.os.environ.get(ctx.attr.override) == "/nonexistent" or not where:
        _publish(ctx, ctx.attr.package, {}, {}, "")
        return
    path = ctx.path(where.split(" ")[0])
    _publish(ctx, ctx.attr.package, {"module.py": path}, {"module.py": where.split(" ")[1]}, "")

_COMMON = {"override": attr.string(mandatory = True), "package": attr.string(mandatory = True)}

# `environ` must be known when the rule is made, so there is one list for all of them.
_ENVIRON = ["PATH", "HOME", "XDG_CACHE_HOME"] + ["CSIGN_SYS_" + n.upper() for n in SYSTEM]

_library = repository_rule(
    implementation = _library_impl,
    attrs = dict(_COMMON, file = attr.string(), header_dir = attr.string(), headers = attr.string_list()),
    environ = _ENVIRON,
    local = True,
)
_tools = repository_rule(
    implementation = _tools_impl,
    attrs = dict(_COMMON, tools = attr.string_list(), version = attr.string(), folders = attr.string_list()),
    environ = _ENVIRON,
    local = True,
)
_python_module = repository_rule(
    implementation = _python_module_impl,
    attrs = dict(_COMMON, module = attr.string()),
    environ = _ENVIRON,
    local = True,
)

def system_repositories():
    """Defines @sys_NAME for each entry of the tables above."""
    for name, (package, header_dir, headers, file) in _LIBRARIES.items():
        _library(name = "sys_" + name, package = package, header_dir = header_dir, headers = headers, file = file,
                 override = "CSIGN_SYS_" + name.upper())
    for name, (package, tools, version, folders) in _TOOLS.items():
        _tools(name = "sys_" + name, package = package, tools = tools, version = version, folders = folders,
               override = "CSIGN_SYS_" + name.upper())
    for name, package in _PYTHON_MODULES.items():
        _python_module(name = "sys_python3_" + name, package = package, module = name,
                       override = "CSIGN_SYS_PYTHON3_" + name.upper())
