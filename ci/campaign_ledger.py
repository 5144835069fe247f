# SPDX-License-Identifier: Apache-2.0
"""corpus/LEDGER.jsonl: what campaigns did, one line for each target, commit and configuration of a run. Ledgers of many machines are
merged by putting their lines one after the other: each line has an id of its own, so that none counts twice."""
import datetime
import json
import re

FIELDS = {"id": str, "date": str, "target": str, "commit": str, "engine": str, "configuration": str, "sanitizer": str, "executions": int,
          "cpu_seconds": (int, float), "findings": int}
# Cumulative executions that each target of a kind is to get.
GOALS = {"wire": 10**9, "policy": 10**9, "differential": 10**7, "stateful": 10**7, "server": 10**7}


class LedgerError(Exception):
    """The ledger is not one; the text says where."""


def check(line, where):
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise LedgerError(f"{where}: not JSON: {problem}") from None
    if not isinstance(row, dict):
        raise LedgerError(f"{where}: no object")
    for name in sorted(FIELDS.keys() ^ row.keys()):
        raise LedgerError(f"{where}: {'no' if name in FIELDS else 'an unknown field'} {name!r}"[:200])
    for name, kind in FIELDS.items():
        value = row[name]
        if not isinstance(value, kind) or isinstance(value, bool) or (kind is not str and not 0 <= value < 1e18):
            raise LedgerError(f"{where}: {name} is {json.dumps(value)[:40]}, wanted {'a text' if kind is str else 'a number from 0 on'}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"]):
        raise LedgerError(f"{where}: date is {json.dumps(row['date'])[:40]}, wanted YYYY-MM-DD")
    return row


def read(path):
    """All lines, checked; an absent ledger has none."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise LedgerError(f"{path}: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise LedgerError(f"{path}: byte {problem.start}: not UTF-8") from None
    rows, seen = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        row = check(line, f"{path}:{number}")
        if row["id"] in seen:
            raise LedgerError(f"{path}:{number}: the line has the id of line {seen[row['id']]}, so it would count twice")
        seen[row["id"]] = number
        rows.append(row)
    return rows


def append(path, done, today=None):
    """Appends campaign entries (campaign_state.DONE) that are not there yet; returns how many."""
    today = today or datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    there = {row["id"] for row in read(path)}
    lines = []
    for entry in done:
        if entry["id"] not in there and (entry["executions"] or entry["findings"]):
            row = {"id": entry["id"], "date": today, **{n: entry[n] for n in FIELDS if n not in ("id", "date")}}
            lines.append(json.dumps(row) + "\n")
            check(lines[-1], f"{path}: a new line")
    try:
        with open(path, "a", encoding="utf-8") as out:
            out.write("".join(lines))
    except OSError as problem:
        raise LedgerError(f"{path}: {problem.strerror}") from None
    return len(lines)


def sums(rows, table):
    """For each target of the table, and each that a line names: {executions, libFuzzer, AFL++, cpu_seconds, findings, goal}."""
    names = [*table, *sorted({r["target"] for r in rows} - table.keys())]
    result = {}
    for name in names:
        mine = [r for r in rows if r["target"] == name]
        result[name] = {"kind": table[name]["kind"] if name in table else "no longer a target",
                        "goal": GOALS.get(table[name]["kind"]) if name in table else None,
                        "executions": sum(r["executions"] for r in mine), "cpu_seconds": round(sum(r["cpu_seconds"] for r in mine)),
                        "findings": sum(r["findings"] for r in mine),
                        "engines": {e: sum(r["executions"] for r in mine if r["engine"] == e) for e in sorted({r["engine"] for r in mine})}}
    return result
