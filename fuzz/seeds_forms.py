# SPDX-License-Identifier: Apache-2.0
"""Inputs in the form that each target takes: what an input looks like says the head of the target's own file.

A function here turns one thing of the protocol (a message, a key with what it signs, a policy) into (target, input) pairs, one for
each target that it belongs to. seeds_captures.py and seeds_vectors.py call them; a new target adds its line where its things are.
"""
import hashlib
import struct

import seeds_calls
import seeds_wire

ALGORITHMS = {"HMAC-SHA256": 0, "AES-CMAC": 1, "AES-GMAC": 2}
CIPHERS = {"AES-128-CCM": 0, "AES-128-GCM": 1, "AES-256-CCM": 2, "AES-256-GCM": 3}  # the id, less one
DIALECTS = ["0202", "0210", "0300", "0302", "0311"]


def u16(*values):
    return struct.pack("<%dH" % len(values), *values)


def thirds(length):
    """Three cuts of a message of this length, the last one taken by what is left."""
    return u16(length // 3, length // 3, 0)


def number_of(data):
    """A number that depends on the bytes alone: where any value will do, so that seeds differ there."""
    return int.from_bytes(hashlib.sha1(data).digest()[:4], "little")


def policy(dialect_min="0202", dialect_max="0311", signing=("AES-GMAC", "AES-CMAC", "HMAC-SHA256"),
           ciphers=("AES-128-GCM", "AES-128-CCM", "AES-256-GCM", "AES-256-CCM"), encryption=True, peer_order=False,
           refuse_fallback=False, compression=False, transport=False, rdma_transforms=False):
    """A csign_negotiate_policy as negotiate_select reads it: 11 bytes."""
    flags = (peer_order, refuse_fallback, compression, transport, rdma_transforms, encryption)
    return bytes([DIALECTS.index(dialect_min) | DIALECTS.index(dialect_max) << 4, len(signing),
                  *(ALGORITHMS[s] for s in signing), *[0] * (3 - len(signing)), len(ciphers),
                  *(CIPHERS[c] for c in ciphers), *[0] * (4 - len(ciphers)), sum(f << i for i, f in enumerate(flags))])


# The default, and five that differ from it in much; the last is one that no policy may be.
POLICIES = [
    policy(),
    policy(signing=["AES-GMAC"], ciphers=["AES-128-GCM"], refuse_fallback=True),
    policy(signing=["AES-CMAC", "HMAC-SHA256"], ciphers=["AES-128-CCM", "AES-128-GCM"], peer_order=True),
    policy(dialect_max="0300"),
    policy(dialect_min="0300", compression=True, transport=True, rdma_transforms=True),
    bytes.fromhex("0f0f0f0f0f0f0f0f0f0f20"),
]


def negotiate(message, its_policy=None):
    """A NEGOTIATE message, from its SMB2 header on; a request is answered by the policy given, or by one of POLICIES."""
    response = len(message) > 16 and message[16] & 1
    yield "negotiate_response" if response else "negotiate_request", message
    yield "negotiate_roundtrip", message
    yield from seeds_wire.header(message)
    yield from seeds_wire.negotiate(message)
    if not response:
        p = its_policy or POLICIES[number_of(message) % len(POLICIES)]
        yield "negotiate_select", p + bytes([number_of(message) >> 8 & 63]) + message
        yield from seeds_wire.policy(p, message)


def answered(request, response):
    """A NEGOTIATE request and its answer."""
    yield from negotiate(request)
    yield from negotiate(response)
    yield from seeds_wire.pair(request, response)


def signed(algorithm, key, element):
    """One element of a compound, or a message, with a key; the bit that is turned and the cuts depend on it."""
    yield from seeds_wire.header(element)
    yield from seeds_calls.signed(algorithm, key, element)
    bit = struct.pack("<I", number_of(element))
    yield "sign_verify", bytes([algorithm]) + key + bit + u16(len(element) // 3, len(element) // 4) + element


def compound(message):
    """A message as the transport carried it, of one element or more."""
    yield "compound", message


def chain(messages):
    """What a preauthentication chain hashes: four messages an input."""
    for at in range(0, len(messages), 4):
        some = messages[at:at + 4]
        lengths = [len(m) for m in some[:-1]] + [0, 0, 0]
        yield "preauth_diff", bytes([len(some) - 1]) + u16(*lengths[:3]) + thirds(len(some[0])) + b"".join(some)


def hmac(key, message):
    yield "hmac_diff", u16(len(key)) + thirds(len(message)) + key + message


def capture(pcap, key_text):
    """A whole capture with the text of its key file, which makes key files in each format; a small one also without, for its passwords:
    more would slow AFL++ down."""
    pairs = [line.split() for line in key_text.decode().splitlines()]
    yield "keyfile", key_text
    yield "keyfile", "".join("%s,%s,,\n" % (bytes.fromhex(i)[::-1].hex(), k) for i, k in pairs).encode()
    yield "keyfile", "".join(seeds_calls.samba_log(i, k) for i, k in pairs).encode()
    yield "pcap", u16(len(key_text)) + key_text + pcap
    if len(pcap) < 10000:
        yield "pcap", u16(0) + pcap
