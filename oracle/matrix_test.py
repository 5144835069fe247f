#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""MATRIX.json has the shape of its schema, is complete, names the oracles that the build makes adapters for, and has as many families
of code for each operation as are demanded: libraries of one family are likely to be wrong in the same way.

That each adapter offers exactly what the matrix says is checked by the harness whenever it starts (diff_init).
usage: matrix_test.py MATRIX SCHEMA ORACLE...
"""
import copy
import json
import sys

import jsonschema

# Families of which some oracle has the operation natively. What an adapter composed says nothing new of the operation.
DEMANDED = {"cmac_aes128": 3, "gmac_aes128": 3, "hmac_sha256": 3, "sha512": 3, "kdf_sp800_108": 2}


def cell_of(matrix, operation, oracle):
    """How the oracle has the operation, and of which family that is."""
    cell = matrix["operations"][operation][oracle]
    own = matrix["oracles"][oracle]["family"]
    return (cell, own) if isinstance(cell, str) else next(iter(cell.items()))


def native_families(matrix, operation):
    cells = [cell_of(matrix, operation, oracle) for oracle in matrix["operations"][operation]]
    return sorted({family for how, family in cells if how == "native"})


def problems(matrix, schema, built):
    found = [e.message for e in jsonschema.Draft7Validator(schema).iter_errors(matrix)]
    if found:
        return found
    named = sorted(matrix["oracles"])
    if named != sorted(built):
        found.append(f"the matrix names {named}, the build makes {sorted(built)}")
    families = {oracle["family"] for oracle in matrix["oracles"].values()}
    if families != set(matrix["families"]):
        found.append(f"families {sorted(matrix['families'])}, oracles are of {sorted(families)}")
    for operation, row in matrix["operations"].items():
        if sorted(row) != named:
            found.append(f"{operation}: cells {sorted(row)}, oracles {named}")
            continue
        for oracle in row:
            how, family = cell_of(matrix, operation, oracle)
            if how != "unavailable" and family not in matrix["families"]:
                found.append(f"{operation} of {oracle}: no family {family}")
        native = native_families(matrix, operation)
        if len(native) < DEMANDED[operation]:
            found.append(f"{operation}: {len(native)} native families {native}, {DEMANDED[operation]} demanded")
    return found


def keep_families(row, matrix, operation, count):
    """Leaves the operation native to that many families."""
    kept = native_families(matrix, operation)[:count]
    for oracle in row:
        how, family = cell_of(matrix, operation, oracle)
        if how == "native" and family not in kept:
            row[oracle] = "composed"


def planted(matrix):
    """Each a matrix with one fault, and a word of what must be said of it."""
    def change(what, word, act):
        broken = copy.deepcopy(matrix)
        act(broken)
        return what, word, broken

    first = next(iter(matrix["oracles"]))
    yield change("a cell is missing", "cells", lambda m: m["operations"]["sha512"].pop(first))
    yield change("an operation is missing", "gmac", lambda m: m["operations"].pop("gmac_aes128"))
    yield change("an unknown operation", "md5", lambda m: m["operations"].update(md5=m["operations"]["sha512"]))
    yield change("an unknown word", "perhaps", lambda m: m["operations"]["sha512"].update({first: "perhaps"}))
    yield change("no reason", "unavailable", lambda m: m["operations"]["sha512"].update({first: {"unavailable": ""}}))
    yield change("an oracle nobody built", "nobody",
                 lambda m: m["oracles"].update(nobody=m["oracles"][first]))
    yield change("an oracle left out", "the build makes", lambda m: m["oracles"].pop(first))
    yield change("an unknown field", "more", lambda m: m.update(more={}))
    yield change("an oracle of no family", "family", lambda m: m["oracles"][first].pop("family"))
    yield change("an oracle of an unknown family", "strangers",
                 lambda m: m["oracles"][first].update(family="strangers"))
    yield change("a cell of an unknown family", "strangers",
                 lambda m: m["operations"]["sha512"].update({first: {"native": "strangers"}}))
    yield change("a family without an oracle", "strangers", lambda m: m["families"].update(strangers="x"))
    for operation, count in DEMANDED.items():
        yield change(f"{operation} native to one family too few", "native families",
                     lambda m, o=operation, c=count: keep_families(m["operations"][o], matrix, o, c - 1))


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
    for what, word, broken in planted(matrix):
        count += 1
        if not any(word in problem for problem in problems(broken, schema, built)):
            print(f"planted and not seen: {what}")
            failed.append(what)
    if set(matrix["operations"]) == set(DEMANDED):
        for operation, demanded in DEMANDED.items():
            print(f"{operation}: native to {', '.join(native_families(matrix, operation))}; {demanded} demanded")
    cells = sum(len(row) for row in matrix["operations"].values())
    print(f"{cells} cells, {len(matrix['oracles'])} oracles, {len(matrix['families'])} families; "
          f"{count} planted faults; {len(failed)} failed")
    sys.exit(1 if failed or not cells or not count else 0)


main()
