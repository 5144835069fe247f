# SPDX-License-Identifier: Apache-2.0
"""What the captures say about sessions: keys that Samba logged, preauth chains, and which key signs an element."""
from collections import namedtuple

import captures
import independent as ind

Session = namedtuple("Session",
                     "capture id dialect signing cipher signing_negotiated cipher_negotiated session_key preauth keys logged")
LOGGED = {"signing": "signing", "application": "app", "clientToServer": "serverin", "serverToClient": "serverout"}
SAMBA = "own capture of Samba 4.17.12, vectors/captures/%s"


def contexts(message):
    """(type, data) of a NEGOTIATE message's contexts: MS-SMB2 2.2.3.1, 2.2.4.1."""
    response = ind.flags_of(message) & ind.SERVER_TO_REDIR
    if response:
        offset, count = ind.field(message, 64 + 60, "I"), ind.field(message, 64 + 6, "H")
        present = ind.field(message, 64 + 4, "H") == 0x0311
    else:
        offset, count = ind.field(message, 64 + 28, "I"), ind.field(message, 64 + 32, "H")
        dialects = [ind.field(message, 64 + 36 + 2 * i, "H") for i in range(ind.field(message, 64 + 2, "H"))]
        present = 0x0311 in dialects
    found = []
    for _ in range(count if present else 0):
        offset = (offset + 7) // 8 * 8
        length = ind.field(message, offset + 2, "H")
        found.append((ind.field(message, offset, "H"), message[offset + 8:offset + 8 + length]))
        offset += 8 + length
    return found


def clients(elements):
    """Client ports in order of first appearance: their index is the number of the connection in the .json."""
    seen = []
    for e in elements:
        if e.client_port not in seen:
            seen.append(e.client_port)
    return seen


def connection_messages(elements, client_port):
    """The 3.1.1 NEGOTIATE messages of one connection: what its preauth chain starts with. An answer to an SMB1 negotiate (0x02FF) is not
    part of it."""
    found = [e.data for e in elements if e.client_port == client_port and ind.field(e.data, 12, "H") == ind.NEGOTIATE]
    request = next(m for m in found if not ind.flags_of(m) & ind.SERVER_TO_REDIR)
    response = [m for m in found if ind.flags_of(m) & ind.SERVER_TO_REDIR and ind.field(m, 64 + 4, "H") != 0x02FF][0]
    return [request, response]


def session_setups(elements, client_port, first=True):
    """The SESSION_SETUP messages of one authentication: requests, interim answers, and the last answer apart. For the first one or the last
    one on that connection."""
    legs, done = [], []
    for e in elements:
        if e.client_port != client_port or ind.field(e.data, 12, "H") != ind.SESSION_SETUP:
            continue
        if ind.flags_of(e.data) & ind.SERVER_TO_REDIR and ind.field(e.data, 8, "I") != 0xC0000016:
            done.append((legs, e.data))
            legs = []
        else:
            legs.append(e.data)
    return done[0 if first else -1]


def sessions():
    """Every session of 3.0 or later whose keys Samba logged."""
    for name in captures.names():
        facts = captures.facts(name)
        for s in facts["sessions"]:
            logged = [k for k in facts["samba_logged_keys"] if k["id"] == s["session_id"]]
            connection = facts["connections"][s["established_on_conn"]]
            if not logged:
                continue
            keys = {ours: bytes.fromhex(logged[0][theirs]) if theirs in logged[0] else None for ours,
                    theirs in LOGGED.items()}
            for other in logged[1:]:
                if any(other.get(n) != logged[0].get(n) for n in LOGGED.values()):
                    raise ValueError("%s: smbd and the client log different keys" % name)
            port = clients(captures.elements(name))[s["established_on_conn"]]
            response = connection_messages(captures.elements(name), port)[1]
            types = [kind for kind, _ in contexts(response)]
            yield Session(name, s["session_id"], s["dialect"][2:], connection["signing"],
                          connection["cipher"] or "NONE", 8 in types, 2 in types,
                          bytes.fromhex(logged[0]["session"]),
                          bytes.fromhex(s["preauth_hash"]) if s["preauth_hash"] else None, keys,
                          " and ".join(k["logged_by"] for k in logged))


def signing_keys(name):
    """{(session id, connection): [keys]}: the session's own, then that of a bound channel."""
    facts = captures.facts(name)
    found = {}
    for s in facts["sessions"]:
        logged = [k["signing"] for k in facts["samba_logged_keys"] if k["id"] == s["session_id"]]
        key = bytes.fromhex(logged[0]) if logged else bytes.fromhex(s["session_key"])[:16].ljust(16, b"\0")
        for number in range(len(facts["connections"])):
            found[int(s["session_id"], 16), number] = [key]
    for b in facts["bound_channels"]:
        found[int(b["session_id"], 16), b["conn"]].append(bytes.fromhex(b["channel_signing_key"]))
    return found


Signed = namedtuple("Signed", "capture element algorithm key verdict right")


def signed_elements(name):
    """Each element with SIGNED set, with the key that belongs to it; the verdict of the .json must agree with ours."""
    facts, elements = captures.facts(name), captures.elements(name)
    ports = clients(elements)
    verdicts = {v.split(" ")[0]: v.split(": ", 1)[-1] for v in facts["verdict_per_pdu"] if "SMB1" not in v}
    keys, first_session = signing_keys(name), {}
    for e in elements:
        session = ind.field(e.data, 40, "Q")
        if e.index == 0:
            first_session[e.client_port, e.frame] = session
        elif session == 2 ** 64 - 1:
            session = first_session[e.client_port, e.frame]
        verdict = verdicts["%d.%d:%s" % (e.frame, e.index, e.side)]
        if not ind.flags_of(e.data) & ind.SIGNED or verdict.startswith("unsigned"):
            if ind.flags_of(e.data) & ind.SIGNED or not verdict.startswith("unsigned"):
                raise ValueError("%s frame %d: SIGNED and the verdict '%s'" % (name, e.frame, verdict))
            continue
        connection = facts["connections"][ports.index(e.client_port)]
        algorithm = connection["signing"]
        right = [k for k in keys[session, ports.index(e.client_port)] if ind.is_signed_right(algorithm, k, e.data)]
        if bool(right) != verdict.startswith("ok"):
            raise ValueError("%s frame %d: ours %s, theirs '%s'" % (name, e.frame, bool(right), verdict))
        yield Signed(name, e, algorithm, right[0] if right else keys[session, ports.index(e.client_port)][0], verdict,
                     bool(right))
