#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`countersign pcap --json` and `--json-lines` against tools/pcap.schema.json: for every capture with its keys, without them, cut, damaged
and full of holes, and for input that cannot be used. The two forms must say the same. Then shows that the schema can refuse.

usage: schema_test.py COUNTERSIGN SCHEMA FILE... (of vectors/captures)
"""

import copy
import json
import os
import random
import subprocess
import sys
import tempfile

import jsonschema

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import traffic  # noqa: E402
from checks import check, result  # noqa: E402

TOOL = sys.argv[1]
with open(sys.argv[2], encoding="ascii") as schema_file:
    SCHEMA = json.load(schema_file)
jsonschema.Draft202012Validator.check_schema(SCHEMA)
OBJECT = jsonschema.Draft202012Validator(SCHEMA)
LINE = jsonschema.Draft202012Validator({"$ref": "#/$defs/line", "$defs": SCHEMA["$defs"]})


def first_error(validator, instance):
    error = jsonschema.exceptions.best_match(validator.iter_errors(instance))
    return error and "%s: %s" % (error.json_path, error.message[:300])


def run(folder, capture, keys, option):
    names = [os.path.join(folder, n) for n in ("capture", "keys")]
    for name, content in zip(names, (capture, keys.encode())):
        with open(name, "wb") as f:
            f.write(content)
    done = subprocess.run([TOOL, "pcap", names[0], "--keys", names[1], option], capture_output=True, text=True)
    return done.stdout, done.stderr


def judge(folder, what, capture, keys):
    """The report, after both forms have been held against the schema and each other."""
    out, errors = run(folder, capture, keys, "--json")
    report = json.loads(out)
    check(not first_error(OBJECT, report), what, first_error(OBJECT, report))
    lines = [json.loads(line) for line in run(folder, capture, keys, "--json-lines")[0].splitlines()]
    for line in lines:
        check(not first_error(LINE, line), what, first_error(LINE, line))
    check([x["message"] for x in lines if "message" in x] == report["messages"], what, "messages differ")
    remarks = [x["remark"] for x in lines if "remark" in x]
    check(remarks[:1000] == report["remarks"] and len(remarks[1000:]) == report["remarks_omitted"], what, "remarks differ")
    check(all(r["text"] in errors for r in remarks), what, "a remark is not on standard error", errors[:300])
    check(lines[-1] == {"summary": report["summary"], "error": report["error"]}, what, "the last line")
    return report


def captures(folder, paths):
    seen = set()
    remarks = 0
    for path in paths:
        with open(path) as f:
            sidecar = json.load(f)
        keys = "".join("%s %s\n" % (s["session_id"], s["session_key"]) for s in sidecar["sessions"])
        with open(path[:-4] + "pcap", "rb") as f:
            whole = f.read()
        rng = random.Random(path.rsplit("/", 1)[1])
        damaged = bytearray(whole)
        for _ in range(60):
            damaged[rng.randrange(24, len(damaged))] ^= 1 << rng.randrange(8)
        segments = traffic.read(path[:-4] + "pcap", sidecar["server_port"])
        holes = traffic.pcap([traffic.ethernet(traffic.ipv4(s)) for s in segments if rng.random() > 0.2])
        for what, capture, text in (("whole", whole, keys), ("without keys", whole, ""), ("cut", whole[:len(whole) * 2 // 3], keys),
                                    ("damaged", bytes(damaged), keys), ("with holes", holes, keys)):
            report = judge(folder, sidecar["name"] + " " + what, capture, text)
            seen |= {m["verdict"] for m in report["messages"]}
            remarks += len(report["remarks"])
        for what, capture, text in (("empty", b"", keys), ("no capture", b"text" * 99, keys), ("a bad line", whole, "12\n")):
            report = judge(folder, sidecar["name"] + " " + what, capture, text)
            check(report["error"] is not None and report["messages"] == [], what)
    print("verdicts seen:", sorted(seen), "remarks:", remarks)
    check(seen >= set(SCHEMA["$defs"]["verdict"]["enum"]) - {"mirrored"} and remarks > 50, "too little was seen")


def many_remarks(folder, path):
    """More remarks than the object takes: it says how many it leaves out."""
    with open(path) as f:
        port = json.load(f)["server_port"]
    first = next(s for s in traffic.read(path[:-4] + "pcap", port) if s.data)
    events = [("C", first.data)] + [("C", b"\0\0\0\x10" + b"not an SMB frame")] * 1500
    report = judge(folder, "many remarks", traffic.pcap([traffic.ethernet(traffic.ipv4(s)) for s in traffic.build(events, (4000, 445))]), "")
    check(len(report["remarks"]) == 1000 and report["remarks_omitted"] == 500, len(report["remarks"]), report["remarks_omitted"])


def refuses(folder, path):
    """Every field left out, given another type, or joined by one that does not exist must be refused."""
    with open(path[:-4] + "pcap", "rb") as f:
        report = judge(folder, "to be spoiled", f.read()[:-3], "")
    report["messages"] = report["messages"][:1]
    report["remarks"] = [{"connection": 0, "frame": 1, "text": "x"}]
    check(not first_error(OBJECT, report), "spoiled before it was spoiled", first_error(OBJECT, report))
    spoiled = []
    for find in (lambda r: r, lambda r: r["messages"][0], lambda r: r["summary"], lambda r: r["remarks"][0]):
        for name in list(find(report)) + ["another"]:
            for change in ("drop", "replace"):
                other = copy.deepcopy(report)
                find(other).pop(name, None)
                if change == "replace":
                    find(other)[name] = -1
                if change == "replace" or name != "another":
                    spoiled.append((name, change, other))
    for name, change, other in spoiled:
        check(first_error(OBJECT, other), "the schema takes a report with", name, change)
    check(len(spoiled) > 50, "only", len(spoiled))


def main():
    paths = sorted(a for a in sys.argv[3:] if a.endswith(".json") and not a.endswith("negotiate-messages.json"))
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        captures(folder, paths)
        many_remarks(folder, next(p for p in paths if "cl-impacket" in p))
        refuses(folder, next(p for p in paths if "cl-impacket" in p))
    check(len(paths) >= 20, "only %d captures" % len(paths))
    return result(200, "%d captures, " % len(paths))


if __name__ == "__main__":
    sys.exit(main())
