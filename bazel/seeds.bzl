# SPDX-License-Identifier: Apache-2.0
"""fuzz_seeds: the seeds of the fuzz targets, made at build time, a folder for each target.

One action makes all of them, so that captures and vectors are read once; `//fuzz:T_seeds` is the folder of T.
"""

_Seeds = provider(fields = ["folders"])

def _all_impl(ctx):
    folders = {t: ctx.actions.declare_directory("seeds/" + t) for t in ctx.attr.targets}
    some = folders.values()[0]
    ctx.actions.run(
        executable = ctx.file.python,
        arguments = ["-B", ctx.file.src.path, ctx.attr.vectors, some.dirname] + ctx.attr.targets,
        inputs = ctx.files.data + [ctx.file.src],
        outputs = folders.values(),
        mnemonic = "FuzzSeeds",
        progress_message = "Making the seeds of the fuzz targets",
    )
    return [DefaultInfo(files = depset(folders.values())), _Seeds(folders = folders)]

_all_seeds = rule(
    implementation = _all_impl,
    attrs = {
        "data": attr.label_list(allow_files = True),
        "python": attr.label(allow_single_file = True),
        "src": attr.label(allow_single_file = True),
        "targets": attr.string_list(),
        "vectors": attr.string(),
    },
)

def _one_impl(ctx):
    folder = ctx.attr.all[_Seeds].folders[ctx.attr.target]
    return [DefaultInfo(files = depset([folder]), runfiles = ctx.runfiles([folder]))]

_seeds_of = rule(
    implementation = _one_impl,
    attrs = {"all": attr.label(providers = [_Seeds]), "target": attr.string()},
)

def fuzz_seeds(name, src, targets, vectors, data):
    """`name` for all of them and T_seeds for each T of targets.

    Args:
      name: all the folders.
      src: the script: SRC VECTORS OUT TARGET... makes OUT/TARGET.
      targets: names.
      vectors: the folder of the vectors, as the script is told it.
      data: what the script reads.
    """
    _all_seeds(name = name, src = src, targets = targets, vectors = vectors, data = data, python = "@sys_python3//:tool")
    for t in targets:
        _seeds_of(name = t + "_seeds", all = ":" + name, target = t)
