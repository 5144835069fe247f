#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The files that OSS-Fuzz, ClusterFuzzLite and GitHub read and that cannot be run here: against schemas of what is used of their
syntax, and against each other. usage: files.py     Faults planted in each kind must be seen."""
import copy
import json
import os
import pathlib
import re
import sys
import tempfile

import jsonschema
import yaml

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(here))
from build_files import Packages  # noqa: E402

FULL = ["homepage", "main_repo", "primary_contact", "fuzzing_engines", "sanitizers", "architectures"]
FROM = "gcr.io/oss-fuzz-base/base-builder"
DIRECTIVES = ["FROM", "RUN", "COPY", "WORKDIR"]
ENDS = {  # how the sources, the folder and the build script come into the image
    "ci/oss-fuzz": ["RUN git clone --depth 1 {main_repo} $SRC/countersign", "WORKDIR $SRC/countersign", "COPY build.sh $SRC/"],
    ".clusterfuzzlite": ["COPY . $SRC/countersign", "WORKDIR $SRC/countersign", "COPY .clusterfuzzlite/build.sh $SRC/"],
}


def read(path):
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise SystemExit(f"{path}: {getattr(e, 'strerror', None) or e}") from None


def load(path):
    try:
        value = yaml.safe_load(read(path))
    except yaml.YAMLError as e:
        raise SystemExit(f"{path}: {str(e).splitlines()[0]}") from None
    if not isinstance(value, dict):
        raise SystemExit(f"{path}: has no keys")
    if True in value:
        value["on"] = value.pop(True)  # YAML 1.1 reads the key `on` as true; GitHub does not
    return value


def against(schema, value):
    """The faults of a value, one line each."""
    found = jsonschema.Draft7Validator(schema).iter_errors(value)
    return [f"{'/'.join(map(str, e.absolute_path)) or 'the file'}: {e.message}"[:200] for e in found]


def workflow_faults(schema, value):
    faults = against(schema, value)
    if faults:
        return faults
    for name, job in value["jobs"].items():
        steps = [s["uses"].rsplit("/", 1)[1] for s in job["steps"]]
        if steps != ["build_fuzzers@v1", "run_fuzzers@v1"]:
            faults.append(f"jobs/{name}: builds and runs, in that order, not {steps}")
        used = {s["with"].get("sanitizer") for s in job["steps"]}
        if len(used) > 1:
            faults.append(f"jobs/{name}: built with one sanitizer and run with another: {used}")
        if ("${{ matrix.sanitizer }}" in used) != ("strategy" in job):
            faults.append(f"jobs/{name}: a matrix and its use go together")
    return faults


def docker_faults(text, project, packages, ends):
    """Directives of ours only, the base image of project.yaml, exactly the packages of bazel/system.bzl, then those that end it."""
    faults, lines = [], re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.M)).splitlines()
    for line in filter(None, lines):
        if line.split()[0] not in DIRECTIVES:
            faults.append(f"not a directive used here: {line}")
    if [line for line in lines if line][-len(ends):] != ends:
        faults.append(f"does not end with {'; '.join(ends)}")
    if lines[0] != f"FROM {FROM}:{project['base_os_version']}":
        faults.append(f"begins with {lines[0]}, not FROM {FROM}:{project['base_os_version']}")
    installed = set(" ".join(re.findall(r"apt-get install -y --no-install-recommends (.*)", "\n".join(lines))).split())
    faults += [f"installs {p}, which bazel/system.bzl does not ask for" for p in sorted(installed - packages)]
    faults += [f"lacks {p}, which bazel/system.bzl asks for" for p in sorted(packages - installed)]
    return faults


def script_faults(path):
    """A build script can be executed, and what it names of the checkout is there and can be, too."""
    faults = []
    for named in [path, *(root / n for n in re.findall(r"\$SRC/countersign/([\w./-]+)", read(path)))]:
        if not named.is_file() or not os.access(named, os.X_OK):
            faults.append(f"{named.relative_to(root)} is not there, or not executable")
    return faults


def demand(faults, what):
    """A planted fault must be seen."""
    if not faults:
        raise SystemExit(f"planted: {what} was not seen")


def main():
    workflow, project = (json.loads((here / f"{n}.schema.json").read_text()) for n in ("workflow", "project"))
    packages = {p for p, *_ in Packages(root, "libfuzzer").system.values()}
    faults, seen = [], 0
    for path in sorted((root / ".github/workflows").glob("*")):
        value = load(path)
        faults += [f"{path.relative_to(root)}: {f}" for f in workflow_faults(workflow, value)]
        seen += 1
    if not seen:
        raise SystemExit(".github/workflows: nothing there")
    full = load(here / "project.yaml")
    faults += [f"ci/oss-fuzz/project.yaml: no {n}" for n in FULL if n not in full]
    for folder in (here, root / ".clusterfuzzlite"):
        p, docker, name = load(folder / "project.yaml"), read(folder / "Dockerfile"), str(folder.relative_to(root))
        faults += [f"{name}/project.yaml: {f}" for f in against(project, p)]
        faults += [f"{name}/Dockerfile: {f}" for f in docker_faults(docker, p, packages, [e.format(**full) for e in ENDS[name]])]
        faults += [f"{name}/build.sh: {f}" for f in script_faults(folder / "build.sh")]
        seen += 3
    docker, ends = read(here / "Dockerfile"), [e.format(**full) for e in ENDS["ci/oss-fuzz"]]

    for what, change in [
        ("an input no action has", lambda j: j["steps"][0]["with"].update(sanitiser="address")),
        ("a mode there is not", lambda j: j["steps"][1]["with"].update(mode="batched")),
        ("an action there is not", lambda j: j["steps"][0].update(uses="google/clusterfuzzlite/actions/build@v1")),
        ("a job without a machine", lambda j: j.pop("runs-on")),
        ("a job that runs what it did not build", lambda j: j["steps"].pop(0)),
    ]:
        bad = copy.deepcopy(load(root / ".github/workflows/cflite_pr.yml"))
        change(bad["jobs"]["change"])
        demand(workflow_faults(workflow, bad), what)
    demand(against(project, {**full, "sanitizers": ["adress"]}), "a sanitizer there is not")
    for what, planted in [
        ("a package too few", docker.replace("    nettle-dev", "    nettle")),
        ("another base image", docker.replace("ubuntu-24-04", "ubuntu-20-04")),
        ("another repository", docker.replace("clone --depth 1 https://", "clone --depth 1 https://not.")),
        ("no build script", docker.replace("COPY build.sh $SRC/\n", "")),
        ("no folder", docker.replace("WORKDIR $SRC/countersign\n", "")),
    ]:
        demand(docker != planted and docker_faults(planted, full, packages, ends), what)
    with tempfile.NamedTemporaryFile("w", dir=here, suffix=".sh") as script:
        script.write('exec "$SRC/countersign/ci/oss-fuzz/bild.sh"')
        script.flush()
        demand(len(script_faults(pathlib.Path(script.name))) == 2, "a script that cannot be executed and names another")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{seen} files for OSS-Fuzz, ClusterFuzzLite and GitHub, {len(faults)} faults; 12 planted faults seen")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
