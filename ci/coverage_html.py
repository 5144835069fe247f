# SPDX-License-Identifier: Apache-2.0
"""index.html: the figures at a glance, over llvm-cov's own pages of each file, by tests and by corpora. No script, nothing loaded."""
import html

from coverage_gates import FOLDERS
from coverage_llvm import KINDS, percent

WORDS = {"lines": "lines", "branches": "branches", "mcdc": "MC/DC conditions", "tests": "by the tests", "corpus": "by replaying the corpora alone"}
STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #2e9e5b; --fair: #d19a1c; --poor: #d1493f; --dim: #888; --card: #8881 }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem }
p.sub { color: var(--dim); margin: .2rem 0 1.4rem }
.cards { display: grid; grid-template-columns: repeat(3, 1fr); gap: .9rem }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem }
.card b { font-size: 1.7rem; font-weight: 650; display: block; line-height: 1.25 } .card span { color: var(--dim); font-size: .85rem }
.group { color: var(--dim); margin: 1rem 0 .4rem; font-size: .9rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { font-weight: 600; color: var(--dim); text-align: right; font-size: .85rem } td { text-align: right }
th:first-child, td:first-child { text-align: left } th, td { padding: .22rem .55rem; border-bottom: 1px solid var(--line); vertical-align: top }
tr.folder td { font-weight: 650; background: var(--card) } td.text { text-align: left; white-space: normal } th.text { text-align: left }
.bar { display: inline-block; width: 3.6rem; height: .5rem; border-radius: 3px; background: var(--line); margin-left: .5rem; overflow: hidden }
.bar i { display: block; height: 100% } small { color: var(--dim) }
code { font: .88em ui-monospace, monospace } a { color: inherit; text-decoration-color: var(--dim) } ul { padding-left: 1.2rem; margin: .3rem 0 }
.bad { border-left: 4px solid var(--poor); padding: .3rem 1rem; background: var(--card) } .ok { border-left: 4px solid var(--good); padding: .3rem 1rem; background: var(--card) }
"""


def _colour(value):
    return "var(--good)" if value >= 98 else "var(--fair)" if value >= 80 else "var(--poor)"


def _cell(pair, link=None):
    if not pair[1]:
        return "<td><small>none</small></td>"
    value = percent(pair)
    bar = f'<span class="bar"><i style="width:{value:.1f}%;background:{_colour(value)}"></i></span>'
    text = f"{value:.1f}" if pair[0] < pair[1] else "100"
    text = f'<a href="{link}">{text}</a>' if link else text
    return f'<td title="{pair[0]} of {pair[1]}">{text} {bar}</td>'


def _cards(views):
    out = []
    for name, view in views.items():
        out.append(f'<div class="group">{WORDS[name]}</div><div class="cards">')
        for kind in KINDS:
            pair = view.folder("lib", kind)
            out.append(f'<div class="card"><b style="color:{_colour(percent(pair))}">{percent(pair):.2f} %</b>'
                       f"<span>{pair[0]:,} of {pair[1]:,} {WORDS[kind]}</span></div>")
        out.append("</div>")
    return out


def _files(views):
    out = ["<h2>Files</h2><table><tr><th></th>" + "".join(f'<th colspan="3">{WORDS[v]}</th>' for v in views) + "</tr>",
           "<tr><th>file</th>" + "".join(f"<th>{WORDS[k].split()[0]}</th>" for _ in views for k in KINDS) + "</tr>"]
    tests = views["tests"]
    for folder in FOLDERS:
        names = [n for n in sorted(tests.files) if n.rsplit("/", 1)[0] == folder]
        out.append(f'<tr class="folder"><td>{folder}{" in all" if folder == "lib" else ""}</td>'
                   + "".join(_cell(v.folder(folder, k)) for v in views.values() for k in KINDS) + "</tr>")
        for name in names:
            if any(view.files[name].counts(k)[1] for view in views.values() if name in view.files for k in KINDS):
                out.append(f"<tr><td><code>{name}</code></td>" + "".join(
                    _cell(view.files[name].counts(k), f"{v}/coverage/{name}.html") if name in view.files else "<td>absent</td>"
                    for v, view in views.items() for k in KINDS) + "</tr>")
    return out + ["</table><p><small>A figure leads to llvm-cov's page of the file.</small></p>"]


def _targets(targets, replays):
    out = ["<h2>Fuzz targets, each by its own corpus</h2><table><tr><th>target</th><th>lines</th><th>branches</th>"
           '<th>functions</th><th class="text">promised to enter</th></tr>']
    for name, replay in sorted(replays.items()):
        lib = [f for f in replay.functions.values() if f.file.startswith("lib/")]
        entered = {f.name for f in replay.functions.values() if f.count}
        marks = ", ".join(f'<code style="color:var(--{"good" if r in entered else "poor"})">{html.escape(r)}</code>' for r in targets[name]["reaches"])
        out.append(f"<tr><td><code>{name}</code></td>{_cell(replay.folder('lib', 'lines'))}{_cell(replay.folder('lib', 'branches'))}"
                   f'<td>{sum(f.count > 0 for f in lib)} <small>of {len(lib)}</small></td><td class="text">{marks}</td></tr>')
    return out + ["</table>"]


def _missing(views):
    out = []
    for name, view in views.items():
        for kind in KINDS:
            missing = view.missing(kind)
            out.append(f"<h2>{WORDS[kind].capitalize() if kind != 'mcdc' else 'MC/DC conditions'} not covered {WORDS[name]}: {len(missing)}</h2>")
            if missing:
                out.append("<ul>" + "".join(f'<li><a href="{name}/coverage/{f}.html#L{line}"><code>{f}:{line}{f":{c}" if c else ""}</code></a> '
                                            f"{html.escape(what)}</li>" for f, line, c, what in missing) + "</ul>")
    return out


def page(report):
    failures, views = report["failures"], report["views"]
    verdict = ('<div class="bad"><b>What does not hold</b><ul>' + "".join(f"<li>{html.escape(f)}</li>" for f in failures) + "</ul></div>"
               if failures else '<div class="ok">Everything that must hold does.</div>')
    lists = [f"<h2>{title}: {len(found)}</h2>" + ("<ul>" + "".join(
        f"<li><code>{html.escape(n)}</code> <small>{html.escape(why)}</small></li>" for n, why in sorted(found.items())) + "</ul>" if found else "")
        for title, found in (("Functions of lib/ that no fuzz target enters", report["found"]["unreached"]),
                             ("Public functions that no fuzz target calls", report["found"]["uncalled"]),
                             ("Functions with code that cannot run on this host", report["host"]))]
    return "\n".join(["<!doctype html><html lang=en><meta charset=utf-8><title>countersign: coverage</title>",
                      '<meta name=viewport content="width=device-width"><style>' + STYLE + "</style>",
                      f"<h1>Coverage of lib/</h1><p class=sub>commit {html.escape(report['commit'])}, {html.escape(report['date'])}</p>", verdict,
                      *_cards(views), *_files(views), *_targets(report["targets"], report["replays"]), *lists, *_missing(views)]) + "\n"
