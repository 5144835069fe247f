# SPDX-License-Identifier: Apache-2.0
"""Attempts on encryption: absent, forged, of another session or connection."""
import crypto
from attempt import ACCESS_DENIED, Attempt, SECOND_USER, USER, ask, ready, status
from raw_client import Closed, RawClient

REQUIRED = ("--encryption", "required")


def key_of(client, purpose):
    return crypto.derived(client.session_key, purpose, client.negotiated.dialect, client.session_preauth)


def sealed(client, element):
    return crypto.encrypted(key_of(client, "client-to-server"), element, client.session_id)


def plain_where_encrypted(port):
    client = RawClient(port)
    client.negotiate()
    client.login(*USER)
    return ask(client, client.signed(client.tree_connect_element()))


def no_cipher_where_encrypted(port):
    client = RawClient(port)
    client.negotiate(ciphers=None)
    return status(client.login(*USER))


def old_dialect_where_encrypted(port):
    client = RawClient(port)
    client.negotiate(dialects=("2.1",))
    return status(client.login(*USER))


def wrong_tag(port):
    client = ready(port)
    message = bytearray(sealed(client, client.tree_connect_element()))
    message[4] ^= 1
    return ask(client, bytes(message))


def of_another_connection(port):
    """The session's own key, on a connection that is not bound to it."""
    owner, thief = ready(port), RawClient(port)
    thief.negotiate()
    return ask(thief, sealed(owner, thief.tree_connect_element(session_id=owner.session_id)))


def for_another_session(port):
    """Encrypted by one session of the connection, and inside is a request of the other."""
    client = ready(port)
    identity, sends, receives = client.session_id, key_of(client, "client-to-server"), key_of(client, "server-to-client")
    client.session_id = 0
    client.login(*SECOND_USER)
    try:
        response = client.ask(crypto.encrypted(sends, client.tree_connect_element(), identity))
    except Closed:
        return "closed"
    return status(crypto.decrypted(client.negotiated.cipher, receives, response))


ATTEMPTS = [
    Attempt("signed, not encrypted, where encryption is required", plain_where_encrypted, ACCESS_DENIED, REQUIRED),
    Attempt("no cipher, where encryption is required", no_cipher_where_encrypted, ACCESS_DENIED, REQUIRED),
    Attempt("2.1, where encryption is required", old_dialect_where_encrypted, ACCESS_DENIED, REQUIRED),
    Attempt("encrypted, the tag is wrong", wrong_tag, "closed"),
    Attempt("encrypted with the key of a session of another connection", of_another_connection, "closed"),
    Attempt("encrypted for one session, inside is another's request", for_another_session, ACCESS_DENIED),
]
