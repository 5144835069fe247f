#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes every seed of corpus/ from the captures and the vectors; the same sources give the same files.

    seeds.py VECTORS CORPUS           writes the seeds that are not there yet; deletes nothing
    seeds.py --check VECTORS CORPUS   fails if a seed is missing, a name is not the SHA-1 of its content, a folder has no target,
                                      an input is longer than its target's max_len, or all together is over 2 MiB

The 2 MiB are the sum of the files' sizes. Taken are: every NEGOTIATE message of captures and vectors; of other captured messages
the first of each kind (algorithm, command, direction, status, place in the compound); of signed vectors the first of each
algorithm, status, length, command and flags; of the vectors of a MAC, hash or key derivation the first valid one of each
combination of lengths. What is longer than max_len is left out and counted. What an input looks like says each target's file.
"""
import hashlib
import json
import pathlib
import struct
import sys

import seed_captures
import seeds_wire
from targets import TARGETS

LIMIT = 2 * 1024 * 1024


class Seeds:
    def __init__(self, targets):
        self.inputs = {t: {} for t in targets}
        self.too_long = {t: 0 for t in targets}
        self.targets = targets
        self.kinds = set()

    def first_of(self, *kind):
        if kind in self.kinds:
            return False
        self.kinds.add(kind)
        return True

    def add(self, target, data):
        if len(data) > self.targets[target]["max_len"]:
            self.too_long[target] += 1
            return
        self.inputs[target][hashlib.sha1(data).hexdigest()] = data


def u16(*values):
    return struct.pack("<%dH" % len(values), *values)


def thirds(length):
    return u16(length // 3, length // 3, 0)


# Policies for negotiate_select, in its input's form: everything; GMAC alone and no fallback; CMAC first, the peer's order; 3.0 at
# most; every optional feature; one that no policy may be.
POLICIES = [bytes.fromhex(h) for h in (
    "40030201000401000203" "2020", "40010200000101000000" "2220", "40020102000201000203" "2120",
    "20030201000401000203" "2000", "43030201000401000203" "3c40", "0f0f0f0f0f0f0f0f0f0f" "0000")]


def negotiate(seeds, message):
    response = message[16] & 1
    seeds.add("negotiate_response" if response else "negotiate_request", message)
    seeds.add("negotiate_roundtrip", message)
    seeds_wire.negotiate(seeds, message)
    if not response:
        policy = POLICIES[hashlib.sha1(message).digest()[0] % len(POLICIES)]  # one of them, whichever the message falls on
        seeds.add("negotiate_select", policy + message)
        seeds_wire.policy(seeds, policy[:11], message)


def signed(seeds, algorithm, key, element):
    """sign_verify with a bit to turn that depends on the element, so that seeds turn bits all over."""
    bit = int.from_bytes(hashlib.sha1(element).digest()[:4], "little")
    seeds.add("sign_verify", bytes([algorithm]) + key + struct.pack("<I", bit) + u16(len(element) // 3, len(element) // 4) + element)


def from_captures(seeds, folder):
    for pcap, key_text in seed_captures.files(folder):
        seeds.add("pcap", u16(len(key_text)) + key_text + pcap)
    for found, keys in seed_captures.load(folder):
        chain = []
        for m in found:
            elements = list(m.elements())
            for i, e in enumerate(elements):
                command, status = struct.unpack_from("<H", e, 12)[0], struct.unpack_from("<I", e, 8)[0] if m.from_server else 0
                session = struct.unpack_from("<Q", e, 40)[0]
                seeds_wire.header(seeds, e)
                if command == 0:
                    negotiate(seeds, e)
                key = keys.get(session) or next(iter(keys.values()), None)
                if key and seeds.first_of("signed", key[0], command, m.from_server, status, i, len(elements)):
                    signed(seeds, key[0], key[1], e)
                if command in (0, 1) and m.connection == 0:
                    chain.append(m.data)
            kind = [struct.unpack_from("<H", e, 12)[0] for e in elements]
            if seeds.first_of("compound", m.from_server, *kind):
                seeds.add("compound", m.data)
        chain = chain[:4]
        if len(chain) > 1 and chain[0][12:14] == chain[1][12:14] == b"\0\0":
            seeds_wire.pair(seeds, chain[0], chain[1])
        if chain:
            lengths = [len(c) for c in chain[:-1]] + [0, 0, 0]
            seeds.add("preauth_diff", bytes([len(chain) - 1]) + u16(*lengths[:3]) + thirds(len(chain[0])) + b"".join(chain))
    collected = json.loads((folder / "negotiate-messages.json").read_text())
    for peer in collected.values():
        for field in ("negotiate_request_hex", "negotiate_response_hex"):
            if peer.get(field):
                negotiate(seeds, bytes.fromhex(peer[field]))
        if peer.get("negotiate_request_hex") and peer.get("negotiate_response_hex"):
            seeds_wire.pair(seeds, bytes.fromhex(peer["negotiate_request_hex"]), bytes.fromhex(peer["negotiate_response_hex"]))


DIALECTS = {"0300": 0, "0302": 1, "0311": 2}
PURPOSES = ["signing", "application", "clientToServer", "serverToClient"]
ALGORITHMS = {"HMAC-SHA256": 0, "AES-CMAC": 1, "AES-GMAC": 2}


def from_vector(seeds, kind, test):
    def b(field):
        return bytes.fromhex(test.get(field) or "")

    if kind in ("Sign", "Verify"):
        seeds_wire.header(seeds, b("message"))
    if kind in ("NegotiateRequest", "NegotiateResponse", "NegotiateSelect"):
        if len(b("message")) > 16:
            negotiate(seeds, b("message"))
    elif kind == "NegotiateAccept":
        negotiate(seeds, b("request"))
        negotiate(seeds, b("response"))
        seeds_wire.pair(seeds, b("request"), b("response"))
    elif kind == "Compound":
        seeds.add("compound", b("message"))
    elif kind in ("Sign", "Verify") and len(b("key")) == 16:
        algorithm, m = ALGORITHMS[test["signingAlgorithm"]], b("message")
        if seeds.first_of(algorithm, test["status"], len(m), m[12:14], m[16:20]):
            signed(seeds, algorithm, b("key"), m)
    elif test["result"] != "valid":
        return
    elif kind == "AesCmac128" and seeds.first_of(kind, len(b("msg"))):
        seeds.add("cmac_diff", b("key") + thirds(len(b("msg"))) + b("msg"))
    elif kind == "AesGmac128" and seeds.first_of(kind, len(b("msg"))):
        seeds.add("gmac_diff", b("key") + b("nonce") + thirds(len(b("msg"))) + b("msg"))
    elif kind == "HmacSha256" and seeds.first_of(kind, len(b("key")), len(b("msg"))):
        seeds.add("hmac_diff", u16(len(b("key"))) + thirds(len(b("msg"))) + b("key") + b("msg"))
    elif kind == "CounterKdf" and seeds.first_of(kind, test["outputLen"], *(len(b(f)) for f in ("key", "label", "context"))):
        lengths = u16(test["outputLen"]) + bytes([0, min(255, len(b("key"))), min(255, len(b("label")))])
        seeds.add("kdf_diff", lengths + b("key") + b("label") + b("context"))
    elif kind == "DeriveKey" and seeds.first_of(kind, test["dialect"], test["purpose"], len(b("sessionKey"))):
        dialect, purpose = DIALECTS.get(test["dialect"], 0), PURPOSES.index(test["purpose"])
        which = dialect + 3 * purpose + 12 * (test["keyLen"] == 32)
        seeds.add("kdf_diff", u16(test["keyLen"]) + bytes([which, min(255, len(b("sessionKey"))), 0]) + b("sessionKey") + b("preauth"))
    elif kind == "Sha512" and seeds.first_of(kind, len(b("msg"))):
        seeds.add("preauth_diff", b"\0" + u16(0, 0, 0) + thirds(len(b("msg"))) + b("msg"))
    elif kind == "PreauthChain":
        chain = [bytes.fromhex(m) for m in test["messages"]][:4]
        lengths = [len(c) for c in chain[:-1]] + [0, 0, 0]
        seeds.add("preauth_diff", bytes([len(chain) - 1]) + u16(*lengths[:3]) + thirds(7) + b"".join(chain))


def from_vectors(seeds, folder):
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SystemExit(f"{folder}: no vectors")
    for f in files:
        for group in json.loads(f.read_text()).get("testGroups", []):
            common = {k: v for k, v in group.items() if k != "tests"}
            for test in group["tests"]:
                from_vector(seeds, group["type"], {**common, **test})


def check(seeds, corpus):
    """Every fault of the corpus, one a line."""
    faults, total, files = [], 0, 0
    for folder in sorted(p for p in corpus.iterdir() if p.is_dir()):
        if folder.name not in seeds.targets:
            faults.append(f"{folder}: no such target in fuzz/targets.bzl")
    for target, spec in seeds.targets.items():
        missing = [n for n in seeds.inputs[target] if not (corpus / target / n).is_file()]
        faults += [f"{corpus}/{target}/{n}: a seed that is not there (run ci/corpus)" for n in missing]
        if not seeds.inputs[target]:
            faults.append(f"{target}: captures and vectors give no seed")
        for f in sorted(p for p in (corpus / target).rglob("*") if p.is_file()):
            data = f.read_bytes()
            total, files = total + len(data), files + 1
            if f.name != hashlib.sha1(data).hexdigest():
                faults.append(f"{f}: its name is not the SHA-1 of its content")
            if len(data) > spec["max_len"]:
                faults.append(f"{f}: {len(data)} bytes, over the target's max_len of {spec['max_len']}")
    if total > LIMIT:
        faults.append(f"{corpus}: {total} bytes, over {LIMIT}")
    print(f"corpus: {files} inputs, {total} bytes, {sum(map(len, seeds.inputs.values()))} of them seeds")
    return faults


def main(arguments):
    checking = arguments[:1] == ["--check"]
    if len(arguments) != 2 + checking:
        raise SystemExit(__doc__)
    vectors, corpus = (pathlib.Path(a) for a in arguments[checking:])
    seeds = Seeds(TARGETS)
    from_captures(seeds, vectors / "captures")
    from_vectors(seeds, vectors)
    for target, inputs in seeds.inputs.items():
        left_out = f", {seeds.too_long[target]} left out: longer than max_len" if seeds.too_long[target] else ""
        print(f"{target}: {len(inputs)} seeds, {sum(map(len, inputs.values()))} bytes{left_out}")
        if not checking:
            (corpus / target).mkdir(parents=True, exist_ok=True)
            for name, data in inputs.items():
                (corpus / target / name).write_bytes(data)
    faults = check(seeds, corpus)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
