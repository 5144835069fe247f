# SPDX-License-Identifier: Apache-2.0
"""A coverage report for a terminal, and as JSON for programs."""
from coverage_gates import FOLDERS, VIEWS
from coverage_llvm import KINDS, percent


def _cell(pair):
    return f"{pair[0]}/{pair[1]} {percent(pair):6.2f}" if pair[1] else "none"


def _row(name, cells):
    return f"{name:32}" + "".join(f"{c:>18}" for c in cells)


def _files(views):
    lines = [_row("", [f"{v} {k}" for v in VIEWS for k in KINDS])]
    for folder in FOLDERS:
        lines.append(_row(folder, [_cell(views[v].folder(folder, k)) for v in VIEWS for k in KINDS]))
        for name in sorted(views["tests"].files):
            if name.rsplit("/", 1)[0] == folder:
                lines.append(_row("  " + name, [_cell(views[v].files[name].counts(k)) if name in views[v].files else "absent"
                                                for v in VIEWS for k in KINDS]))
    return lines


def _targets(report):
    lines = ["", f"{'target':22}{'lines':>18}{'branches':>18}  enters"]
    for name, replay in sorted(report["replays"].items()):
        lines.append(f"{name:22}{_cell(replay.folder('lib', 'lines')):>18}{_cell(replay.folder('lib', 'branches')):>18}"
                     f"  {', '.join(report['targets'][name]['reaches'])}")
    return lines


def as_text(report):
    lines = _files(report["views"]) + _targets(report)
    for name in VIEWS:
        for kind in KINDS:
            missing = report["views"][name].missing(kind)
            lines += ["", f"{kind} not covered by {name}: {len(missing)}"]
            lines += [f"  {f}:{line}{f':{column}' if column else ''}: {what}" for f, line, column, what in missing]
    for title, found in (("functions that no fuzz target enters", report["found"]["unreached"]),
                         ("public functions that no fuzz target calls", report["found"]["uncalled"]),
                         ("functions with code that cannot run on this host", report["host"])):
        lines += ["", f"{title}: {len(found)}"] + [f"  {n}{f': {why}' if why else ''}" for n, why in sorted(found.items())]
    lines += ["", *(f"ci/coverage: {f}" for f in report["failures"])]
    for name in VIEWS:
        figures = [f"{k} {_cell(report['views'][name].folder('lib', k))} %" for k in KINDS]
        lines.append(f"lib/ by {name}: " + ", ".join(figures))
    lines.append(f"{len(report['replays'])} fuzz targets, {len(report['public'])} public functions; "
                 + (f"{len(report['failures'])} FAILURES" if report["failures"] else "all holds, and each planted fault was seen"))
    return "\n".join(lines)


def as_json(report):
    def figures(view):
        return {k: dict(zip(("covered", "count"), view.folder("lib", k))) for k in KINDS}

    return {
        "commit": report["commit"], "date": report["date"], "failures": report["failures"], "public": report["public"],
        "unreached": report["found"]["unreached"], "uncalled": report["found"]["uncalled"], "host": report["host"],
        "views": {v: {"total": figures(view), "files": {n: {k: dict(zip(("covered", "count"), f.counts(k))) for k in KINDS}
                                                        for n, f in sorted(view.files.items())},
                      "missing": {k: [dict(zip(("file", "line", "column", "what"), m)) for m in view.missing(k)] for k in KINDS},
                      "functions": {str(f): f.count for f in view.functions.values()}}
                  for v, view in report["views"].items()},
        "targets": {n: figures(r) | {"entered": sorted({str(f) for f in r.functions.values() if f.count})}
                    for n, r in sorted(report["replays"].items())}}
