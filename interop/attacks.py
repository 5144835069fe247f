# SPDX-License-Identifier: Apache-2.0
"""Attempts to have the reference server accept what is not signed, or signed by somebody else, or agreed on by nobody; and the answer each gets.

An attempt is a function of a client that is ready (negotiated, logged in, connected to the share), or of a fresh one. It returns what it saw: an
NTSTATUS, "closed", or a sentence. What stands beside it is what must be seen."""
import dataclasses
import struct


import crypto
import smb2
from raw_client import IOCTL, Closed, RawClient, ids_context, preauth_context
from smb2 import CMAC, GMAC

INVALID_PARAMETER, ACCESS_DENIED, NOT_SUPPORTED = 0xC000000D, 0xC0000022, 0xC00000BB
USER_SESSION_DELETED, SUCCESS = 0xC0000203, 0
USER, SECOND_USER = ("games", "Passw0rd1"), ("news", "Passw0rd2")
ECHO_BODY = struct.pack("<HH", 4, 0)
FSCTL_VALIDATE_NEGOTIATE_INFO = 0x00140204


@dataclasses.dataclass
class Attempt:
    name: str
    run: object
    expected: object
    arguments: tuple = ()  # of the server


def status(response):
    return smb2.header(response).status


def ask(client, element):
    try:
        return status(client.ask(element))
    except Closed:
        return "closed"


def ready(port, **more):
    return RawClient(port).ready(*USER, **more)


def still_served(client):
    """The client's own session goes on: a rightly signed request is answered, and rightly signed."""
    response = client.ask(client.signed(client.tree_connect_element()))
    return status(response) == SUCCESS and client.verifies(response)


# ---- signatures ----

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


# ---- sessions ----

def foreign_session(port):
    owner, thief = ready(port), ready(port)
    answer = ask(thief, thief.signed(thief.tree_connect_element(session_id=owner.session_id)))
    return answer if still_served(owner) else "the owner's session is gone"


def unsigned_reauthentication(port):
    client = ready(port)
    return ask(client, client.setup_element(b"\x60\x00"))


def unsigned_logoff(port):
    client = ready(port)
    answer = ask(client, client.element(2, ECHO_BODY))
    return answer if still_served(client) else "logged off"


def previous_session_of_another(port):
    """PreviousSessionId ends a session of the same user only."""
    owner, thief = ready(port), RawClient(port)
    thief.negotiate()
    thief.login(*SECOND_USER, previous=owner.session_id)
    return "the owner's session goes on" if still_served(owner) else "the owner's session is gone"


def unsigned_binding(port):
    owner, other = ready(port), RawClient(port)
    other.negotiate()
    answer = ask(other, other.setup_element(b"\x60\x00", flags=1, session_id=owner.session_id))
    return answer if still_served(owner) else "the owner's session is gone"


def binding_with_another_key(port):
    owner, other = ready(port), RawClient(port)
    other.negotiate()
    element = other.setup_element(b"\x60\x00", flags=1, session_id=owner.session_id)
    answer = ask(other, other.signed(element, key=bytes(16)))
    return answer if still_served(owner) else "the owner's session is gone"


def binding_with_another_algorithm(port):
    owner, other = ready(port), RawClient(port)
    other.negotiate(signing=(1,))
    element = other.setup_element(b"\x60\x00", flags=1, session_id=owner.session_id)
    return ask(other, other.signed(element, key=owner.key, algorithm=GMAC))


def guest(port):
    client = RawClient(port)
    client.negotiate()
    response = client.login(USER[0], "wrong")
    flags = struct.unpack("<H", response[66:68])[0]
    client.session_id = smb2.header(response).session_id
    return ask(client, client.tree_connect_element()) if status(response) == SUCCESS and flags & 1 else "not a guest: %08x" % status(response)


def anonymous(port):
    client = RawClient(port)
    client.negotiate()
    final = client.login("", "")
    return ask(client, client.tree_connect_element()) if status(final) == SUCCESS else "not let in: %08x" % status(final)


def wrong_password(port):
    client = RawClient(port)
    client.negotiate()
    return status(client.login(USER[0], "wrong"))


def before_authentication(port):
    """Between two legs of SESSION_SETUP there is no session yet."""
    client = RawClient(port)
    client.negotiate()
    client.login(USER[0], "wrong")
    return ask(client, client.tree_connect_element())


# ---- negotiation ----

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


# ---- encryption ----

def plain_where_encrypted(port):
    client = RawClient(port)
    client.negotiate()
    client.login(*USER)
    return ask(client, client.signed(client.tree_connect_element()))


def transform_of_nobody(port):
    client = ready(port)
    inner = client.tree_connect_element()
    return ask(client, struct.pack("<4s16s16sIHHQ", b"\xfdSMB", bytes(16), bytes(16), len(inner), 0, 1, client.session_id) + inner)


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
    Attempt("a signed request once more, with a new MessageId", replayed_with_new_id, ACCESS_DENIED),
    Attempt("not signed, 0x103 in the Status field", as_if_interim, ACCESS_DENIED),
    Attempt("not signed, related to a signed element", in_compound, ACCESS_DENIED),
    Attempt("a CANCEL that is not signed", unsigned_cancel, "the session goes on"),
    Attempt("a request in the session of another connection", foreign_session, USER_SESSION_DELETED),
    Attempt("another authentication, not signed", unsigned_reauthentication, ACCESS_DENIED),
    Attempt("a LOGOFF that is not signed", unsigned_logoff, ACCESS_DENIED),
    Attempt("PreviousSessionId names another user's session", previous_session_of_another, "the owner's session goes on"),
    Attempt("binding, not signed", unsigned_binding, INVALID_PARAMETER),
    Attempt("binding, signed with another key", binding_with_another_key, ACCESS_DENIED),
    Attempt("binding an AES-GMAC session to an AES-CMAC connection", binding_with_another_algorithm, 0xC000042A),
    Attempt("a wrong password", wrong_password, 0xC000006D),
    Attempt("a wrong password where guests are let in: the share", guest, ACCESS_DENIED, ("--guests",)),
    Attempt("anonymous: the share", anonymous, ACCESS_DENIED),
    Attempt("a request before authentication is complete", before_authentication, USER_SESSION_DELETED),
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
    Attempt("signed, not encrypted, where encryption is required", plain_where_encrypted, ACCESS_DENIED, ("--encryption", "required")),
    Attempt("encrypted, the tag is wrong", transform_of_nobody, "closed"),
]
