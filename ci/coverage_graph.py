# SPDX-License-Identifier: Apache-2.0
"""The static call graph of lib/, from LLVM's intermediate code before any optimisation.

An edge goes from a function to each function that it names, called or not: who takes a function's address, by itself or through a
table, may call it. So the graph has every call there can be, those through pointers too. What the system's headers define, a
processor's instructions as functions for example, are nodes and none of the library's functions.
"""
import pathlib
import re

from coverage_llvm import Broken, each, run

_SYMBOL = r'@(?:"(?P<quoted>[^"]+)"|(?P<name>[\w$.-]+))'
_NAME = re.compile(r'@(?:"([^"]+)"|([\w$.-]+))')
_DEFINED = re.compile(r"^define (?P<linkage>.*?)" + _SYMBOL + r"\(", re.M)
_GLOBAL = re.compile("^" + _SYMBOL + r" = (?P<linkage>(?!external ).*?)\b(?:global|constant) ")
_SUBPROGRAM = re.compile(r"^(!\d+) = distinct !DISubprogram\(.*?\bfile: (!\d+)", re.M)
_FILE = re.compile(r'^(!\d+) = !DIFile\(filename: "([^"]*)"', re.M)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)


def intermediate(source, include="lib/include"):
    return run(["clang-19", "-std=c11", f"-I{include}", "-O0", "-Xclang", "-disable-llvm-passes", "-gline-tables-only", "-S", "-emit-llvm", "-o", "-", source])


class Graph:
    """Nodes are symbols as coverage names them: NAME, or FILE.c:NAME for what is of one file alone. Variables are nodes as well."""

    def __init__(self, modules):
        """modules: {path of the source: its intermediate code}. self.sources: those that hold a function, and not
        tables alone or what a header defines for them."""
        self.edges, self.functions, self.sources, names = {}, set(), set(), {}
        for path in modules:
            other = names.setdefault(pathlib.PurePath(path).name, path)
            if other != path:
                raise Broken(f"{path} and {other}: two files of one name cannot be told apart in a profile")
        for path, text in modules.items():
            self._module(pathlib.PurePath(path).name, text)
            files = dict(_FILE.findall(text))
            if any(pathlib.PurePath(files.get(f, "")).name == pathlib.PurePath(path).name for _, f in _SUBPROGRAM.findall(text)):
                self.sources.add(path)

    def _module(self, file, text):
        symbols, refers, inside = {}, {}, None
        system = {number for number, name in _FILE.findall(text) if name.startswith("/usr/")}
        own = {subprogram for subprogram, file_ in _SUBPROGRAM.findall(text) if file_ not in system}
        for line in text.splitlines():
            begun = _DEFINED.match(line) or _GLOBAL.match(line)
            if begun:
                name = begun["quoted"] or begun["name"]
                local = re.search(r"\b(internal|private)\b", begun["linkage"])
                symbols[name] = f"{file}:{name}" if local else name
                inside = refers.setdefault(name, set())
                if line.startswith("define ") and line.rstrip(" {").split(" !dbg ")[-1] in own:
                    self.functions.add(symbols[name])
            if inside is not None:
                inside.update(a or b for a, b in _NAME.findall(line))
            if line == "}" or line.startswith("@"):
                inside = None
        if not symbols and "; ModuleID" not in text:
            raise Broken(f"{file}: no intermediate code of clang's")
        for name, symbol in symbols.items():
            self.edges[symbol] = {symbols.get(n, n) for n in refers[name] - {name}}

    def path_from(self, entries):
        """{symbol: the symbol it was first reached from, or None for an entry}, for all that is reachable."""
        came, todo = {e: None for e in entries}, list(entries)
        while todo:
            at = todo.pop(0)
            for n in sorted(self.edges[at]):
                if n in self.edges and n not in came:
                    came[n] = at
                    todo.append(n)
        return came


def declared(headers):
    """The functions that public headers declare: {name: header}."""
    found = {}
    for header in headers:
        text = _COMMENT.sub(" ", pathlib.Path(header).read_text(encoding="utf-8"))
        text = re.sub(r"^\s*#.*?(?<!\\)$", " ", text, flags=re.M | re.S)
        for name in re.findall(r"\b(csign_\w+)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*;", text):
            found[name] = str(header)
    if not found:
        raise Broken("lib/include: no function is declared in the public headers")
    return found


# Entries that are not public: what tests and measurements need to name a backend and to take instructions from a processor.
INTERNAL = ("csign_backends", "csign_backend_missing", "csign_cpu_limit", "csign_cpu_aarch64")


def of_lib(root):
    """The graph of lib/ and its public functions."""
    lib = root / "lib"
    sources = sorted(p for p in lib.glob("**/*.c"))
    if not sources:
        raise Broken(f"{lib}: no source files")
    texts = each(lambda p: intermediate(p, lib / "include"), sources)
    graph = Graph({str(p.relative_to(root)): text for p, text in zip(sources, texts)})
    public = declared(sorted((lib / "include").glob("**/*.h")))
    for name, header in public.items():
        if name not in graph.functions:
            raise Broken(f"{header}: {name} is declared and nowhere defined")
    for name in INTERNAL:
        if name not in graph.edges:
            raise Broken(f"{lib}: {name} is nowhere defined")
    return graph, sorted(public)
