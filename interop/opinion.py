# SPDX-License-Identifier: Apache-2.0
"""A second opinion on every message of a capture: the verdicts of `countersign pcap`, reached by other code with Samba's logged keys.

Never imports or runs the tool. What both read of the protocol was read twice: MS-SMB2 3.1.4.1, 3.1.5.1, 3.2.5.3, 3.3.5.5.
"""
import collections

import crypto
import ntlm
import smb2
from smb2 import header

# verdict as the tool says it; algorithm and key ("session", "channel") where a signature is right; cipher of what came encrypted and
# was opened. command, message_id and status of what stays encrypted are None.
Entry = collections.namedtuple("Entry", "frame element side command message_id session_id status verdict algorithm key cipher")
Channel = collections.namedtuple("Channel", "key algorithm kind")


class Session:
    """A session that was established: what it was made from and the keys that were found for it."""

    def __init__(self, negotiated, setup, logged, flags):
        self.negotiated, self.preauth, self.forgetful, self.logged, self.flags = negotiated, setup.preauth, setup.forgetful, logged, flags
        self.session_key = logged.get("session") or setup.key
        signing = logged.get("signing")
        if signing is None and self.session_key:
            signing = crypto.derived(self.session_key, "signing", negotiated.dialect, setup.preauth)
        self.channel = Channel(signing, negotiated.signing, "session") if signing else None


class Setup:
    """A SESSION_SETUP exchange in flight, with its own fork of the connection's hash, and the hash of one who forgot NEGOTIATE."""

    def __init__(self, kind, preauth):
        self.kind, self.preauth, self.forgetful, self.key = kind, preauth, bytes(64), None

    def chain(self, element):
        self.preauth, self.forgetful = crypto.chained(self.preauth, element), crypto.chained(self.forgetful, element)


class Connection:
    def __init__(self):
        self.request, self.negotiated, self.preauth = None, None, bytes(64)
        self.setups, self.by_session = {}, {}  # by message id; by session id, between two legs
        self.channels, self.sent = {}, {}


class Opinion:
    """Feed it the messages of a capture in order; then `entries` and `sessions` ({id: Session}) are there to compare."""

    def __init__(self, logged, passwords):
        self.logged, self.passwords = logged, passwords
        self.connections, self.sessions, self.entries = {}, {}, []
        self.smb1 = 0
        self.bound_keys = []  # (session id, session key of the binding authentication)
        self.mistakes = {}  # (frame, element) of what is bad: the mistakes that make it, as the tool names them

    def take(self, message):
        connection = self.connections.setdefault(message.connection, Connection())
        kind = message.data[:4]
        if kind == b"\xfeSMB":
            self.compound(connection, message, message.data, None)
        elif kind == b"\xfdSMB":
            self.transform(connection, message)
        elif kind == b"\xffSMB":
            self.smb1 += 1
        else:
            raise ValueError("frame %d: a message that begins with %s" % (message.frame, kind.hex()))

    def transform(self, connection, message):
        identity = int.from_bytes(message.data[44:52], "little")
        session = self.sessions.get(identity)
        name = "client-to-server" if message.side == "client" else "server-to-client"
        plain, verdict = None, "encrypted"
        if session and session.session_key and session.negotiated.cipher:
            key = session.logged.get(name) or crypto.derived(
                session.session_key, name, session.negotiated.dialect, session.preauth,
                32 if "256" in session.negotiated.cipher else 16)
            plain, verdict = crypto.decrypted(session.negotiated.cipher, key, message.data), "bad"
        if plain is None:
            self.entries.append(Entry(message.frame, 0, message.side, None, None, identity, None, verdict, None, None, None))
        else:
            self.compound(connection, message, plain, session.negotiated.cipher)

    def compound(self, connection, message, data, cipher):
        session_id = 0
        for index, element in smb2.elements(data):
            h = header(element)
            if not (index and h.related):
                session_id = h.session_id
            channel = self.observe(connection, h, session_id, element)
            verdict, algorithm, key = self.judge(connection, h, session_id, element, channel)
            if verdict == "bad":
                self.mistakes[message.frame, index] = self.explain(self.sessions.get(session_id), h, element)
            if cipher and verdict not in ("verified", "bad"):
                verdict = "decrypted"  # the AEAD has authenticated it
            if not h.response:
                connection.sent.setdefault(h.message_id, set()).add(h.signature)
            self.entries.append(Entry(message.frame, index, "server" if h.response else "client", h.command, h.message_id, session_id,
                                      h.status, verdict, algorithm, key, cipher))

    # ---- keys ----

    def observe(self, connection, h, session_id, element):
        """Follows NEGOTIATE and SESSION_SETUP; the channel that signs this element, or None."""
        if h.command == smb2.NEGOTIATE:
            if not h.response:
                connection.request = element
            elif h.status:  # refused: what is settled stays
                connection.request = None
            else:
                connection.negotiated = smb2.negotiated(connection.request, element)
                if connection.request is not None:
                    connection.preauth = crypto.chained(crypto.chained(connection.preauth, connection.request), element)
                connection.request = None
                if connection.negotiated is None:  # answer to an SMB1 negotiate
                    connection.preauth = bytes(64)
        elif h.command == smb2.SESSION_SETUP and not h.response:
            self.setup_request(connection, h, session_id, element)
        elif h.command == smb2.SESSION_SETUP:
            self.setup_response(connection, h, session_id, element)
        if session_id in connection.channels:
            return connection.channels[session_id]
        session = self.sessions.get(session_id)
        return session and session.channel

    def setup_request(self, connection, h, session_id, element):
        setup = connection.by_session.pop(session_id, None) if session_id else None
        if setup is None:
            if session_id in connection.channels:
                kind = "again"
            else:
                kind = "bind" if element[66] & 1 else "new"
            setup = Setup(kind, connection.preauth)
        setup.chain(element)
        setup.key = ntlm.session_key(smb2.security_buffer(element), self.passwords) or setup.key
        connection.setups[h.message_id] = setup

    def setup_response(self, connection, h, session_id, element):
        if h.status == smb2.PENDING:
            return
        setup = connection.setups.pop(h.message_id, None)
        if setup is None:
            return
        if h.status == smb2.MORE_PROCESSING_REQUIRED:
            setup.chain(element)
            connection.by_session[session_id] = setup
        elif h.status == 0 and setup.kind == "new":
            session = Session(connection.negotiated, setup, self.logged.get(session_id, {}), int.from_bytes(element[66:68], "little"))
            self.sessions[session_id] = session
            connection.channels[session_id] = session.channel
        elif h.status == 0 and setup.kind == "bind":
            channel = None
            if setup.key:
                self.bound_keys.append((session_id, setup.key))
                channel = Channel(crypto.derived(setup.key, "signing", connection.negotiated.dialect, setup.preauth),
                                  connection.negotiated.signing, "channel")
            connection.channels[session_id] = channel

    # ---- verdicts ----

    @staticmethod
    def by_rule(h, session_id):
        if h.response and h.status == smb2.PENDING:
            return True
        if h.response and h.command == smb2.OPLOCK_BREAK and h.message_id == smb2.ALL_ONES and session_id == 0:
            return True
        return not h.signed and (h.command == smb2.NEGOTIATE or
                                 (h.command in (smb2.SESSION_SETUP, smb2.ECHO) and session_id == 0))

    def judge(self, connection, h, session_id, element, channel):
        if self.by_rule(h, session_id):
            return "not-to-be-verified", None, None
        if not h.signed:
            return "unsigned", None, None
        if channel and crypto.signature(channel.algorithm, channel.key, element) == h.signature:
            return "verified", channel.algorithm, channel.kind
        if h.response and h.signature in connection.sent.get(h.message_id, ()):
            verdict = "mirrored"
        elif channel is None or (session_id not in connection.channels and
                                 (h.command != smb2.SESSION_SETUP or (h.response and h.status == 0))):
            return "no-key", None, None  # nothing, or another connection's key: that proves no signature wrong
        else:
            verdict = "bad"
        return verdict, None, None

    @staticmethod
    def explain(session, h, element):
        """The mistakes of a signer that are known from living peers: the hash without NEGOTIATE; signing on a bound channel as on the first.
        None if it is neither."""
        if session is None or session.channel is None:
            return None
        forgetful = crypto.derived(session.session_key, "signing", session.negotiated.dialect, session.forgetful)
        for mistakes, key in ((["preauth-without-negotiate"], forgetful),
                              (["algorithm-" + session.channel.algorithm.lower(), "session-for-channel"], session.channel.key)):
            if crypto.signature(session.channel.algorithm, key, element) == h.signature:
                return mistakes
        return None


def form(messages, logged, passwords):
    """The opinion on the messages of a capture."""
    opinion = Opinion(logged, passwords)
    for message in messages:
        opinion.take(message)
    return opinion
