# SPDX-License-Identifier: Apache-2.0
"""The system repositories for MODULE.bazel; WORKSPACE calls the same function."""

load(":system.bzl", "system_repositories")

def _system_impl(_ctx):
    system_repositories()

system = module_extension(implementation = _system_impl)
