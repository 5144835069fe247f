#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a disagreement leaves behind can be used: a wrong bit is planted in every cell of the matrix and in lib/'s answers, and each
report must have its line for programs, give every answer under its family, and end in a command that runs the question with each value
as a vector, which must find exactly the unplanted value to be what lib/ computes.
usage: disagreement_test.py DIFFERENTIAL RUNNER CHECK_SCHEMAS MATRIX
"""
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys

COMMAND = "bazel run //vectors:run -- /dev/stdin <<'END'\n"
# operation of the differential test, operation of the matrix, cases in turn: an empty message, usual ones, one of 1 MiB
RUNS = [("cmac", "cmac_aes128", (0, 300, 301, 4095, 302, 303, 304, 305, 306)), ("gmac", "gmac_aes128", (300,)), ("hmac", "hmac_sha256", (0, 301)),
        ("sha512", "sha512", (0, 300)), ("kdf", "kdf_sp800_108", (0, 63))]
# The same cells by way of what SMB3 asks; only some cases ask, and the first that does stops the run.
WAYS = [("sign", "gmac_aes128"), ("derive_key", "kdf_sp800_108"), ("preauth", "sha512")]


def report_of(program, operation, cases, plant=None):
    command = [program, f"--operation={operation}", cases] + ([f"--plant={plant}"] if plant else [])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def family_of(matrix, operation, oracle):
    cell = matrix["operations"][operation][oracle]
    own = matrix["oracles"][oracle]["family"]
    return own if isinstance(cell, str) else next(iter(cell.values()))


def check_line(report, operation, expected, matrix):
    """The line for programs: the planted one alone, everybody else together."""
    lines = [line for line in report.splitlines() if line.startswith("DISAGREEMENT ")]
    if len(lines) != 1:
        return f"{len(lines)} lines for programs"
    told = json.loads(lines[0].split(" ", 1)[1])
    if (told["target"], told["operation"]) != ("differential", operation):
        return f"target and operation are {told['target']} and {told['operation']}"
    givers = [set(value["from"]) for value in told["values"]]
    lib = {told["function"]}
    oracles = {f"{family_of(matrix, operation, o)}/{o}" for o in matrix["oracles"]}
    alone = lib if expected == "lib" else {f"{family_of(matrix, operation, expected)}/{expected}"}
    wanted = [lib, oracles] if expected == "lib" else [lib | oracles - alone, alone]
    return None if givers == wanted else f"values are from {givers}"


def check_families(report, operation, planted, matrix):
    """Each oracle once, under the family that the matrix gives for the cell, with its value's number."""
    told, family = {}, None
    for line in report.splitlines():
        heading = re.fullmatch(r"  (?:family (\S+)|(under test))", line)
        entry = re.fullmatch(r"    (\S.*?) +(?:(?:native|composed) +)?value (\d+)(?:; .*)?", line)
        if heading:
            family = heading.group(1) or heading.group(2)
        elif entry and family:
            told[(family, entry.group(1) if family != "under test" else "lib")] = entry.group(2)
    wanted = {(family_of(matrix, operation, o), o): "2" if planted in (o, "lib") else "1" for o in matrix["oracles"]}
    wanted[("under test", "lib")] = "1"
    blame = re.search(r"\b(wrong|incorrect|minority|majority|outvoted)\b", report)
    return None if told == wanted and not blame else f"answers are told as {told}, {blame}"


def check_vector(report, runner, planted, path):
    """The command at the report's end, run as a shell would."""
    start = report.rfind(COMMAND)
    if start < 0 or not report.endswith("\nEND\n"):
        return "no command at the end"
    text = report[start + len(COMMAND):-len("END\n")]
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    script = report[start:].replace("bazel run //vectors:run --", '"$RUNNER"', 1)
    ran = subprocess.run(["bash"], input=script, env={**os.environ, "RUNNER": runner}, capture_output=True, text=True, check=False)
    wrong, right = (1, 2) if planted == "lib" else (2, 1)
    failing = re.findall(r"tcId (\d+) ", ran.stderr)
    if ran.returncode != 1 or "2 tests:     1 valid,     0 invalid, 1 failed" not in ran.stdout or failing != [str(wrong)]:
        return f"the runner exits {ran.returncode}: {ran.stdout}{ran.stderr}"
    # Left with the value that is right it passes: a vector like any other.
    data = json.loads(text)
    tests = data["testGroups"][0]["tests"]
    data["testGroups"][0]["tests"] = [t for t in tests if t["tcId"] == right]
    data["numberOfTests"] = 1
    ran = subprocess.run([runner, "/dev/stdin"], input=json.dumps(data), capture_output=True, text=True, check=False)
    return None if ran.returncode == 0 else f"the value of everybody else fails too: {ran.stderr}"


def schema_errors(check_schemas, paths):
    """What the schemas of vectors/ say against the files."""
    spec = importlib.util.spec_from_file_location("check_schemas", check_schemas)
    schemas = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(schemas)
    validators = schemas.load_schemas()
    for path in paths:
        with open(path, encoding="ascii") as file:
            data = json.load(file)
        yield schemas.first_error(validators["vectors_schema.json"], data)
        for kind, _, test in schemas.tests(data):
            yield schemas.first_error(validators[kind + ".json"], test)


def main():
    program, runner, check_schemas, matrix_path = sys.argv[1:]
    with open(matrix_path, encoding="utf-8") as file:
        matrix = json.load(file)
    folder = os.environ["TEST_TMPDIR"]
    failed, reports, files = [], 0, []

    def check(name, operation, planted, code, report):
        nonlocal reports
        reports += 1
        path = os.path.join(folder, f"{len(files)}.json")
        found = [f"exit {code}"] if code != -signal.SIGABRT else [
            check_line(report, operation, planted, matrix), check_families(report, operation, planted, matrix),
            check_vector(report, runner, planted, path)]
        files.append(path)
        failed.extend(f"{name}: {what}" for what in found if what)

    for run, operation, cases in RUNS:
        code, report = report_of(program, run, f"--only={cases[0]}")
        if code or report:
            failed.append(f"{run} without a plant: exit {code}: {report}")
        planted = [o for o, cell in matrix["operations"][operation].items() if "unavailable" not in cell] + ["lib"]
        for i, where in enumerate(planted):
            case = cases[i % len(cases)]
            check(f"{run}, case {case}, {where}", operation, where, *report_of(program, run, f"--only={case}", f"{operation}:{where}"))
    for run, operation in WAYS:
        check(run, operation, "nettle", *report_of(program, run, "--cases=200", f"{operation}:nettle"))
    for plant in ("sha512:nobody", "sha512", "md5:nettle"):
        if report_of(program, "sha512", "--only=0", plant)[0] != 2:
            failed.append(f"--plant={plant} is taken")
    failed += [f"against the schemas: {error}" for error in schema_errors(check_schemas, files) if error]
    for what in failed:
        print(f"FAILED: {what}")
    print(f"{reports} disagreements reported and run as vectors, {len(failed)} failed")
    sys.exit(1 if failed or not reports else 0)


main()
