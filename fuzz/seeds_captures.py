# SPDX-License-Identifier: Apache-2.0
"""Seeds from vectors/captures: each capture whole, each of its SMB2 messages, each element of those, and the NEGOTIATE messages
of eleven clients in negotiate-messages.json."""
import json
import struct

import capture_messages
import seeds_calls
import seeds_forms as forms

NEGOTIATE, SESSION_SETUP = 0, 1
NO_KEY = (1, bytes(16))  # where nothing was signed, any key will do


def of_message(message, keys):
    """One message of a capture: keys are the signing keys of its sessions, (algorithm, key) by session id."""
    yield from forms.compound(message.data)
    for element in message.elements():
        (command,), (session,) = struct.unpack_from("<H", element, 12), struct.unpack_from("<Q", element, 40)
        if command == NEGOTIATE:
            yield from forms.negotiate(element)
        algorithm, key = keys.get(session) or next(iter(keys.values()), NO_KEY)
        yield from forms.signed(algorithm, key, element)


def of_capture(messages, keys):
    for message in messages:
        yield from of_message(message, keys)
    first = [m.data for m in messages if m.connection == 0 and struct.unpack_from("<H", m.data, 12)[0] in (NEGOTIATE, SESSION_SETUP)]
    yield from forms.chain(first)
    for request, response in zip(first, first[1:]):
        if request[12:14] == response[12:14] == b"\0\0" and not request[16] & 1 and response[16] & 1:
            yield from forms.answered(request, response)


def seeds(folder):
    """(target, input) of everything in the folder."""
    for pcap, key_text in capture_messages.files(folder):
        yield from forms.capture(pcap, key_text)
    for segments, port in capture_messages.headers(folder):
        yield from seeds_calls.tcp(segments, port)
    for messages, keys in capture_messages.load(folder):
        yield from of_capture(messages, keys)
    for peer in json.loads((folder / "negotiate-messages.json").read_text()).values():
        request, response = (bytes.fromhex(peer.get(f) or "") for f in ("negotiate_request_hex", "negotiate_response_hex"))
        if request and response:
            yield from forms.answered(request, response)
        elif request or response:
            yield from forms.negotiate(request or response)
