# SPDX-License-Identifier: Apache-2.0
"""The seeds of header, context_*, negotiate_accept and negotiate_policy, from the messages that seeds.py finds in captures and
vectors. What an input looks like says each target's file."""
import hashlib
import struct

CONTEXTS = {1: "preauth", 2: "encryption", 3: "compression", 5: "netname", 6: "transport", 7: "rdma", 8: "signing", 0x100: "posix"}
ARRANGEMENTS = 10


def contexts(message):
    """(type, Data) of each context of a NEGOTIATE message, as far as they can be read."""
    response = message[16] & 1
    if len(message) < (128 if response else 100):
        return
    at, = struct.unpack_from("<I", message, 124 if response else 92)
    count, = struct.unpack_from("<H", message, 70 if response else 96)
    for _ in range(count):
        at += -at % 8
        if at + 8 > len(message):
            return
        kind, length = struct.unpack_from("<HH", message, at)
        yield kind, message[at + 8:at + 8 + length]
        at += 8 + length


def header(seeds, element):
    """The first header of each kind, and 64 bytes of what is behind it."""
    if seeds.first_of("header", element[12:14], element[16:20], element[8:12] if element[16:17] < b"\2" else b"", len(element) < 64):
        seeds.add("header", element[:128])


def negotiate(seeds, message):
    header(seeds, message)
    for kind, data in contexts(message):
        if kind in CONTEXTS:
            where = hashlib.sha1(data).digest()
            seeds.add("context_" + CONTEXTS[kind], bytes([(where[0] & 0x86) | (message[16] & 1), where[1] % ARRANGEMENTS]) + data)


def pair(seeds, request, response):
    """An answer with the request that it is for, or should be."""
    if len(request) < 512:
        seeds.add("negotiate_accept", struct.pack("<H", len(request)) + request + response)


def policy(seeds, fields, request):
    """A request under a policy, with what negotiate_policy.c varies taken from the request."""
    seeds.add("negotiate_policy", fields + hashlib.sha1(request).digest()[1:5] + request)
