# SPDX-License-Identifier: Apache-2.0
"""The report: sections of a title, a sentence and a table, for text and Markdown alike."""
import goals
from result import ALGORITHMS, OURS
from table import Table, divide, number, ratio, size, time

# Below this a back-to-back call overlaps with the next one, so a chain's latency bounds nothing.
CHAIN_FROM = 4096


def peer_columns(run, cells):
    """Peers that answer in any of the cells, in the order of the run's list."""
    seen = {peer for cell in cells for peer, _ in cell.by if peer and not peer.startswith(OURS)}
    return [p["name"] for p in run.data["peers"] if p["name"] in seen]


def single(run, algorithm):
    table = Table("bytes", "sign", "GB/s", "c/B", "verify", "3 parts", "<best peer", "its time", "ours is", "of bound")
    bound = run.bound(algorithm, batch=False)
    for cell in run.of_work("single", algorithm):
        ours, (peer, theirs) = cell.ns(OURS, "single"), cell.best_peer("single")
        per_byte = cell.cycles(ours) / cell.bytes
        chained = cell.bytes >= CHAIN_FROM and bound
        table.add(size(cell.bytes), time(ours), number(cell.bytes / ours), number(per_byte),
                  time(cell.ns(OURS + " verify", "single")),
                  ratio(divide(ours, cell.ns(OURS + " parts", "single"))), run.title(peer) if peer else "-", time(theirs),
                  ratio(divide(theirs, ours)), ratio(bound / per_byte) if chained else "-")
    return table


def everybody(run, work, form, algorithm):
    cells = run.of_work(work, algorithm)
    columns = peer_columns(run, cells)
    table = Table("bytes", "ours", *[run.title(c) for c in columns])
    for cell in cells:
        table.add(size(cell.bytes), time(cell.ns(OURS, form)), *[time(cell.ns(c, form)) for c in columns])
    return table


def small(run, algorithm):
    """Latency, and a new key for each message."""
    table = Table("<what", "bytes", "sign", "cycles", "bound", "<best peer", "its time", "ours is")
    for work, what in (("latency", "depends on the tag before"), ("fresh", "new key")):
        for cell in run.of_work(work, algorithm):
            ours, (peer, theirs) = cell.ns(OURS, "single"), cell.best_peer("single")
            bound = run.latency_bound(algorithm, cell.bytes) if work == "latency" else None
            table.add(what, size(cell.bytes), time(ours), number(cell.cycles(ours)), number(bound), run.title(peer) if peer else "-",
                      time(theirs), ratio(divide(theirs, ours)))
    return table


def batch(run, algorithm):
    table = Table("bytes", "messages", "each", "GB/s", "c/B", "verify", "key each", "x own single", "x ipsec-mb jobs", "x its bursts",
                  "<best single", "ours is", "of bound")
    bound = run.bound(algorithm, batch=True)
    for cell in run.of_work("batch", algorithm):
        if cell.id.endswith("/key-each"):
            continue
        length, count = cell.data["len"], cell.data["messages"]
        each = run.cell("batch", algorithm, length, count, "key-each")
        ours, (peer, theirs) = cell.ns(OURS, "batch"), cell.best_peer("loop")
        per_byte = cell.cycles(ours) / cell.bytes
        table.add(size(length), count, time(ours / count), number(cell.bytes / ours), number(per_byte),
                  time(cell.ns(OURS + " verify", "batch") / count),
                  ratio(divide(ours, each and each.ns(OURS, "batch"))), ratio(divide(cell.ns(OURS, "loop"), ours)),
                  ratio(divide(cell.ns("ipsec_mb", "jobs"), ours)), ratio(divide(cell.ns("ipsec_mb", "batch"), ours)),
                  run.title(peer) if peer else "-", ratio(divide(theirs, ours)), ratio(bound / per_byte) if bound else "-")
    return table


def mixed(run):
    table = Table("<lengths", "<members", "messages", "batch", "GB/s", "x own loop", "x ipsec-mb jobs", "x its bursts", "<best loop",
                  "ours is")
    for cell in run.of_work("mixed"):
        ours, (peer, theirs) = cell.ns(OURS, "batch"), cell.best_peer("loop")
        _, lengths, members = cell.id.split("/")
        table.add(lengths, members, cell.data["messages"], time(ours), number(cell.bytes / ours),
                  ratio(divide(cell.ns(OURS, "loop"), ours)), ratio(divide(cell.ns("ipsec_mb", "jobs"), ours)),
                  ratio(divide(cell.ns("ipsec_mb", "batch"), ours)), run.title(peer) if peer else "-", ratio(divide(theirs, ours)))
    return table


def keys(run):
    """A row for each implementation, a column for each kind of work; the fastest at four keys first."""
    cells = run.of_work("keys") + run.of_work("sha512") + run.of_work("preauth")
    what = {"keys": "4 keys, ciphers' of %d B", "sha512": "SHA-512 of %d B", "preauth": "chain, message of %d B"}
    table = Table("<who", *[what[c.work] % c.data["len"] for c in cells])

    def row(name, forms, peer):
        times = [cell.ns(peer, forms[cell.work]) for cell in cells]
        best = [cell.ns(OURS, "together" if cell.work == "keys" else cell.work) for cell in cells]
        return name, times, [time(t) + ("" if peer == OURS or t is None else " (%s)" % ratio(divide(t, b))) for t, b in zip(times, best)]

    ours = [row("countersign, key by key", {"keys": "keys", "sha512": "sha512", "preauth": "preauth"}, OURS),
            row("countersign, the keys in one call (internal, of csign_session_derive)", {"keys": "together", "sha512": "", "preauth": ""}, OURS),
            row("countersign, csign_session_derive, which makes the signer too", {"keys": "session", "sha512": "", "preauth": ""}, OURS)]
    theirs = [row(run.title(p), {"keys": "keys", "sha512": "sha512", "preauth": "sha512"}, p) for p in peer_columns(run, cells)]
    for name, _, shown in ours + sorted(theirs, key=lambda r: r[1][0] or 0):
        if set(shown) - {"-"}:
            table.add(name, *shown)
    return table


def negotiate(run):
    table = Table("<work", "time", "of the hash")
    for cell in run.of_work("negotiate"):
        for (_, form), c in cell.by.items():
            table.add(form, time(c["ns"]), "%.0f %%" % (100 * divide(c["ns"], cell.ns(OURS, "preauth hash"))))
    return table


def bounds(run):
    table = Table("<instructions", "cycles each")
    cell = run.cell("bounds")
    for (_, name), _ in cell.by.items() if cell else ():
        table.add(name, number(run.instruction(name)))
    for name, feature in run.data["bounds_skipped"].items():
        table.add(name, "not run: no " + feature)
    return table


def versions(run):
    table = Table("<peer", "<version", "<package")
    for peer in run.data["peers"]:
        table.add(peer["title"], peer["version"] or "NOT MEASURED", peer["package"])
    return table


def limit(bound):
    return " Bound: %s cycles per byte." % number(bound) if bound else ""


def sections(run):
    """(title, sentence, table) in the order of reading; empty ones are left out."""
    out = []
    for a, name in ALGORITHMS.items():
        one, many = run.bound(a, False), run.bound(a, True)
        out += [
            (name + ", one message", "A ready key, calls back to back." + limit(one), single(run, a)),
            (name + ", one message, everybody", "", everybody(run, "single", "single", a)),
            (name + ", one message of few bytes", "", small(run, a)),
            (name + ", batch", "One key, all messages of one length." + limit(many), batch(run, a)),
        ]
    out.append(("Mixed batch", "64 messages of 100 to 65500 bytes, 8 keys, three algorithms; and the members of one algorithm alone.",
                mixed(run)))
    out.append(("Keys and hashes", "The four keys of a session at 3.1.1, cipher keys of 16 or 32 bytes; SHA-512. In brackets: how many times as fast ours is.",
                keys(run)))
    out.append(("NEGOTIATE", "smbclient's request, beside the hash of the same message.", negotiate(run)))
    out.append(("What the core can do", "Loops of one instruction, in this run; the bounds above are made of them.", bounds(run)))
    out.append(("Must reach", "Ratios of medians in this run; the worst length counts.", goals.table(run)))
    return [s for s in out if s[2].rows]


def facts(run):
    """What this run was, as (name, value)."""
    machine = run.data["machine"]
    yield "processor", "%s, core %s, %s cycles a nanosecond" % (machine["cpu"], machine["core"], number(run.clock()))
    yield "system", "%s %s, %s" % (machine["system"], machine["architecture"], machine["date"])
    yield "compiler", run.data["compiler"]
    yield "command", "bazel run -c opt //bench" + (" -- " + " ".join(run.data["options"]) if run.data["options"] else "")
    yield "samples", "%d of %s each; half of them lie within %.1f %% of each other in the middle cell" % (
        run.data["rounds"], time(run.data["sample_ns"]), 100 * run.spread())
    yield "ours", ", ".join("%s %s" % (ALGORITHMS[a], name) for a, name in run.data["backends"].items())
    if run.data["without"]:
        yield "masked off", ", ".join(run.data["without"])


def text(run):
    out = ["\n".join("%-10s %s" % fact for fact in facts(run)) + "\n", versions(run).text()]
    if run.data["quick"]:
        out.append("A QUICK RUN: it shows that everything works; its figures mean nothing.\n")
    for title, sentence, table in sections(run):
        out.append("%s\n%s\n%s%s" % (title, "=" * len(title), sentence + "\n\n" if sentence else "\n", table.text()))
    for peer in run.missing:
        out.append("NOT MEASURED: %s, package %s (%s)\n" % (peer["title"], peer["package"], peer["why_not"]))
    return "\n".join(out)
