# SPDX-License-Identifier: Apache-2.0
"""script_test and script_binary: an executable file as a target.

Instead of sh_test and sh_binary, which current Bazel has moved to a module that is not fetched here. The interpreter is the
script's own #! line. `args` may use $(rootpath :label) for labels in `data`.
"""

def _script_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = out, target_file = ctx.file.src, is_executable = True)
    runfiles = ctx.runfiles(files = ctx.files.data + [ctx.file.src])
    for d in ctx.attr.data:
        runfiles = runfiles.merge(d[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = out, runfiles = runfiles)]

_ATTRS = {
    "data": attr.label_list(allow_files = True),
    "src": attr.label(allow_single_file = True, mandatory = True),
}

script_test = rule(implementation = _script_impl, attrs = _ATTRS, test = True)
script_binary = rule(implementation = _script_impl, attrs = _ATTRS, executable = True)
