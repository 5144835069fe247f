# SPDX-License-Identifier: Apache-2.0
"""Attempts on sessions: somebody else's, another authentication, binding, guests, nobody."""
import struct

import smb2
from attempt import ACCESS_DENIED, Attempt, ECHO_BODY, INVALID_PARAMETER, SECOND_USER, SUCCESS, USER, USER_SESSION_DELETED, ask, ready, status, still_served
from raw_client import RawClient
from smb2 import GMAC

LOGON_FAILURE = 0xC000006D


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


def binding_as_another_user(port):
    owner, other = ready(port), RawClient(port)
    other.negotiate()
    other.session_id = owner.session_id
    answer = other.login(*SECOND_USER, flags=1, sign=owner.signed)
    return status(answer) if still_served(owner) else "the owner's session is gone"


def bindings_of_ended_sessions(port):
    """Authentications in flight are few; those of sessions that have ended meanwhile are none."""
    other = RawClient(port)
    other.negotiate()
    for _ in range(8):
        owner = ready(port)
        leg = other.setup_element(other.first_token(), flags=1, session_id=owner.session_id)
        if ask(other, owner.signed(leg)) != smb2.MORE_PROCESSING_REQUIRED:
            return "a binding did not begin"
        owner.close()
        still_served(ready(port))  # the server has seen the end
    return status(other.login(*USER))


def failed_reauthentication(port):
    """Whoever does not authenticate again has no session any more."""
    client = ready(port)
    if status(client.login(USER[0], "wrong", sign=client.signed)) != LOGON_FAILURE:
        return "a wrong password was taken"
    return ask(client, client.signed(client.tree_connect_element()))


def reauthentication_as_nobody(port):
    client = ready(port)
    final = client.login("", "", sign=client.signed)
    return ask(client, client.signed(client.tree_connect_element())) if status(final) == SUCCESS else "not let in: %08x" % status(final)


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


def response_of(lm, nt, user):
    """AUTHENTICATE with responses of so many bytes, and whether the server is there afterwards."""
    def run(port):
        def alter(third):
            third["lanman"], third["ntlm"], third["session_key"] = bytes(lm), bytes(nt), b""
        client = RawClient(port)
        client.negotiate()
        answer = status(client.login(user, "wrong", alter=alter))
        return answer if still_served(ready(port)) else "nobody is served"
    return run


def without_key(port):
    """AUTHENTICATE, right but for an EncryptedRandomSessionKey of no bytes."""
    def alter(third):
        third["session_key"] = b""
    client = RawClient(port)
    client.negotiate()
    answer = status(client.login(*USER, alter=alter))
    return answer if still_served(ready(port)) else "nobody is served"


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


ATTEMPTS = [
    Attempt("a request in the session of another connection", foreign_session, USER_SESSION_DELETED),
    Attempt("another authentication, not signed", unsigned_reauthentication, ACCESS_DENIED),
    Attempt("a LOGOFF that is not signed", unsigned_logoff, ACCESS_DENIED),
    Attempt("PreviousSessionId names another user's session", previous_session_of_another, "the owner's session goes on"),
    Attempt("binding, not signed", unsigned_binding, INVALID_PARAMETER),
    Attempt("binding, signed with another key", binding_with_another_key, ACCESS_DENIED),
    Attempt("binding an AES-GMAC session to an AES-CMAC connection", binding_with_another_algorithm, 0xC000042A),
    Attempt("binding as another user", binding_as_another_user, ACCESS_DENIED),
    Attempt("eight bindings to sessions that end; then a login", bindings_of_ended_sessions, SUCCESS),
    Attempt("another authentication, failed; then a signed request", failed_reauthentication, USER_SESSION_DELETED),
    Attempt("another authentication as nobody; then the share", reauthentication_as_nobody, ACCESS_DENIED),
    Attempt("a wrong password", wrong_password, LOGON_FAILURE),
    *(Attempt("an LM response of %d bytes, an NT response of %d, of %s" % (lm, nt, who), response_of(lm, nt, user), LOGON_FAILURE)
      for lm, nt in ((0, 24), (24, 24), (1, 60), (24, 43), (24, 44)) for user, who in (("nobody-known", "nobody"), (USER[0], "a user"))),
    Attempt("a session key of no bytes, of a user", without_key, LOGON_FAILURE),
    Attempt("a wrong password where guests are let in: the share", guest, ACCESS_DENIED, ("--guests",)),
    Attempt("anonymous: the share", anonymous, ACCESS_DENIED),
    Attempt("a request before authentication is complete", before_authentication, USER_SESSION_DELETED),
]
