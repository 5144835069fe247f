#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A quick run of everything, with every peer: the result is as its schema says and holds every cell, the report and the figures show
all of it. Nothing is judged by the clock."""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import jsonschema

MEASURE, SCHEMA = (os.path.abspath(p) for p in sys.argv[1:3])
sys.path.insert(0, os.path.dirname(SCHEMA))
os.environ["MPLCONFIGDIR"] = os.environ.get("TEST_TMPDIR", tempfile.gettempdir())
import goals  # noqa: E402
import markdown  # noqa: E402
import plot  # noqa: E402
import report  # noqa: E402
import result  # noqa: E402

MAC = {"boringssl", "openssl3", "gnutls", "nettle", "libgcrypt", "mbedtls", "wolfssl", "botan", "ipsec_mb"}


def wanted(cell):
    """Who must be in a cell, as (peer, form)."""
    ours, work, peers = result.OURS, cell["work"], set(MAC)
    if cell["algorithm"] == "cmac" and cell["len"] > 65535:
        peers.remove("ipsec_mb")
    if work in ("single", "latency", "fresh"):
        parts = {(ours + " parts", "single")} if cell["len"] >= 128 else set()
        return {(p, "single") for p in peers | {ours, ours + " verify"}} | parts
    if work in ("batch", "mixed"):
        both = {ours, ours + " verify"}
        return {(p, "loop") for p in peers | both} | {(p, "batch") for p in both | {"ipsec_mb"}} | {("ipsec_mb", "jobs")}
    if work == "keys":
        return {(p, "keys") for p in peers | {ours}} | {(ours, "together"), (ours, "session")}
    if work in ("sha512", "preauth"):
        return {(p, "sha512") for p in peers} | {(ours, work)}
    return None


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.json")
        subprocess.run([MEASURE, "--quick", "--require-all", "--json", path], check=True)
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        with open(SCHEMA, encoding="utf-8") as file:
            jsonschema.Draft202012Validator(json.load(file)).validate(data)
        listed = subprocess.run([MEASURE, "--list"], check=True, capture_output=True, text=True).stdout.split()
        assert [c["id"] for c in data["cells"]] == listed and len(set(listed)) == len(listed)
        for cell in data["cells"]:
            present = [(c["peer"], c["form"]) for c in cell["contenders"]]
            assert wanted(cell) in (None, set(present)) and len(present) == len(set(present)), (cell["id"], present)
            assert present and all(c["ns"] > 0 for c in cell["contenders"]), cell["id"]
        run = result.load(path)
        shown = report.text(run)
        for peer in data["peers"]:
            assert peer["measured"] and peer["title"] in shown and peer["version"] in shown, peer
        assert not [g for g in goals.goals(run) if None in g[2].values()], "a goal without a measurement"
        titles = [title for title, _, _ in report.sections(run)]
        assert len(titles) == 4 * len(result.ALGORITHMS) + 5, titles
        written = markdown.text(run)
        assert all(title in shown and "## " + title in written for title in titles)
        figures = plot.draw(run, folder)
        assert len(figures) == 4
        for figure in figures:
            assert xml.etree.ElementTree.parse(figure).getroot().tag.endswith("svg")
            with open(figure, encoding="utf-8") as file:
                drawn = file.read()
                assert "countersign" in drawn and data["machine"]["cpu"] in drawn
    print("%d cells" % len(listed))


if __name__ == "__main__":
    main()
