# SPDX-License-Identifier: Apache-2.0
"""Attempts on what is agreed: NEGOTIATE, its contexts altered on the way, VALIDATE_NEGOTIATE_INFO."""
import struct

import crypto
import smb2
from attempt import ACCESS_DENIED, Attempt, INVALID_PARAMETER, NOT_SUPPORTED, SUCCESS, USER, ask, ready, status
from raw_client import IOCTL, RawClient, ids_context, preauth_context
from smb2 import CMAC

FSCTL_VALIDATE_NEGOTIATE_INFO = 0x00140204


def negotiated_twice(port):
    client = ready(port)
    return ask(client, client.negotiate_request())


def signed_negotiate(port):
    client = RawClient(port)
    element = client.negotiate_request()
    return ask(client, element[:16] + struct.pack("<I", 8) + element[20:])


def altered_on_the_way(port, **sent):
    """What the server hashes is not what the client has sent: their keys differ, so the client's requests are denied."""
    client = RawClient(port)
    meant = client.negotiate_request()
    client.message_id = 0
    response = client.ask(client.negotiate_request(**sent))
    client.preauth = crypto.chained(crypto.chained(bytes(64), meant), response)
    client.negotiated = smb2.negotiated(meant, response)
    final = client.login(*USER)
    if client.verifies(final):
        return "the final answer verifies"
    return ask(client, client.signed(client.tree_connect_element()))


def signing_context_stripped(port):
    return altered_on_the_way(port, signing=None)


def signing_list_shortened(port):
    return altered_on_the_way(port, signing=(0,))


def cipher_context_stripped(port):
    return altered_on_the_way(port, ciphers=None)


def mode_altered(port):
    return altered_on_the_way(port, mode=0)


def no_contexts(port):
    client = RawClient(port)
    return status(client.ask(client.negotiate_request(contexts=[])))


def no_preauth(port):
    client = RawClient(port)
    return status(client.ask(client.negotiate_request(contexts=[ids_context(8, (2, 1, 0))])))


def two_preauths(port):
    client = RawClient(port)
    return status(client.ask(client.negotiate_request(contexts=[preauth_context(), preauth_context()])))


def unknown_algorithm(port):
    """An id that nobody knows must fall back to AES-CMAC, and not be chosen."""
    client = ready(port, signing=(9,))
    return client.negotiated.signing


def old_dialect(port):
    client = RawClient(port)
    return status(client.ask(client.negotiate_request(dialects=("2.0.2", "2.1"))))


def validated(port, alter):
    client = ready(port, dialects=("2.1", "3.0", "3.0.2"))
    dialects = [0x0210, 0x0300, 0x0302]
    capabilities, guid, mode, dialects = alter(0x7F, client.guid, 1, dialects)
    data = struct.pack("<I16sHH", capabilities, guid, mode, len(dialects)) + struct.pack("<%dH" % len(dialects), *dialects)
    body = struct.pack("<HHI16sIIIIIIII", 57, 0, FSCTL_VALIDATE_NEGOTIATE_INFO, b"\xff" * 16, 120, len(data), 0, 0, 0, 24, 1, 0) + data
    return ask(client, client.signed(client.element(IOCTL, body)))


def validate_right(port):
    return validated(port, lambda c, g, m, d: (c, g, m, d))


def validate_dialects(port):
    return validated(port, lambda c, g, m, d: (c, g, m, d + [0x0311]))


def validate_capabilities(port):
    return validated(port, lambda c, g, m, d: (c ^ 0x40, g, m, d))


def validate_guid(port):
    return validated(port, lambda c, g, m, d: (c, bytes(16), m, d))


def validate_mode(port):
    return validated(port, lambda c, g, m, d: (c, g, 3, d))



ATTEMPTS = [
    Attempt("NEGOTIATE a second time", negotiated_twice, "closed"),
    Attempt("NEGOTIATE with the SIGNED flag", signed_negotiate, INVALID_PARAMETER),
    Attempt("the SIGNING context taken out on the way", signing_context_stripped, ACCESS_DENIED),
    Attempt("the SIGNING context shortened to HMAC on the way", signing_list_shortened, ACCESS_DENIED),
    Attempt("the ENCRYPTION context taken out on the way", cipher_context_stripped, ACCESS_DENIED),
    Attempt("SecurityMode altered on the way", mode_altered, ACCESS_DENIED),
    Attempt("3.1.1 without contexts", no_contexts, INVALID_PARAMETER),
    Attempt("3.1.1 without PREAUTH_INTEGRITY", no_preauth, INVALID_PARAMETER),
    Attempt("3.1.1 with two PREAUTH_INTEGRITY", two_preauths, INVALID_PARAMETER),
    Attempt("a signing algorithm that nobody knows", unknown_algorithm, CMAC),
    Attempt("2.x where 3.1.1 is the least", old_dialect, NOT_SUPPORTED, ("--dialects", "3.1.1-3.1.1")),
    Attempt("VALIDATE_NEGOTIATE_INFO as it was", validate_right, SUCCESS),
    Attempt("VALIDATE_NEGOTIATE_INFO, a dialect more", validate_dialects, "closed"),
    Attempt("VALIDATE_NEGOTIATE_INFO, other capabilities", validate_capabilities, "closed"),
    Attempt("VALIDATE_NEGOTIATE_INFO, another client", validate_guid, "closed"),
    Attempt("VALIDATE_NEGOTIATE_INFO, another SecurityMode", validate_mode, "closed"),
]
