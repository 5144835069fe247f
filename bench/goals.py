# SPDX-License-Identifier: Apache-2.0
"""What the library must reach, as ratios within one run, and whether it did."""
from result import OURS
from table import Table, divide, ratio, size

ALL = (64, 128, 256, 512, 1024, 4096, 16384, 65536, 262144, 1048576)
MANY = {"jobs": "submit and flush", "batch": "bursts"}
BATCH = (64, 128, 256, 1024, 4096, 65520)


def single(run, algorithm, length, peer=None, work="single"):
    """How many times as fast as a peer, or as the fastest one."""
    cell = run.cell(work, algorithm, length)
    theirs = cell and (cell.ns(peer, "single") if peer else cell.best_peer("single")[1])
    return divide(theirs, cell and cell.ns(OURS, "single"))


def batch(run, algorithm, length, *forms):
    """A batch of 16 against the fastest peer in these forms; "jobs" and "batch" are ipsec-mb's."""
    cell = run.cell("batch", algorithm, length, 16, "one-key")
    theirs = cell and cell.best_peer(*forms)[1]
    return divide(theirs, cell and cell.ns(OURS, "batch"))


def key_each(run, length):
    one, each = (run.cell("batch", "cmac", length, 16, keys) for keys in ("one-key", "key-each"))
    return divide(one and one.ns(OURS, "batch"), each and each.ns(OURS, "batch"))


def mixed(run, algorithm):
    cell = run.cell("mixed", "uniform", algorithm)
    return divide(cell and cell.ns(OURS, "loop"), cell and cell.ns(OURS, "batch"))


def keys(run, peer):
    cell = run.cell("keys", 16)
    ours = [ns for ns in (cell.ns(OURS, "keys"), cell.ns(OURS, "together"), cell.ns(OURS, "session")) if ns] if cell else []
    return divide(cell and cell.ns(peer, "keys"), min(ours, default=None))


def negotiate(run, form):
    """Hashing the request, in units of this: 5 is 20 percent."""
    for cell in run.of_work("negotiate"):
        return divide(cell.ns(OURS, "preauth hash"), cell.ns(OURS, form))
    return None


def of_bound(run, algorithm, length):
    cell, bound = run.cell("single", algorithm, length), run.bound(algorithm, batch=False)
    return divide(bound, cell and cell.cycles(cell.ns(OURS, "single")) / cell.bytes)


def goals(run):
    """(work, at least, {where: measured}); the worst counts."""
    def over(lengths, function):
        return {size(n): function(n) for n in lengths}

    large, very_large, batch_large = ALL[5:], ALL[6:], BATCH[3:]
    out = []
    for length, least in ((64, 2.0), (128, 2.0), (256, 1.5)):
        out.append(("CMAC, one message, against the best peer", least, over([length], lambda n: single(run, "cmac", n))))
    for peer, least in (("libgcrypt", 0.97), ("boringssl", 1.2), ("gnutls", 1.7)):
        out.append(("CMAC, one message from 4 KiB, against " + run.title(peer), least,
                    over(large, lambda n, p=peer: single(run, "cmac", n, p))))
    for length, least in ((128, 8), (256, 5), (1024, 2), (65520, 1.15)):
        for form in ("jobs", "batch"):
            out.append(("CMAC, batch of 16, against ipsec-mb's " + MANY[form], least,
                        over([length], lambda n, f=form: batch(run, "cmac", n, f))))
    out += [
        ("CMAC, batch of 16 from 1 KiB, against the best single call", 12, over(batch_large, lambda n: batch(run, "cmac", n, "loop"))),
        ("CMAC, batch of 16 from 1 KiB, a key each against one key", 0.85, over(batch_large, lambda n: key_each(run, n))),
        ("GMAC, one message to 256 B, against the best peer", 1.5, over(ALL[:3], lambda n: single(run, "gmac", n))),
        ("GMAC, one message from 16 KiB, against ipsec-mb", 1.0, over(very_large, lambda n: single(run, "gmac", n, "ipsec_mb"))),
        ("GMAC, one message from 16 KiB, against GnuTLS", 2.5, over(very_large, lambda n: single(run, "gmac", n, "gnutls"))),
        ("GMAC, one message, of the bound", 0.75, over([65536], lambda n: of_bound(run, "gmac", n))),
        ("GMAC, batch of 16, against the best peer", 4, over([64], lambda n: batch(run, "gmac", n, "loop", "batch"))),
        ("HMAC, one message from 16 KiB, against the best peer", 0.97, over(very_large, lambda n: single(run, "hmac", n))),
        ("HMAC, one message, against the best peer", 1.1, over([64], lambda n: single(run, "hmac", n))),
        ("HMAC, batch of 16 from 1 KiB, against the best single call", 1.6, over(batch_large, lambda n: batch(run, "hmac", n, "loop"))),
        ("HMAC, batch of 16, against ipsec-mb's best", 0.85, over([65520], lambda n: batch(run, "hmac", n, "jobs", "batch"))),
        ("HMAC, batch of 16, against ipsec-mb's best: the stretch", 1.0, over([65520], lambda n: batch(run, "hmac", n, "jobs", "batch"))),
        ("four keys, against nettle", 1.8, {"": keys(run, "nettle")}),
        ("four keys, against GnuTLS as Samba uses it", 3, {"": keys(run, "gnutls")}),
        ("four keys, against OpenSSL's KBKDF", 20, {"": keys(run, "openssl3")}),
    ]
    for algorithm, least in (("cmac", 2), ("gmac", 1.4), ("hmac", 1.2)):
        out.append(("new key and one message, %s, against the best peer" % algorithm.upper(), least,
                    over([64], lambda n, a=algorithm: single(run, a, n, work="fresh"))))
    for algorithm, least in (("cmac", 6), ("hmac", 1.6), ("gmac", 1.0)):
        out.append(("mixed batch, %s members, against our own single call" % algorithm.upper(), least, {"": mixed(run, algorithm)}))
    out.append(("hash of NEGOTIATE, against parse and select", 5, {"": negotiate(run, "parse, select")}))
    out.append(("hash of NEGOTIATE, against encode of the response", 5, {"": negotiate(run, "encode")}))
    return out


def table(run):
    out = Table("<work", "at least", "measured", "<at", "<met")
    for work, least, measured in goals(run):
        known = {where: value for where, value in measured.items() if value is not None}
        if not known:
            if not run.partial:
                out.add(work, ratio(least), "-", "", "not measured")
            continue
        where = min(known, key=known.get)
        at = where + (" (the worst of %d)" % len(known) if len(known) > 1 else "")
        met = "met" if known[where] >= least else "NOT MET"
        out.add(work, ratio(least), ratio(known[where]), at, met if len(known) == len(measured) else met + ", in part measured")
    return out
