# SPDX-License-Identifier: Apache-2.0
"""What Bazel's BUILD files say a program is made of, read without Bazel: build.sh runs where there is none, and a list of its own
would be a second one. BUILD and .bzl files are run as Python, which they nearly are, with functions that write down what they
are called with instead of Bazel's. `ci/oss-fuzz/test` compares the result with Bazel's own (bazel/sources.bzl).

    p = Packages(root, engine="libfuzzer", copt="-fsanitize=memory")
    p.libraries("//fuzz:compound_bin")     every cc_library it is made of, itself first, as Library
    p.system, p.folders                    of bazel/system.bzl: name -> (package, header folder, headers, file), where those are
"""
import pathlib
import re


class Library:
    """A rule with C sources: label, sources and headers (paths), flags (copts, definitions), includes, linkopts, deps (labels)."""

    def __init__(self, label):
        self.label, self.sources, self.headers, self.flags, self.includes, self.linkopts, self.deps = label, [], [], [], [], [], []


class _Sum:
    """Lists and select()s added up, in order."""

    def __init__(self, parts):
        self.parts = parts

    def __add__(self, other):
        return _Sum([*self.parts, other])

    def __radd__(self, other):
        return _Sum([other, *self.parts])


class _Anything:
    """Stands for what only Bazel needs: attr.label(...), provider(...), ctx."""

    def __getattr__(self, _name):
        return self

    def __call__(self, *_args, **_kwargs):
        return self

    def __getitem__(self, _key):
        return self


class _Native:
    def __init__(self, record):
        self._record = record

    def __getattr__(self, name):
        return self._record(name)


class Packages:
    def __init__(self, root, engine, copt=""):
        self.root, self.engine, self.copt = pathlib.Path(root), engine, copt
        self.rules, self.read, self.modules, self.package = {}, set(), {}, None
        tables = self.module("//bazel:system.bzl")
        self.system, self.folders = tables["_LIBRARIES"], tables["_LIB_DIRS"]

    # Running the files.

    def recorder(self, kind):
        def call(*_args, **attributes):
            if "name" in attributes:
                self.rules[f"//{self.package}:{attributes['name']}"] = (kind, self.package, attributes)
        return call

    def glob(self, include, exclude=(), allow_empty=False, **_ignored):
        here = self.root / self.package
        found = {str(f.relative_to(here)) for pattern in include for f in here.glob(pattern) if f.is_file()}
        found -= {str(f.relative_to(here)) for pattern in exclude for f in here.glob(pattern)}
        if not found and not allow_empty:
            raise SystemExit(f"//{self.package}: nothing matches {include}")
        return sorted(found)

    def run(self, path, where):
        native = _Native(self.recorder)
        native.glob, native.package_name = self.glob, lambda: self.package
        names = {
            "native": native, "glob": self.glob, "select": lambda choices: _Sum([choices]), "struct": _Anything(),
            "attr": _Anything(), "depset": _Anything(), "provider": _Anything(), "aspect": _Anything(), "json": _Anything(),
            "DefaultInfo": _Anything(), "fail": self.fail, "Label": lambda label: label,
            "rule": lambda **_: self.recorder("rule"), "repository_rule": lambda **_: _Anything(),
            "package": lambda **_: None, "exports_files": lambda *_, **__: None,
        }
        for kind in ("filegroup", "genrule", "config_setting", "alias", "test_suite", "constraint_setting", "constraint_value",
                     "cc_library", "cc_binary", "cc_test"):
            names[kind] = self.recorder(kind)

        def load(label, *wanted, **renamed):
            module = self.module(self.absolute(label, where))
            for here, there in [(w, w) for w in wanted] + list(renamed.items()):
                names[here] = module[there] if module is not None else self.recorder(there)

        names["load"] = load
        exec(compile((self.root / path).read_text(encoding="utf-8"), path, "exec"), names)  # noqa: S102 - our own files
        return names

    def module(self, label):
        if label.startswith("@"):
            return {"AVAILABLE": True} if label.startswith("@sys_") else None
        if label not in self.modules:
            self.modules[label] = self.run(label[2:].replace(":", "/").lstrip("/"), label[2:].split(":")[0])
        return self.modules[label]

    @staticmethod
    def fail(*why):
        raise SystemExit(" ".join(map(str, why)))

    @staticmethod
    def absolute(label, package):
        if label.startswith("@"):
            return label
        if not label.startswith("//"):
            return f"//{package}:{label.removeprefix(':')}"
        return label if ":" in label else f"{label}:{label.rsplit('/', 1)[1]}"

    def rule(self, label):
        package = label[2:].split(":")[0]
        if package not in self.read:
            self.read.add(package)
            outer, self.package = self.package, package
            self.run(f"{package}/BUILD.bazel", package)
            self.package = outer
        return self.rules.get(label)

    # What was written down.

    def holds(self, setting, package):
        """Whether a config_setting is the case here."""
        label = self.absolute(setting, package)
        rule = self.rule(label)
        if not rule or rule[0] != "config_setting":
            raise SystemExit(f"{label}: no config_setting")
        values, defines = dict(rule[2].get("values", {})), dict(rule[2].get("define_values", {}))
        copt, engine = values.pop("copt", None), defines.pop("fuzz_engine", None)
        if values or defines:
            raise SystemExit(f"{label}: asks for {values or defines}, of which build_files.py knows nothing")
        return (copt is None or copt in self.copt.split()) and (engine is None or engine == self.engine)

    def resolve(self, value, package):
        """A list without select()."""
        if isinstance(value, _Sum):
            return [v for part in value.parts for v in self.resolve(part, package)]
        if isinstance(value, dict):
            chosen = [v for k, v in value.items() if k != "//conditions:default" and self.holds(k, package)]
            return self.resolve(chosen[0] if chosen else value.get("//conditions:default", []), package)
        return list(value or [])

    def files(self, label):
        """The files of a source's label: itself, a filegroup's, or what a genrule makes."""
        package, name = label[2:].split(":")
        rule = self.rule(label)
        if rule and rule[0] == "filegroup":
            return [f for s in self.resolve(rule[2]["srcs"], package) for f in self.files(self.absolute(s, package))]
        return [f"{package}/{name}"]

    def genrule(self, path):
        """(command, sources) of the rule that makes a file, or None."""
        for kind, package, a in self.rules.values():
            if kind == "genrule" and path in [f"{package}/{o}" for o in a["outs"]]:
                return a["cmd"], [f for s in a["srcs"] for f in self.files(self.absolute(s, package))]
        return None

    def library(self, label):
        found = self.rule(label)
        if not found:
            raise SystemExit(f"{label}: no such rule")
        _, package, a = found
        lib = Library(label)
        for name in ("srcs", "hdrs"):
            for f in [f for s in self.resolve(a.get(name), package) for f in self.files(self.absolute(s, package))]:
                (lib.sources if f.endswith(".c") else lib.headers).append(f)
        lib.flags = self.resolve(a.get("copts"), package)
        lib.flags += [f"-D{d}" for n in ("defines", "local_defines") for d in self.resolve(a.get(n), package)]
        lib.includes = [f"{package}/{i}" for i in self.resolve(a.get("includes"), package)]
        lib.linkopts = self.resolve(a.get("linkopts"), package)
        lib.deps = [self.absolute(d, package) for d in self.resolve(a.get("deps"), package)]
        return lib

    def libraries(self, label):
        """The program and all that it depends on, each once, a dependency after what depends on it; system libraries left out."""
        order, seen = [], set()

        def visit(at):
            if at in seen or at.startswith("@"):
                return
            seen.add(at)
            lib = self.library(at)
            for d in lib.deps:
                visit(d)
            order.insert(0, lib)

        visit(label)
        return order

    def system_of(self, libraries):
        """Names of the system libraries that these need."""
        return sorted({m[1] for lib in libraries for d in lib.deps if (m := re.fullmatch(r"@sys_(\w+)//:lib", d))})
