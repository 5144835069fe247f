# SPDX-License-Identifier: Apache-2.0
"""c_sources: which C files make a program, as Bazel itself has it, for builds that Bazel's toolchain does not do.

The result NAME.json says for each program which libraries it is made of, itself first, and for each library its files, the
folders it is compiled with (-I) and its definitions (-D), and the programs' libraries of the system by name:

    {"programs": {"T": ["//fuzz:T_bin", "//lib:countersign", ...]}, "system": {"T": ["sys_pcap", ...]},
     "libraries": {"//lib:countersign": {"sources": [...], "headers": [...], "includes": ["lib/include"], "defines": []}}}

Paths are those of the runfiles; the files themselves are there too. Shared objects that a program opens at run time are `data`
and no part of it.
"""

_Sources = provider(fields = {
    "files": "depset of files",
    "libraries": "depset of JSON objects, one a library",
    "system": "depset of names of system repositories",
})

def _attr(ctx, name):
    return getattr(ctx.rule.attr, name, None) or []

def _aspect_impl(target, ctx):
    deps = [d[_Sources] for d in _attr(ctx, "deps") if _Sources in d]
    if target.label.workspace_name:
        return [_Sources(
            files = depset(),
            libraries = depset(),
            system = depset([target.label.workspace_name.split("~")[-1]]),
        )]
    own = [f for a in ["srcs", "hdrs"] for s in _attr(ctx, a) for f in s.files.to_list()]
    package = target.label.package
    library = json.encode({
        "defines": _attr(ctx, "defines") + _attr(ctx, "local_defines") + [c[2:] for c in _attr(ctx, "copts") if c.startswith("-D")],
        "headers": sorted([f.short_path for f in own if f.extension == "h"]),
        "includes": [package + "/" + i for i in _attr(ctx, "includes")] + [c[2:] for c in _attr(ctx, "copts") if c.startswith("-I")],
        "label": "//%s:%s" % (package, target.label.name),
        "sources": sorted([f.short_path for f in own if f.extension == "c"]),
    })
    return [_Sources(
        files = depset(own, transitive = [d.files for d in deps]),
        libraries = depset([library], transitive = [d.libraries for d in deps], order = "preorder"),
        system = depset(transitive = [d.system for d in deps]),
    )]

_sources_aspect = aspect(implementation = _aspect_impl, attr_aspects = ["deps"])

def _impl(ctx):
    programs = {}
    system = {}
    libraries = {}
    for p in ctx.attr.programs:
        name = p.label.name[:-len("_bin")] if p.label.name.endswith("_bin") else p.label.name
        found = [json.decode(text) for text in p[_Sources].libraries.to_list()]
        programs[name] = [l["label"] for l in found]
        system[name] = sorted(p[_Sources].system.to_list())
        for l in found:
            libraries[l["label"]] = l
    out = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(out, json.encode_indent({"libraries": libraries, "programs": programs, "system": system}) + "\n")
    files = depset(transitive = [p[_Sources].files for p in ctx.attr.programs])
    return [DefaultInfo(files = depset([out]), runfiles = ctx.runfiles(files = [out], transitive_files = files))]

c_sources = rule(
    implementation = _impl,
    attrs = {"programs": attr.label_list(aspects = [_sources_aspect], doc = "cc_binary targets; _bin is dropped from the name")},
)
