# SPDX-License-Identifier: Apache-2.0
"""Compiler options of the project's own C: STRICT for everything here, LIBRARY for lib/, which others build too.

-Werror stays out of LIBRARY so that a future compiler's new warning does not break somebody's build; ci/test compiles lib/
with it under three compilers (ci/lint).
"""

LIBRARY = ["-std=c11", "-Wall", "-Wextra", "-Wconversion"]
STRICT = LIBRARY + ["-Werror"]
