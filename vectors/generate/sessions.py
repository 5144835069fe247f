# SPDX-License-Identifier: Apache-2.0
"""Vector files for preauth chains and for sessions and bindings as a whole: MS-SMB2 3.1.4.4.1, 3.2.5.3, 3.3.5.5."""
import captures
import independent as ind
import published
import recorded
from form import VectorFile

LAST = "session_setup_response_2"
NT = {"OK": 0, "OUT_OF_SEQUENCE": 0xC000042A, "NOT_SUPPORTED": 0xC00000BB, "NOT_ACCEPTED": 0xC00000D0,
      "INVALID": 0xC000000D}


def framed(message):
    return len(message).to_bytes(4, "big") + message


def padded(message):
    return message + bytes(-len(message) % 8)


def unsigned(message):
    return ind.patch(message, 48, bytes(16))


def chain_mistakes(messages, final, connection_count=2):
    """(name, messages) of a chain that somebody gets wrong."""
    connection, session = messages[:connection_count], messages[connection_count:]
    return [("the final response hashed too", messages + [final]),
            ("without the NEGOTIATE messages: the session starts at zero", session),
            ("without the NEGOTIATE response", connection[:1] + session),
            ("without the interim response", connection + [m for m in session if not ind.flags_of(m) & ind.SERVER_TO_REDIR]),
            ("without the last request", messages[:-1]),
            ("NEGOTIATE messages swapped", connection[::-1] + session),
            ("messages with the transport's length in front", [framed(m) for m in messages]),
            ("messages padded to a multiple of 8", [padded(m) for m in messages]),
            ("messages cut to their headers", [m[:64] for m in messages]),
            ("all messages as one", [b"".join(messages)]),
            ("the NEGOTIATE request twice", connection[:1] + messages)]


def preauth():
    file = VectorFile("preauth.json", "SMB 3.1.1 preauthentication integrity hash", {
        "Microsoft": "The two chains that Microsoft published, with the hash after every message",
        "Capture": "Chains of captured sessions; the last hash is also in the capture's .json, computed by a tool apart from this generator",
        "PaddingEdge": "Messages whose length brings SHA-512's padding to its edges: 64 bytes of chain in front",
        "Mistake": "The right hash of the session, which must not come from messages chosen or changed by the named mistake"})
    for name, what in [("smb311_session", "first channel"), ("smb311_binding", "second channel, a binding")]:
        p = published.load(name)
        messages = published.messages(p)[:-1]
        group = file.group("PreauthChain", published.MICROSOFT, what)
        hashes = [p["hash_" + n] for n in published.MESSAGES[:-1]]
        if hashes != ind.chain(messages):
            raise ValueError("%s: the published hashes are not ours" % name)
        group.valid("five messages, five hashes", ["Microsoft"], messages=messages, hashes=hashes)
        wrong = file.group("PreauthChain",
                           "made from Microsoft's %s by one mistake each; hashes by Python's hashlib" % what)
        for comment, chosen in chain_mistakes(messages,
                                              p[LAST]) + [("signatures set to zero", [unsigned(m) for m in messages])]:
            if comment.startswith("signatures") and name == "smb311_session":
                continue  # none of those messages is signed
            wrong.invalid(comment, ["Mistake"], messages=chosen, hashes=ind.chain(chosen)[:-1] + [hashes[-1]])
    for s in recorded.sessions():
        if s.dialect == "0311":
            messages, _ = recorded_chain(s)
            if ind.chain(messages)[-1] != s.preauth:
                raise ValueError("%s: the chain of the .json is not ours" % s.capture)
            group = file.group("PreauthChain", recorded.SAMBA % s.capture)
            group.valid("session %s" % s.id, ["Capture"], messages=messages, hashes=ind.chain(messages))
    made = file.group("PreauthChain", "made; hashes by Python's hashlib")
    for length in (0, 1, 46, 47, 48, 49, 63, 64, 65, 175, 176, 177, 255, 256, 257):
        message = bytes(i * 5 & 255 for i in range(length))
        made.valid("%d bytes, twice" % length, ["PaddingEdge"], messages=[message, message],
                   hashes=ind.chain([message, message]))
    return file


def recorded_chain(s):
    """(hashed messages, final response) of a recorded session's first authentication."""
    elements = captures.elements(s.capture)
    for port in recorded.clients(elements):
        done = [e for e in elements if e.client_port == port and ind.field(e.data, 12, "H") == ind.SESSION_SETUP
                and "%016x" % ind.field(e.data, 40, "Q") == s.id and ind.field(e.data, 8, "I") == 0]
        legs, final = recorded.session_setups(elements, port)
        if done and "%016x" % ind.field(final, 40, "Q") == s.id:
            return recorded.connection_messages(elements, port) + legs, final
    raise ValueError("%s: no authentication of session %s" % (s.capture, s.id))


def agreed(dialect, signing, signing_negotiated, cipher, cipher_negotiated):
    return {"dialect": dialect, "signingAlgorithm": signing, "signingNegotiated": signing_negotiated, "cipher": cipher,
            "cipherNegotiated": cipher_negotiated}


MICROSOFT_311 = agreed("0311", ind.AES_CMAC, False, "AES-128-GCM", True)
GMAC_311 = agreed("0311", ind.AES_GMAC, True, "AES-128-GCM", True)
SMB30 = agreed("0300", ind.AES_CMAC, False, "AES-128-CCM", False)
SMB21 = agreed("0210", ind.HMAC_SHA256, False, "NONE", False)


def sessions():
    file = VectorFile("sessions.json", "SMB2 and SMB3 sessions and channels", {
        "Microsoft": "Sessions and bindings that Microsoft published, for 3.0 and 3.1.1",
        "SambaLog": "Sessions of captures; keys as Samba logged them",
        "Capture": "Bindings and signed messages of captures; Samba logs no channel keys: these come from the password, and verify the traffic",
        "NoCipher": "A session without a cipher has no cipher keys; 2.x derives nothing",
        "Combination": "What no negotiation gives is refused (MS-SMB2 2.2.4, 3.3.5.4)",
        "BindTable": "Which connection a session may be bound to, and the NTSTATUS otherwise; as Samba 4.17 answers, MS-SMB2 3.3.5.5",
        "Chain": "The session's final response verifies with the key that the right chain gives",
        "ChainMistake": "With any other chain, its signature is bad"})
    add_derive(file)
    add_refused_derive(file)
    add_bind(file)
    add_signed(file)
    return file


def add_derive(file):
    p = published.load("smb30_keys")
    group = file.group("SessionDerive", published.MICROSOFT, status="OK")
    keys = {"signing": p["signing"], "application": p["application"], "clientToServer": p["client_to_server"],
            "serverToClient": p["server_to_client"]}
    for dialect in ("0300", "0302"):
        group.valid("%s" % dialect, ["Microsoft"], **{**SMB30, "dialect": dialect}, sessionKey=p["session_key"],
                    preauth=None, keys=keys)
    p = published.load("smb311_session")
    keys = {"signing": p["signing"], "application": p["application"], "clientToServer": p["client_to_server"],
            "serverToClient": p["server_to_client"]}
    group.valid("3.1.1", ["Microsoft"], **MICROSOFT_311, sessionKey=p["session_key"],
                preauth=p["hash_session_setup_request_2"], keys=keys)
    for s in recorded.sessions():
        if s.keys["clientToServer"] is None:
            continue  # an anonymous session: Samba logs no cipher keys
        group = file.group("SessionDerive", "keys logged by %s; %s" % (s.logged, recorded.SAMBA % s.capture),
                           status="OK")
        group.valid("session %s" % s.id, ["SambaLog"],
                    **agreed(s.dialect, s.signing, s.signing_negotiated, s.cipher, s.cipher_negotiated),
                    sessionKey=s.session_key, preauth=s.preauth, keys=s.keys)
    made = file.group("SessionDerive", "made; values by python3-cryptography's KBKDFHMAC", status="OK")
    key, preauth_hash = bytes(range(32)), bytes(range(64))
    for dialect in ("0202", "0210"):
        made.valid("%s" % dialect, ["NoCipher"], **{**SMB21, "dialect": dialect}, sessionKey=key, preauth=None,
                   keys=ind.session_keys(dialect, "NONE", key, None))
    for cipher_negotiated in (False, True):
        made.valid("3.1.1 without a cipher, %s" % ("answered with 0" if cipher_negotiated else "no context"),
                   ["NoCipher"],
                   **agreed("0311", ind.AES_GMAC, True, "NONE", cipher_negotiated), sessionKey=key,
                   preauth=preauth_hash,
                   keys=ind.session_keys("0311", "NONE", key, preauth_hash))
    made.valid("3.0 without a cipher", ["NoCipher"], **{**SMB30, "cipher": "NONE"}, sessionKey=key, preauth=None,
               keys=ind.session_keys("0300", "NONE", key, None))


def add_refused_derive(file):
    group = file.group("SessionDerive", "the contract of csign_session_derive; MS-SMB2 2.2.3.1, 3.3.5.4",
                       sessionKey=bytes(range(16)),
                       keys=None, status="BAD_ARGUMENT")
    preauth_hash = bytes(range(64))
    cases = [(dict(SMB21, dialect=d, signingAlgorithm=a), None) for d in ("0202", "0210") for a in (ind.AES_CMAC, ind.AES_GMAC)]
    cases += [(dict(SMB21, cipher="AES-128-CCM"), None)]
    cases += [(dict(SMB30, dialect=d, signingAlgorithm=a), None) for d in ("0300", "0302") for a in (ind.HMAC_SHA256, ind.AES_GMAC)]
    cases += [(dict(SMB30, cipher=c), None) for c in ("AES-128-GCM", "AES-256-CCM", "AES-256-GCM")]
    cases += [(GMAC_311, None)]
    cases += [(dict(GMAC_311, dialect=d), preauth_hash) for d in ("02ff", "0000", "0312")]
    for fields, the_preauth in cases:
        group.invalid("%(dialect)s, %(signingAlgorithm)s, %(cipher)s" % fields + (", no preauth" if the_preauth is None else ""), ["Combination"],
                      **fields, preauth=the_preauth)
    empty = file.group("SessionDerive", "the contract of csign_session_derive", sessionKey=b"", keys=None,
                       status="BAD_ARGUMENT")
    for fields in (SMB21, SMB30, GMAC_311):
        empty.invalid("an empty key at %s" % fields["dialect"], ["Combination"], **fields, preauth=preauth_hash)


def add_bind(file):
    p = published.load("smb30_keys")
    group = file.group("SessionBind", published.MICROSOFT, status="OK", ntstatus=0)
    group.valid("3.0", ["Microsoft"], session=dict(SMB30, sessionKey=p["session_key"], preauth=None), connection=SMB30,
                bindingKey=p["binding_key"], preauth=None, channelSigningKey=p["channel_signing"])
    first, second = published.load("smb311_session"), published.load("smb311_binding")
    group.valid("3.1.1", ["Microsoft"],
                session=dict(MICROSOFT_311, sessionKey=first["session_key"],
                             preauth=first["hash_session_setup_request_2"]),
                connection=MICROSOFT_311, bindingKey=second["binding_key"],
                preauth=second["hash_session_setup_request_2"],
                channelSigningKey=second["channel_signing"])
    facts, elements = captures.facts("session.bind1"), captures.elements("session.bind1")
    group = file.group("SessionBind", recorded.SAMBA % "session.bind1" + "; channel keys from the password",
                       status="OK", ntstatus=0)
    for b in facts["bound_channels"]:
        port = recorded.clients(elements)[b["conn"]]
        legs, _ = bind_legs(elements, port, b["session_id"])
        chain = ind.chain(recorded.connection_messages(elements, port) + legs)[-1]
        key, binding_key = bytes.fromhex(b["channel_signing_key"]), bytes.fromhex(b["channel_session_key"])
        if ind.derive_key("0311", "signing", binding_key, chain) != key:
            raise ValueError("session.bind1: the channel key of connection %d is not ours" % b["conn"])
        s = next(s for s in recorded.sessions() if s.capture == "session.bind1" and s.id == b["session_id"])
        group.valid("session %s on connection %d" % (b["session_id"], b["conn"]), ["Capture"],
                    session=dict(GMAC_311, sessionKey=s.session_key, preauth=s.preauth), connection=GMAC_311,
                    bindingKey=binding_key, preauth=chain,
                    channelSigningKey=key)
    add_bind_table(file)


def bind_legs(elements, port, session_id):
    """The legs of the last authentication for that session on that connection, and its final response."""
    legs, done = [], None
    for e in elements:
        if e.client_port == port and ind.field(e.data, 12, "H") == ind.SESSION_SETUP and "%016x" % ind.field(e.data, 40, "Q") == session_id:
            if ind.flags_of(e.data) & ind.SERVER_TO_REDIR and ind.field(e.data, 8, "I") != 0xC0000016:
                done, legs = (legs, e.data), []
            else:
                legs.append(e.data)
    return done


def add_bind_table(file):
    key, binding_key, first, other = bytes(range(16)), bytes(range(40, 56)), bytes(range(64)), bytes(range(100, 164))
    smb302 = dict(SMB30, dialect="0302")
    cmac, hmac_negotiated = dict(GMAC_311, signingAlgorithm=ind.AES_CMAC), dict(GMAC_311, signingAlgorithm=ind.HMAC_SHA256)
    ccm, none = dict(cmac, cipher="AES-128-CCM"), dict(cmac, cipher="NONE")
    ok = file.group("SessionBind",
                    "the table of MS-SMB2 3.3.5.5 as Samba answers; key by python3-cryptography's KBKDFHMAC",
                    status="OK", ntstatus=0,
                    bindingKey=binding_key)
    for name, session, connection in [("CMAC to HMAC", cmac, hmac_negotiated), ("HMAC to CMAC", hmac_negotiated, cmac),
                                      ("GMAC to GMAC", GMAC_311, GMAC_311),
                                      ("CMAC without a context to CMAC with one", MICROSOFT_311, cmac),
                                      ("3.0.2", smb302, smb302)]:
        the_first, the_other = (first, other) if session["dialect"] == "0311" else (None, None)
        ok.valid(name, ["BindTable"], session=dict(session, sessionKey=key, preauth=the_first), connection=connection,
                 preauth=the_other,
                 channelSigningKey=ind.derive_key(session["dialect"], "signing", binding_key, the_other))
    no = file.group("SessionBind", "the table of MS-SMB2 3.3.5.5 as Samba answers", status="UNSUPPORTED",
                    bindingKey=binding_key, preauth=other,
                    channelSigningKey=None)
    for name, session, connection, ntstatus in [
            ("CMAC to GMAC", cmac, GMAC_311, "NOT_SUPPORTED"),
            ("HMAC to GMAC", hmac_negotiated, GMAC_311, "NOT_SUPPORTED"),
            ("GMAC to CMAC", GMAC_311, cmac, "OUT_OF_SEQUENCE"),
            ("GMAC to HMAC", GMAC_311, hmac_negotiated, "OUT_OF_SEQUENCE"),
            ("3.1.1 to 3.0", cmac, SMB30, "INVALID"), ("3.0 to 3.1.1", SMB30, cmac, "INVALID"),
            ("3.0 to 3.0.2", SMB30, smb302, "INVALID"),
            ("another cipher", cmac, ccm, "INVALID"), ("no cipher any more", cmac, none, "INVALID"),
            ("3.0 to 2.1", SMB30, SMB21, "NOT_ACCEPTED"),
            ("2.1 to 2.1", SMB21, SMB21, "NOT_ACCEPTED"), ("2.1 to 3.1.1", SMB21, cmac, "NOT_ACCEPTED")]:
        no.invalid(name, ["BindTable"],
                   session=dict(session, sessionKey=key, preauth=first if session["dialect"] == "0311" else None),
                   connection=connection, ntstatus=NT[ntstatus])
    bad = file.group("SessionBind", "the contract of csign_session_bind", status="BAD_ARGUMENT", ntstatus=0,
                     channelSigningKey=None,
                     session=dict(GMAC_311, sessionKey=key, preauth=first), connection=GMAC_311)
    bad.invalid("an empty binding key", ["Combination"], bindingKey=b"", preauth=other)
    bad.invalid("no preauth hash", ["Combination"], bindingKey=binding_key, preauth=None)


def add_signed(file):
    p = published.load("smb311_session")
    messages = published.messages(p)
    add_chain(file, published.MICROSOFT, MICROSOFT_311, p["session_key"], messages[:2], messages[2:5], messages[5])
    for s in recorded.sessions():
        if s.dialect == "0311" and s.capture not in ("x-anon-ipc", "session.bind1"):
            hashed, final = recorded_chain(s)
            add_chain(file, recorded.SAMBA % s.capture,
                      agreed(s.dialect, s.signing, s.signing_negotiated, s.cipher, s.cipher_negotiated),
                      s.session_key, hashed[:2], hashed[2:], final,
                      mistakes=s.capture in ("lock.cancel-gmac", "krb-encrypt-AES-256-GCM"))
    add_impacket(file)


def add_chain(file, source, negotiated, key, connection, session, final, mistakes=True):
    group = file.group("SignedSession", source, **negotiated, sessionKey=key, message=final)
    group.valid("the right chain", ["Chain"], connectionMessages=connection, sessionMessages=session, status="OK")
    for comment, chosen in chain_mistakes(connection + session, final) if mistakes else []:
        if comment.startswith("without the interim") and chosen == connection + session:
            continue  # Kerberos needs no interim response
        group.invalid(comment, ["ChainMistake"], connectionMessages=[], sessionMessages=chosen, status="BAD_SIGNATURE")


def add_impacket(file):
    """The one really wrong signature among the captures: right for a chain that leaves out both NEGOTIATE messages."""
    name = "cl-impacket-311"
    s = next(s for s in recorded.sessions() if s.capture == name)
    hashed, _ = recorded_chain(s)
    wrong, = [x.element.data for x in recorded.signed_elements(name) if not x.right]
    if not ind.is_signed_right(s.signing, ind.derive_key("0311", "signing", s.session_key, ind.chain(hashed[2:])[-1]),
                               wrong):
        raise ValueError("impacket's mistake is another one")
    group = file.group("SignedSession", recorded.SAMBA % name + ": the client's own mistake", sessionKey=s.session_key,
                       message=wrong,
                       **agreed(s.dialect, s.signing, s.signing_negotiated, s.cipher, s.cipher_negotiated),
                       sessionMessages=hashed[2:])
    group.invalid("the right chain: the client's signature is bad", ["ChainMistake"], connectionMessages=hashed[:2],
                  status="BAD_SIGNATURE")
    group.valid("the client's chain, without its NEGOTIATE messages", ["Chain"], connectionMessages=[], status="OK")


FILES = [preauth, sessions]
