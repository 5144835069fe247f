#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What ci/corpus decides: which inputs add nothing, which to keep, how a control file of libFuzzer is read, what becomes a regression
and what is refused; on made inputs, without building a target."""
import contextlib
import hashlib
import io
import os
import pathlib
import stat
import sys
import tempfile

sys.path += ["ci", "fuzz"]
import corpus as form  # noqa: E402
import corpus_features as libfuzzer  # noqa: E402
import corpus_regressions  # noqa: E402

wrong = []


def expect(what, condition):
    if not condition:
        wrong.append(what)


def refused(what, said, call):
    try:
        call()
    except corpus_regressions.Refused as why:
        expect(f"{what}: said {why}", said in str(why))
    else:
        wrong.append(f"{what}: taken")


def inputs(folder, sizes):
    paths = {}
    for name, size in sizes.items():
        paths[name] = folder / name
        paths[name].write_bytes(bytes(size))
    return paths


def choice(folder):
    p = inputs(folder, {"seed": 1, "idle": 1, "edge": 9, "often": 5, "both": 90})
    reach = {p["seed"]: {8, 16}, p["idle"]: {8}, p["edge"]: {8, 24}, p["often"]: {9}, p["both"]: {9, 16}}
    features = {k: frozenset(v) for k, v in reach.items()}
    asked = [p[n] for n in ("idle", "edge", "often", "both")]
    expect("an input that adds nothing is named", libfuzzer.redundant(features, asked) == [p["idle"], p["often"], p["both"]])
    chosen, lost = libfuzzer.choose(features, [p["seed"]], asked, 9, 9)
    expect("the smaller of two that add the same is kept", set(chosen) == {p["edge"], p["often"]} and not lost)
    chosen, lost = libfuzzer.choose(features, [p["seed"]], asked, 1, 1)
    expect("an edge goes before a count, and what is given up is said", chosen == [p["edge"]] and lost == {9})
    control = folder / "control"
    control.write_text(f"2\n1\n{p['seed']}\n{p['edge']}\nSTARTED 0 1\nFT 0 8 16 99\nCOV 0 1\nSTARTED 1 9\n")
    told = "INFO: Loaded 1 modules   (4 inline 8-bit counters): 4 [0x0, 0x4),\n"
    expect("an input on which the target ended is named, and what is no counter left out",
           libfuzzer.read(control, told) == ({p["seed"]: frozenset({8, 16})}, [p["edge"]]))
    try:
        libfuzzer.read(control, "")
        wrong.append("a control file without the number of counters: taken")
    except libfuzzer.Trouble:
        pass


def program(folder, name, text):
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def regression(folder):
    corpus, finding = folder / "corpus", folder / "finding"
    corpus.mkdir()
    (corpus / "REGRESSIONS.md").write_text(f"# Regressions\n\n{form.NO_REGRESSION}\n\n| target | input | bug | commit | property |\n|---|---|---|---|---|\n")
    finding.write_bytes(b"a finding")
    passes = program(folder, "passes", "exit 0\n")
    # fails on everything; asked to minimise, it gives five bytes
    fails = program(folder, "fails", 'for a; do case "$a" in -exact_artifact_path=*) printf small >"${a#*=}" ;; esac; done\nexit 77\n')

    def add(binary, file=finding, bug="a bug", broken="a property", target="compound"):
        with contextlib.redirect_stdout(io.StringIO()):
            return corpus_regressions.add(corpus, binary, target, file, bug, broken)

    def stored(data):
        return (corpus / "compound" / "regression" / hashlib.sha1(data).hexdigest()).is_file()

    expect("what passes now is taken whole", add(passes) == 0 and stored(b"a finding"))
    expect("what fails is taken small", add(fails, bug="another") == 0 and stored(b"small"))
    rows, faults = form.regressions(corpus / "REGRESSIONS.md")
    expect(f"each has its line: {rows} {faults}", len(rows) == 2 and not faults)
    refused("the same again", "is a regression already", lambda: add(passes))
    refused("a bug of two lines", "the bug must be", lambda: add(passes, bug="a\nb"))
    refused("a property with a bar", "the property must be", lambda: add(passes, broken="a|b"))
    refused("a folder", "not a regular file", lambda: add(passes, file=folder))
    (folder / "long").write_bytes(bytes(form.TARGETS["compound"]["max_len"] + 1))
    refused("what is too long", "over the target's max_len", lambda: add(passes, file=folder / "long"))
    os.symlink("/dev/zero", folder / "link")
    refused("a link", "not a regular file", lambda: add(passes, file=folder / "link"))


def main():
    for part in (choice, regression):
        with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
            part(pathlib.Path(folder))
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"ci/corpus: {len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
