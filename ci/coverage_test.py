#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The parts of ci/coverage that need no build, on exports, intermediate code and expectations made by hand; hostile ones end in a line."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(os.path.abspath(__file__)).parent))

import coverage_gates as gates  # noqa: E402
import coverage_graph as graph  # noqa: E402
from coverage_llvm import Broken, Coverage, run  # noqa: E402


def function(symbol, file, begin, end, count):
    return {"name": symbol, "filenames": [file], "count": count, "regions": [[begin, 1, end, 2, count, 0, 0, 0]]}


# lib/a.c holds f, of which lines 4 and 5 were not executed; g of lib/h.h is compiled into a.c, where one side of its branch was taken and one
# condition decided, and into b.c, where it was the other side and the other condition.
CANNED = {
    "files": [
        {"filename": "lib/a.c", "segments": [[1, 1, 5, True, True, False], [3, 1, 0, True, True, False], [5, 1, 5, True, False, False],
                                             [6, 2, 0, False, False, False]],
         "branches": [[2, 3, 2, 9, 5, 0, 0, 0, 4]], "mcdc_records": []},
        {"filename": "lib/h.h", "segments": [[1, 1, 7, True, True, False], [2, 2, 0, False, False, False]],
         "branches": [[1, 3, 1, 9, 4, 0, 0, 0, 4], [1, 3, 1, 9, 0, 3, 0, 0, 4]],
         "mcdc_records": [[1, 3, 1, 20, 0, 5, [True, False]], [1, 3, 1, 20, 0, 5, [False, True]]]},
        {"filename": "/usr/include/x.h", "segments": [], "branches": [], "mcdc_records": []}],
    "functions": [function("f", "lib/a.c", 1, 6, 5), function("a.c:g", "lib/h.h", 1, 2, 4), function("b.c:g", "lib/h.h", 1, 2, 3)]}

# Of the file itself, and of a header of the system.
DEBUG = """!1 = distinct !DISubprogram(name: "n", scope: !3, file: !3, line: 1)
!2 = distinct !DISubprogram(name: "n", scope: !4, file: !4, line: 1)
!3 = !DIFile(filename: "lib/a.c", directory: "/r")
!4 = !DIFile(filename: "/usr/lib/x.h", directory: "")
"""
A = """@table = internal constant [1 x ptr] [ptr @hidden], align 8
define dso_local void @csign_f(ptr noundef %0) #0 !dbg !1 {
  call void @csign_other(ptr @table)
  ret void
}
define internal void @hidden() #0 !dbg !1 {
  ret void
}
define internal void @"odd name"() !dbg !1 {
  ret void
}
define internal void @_mm_instruction() #1 {
  ret void
}
define internal void @of_a_header() !dbg !2 {
  ret void
}
""" + DEBUG
B = """define dso_local void @csign_other(ptr %0) !dbg !1 {
  call void @hidden()
  %1 = load ptr, ptr @csign_backends, align 8
}
define internal void @hidden() !dbg !1 {
  ret void
}
declare void @elsewhere()
@csign_backends = external global ptr, align 8
""" + DEBUG
C = """@csign_backends = dso_local constant { ptr } { ptr @swift }, align 8
define internal void @swift() !dbg !1 {
  ret void
}
""" + DEBUG
FLOORS = "".join(f"floor {v} {f} 100 98.5 0\n" for v in gates.VIEWS for f in gates.FOLDERS)


def coverage(data):
    return Coverage(json.dumps({"data": [data]}), "canned")


class Export(unittest.TestCase):
    def test_counts(self):
        view = coverage(CANNED)
        self.assertEqual(sorted(view.files), ["lib/a.c", "lib/h.h"])
        self.assertEqual(view.files["lib/a.c"].lines, {1: 5, 2: 5, 3: 5, 4: 0, 5: 0, 6: 5})
        self.assertEqual(view.folder("lib", "lines"), (6, 8))
        self.assertEqual(view.missing("branches"), [("lib/a.c", 2, 3, "condition never false")])
        self.assertEqual(view.files["lib/h.h"].counts("branches"), (2, 2))
        self.assertEqual(view.files["lib/h.h"].counts("mcdc"), (2, 2))
        self.assertEqual(view.functions["lib/h.h", "g"].count, 7)
        self.assertEqual(str(view.function_at("lib/a.c", 3)), "lib/a.c:f")
        self.assertIsNone(view.function_at("lib/a.c", 7))

    def test_hostile(self):
        for text in ("", "{", "[]", "{}", '{"data": []}', '{"data": [7]}', '{"data": [{"files": [{}], "functions": []}]}',
                     '{"data": [{"files": [], "functions": []}]}', json.dumps({"data": [CANNED | {"functions": [{"name": 3}]}]}),
                     json.dumps({"data": [CANNED]})[:300]):
            with self.assertRaises(Broken) as caught:
                Coverage(text, "canned")
            self.assertRegex(str(caught.exception), r"^canned: [^\n]+$")

    def test_tools(self):
        for command, said in ((["/nowhere/llvm-cov-19"], "not installed"), (["false"], "ended with 1"),
                              ([sys.executable, "-c", "import sys; sys.exit('one\\nthe last word')"], "the last word$")):
            with self.assertRaisesRegex(Broken, said) as caught:
                run(command)
            self.assertNotIn("\n", str(caught.exception))


class Calls(unittest.TestCase):
    def test_graph(self):
        g = graph.Graph({"lib/a.c": A, "lib/b.c": B, "lib/c.c": C})
        self.assertEqual(g.functions, {"csign_f", "a.c:hidden", "a.c:odd name", "csign_other", "b.c:hidden", "c.c:swift"})
        self.assertEqual(g.edges["csign_f"], {"csign_other", "a.c:table"})
        self.assertEqual(g.edges["csign_other"], {"b.c:hidden", "csign_backends"})
        came = g.path_from(["csign_f"])
        self.assertEqual(came["a.c:hidden"], "a.c:table")  # a static table
        self.assertEqual(came["c.c:swift"], "csign_backends")  # another file's
        self.assertEqual(set(came), {"csign_f", "a.c:table", "a.c:hidden", "csign_other", "b.c:hidden", "csign_backends", "c.c:swift"})

    def test_left_out(self):
        g = graph.Graph({
            "lib/a.c": A,
            "lib/arm.c": "; ModuleID = 'lib/arm.c'\n",  # for another machine
            "lib/head.c": A.replace("lib/a.c", "lib/head.h"),  # nothing but what a header defines
        })
        self.assertEqual(g.sources, {"lib/a.c"})

    def test_hostile(self):
        with self.assertRaisesRegex(Broken, "a.c: no intermediate code"):
            graph.Graph({"lib/a.c": "\n"})
        with self.assertRaisesRegex(Broken, "two files of one name"):
            graph.Graph({"lib/a.c": A, "lib/x/a.c": A})

    def test_declared(self):
        with tempfile.TemporaryDirectory() as folder:
            header = pathlib.Path(folder) / "h.h"
            header.write_text("/* csign_comment(x); */\n#define M \\\n csign_macro(x);\nint csign_f(int (*g)(int),\n  int b);\ntypedef struct csign_t csign_t;\n")
            self.assertEqual(list(graph.declared([header])), ["csign_f"])
            header.write_text("\n")
            with self.assertRaisesRegex(Broken, "no function is declared"):
                graph.declared([header])


class Expectations(unittest.TestCase):
    def test_read(self):
        read = gates.Expected(FLOORS + "# a remark\n\nhost lib/a.c:f wants another processor\n", "x.txt")
        self.assertEqual(read.floors["corpus", "lib/wire"], {"lines": 100, "branches": 98.5, "mcdc": 0})
        self.assertEqual(read.lists["host"], {"lib/a.c:f": "wants another processor"})

    def test_hostile(self):
        for text, said in (("", "no floor for tests lib$"), ("floor tests lib 100 100\n", "x.txt:1: not floor"), ("floor tests lib 100 100 101\n", "x.txt:1"),
                           ("floor tests lib nan 100 0\n", "x.txt:1"), ("floor dreams lib 1 1 1\n", "x.txt:1"), ("\nunreached lib/a.c:f\n", "x.txt:2: unreached without a reason"),
                           ("forgive lib/a.c:f please\n", "x.txt:1: neither floor")):
            with self.assertRaisesRegex(Broken, said):
                gates.Expected(text, "x.txt")


if __name__ == "__main__":
    unittest.main(verbosity=1)
