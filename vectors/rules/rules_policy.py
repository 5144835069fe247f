# SPDX-License-Identifier: Apache-2.0
"""What server and client make of NEGOTIATE: MS-SMB2 3.3.5.4 and 3.2.5.2."""
from collect import Rule
from messages import (SALT, compression, encryption, netname, posix, preauth, rdma, request, response, signing, transport)

P = preauth()
GMAC, CMAC, HMAC = "AES-GMAC", "AES-CMAC", "HMAC-SHA256"
NOT_OFFERED = {"status": "CSIGN_NOT_OFFERED"}


def select(message, **policy):
    return {"message": message, "policy": policy}


def dialects():
    with Rule("SRV-DIALECT-IN-COMMON", "select") as rule:
        both = request(dialects=(0x0202, 0x0210, 0x0300), contexts=())
        rule.accept("one in common", select(both, dialect_min=0x0300), {"dialect": 0x0300})
        rule.refuse("none", select(both, dialect_min=0x0302), {"status": "CSIGN_NO_DIALECT", "ntstatus": 0xC00000BB})
        rule.refuse("unknown ones only", select(request(dialects=(0x02FF, 0x0222), contexts=())), {"status": "CSIGN_NO_DIALECT"})
    with Rule("SRV-DIALECT-GREATEST", "select") as rule:
        rule.accept("in any order", select(request(dialects=(0x0210, 0x0302, 0x0202), contexts=())), {"dialect": 0x0302})
        rule.refuse("the first", select(request(dialects=(0x0210, 0x0302, 0x0202), contexts=())), differs={"dialect": 0x0210})
    with Rule("SRV-DIALECT-MAX", "select") as rule:
        two = request(dialects=(0x0302, 0x0300), contexts=())
        rule.accept("not above dialect_max", select(two, dialect_max=0x0300), {"dialect": 0x0300})
        rule.refuse("above", select(two, dialect_max=0x0300), differs={"dialect": 0x0302})
    broken = request((P, (2, b"\1")), dialects=(0x0311, 0x0300))
    with Rule("SRV-CONTEXTS-AT-311-ONLY", "select") as rule:
        rule.accept("broken contexts, 3.0 selected", select(broken, dialect_max=0x0300), {"dialect": 0x0300})
        rule.refuse("broken contexts, 3.1.1 selected", select(broken), {"status": "CSIGN_TRUNCATED", "ntstatus": 0xC000000D})


def preauth_policy():
    with Rule("SRV-PREAUTH-OVERLAP", "select") as rule:
        rule.accept("SHA-512", select(request((preauth((1,)),))), {"preauth_hash": 1})
        rule.refuse("another alone", select(request((preauth((2,)),))), {"status": "CSIGN_NO_OVERLAP", "ntstatus": 0xC05D0000})
    with Rule("SRV-PREAUTH-ANYWHERE", "select") as rule:
        rule.accept("SHA-512 third", select(request((preauth((7, 9, 1)),))), {"preauth_hash": 1})
        rule.refuse("only the first looked at", select(request((preauth((7, 9, 1)),))), differs={"status": "CSIGN_NO_OVERLAP"})


def ciphers():
    E = "AES-128-GCM"
    with Rule("SRV-ENCRYPTION-CHOICE", "select") as rule:
        rule.accept("the first of the local order that was offered", select(request((P, encryption(3, 4))),
                    ciphers=["AES-256-GCM", "AES-256-CCM"]), {"cipher": "AES-256-GCM", "cipher_negotiated": True})
        rule.refuse("the peer's first", select(request((P, encryption(3, 4))), ciphers=["AES-256-GCM", "AES-256-CCM"]),
                    differs={"cipher": "AES-256-CCM"})
    with Rule("SRV-ENCRYPTION-UNKNOWN-SKIPPED", "select") as rule:
        odd = request((P, encryption(0x1234, 0, 0xFFFF, 2)))
        rule.accept("unknown ids before a known one", select(odd), {"cipher": E, "cipher_negotiated": True})
        rule.refuse("taking the first", select(odd), differs={"cipher": "NONE"})
    with Rule("SRV-ENCRYPTION-NO-OVERLAP", "respond") as rule:
        other = select(request((P, encryption(1), signing(2))), ciphers=[E])
        rule.accept("none in common: the response says 0", other, {"has_encryption": True, "ciphers": [0]})
        rule.refuse("no answer at all", other, differs={"has_encryption": False})
    with Rule("SRV-ENCRYPTION-ABSENT", "respond") as rule:
        rule.accept("not sent: not answered", select(request((P, signing(2)))), {"has_encryption": False})
        rule.refuse("answered with 0", select(request((P, signing(2)))), differs={"has_encryption": True})
    with Rule("SRV-ENCRYPTION-ONE", "respond") as rule:
        two = select(request((P, encryption(2, 1), signing(2))))
        rule.accept("exactly the chosen one", two, {"ciphers": [2]})
        rule.refuse("the client's list", two, differs={"ciphers": [2, 1]})
    for name, dialect in (("30", 0x0300), ("302", 0x0302)):
        with Rule("SRV-CIPHER-%s-BY-CAPABILITIES" % name, "select") as rule:
            old = dict(dialects=(dialect,), contexts=())
            rule.accept("both sides have bit 0x40", select(request(capabilities=0x41, **old), capabilities=0x40),
                        {"cipher": "AES-128-CCM", "cipher_negotiated": False})
            rule.refuse("the client has not", select(request(capabilities=0x3F, **old), capabilities=0x40), {"cipher": "NONE"})
            rule.refuse("the server has not", select(request(capabilities=0x41, **old), capabilities=0), {"cipher": "NONE"})
    with Rule("SRV-NO-CIPHER-BELOW-30", "select") as rule:
        rule.accept("2.1 with bit 0x40", select(request(dialects=(0x0210,), contexts=(), capabilities=0x40)), {"cipher": "NONE"})
        rule.refuse("a cipher for it", select(request(dialects=(0x0210,), contexts=(), capabilities=0x40)),
                    differs={"cipher": "AES-128-CCM"})


def signing_policy():
    def one(rule_id, args, gives, wrong, comment, call="select"):
        with Rule(rule_id, call) as rule:
            rule.accept(comment, args, gives)
            rule.refuse("what a server without the rule gives", args, differs=wrong)

    one("SRV-SIGNING-LOCAL-ORDER", select(request((P, signing(1, 2)))),
        {"signing_algorithm": GMAC, "signing_negotiated": True}, {"signing_algorithm": CMAC}, "the default: GMAC before CMAC")
    one("SRV-SIGNING-PEER-ORDER", select(request((P, signing(1, 2))), peer_order=True),
        {"signing_algorithm": CMAC, "signing_negotiated": True}, {"signing_algorithm": GMAC}, "peer_order: the client's first")
    one("SRV-SIGNING-UNKNOWN-SKIPPED", select(request((P, signing(0xFFFF, 3, 1))), peer_order=True),
        {"signing_algorithm": CMAC, "signing_negotiated": True}, {"signing_negotiated": False}, "unknown ids before a known one")
    with Rule("SRV-SIGNING-HMAC-IS-0", "select") as rule:
        zero = select(request((P, signing(0))))
        rule.accept("id 0 alone: HMAC-SHA256 was negotiated", zero, {"signing_algorithm": HMAC, "signing_negotiated": True})
        rule.refuse("0 taken for none", zero, differs={"signing_negotiated": False})
        rule.accept("and is answered as such", zero, {"has_signing": True, "signing_algorithms": [0]}, call="respond")
        rule.refuse("not answered", zero, differs={"has_signing": False}, call="respond")
    with Rule("SRV-SIGNING-ABSENT", "select") as rule:
        absent = select(request((P,)))
        rule.accept("not sent: AES-CMAC", absent, {"signing_algorithm": CMAC, "signing_negotiated": False})
        rule.refuse("HMAC-SHA256, because that is 0", absent, differs={"signing_algorithm": HMAC})
        rule.accept("not sent: not answered", absent, {"has_signing": False}, call="respond")
        rule.refuse("answered", absent, differs={"has_signing": True}, call="respond")
    with Rule("SRV-SIGNING-NO-OVERLAP", "select") as rule:
        none = select(request((P, signing(0x7777, 0))), signing=[GMAC, CMAC])
        rule.accept("none in common: AES-CMAC", none, {"signing_algorithm": CMAC, "signing_negotiated": False})
        rule.refuse("refused", none, differs={"status": "CSIGN_UNSUPPORTED"})
        rule.accept("none in common: no context", none, {"has_signing": False}, call="respond")
        rule.refuse("an id that was not offered", none, differs={"has_signing": True, "signing_algorithms": [1]}, call="respond")
    one("SRV-SIGNING-ONE", select(request((P, signing(2, 1, 0)))), {"signing_algorithms": [2]},
        {"signing_algorithms": [2, 1, 0]}, "exactly the chosen one", "respond")
    with Rule("SRV-REFUSE-FALLBACK", "select") as rule:
        only = select(request((P, signing(0))), signing=[GMAC], refuse_fallback=True)
        rule.accept("off: AES-CMAC although not in the list", select(request((P, signing(0))), signing=[GMAC]),
                    {"signing_algorithm": CMAC})
        rule.refuse("on", only, {"status": "CSIGN_UNSUPPORTED", "ntstatus": 0xC00000BB})
    with Rule("SRV-REFUSE-FALLBACK-CMAC-LISTED", "select") as rule:
        listed = select(request((P, signing(0))), signing=[GMAC, CMAC], refuse_fallback=True)
        rule.accept("on, but AES-CMAC is in the local list", listed, {"signing_algorithm": CMAC})
        rule.refuse("refusing it all the same", listed, differs={"status": "CSIGN_UNSUPPORTED"})


def optional():
    """A malformed optional context is an error only where its feature is supported."""
    for name, bad, feature in (("COMPRESSION", (3, b"\1\0"), "compression"), ("RDMA", (7, b"\1\0"), "rdma_transforms"),
                               ("TRANSPORT", transport(data=b"\1\0"), "transport")):
        with Rule("SRV-%s-IF-SUPPORTED" % name, "select") as rule:
            rule.accept("malformed, not supported: ignored", select(request((P, bad))), {"dialect": 0x0311})
            rule.refuse("malformed and supported", select(request((P, bad)), **{feature: True}), {"status": "CSIGN_TRUNCATED"})
    with Rule("SRV-NETNAME-NO-EFFECT", "select") as rule:
        strange = select(request((P, netname("not this server"), signing(2))))
        rule.accept("any name", strange, {"dialect": 0x0311, "signing_algorithm": GMAC})
        rule.refuse("refusing it", strange, differs={"status": "CSIGN_UNSUPPORTED"})
    with Rule("SRV-RESPONSE-ECHOES", "respond") as rule:
        plain = select(request((P, encryption(2), signing(1)), message_id=0x0606060606060606, process_id=0x06060606))
        rule.accept("SERVER_TO_REDIR, the request's MessageId, SHA-512 with our salt", plain,
                    {"flags": 1, "message_id": "0606060606060606", "preauth_hashes": [1], "preauth_salt": SALT[:16]})
        rule.refuse("a request", plain, differs={"flags": 0})


def accept(sent, answer):
    return {"request": sent, "response": answer}


def client():
    sent = request((preauth(), encryption(2, 1), signing(2, 1)), dialects=(0x0210, 0x0300, 0x0311))

    def pair(rule_id, good, gives, bad, refused):
        with Rule(rule_id, "accept") as rule:
            rule.accept("as offered", good, gives)
            for comment, args in bad.items():
                rule.refuse(comment, args, refused)

    base = accept(sent, response((P, encryption(2), signing(2))))
    pair("CLI-DIALECT-OFFERED", accept(sent, response(dialect=0x0300)), {"dialect": 0x0300},
         {"0x0302": accept(sent, response(dialect=0x0302))}, dict(NOT_OFFERED, ntstatus=0xC00000C3))
    wild = request(dialects=(0x0210, 0x02FF), contexts=())
    pair("CLI-DIALECT-WILDCARD", accept(wild, response(dialect=0x0210)), {"dialect": 0x0210},
         {"0x02FF, even to a client that sent it: it answers an SMB1 negotiate": accept(wild, response(dialect=0x02FF))},
         {"status": "CSIGN_UNSUPPORTED"})
    pair("CLI-PREAUTH-OFFERED", base, {"preauth_hash": 1}, {"id 2 was not": accept(
        sent, response((preauth((2,)), encryption(2), signing(2))))}, NOT_OFFERED)
    two = request((preauth((2, 1)), encryption(2), signing(2)))
    pair("CLI-PREAUTH-SHA512", accept(two, base["response"]), {"preauth_hash": 1}, {"id 2, although offered": accept(
        two, response((preauth((2,)), encryption(2), signing(2))))}, {"status": "CSIGN_UNSUPPORTED"})
    pair("CLI-CONTEXTS", base, {"signing_algorithm": GMAC}, {"contexts at an odd multiple of 4": accept(
        sent, response((P, encryption(2), signing(2)), gap=4))}, {"status": "CSIGN_MALFORMED"})
    bare = request((P,))
    for name, sent_one, context in (("SIGNING", signing(2), signing(2)), ("ENCRYPTION", encryption(2), encryption(2)),
                                    ("RDMA", rdma(1), rdma(1)), ("TRANSPORT", transport(), transport()),
                                    ("COMPRESSION", compression(1), compression(1)), ("POSIX", posix(), posix())):
        pair("CLI-%s-SENT" % name, accept(request((P, sent_one)), response((P, context))), {"dialect": 0x0311},
             {"not sent": accept(bare, response((P, context)))}, NOT_OFFERED)
    pair("CLI-SIGNING-OFFERED", accept(sent, response((P, signing(1)))), {"signing_algorithm": CMAC, "signing_negotiated": True},
         {"HMAC-SHA256 (0) was not": accept(sent, response((P, signing(0))))}, NOT_OFFERED)
    pair("CLI-ENCRYPTION-OFFERED", accept(sent, response((P, encryption(1)))), {"cipher": "AES-128-CCM", "cipher_negotiated": True},
         {"AES-256-GCM was not": accept(sent, response((P, encryption(4))))}, NOT_OFFERED)
    with Rule("CLI-ENCRYPTION-0", "accept") as rule:
        none = accept(sent, response((P, encryption(0))))
        rule.accept("0: no cipher in common", none, {"cipher": "NONE"})
        rule.refuse("refusing it as not offered", none, differs=NOT_OFFERED)
    with Rule("CLI-SIGNING-ABSENT", "accept") as rule:
        silent = accept(sent, response((P, encryption(2))))
        rule.accept("no SIGNING in the response: AES-CMAC", silent, {"signing_algorithm": CMAC, "signing_negotiated": False})
        rule.refuse("our own first choice", silent, differs={"signing_algorithm": GMAC})
    pair("CLI-SIGNING-KNOWN", accept(request((P, signing(0x99, 1))), response((P, signing(1)))), {"signing_algorithm": CMAC},
         {"offered, but unknown to us": accept(request((P, signing(0x99, 1))), response((P, signing(0x99))))},
         {"status": "CSIGN_UNSUPPORTED"})
    pair("CLI-TRANSPORT-LENGTH", accept(request((P, transport())), response((P, transport()))), {"dialect": 0x0311},
         {"6 bytes": accept(request((P, transport())), response((P, transport(data=b"\1\0\0\0\0\0"))))}, {"status": "CSIGN_MALFORMED"})
    pair("CLI-RDMA-OFFERED", accept(request((P, rdma(1, 2))), response((P, rdma(2)))), {"dialect": 0x0311},
         {"2 was not": accept(request((P, rdma(1))), response((P, rdma(2))))}, NOT_OFFERED)
    with Rule("CLI-CIPHER-30-BY-CAPABILITIES", "accept") as rule:
        old = dict(dialects=(0x0300,), contexts=())
        rule.accept("both sides have bit 0x40", accept(request(capabilities=0x40, **old), response(dialect=0x0300, capabilities=0x41)),
                    {"cipher": "AES-128-CCM", "signing_algorithm": CMAC})
        rule.refuse("the server has not", accept(request(capabilities=0x40, **old), response(dialect=0x0300, capabilities=0x3F)),
                    {"cipher": "NONE"})
        rule.refuse("the client has not", accept(request(capabilities=0, **old), response(dialect=0x0300, capabilities=0x41)),
                    {"cipher": "NONE"})


def build():
    dialects()
    preauth_policy()
    ciphers()
    signing_policy()
    optional()
    client()
