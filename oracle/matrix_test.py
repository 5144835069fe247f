#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""MATRIX.json has the shape of its schema, is complete, and names the oracles that the build makes adapters for.

That each adapter offers exactly what the matrix says is checked by the harness whenever it starts (diff_init).
usage: matrix_test.py MATRIX SCHEMA ORACLE...
"""
import copy
import json
import sys

import jsonschema


def problems(matrix, schema, built):
    found = [e.message for e in jsonschema.Draft7Validator(schema).iter_errors(matrix)]
    if found:
        return found
    named = sorted(matrix["oracles"])
    if named != sorted(built):
        found.append(f"the matrix names {named}, the build makes {sorted(built)}")
    for operation, row in matrix["operations"].items():
        if sorted(row) != named:
            found.append(f"{operation}: cells {sorted(row)}, oracles {named}")
        if not any(isinstance(cell, str) for cell in row.values()):
            found.append(f"{operation}: no oracle has it")
    return found


def planted(matrix):
    """Each a matrix with one fault."""
    def change(what, act):
        broken = copy.deepcopy(matrix)
        act(broken)
        return what, broken

    first = next(iter(matrix["oracles"]))
    yield change("a cell is missing", lambda m: m["operations"]["sha512"].pop(first))
    yield change("an operation is missing", lambda m: m["operations"].pop("gmac_aes128"))
    yield change("an unknown operation", lambda m: m["operations"].update(md5=m["operations"]["sha512"]))
    yield change("an unknown word", lambda m: m["operations"]["sha512"].update({first: "perhaps"}))
    yield change("no reason", lambda m: m["operations"]["sha512"].update({first: {"unavailable": ""}}))
    yield change("an oracle nobody built", lambda m: m["oracles"].update(nobody="x"))
    yield change("an oracle left out", lambda m: m["oracles"].pop(first))
    yield change("an unknown field", lambda m: m.update(more={}))


def main():
    path, schema_path, built = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(path, encoding="utf-8") as f:
        matrix = json.load(f)
    with open(schema_path, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    failed = problems(matrix, schema, built)
    for what in failed:
        print(f"{path}: {what}")
    count = 0
    for what, broken in planted(matrix):
        count += 1
        if not problems(broken, schema, built):
            print(f"planted and not seen: {what}")
            failed.append(what)
    cells = sum(len(row) for row in matrix["operations"].values())
    print(f"{cells} cells, {len(matrix['oracles'])} oracles; {count} planted faults; {len(failed)} failed")
    sys.exit(1 if failed or not cells or not count else 0)


main()
