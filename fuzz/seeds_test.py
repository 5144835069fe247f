#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every captured message and every valid vector is in a seed of each target it belongs to, and seeds have the right form.

usage: seeds_test.py VECTORS SEEDS

SEEDS is what Bazel made. What belongs where is said here again, apart from the code that makes seeds: BELONGS for vectors, what()
for captures; a thing is present if its bytes lie in a seed one behind the other. Each fault that this looks for is planted, and
must be seen.
"""
import hashlib
import pathlib
import struct
import sys

import capture_messages
import seeds_vectors
from targets import TARGETS

# type of vector: [(target, fields that lie in one seed, in this order, with anything between)]
BELONGS = {
    "AesCmac128": [("cmac_diff", ["key", "msg"])],
    "AesGmac128": [("gmac_diff", ["key", "nonce", "msg"])],
    "Compound": [("compound", ["message"])],
    "CounterKdf": [("kdf_diff", ["key", "label", "context"])],
    "CounterKdfFixedInput": [("hmac_diff", ["key", "fixedInput"])],
    "DeriveKey": [],
    "HmacSha256": [("hmac_diff", ["key", "msg"])],
    "NegotiateAccept": [("negotiate_request", ["request"]), ("negotiate_response", ["response"]), ("negotiate_roundtrip", ["response"]), ("negotiate_accept", ["request", "response"])],
    "NegotiateRequest": [("negotiate_request", ["message"]), ("negotiate_roundtrip", ["message"]), ("negotiate_select", ["message"])],
    "NegotiateResponse": [("negotiate_response", ["message"]), ("negotiate_roundtrip", ["message"])],
    "NegotiateSelect": [("negotiate_select", ["message"]), ("negotiate_policy", ["message"])],
    "PreauthChain": [("preauth_diff", ["messages"])],
    "SessionBind": [],
    "SessionDerive": [],
    "Sha512": [("preauth_diff", ["msg"])],
    "Sha512Monte": [("preauth_diff", ["seed"])],
    "Sign": [("sign_verify", ["key", "message"])],
    "SignedSession": [("preauth_diff", ["connectionMessages"]), ("compound", ["message"])],
    "Verify": [("sign_verify", ["key", "message"])],
}


class Haystack:
    """The seeds of a target; finds those that hold some bytes without reading all of them for each question."""

    def __init__(self, seeds):
        self.seeds, self.whole, self.by_end = seeds, set(seeds), {}
        for s in seeds:
            self.by_end.setdefault(s[-16:], []).append(s)

    def holds(self, pieces):
        if len(pieces) == 1 and pieces[0] in self.whole:
            return True
        likely = self.by_end.get(pieces[-1][-16:], []) if len(pieces[-1]) >= 16 else []
        return any(_in_order(s, pieces) for s in likely) or any(_in_order(s, pieces) for s in self.seeds)


def _in_order(seed, pieces):
    at = 0
    for p in pieces:
        at = seed.find(p, at)
        if at < 0:
            return False
        at += len(p)
    return True


def of_vectors(vectors):
    """(what, target, pieces) of each valid vector."""
    for t in seeds_vectors.tests(vectors):
        if not t.valid:
            continue
        for target, fields in BELONGS[t.kind]:
            listed = [t.all(f) for f in fields if isinstance(t.fields[f], list)]
            alternatives = [[m] for m in listed[0]] if listed else [[t(f) for f in fields]]
            for pieces in alternatives:
                yield f"{t.kind} {t['tcId']}", target, pieces


def of_captures(vectors):
    """(what, target, pieces) of each message of each capture, and of the capture itself."""
    for pcap in sorted((vectors / "captures").glob("*.pcap")):
        yield pcap.name, "pcap", [pcap.read_bytes()]
    for number, (messages, _) in enumerate(capture_messages.load(vectors / "captures")):
        for i, message in enumerate(messages):
            name = f"capture {number}, message {i}"
            yield name, "compound", [message.data]
            for element in message.elements():
                yield name, "header", [element[:128]]
                yield name, "sign_verify", [element]
                if struct.unpack_from("<H", element, 12)[0] == 0:
                    response = struct.unpack_from("<I", element, 16)[0] & 1
                    yield name, "negotiate_response" if response else "negotiate_request", [element]
                    yield name, "negotiate_roundtrip", [element]


def read(folder):
    """{target: {name: bytes}}"""
    return {t: {p.name: p.read_bytes() for p in sorted((folder / t).iterdir())} if (folder / t).is_dir() else {} for t in TARGETS}


def faults(belonging, seeds):
    found = []
    haystacks = {t: Haystack(list(s.values())) for t, s in seeds.items()}
    found += [f"{target}: no seed holds {what}" for what, target, pieces in belonging if not haystacks[target].holds(pieces)]
    for target, spec in TARGETS.items():
        if not seeds[target]:
            found.append(f"{target}: no seeds")
        for name, data in seeds[target].items():
            if name != hashlib.sha1(data).hexdigest():
                found.append(f"{target}/{name}: its name is not the SHA-1 of its content")
            if len(data) > spec["max_len"]:
                found.append(f"{target}/{name}: {len(data)} bytes, over the target's max_len of {spec['max_len']}")
    return found


def without(seeds, target, *pieces):
    return {**seeds, target: {n: d for n, d in seeds[target].items() if not all(p in d for p in pieces)}}


def planted(vectors, seeds):
    """name: (seeds with the fault, what must be said)"""
    message = next(iter(capture_messages.load(vectors / "captures")))[0][0].data
    vector = next(t for t in seeds_vectors.tests(vectors) if t.valid and t.kind == "AesGmac128" and len(t("msg")) > 16)
    long = bytes(TARGETS["compound"]["max_len"] + 1)
    return {
        "a message is missing": (without(seeds, "compound", message), "compound: no seed holds capture"),
        "a vector is missing": (without(seeds, "gmac_diff", vector("key"), vector("msg")), "gmac_diff: no seed holds AesGmac128"),
        "a target has none": (without(seeds, "compound"), "compound: no seeds"),
        "a wrong name": ({**seeds, "compound": {**seeds["compound"], "wrong": b"x"}}, "not the SHA-1"),
        "a long seed": ({**seeds, "compound": {**seeds["compound"], hashlib.sha1(long).hexdigest(): long}}, "over the target's max_len"),
    }


def main(arguments):
    vectors, folder = map(pathlib.Path, arguments)
    seeds, sources = read(folder), [list(of_captures(vectors)), list(of_vectors(vectors))]
    wrong = [] if all(sources) else [f"{vectors}: no captures or no vectors"]
    belonging = sources[0] + sources[1]
    wrong += faults(belonging, seeds)
    faulty = planted(vectors, seeds)
    for name, (with_fault, said) in faulty.items():
        if not any(said in fault for fault in faults(belonging, with_fault)):
            wrong.append(f"planted and not seen: {name}")
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(belonging)} times a message or a vector belongs to a target, {len(faulty)} planted faults seen")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
