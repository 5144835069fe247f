# SPDX-License-Identifier: Apache-2.0
"""outcomes: what a fuzz target answers to each of its inputs on this machine, NAME.txt, as the replay driver prints it with
--outcomes. Made once; the test of every other machine compares with it."""

def _impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".txt")
    program = ctx.attr.target[DefaultInfo].files_to_run

    # Made at build time a folder of inputs is one thing; of the repository its files are given, two folders deep or more.
    folders = {(f.path if f.is_directory else "/".join(f.path.split("/")[:2])): True for f in ctx.files.inputs}
    ctx.actions.run_shell(
        outputs = [out],
        inputs = ctx.files.inputs,
        tools = [program],
        command = '"$@" >' + out.path,
        arguments = [program.executable.path, "--outcomes"] + sorted(folders),
        mnemonic = "Outcomes",
    )
    return [DefaultInfo(files = depset([out]), runfiles = ctx.runfiles(files = [out] + ctx.files.inputs))]

outcomes = rule(implementation = _impl, attrs = {
    "inputs": attr.label_list(allow_files = True),
    "target": attr.label(doc = "the target's _bin, with the replay driver"),
})
