# SPDX-License-Identifier: Apache-2.0
"""Attempts on signatures: absent, altered, replayed, of another key or algorithm."""
import struct

import crypto
from attempt import ACCESS_DENIED, Attempt, ECHO_BODY, ask, ready, status, still_served
from smb2 import CMAC


def unsigned(port):
    client = ready(port)
    return ask(client, client.tree_connect_element())


def altered_body(port):
    client = ready(port)
    element = bytearray(client.signed(client.tree_connect_element()))
    element[-1] ^= 1
    return ask(client, bytes(element))


def altered_credits(port):
    client = ready(port)
    element = bytearray(client.signed(client.tree_connect_element()))
    element[14] ^= 1
    return ask(client, bytes(element))


def zero_signature(port):
    client = ready(port)
    element = client.signed(client.tree_connect_element())
    return ask(client, element[:48] + bytes(16) + element[64:])


def truncated_tag(port):
    client = ready(port)
    element = client.signed(client.tree_connect_element())
    return ask(client, element[:56] + bytes(8) + element[64:])


def other_algorithm(port):
    client = ready(port)
    return ask(client, client.signed(client.tree_connect_element(), algorithm=CMAC))


def session_key_itself(port):
    client = ready(port)
    return ask(client, client.signed(client.tree_connect_element(), key=client.session_key))


def key_of_30(port):
    client = ready(port)
    return ask(client, client.signed(client.tree_connect_element(), key=crypto.derived(client.session_key, "signing", "3.0", None)))


def replayed(port):
    client = ready(port)
    element = client.signed(client.tree_connect_element())
    client.ask(element)
    return ask(client, element)


def replayed_in_window(port):
    """A MessageId before it is left out, so that the one that is used lies in the window, and not below it."""
    client = ready(port)
    client.message_id += 1
    element = client.signed(client.tree_connect_element())
    client.ask(element)
    return ask(client, element)


def replayed_with_new_id(port):
    client = ready(port)
    element = client.signed(client.tree_connect_element())
    client.ask(element)
    later, client.message_id = client.message_id, client.message_id + 1
    return ask(client, element[:24] + struct.pack("<Q", later) + element[32:])


def as_if_interim(port):
    """Bytes 8..11 of a request are ChannelSequence: 0x103 there makes nothing an interim response."""
    client = ready(port)
    element = client.tree_connect_element()
    return ask(client, element[:8] + struct.pack("<I", 0x103) + element[12:])


def in_compound(port):
    """The first element is signed, the second, related to it, is not."""
    client = ready(port)
    first = client.element(13, ECHO_BODY)
    first += bytes(-len(first) % 8)
    first = client.signed(first[:20] + struct.pack("<I", len(first)) + first[24:])
    second = client.tree_connect_element()
    second = second[:16] + struct.pack("<I", 4) + second[20:]
    response = client.ask(first + second)
    return status(response[struct.unpack("<I", response[20:24])[0]:])


def unsigned_cancel(port):
    """A CANCEL that is not signed must not cancel; it has no answer, so what is looked at is the session."""
    client = ready(port)
    client.send(client.element(12, ECHO_BODY, message_id=client.message_id - 1))
    return "the session goes on" if still_served(client) else "the session is gone"


ATTEMPTS = [
    Attempt("a request that is not signed", unsigned, ACCESS_DENIED),
    Attempt("a signed request, one bit of its body altered", altered_body, ACCESS_DENIED),
    Attempt("a signed request, CreditRequest altered", altered_credits, ACCESS_DENIED),
    Attempt("SIGNED, and a signature of zeros", zero_signature, ACCESS_DENIED),
    Attempt("half of the signature, the rest zeros", truncated_tag, ACCESS_DENIED),
    Attempt("signed with an algorithm that was not negotiated", other_algorithm, ACCESS_DENIED),
    Attempt("signed with the session key instead of the derived one", session_key_itself, ACCESS_DENIED),
    Attempt("signed with the key that 3.0 would derive", key_of_30, ACCESS_DENIED),
    Attempt("a signed request once more", replayed, "closed"),
    Attempt("a signed request once more, a MessageId before it not used", replayed_in_window, "closed"),
    Attempt("a signed request once more, with a new MessageId", replayed_with_new_id, ACCESS_DENIED),
    Attempt("not signed, 0x103 in the Status field", as_if_interim, ACCESS_DENIED),
    Attempt("not signed, related to a signed element", in_compound, ACCESS_DENIED),
    Attempt("a CANCEL that is not signed", unsigned_cancel, "the session goes on"),
]
