# SPDX-License-Identifier: Apache-2.0
"""Inputs for header, context_*, negotiate_accept and negotiate_policy, as (target, input), of the messages that seeds_forms.py is
given. What an input looks like says each target's file."""
import hashlib
import struct

CONTEXTS = {1: "preauth", 2: "encryption", 3: "compression", 5: "netname", 6: "transport", 7: "rdma", 8: "signing", 0x100: "posix"}
ARRANGEMENTS = 10


def contexts(message):
    """(type, Data) of each context of a NEGOTIATE message, as far as they can be read."""
    response = len(message) > 16 and message[16] & 1
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


def header(element):
    """The header and 64 bytes of what is behind it: more the target does not look at."""
    yield "header", element[:128]


def negotiate(message):
    for kind, data in contexts(message):
        if kind in CONTEXTS:
            where = hashlib.sha1(data).digest()
            yield "context_" + CONTEXTS[kind], bytes([(where[0] & 0x86) | (message[16] & 1), where[1] % ARRANGEMENTS]) + data


def pair(request, response):
    """An answer with the request that it is for, or should be."""
    if len(request) < 512:
        yield "negotiate_accept", struct.pack("<H", len(request)) + request + response


def policy(fields, request):
    """A request under a policy, with what negotiate_policy.c varies taken from the request."""
    yield "negotiate_policy", fields + hashlib.sha1(request).digest()[1:5] + request
