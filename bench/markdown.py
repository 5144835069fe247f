# SPDX-License-Identifier: Apache-2.0
"""The report as Markdown, for bench/RESULTS.md."""
import report

HEAD = """<!-- Made by `bazel run -c opt //bench -- --markdown FILE`; not to be edited. -->
# One run of the bench

What the columns mean and how it is measured: [README.md](README.md). Absolute figures belong to this machine in this hour; what
carries over are ratios.
"""


def text(run):
    out = [HEAD, "\n".join("- %s: %s" % fact for fact in report.facts(run)) + "\n", report.versions(run).markdown()]
    sections = report.sections(run)
    for title, sentence, table in sections[-1:] + sections[:-1]:  # what must be reached comes first
        out.append("## %s\n\n%s%s" % (title, sentence + "\n\n" if sentence else "", table.markdown()))
    return "\n".join(out)
