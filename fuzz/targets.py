# SPDX-License-Identifier: Apache-2.0
"""targets.bzl for Python: TARGETS, the limits and the flags of both engines, from the one table."""
import pathlib

exec(compile(pathlib.Path(__file__).with_suffix(".bzl").read_text(encoding="utf-8"), "targets.bzl", "exec"))  # noqa: S102 - our own file
