# SPDX-License-Identifier: Apache-2.0
"""The vector file for what both sides make of NEGOTIATE: MS-SMB2 3.3.5.4, 3.2.5.2. Where there is a captured answer, that is what a
selection must come to."""
import json
import os

import captures
import independent as ind
import negotiate_messages as neg
import published
import recorded
from form import VectorFile

SIGNINGS = [ind.HMAC_SHA256, ind.AES_CMAC, ind.AES_GMAC]
CIPHERS = ["NONE", "AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM"]


def chosen_by(request, response):
    """What an answer means, for the request that it answers."""
    dialect = "%04x" % ind.field(response, 68, "H")
    contexts = dict(recorded.contexts(response))
    both_encrypt = ind.field(request, 72, "I") & ind.field(response, 88, "I") & 0x40
    signing = SIGNINGS[ind.field(contexts[neg.SIGNING], 2, "H")] if neg.SIGNING in contexts else \
        ind.HMAC_SHA256 if dialect < "0300" else ind.AES_CMAC
    cipher = CIPHERS[ind.field(contexts[neg.ENCRYPTION], 2, "H")] if neg.ENCRYPTION in contexts else \
        "AES-128-CCM" if dialect in ("0300", "0302") and both_encrypt else "NONE"
    return {"dialect": dialect, "signingAlgorithm": signing, "signingNegotiated": neg.SIGNING in contexts,
            "cipher": cipher,
            "cipherNegotiated": neg.ENCRYPTION in contexts, "preauthHash": 1 if dialect == "0311" else 0}


def select():
    file = VectorFile("select.json", "SMB2 negotiation", {
        "Microsoft": "The answers of the Windows server in the sessions that Microsoft published",
        "Samba": "Samba's answers in vectors/captures/negotiate-messages.json. Its order is this library's default. Not here: nmap's request, whose "
                 "ciphers Samba passes over without an answer because the capability bit is clear, and impacket's answer to an SMB1 negotiate",
        "Order": "Local order by default, the peer's order as a setting",
        "Dialect": "The highest dialect in common; contexts count at 3.1.1 alone",
        "Fallback": "Without a signing algorithm in common: AES-CMAC, and no SIGNING context; refuse_fallback refuses it where it is not allowed locally",
        "Refused": "Requests that a 3.1.1 server refuses",
        "NotOffered": "Answers with what the client did not send: MS-SMB2 3.2.5.2",
        "BadAnswer": "Answers that a 3.1.1 client must drop"})
    with open(os.path.join(captures.FOLDER, "negotiate-messages.json"), encoding="utf-8") as text:
        listed = json.load(text)
    selects, accepts = [file.group(t, "own captures, vectors/captures/negotiate-messages.json") for t in ("NegotiateSelect", "NegotiateAccept")]
    for name, entry in listed.items():
        request, response = bytes.fromhex(entry["negotiate_request_hex"]), bytes.fromhex(entry["negotiate_response_hex"])
        if entry["response_dialect"] == "02ff":
            accepts.invalid("0x02FF answers an SMB1 negotiate only", ["NotOffered"], request=request, response=response,
                            chosen=None, status="NOT_OFFERED")
            continue
        accepts.valid("Samba to " + name, ["Samba"], request=request, response=response,
                      chosen=chosen_by(request, response), status="OK")
        if "nmap" not in name:
            selects.valid(name, ["Samba"], message=request, chosen=chosen_by(request, response), status="OK")
    for name in ("smb311_session", "smb311_binding"):
        p = published.load(name)
        request, response = p["negotiate_request"], p["negotiate_response"]
        file.group("NegotiateAccept", published.MICROSOFT).valid(name, ["Microsoft"], request=request,
                                                                 response=response,
                                                                 chosen=chosen_by(request, response), status="OK")
        file.group("NegotiateSelect", published.MICROSOFT).valid(name, ["Microsoft"], message=request,
                                                                 chosen=chosen_by(request, response), status="OK")
    add_selects(file)
    add_accepts(file)
    return file


def outcome(dialect="0311", signing=ind.AES_GMAC, signing_negotiated=True, cipher="NONE", cipher_negotiated=False):
    return {"dialect": dialect, "signingAlgorithm": signing, "signingNegotiated": signing_negotiated, "cipher": cipher,
            "cipherNegotiated": cipher_negotiated, "preauthHash": 1 if dialect == "0311" else 0}


def add_selects(file):
    made = file.group("NegotiateSelect", "made; MS-SMB2 3.3.5.4", status="OK")

    def signed(*algorithms):
        return neg.request(contexts=[neg.OK_PREAUTH, neg.context(neg.SIGNING, neg.ids(*algorithms))])

    def encrypted(*ciphers):
        return neg.request(contexts=[neg.OK_PREAUTH, neg.context(neg.ENCRYPTION, neg.ids(*ciphers))])

    for offered in ((0, 1, 2), (1, 0), (0,), (99, 0, 1)):
        best, first = max(i for i in offered if i < 3), [i for i in offered if i < 3][0]
        made.valid("signing %s, local order" % (offered,), ["Order"], message=signed(*offered),
                   chosen=outcome(signing=SIGNINGS[best]))
        made.valid("signing %s, the peer's order" % (offered,), ["Order"], message=signed(*offered),
                   policy={"peerOrder": True},
                   chosen=outcome(signing=SIGNINGS[first]))
    for offered, local, peer in [((3, 1, 2, 4), 2, 3), ((4, 1), 1, 4), ((3, 4), 4, 3)]:
        for policy, cipher in [({}, local), ({"peerOrder": True}, peer)]:
            made.valid("ciphers %s, policy %s" % (offered, policy), ["Order"], message=encrypted(*offered),
                       policy=policy,
                       chosen=outcome(signing=ind.AES_CMAC, signing_negotiated=False, cipher=CIPHERS[cipher],
                                      cipher_negotiated=True))
    made.valid("no cipher in common", ["Order"], message=encrypted(3, 77), policy={"ciphers": ["AES-128-GCM"]},
               chosen=outcome(signing=ind.AES_CMAC, signing_negotiated=False, cipher_negotiated=True))
    everything = neg.request(contexts=neg.ALL)
    for top, signing, cipher in [("0302", ind.AES_CMAC, "AES-128-CCM"), ("0300", ind.AES_CMAC, "AES-128-CCM"),
                                 ("0210", ind.HMAC_SHA256, "NONE"),
                                 ("0202", ind.HMAC_SHA256, "NONE")]:
        made.valid("up to %s" % top, ["Dialect"], message=everything, policy={"dialectMax": top},
                   chosen=outcome(top, signing, False, cipher))
    made.valid("3.0 without the capability", ["Dialect"], message=everything,
               policy={"dialectMax": "0300", "capabilities": 0},
               chosen=outcome("0300", ind.AES_CMAC, False))
    made.valid("3.0.2 serves a client whose contexts are broken", ["Dialect"],
               message=neg.request(contexts=[], count=7), policy={"dialectMax": "0302"},
               chosen=outcome("0302", ind.AES_CMAC, False, "AES-128-CCM"))
    made.valid("an unknown algorithm only", ["Fallback"], message=signed(99),
               chosen=outcome(signing=ind.AES_CMAC, signing_negotiated=False))
    made.valid("GMAC only, and not allowed here", ["Fallback"], message=signed(2),
               policy={"signing": [ind.HMAC_SHA256]},
               chosen=outcome(signing=ind.AES_CMAC, signing_negotiated=False))
    no = file.group("NegotiateSelect", "made; MS-SMB2 3.3.5.4", chosen=None)
    no.invalid("fallback refused", ["Fallback"], message=signed(2),
               policy={"signing": [ind.HMAC_SHA256], "refuseFallback": True}, status="UNSUPPORTED")
    for comment, message, policy, status in [
            ("no dialect in common", neg.request((0x0202, 0x0210)), {"dialectMin": "0300"}, "NO_DIALECT"),
            ("unknown dialects only", neg.request((0x02FF, 0x0400)), {}, "NO_DIALECT"),
            ("no SHA-512", neg.request(contexts=[neg.context(neg.PREAUTH, neg.preauth((2, 3)))]), {}, "NO_OVERLAP"),
            ("no PREAUTH", neg.request(contexts=[neg.OK_SIGNING]), {}, "MISSING_CONTEXT"),
            ("two SIGNING", neg.request(contexts=[neg.OK_PREAUTH, neg.OK_SIGNING, neg.OK_SIGNING]), {},
             "DUPLICATE_CONTEXT"),
            ("two TRANSPORT, supported", neg.request(contexts=[neg.OK_PREAUTH] + 2 * [neg.context(neg.TRANSPORT, bytes(4))]), {"transport": True},
             "DUPLICATE_CONTEXT"),
            ("COMPRESSION too short, supported", neg.request(contexts=[neg.OK_PREAUTH,
                                                                       neg.context(neg.COMPRESSION, b"\1\0")]),
             {"compression": True},
             "TRUNCATED")]:
        no.invalid(comment, ["Refused"], message=message, policy=policy, status=status)


def add_accepts(file):
    plain, everything = neg.request(contexts=[neg.OK_PREAUTH]), neg.request(contexts=neg.ALL)
    no = file.group("NegotiateAccept", "made; MS-SMB2 3.2.5.2", chosen=None)
    cipher, signing = neg.context(neg.ENCRYPTION, neg.ids(2)), neg.context(neg.SIGNING, neg.ids(1))
    for comment, request, response in [
            ("SIGNING, though not sent", plain, neg.response(contexts=[neg.OK_PREAUTH, signing])),
            ("ENCRYPTION, though not sent", plain, neg.response(contexts=[neg.OK_PREAUTH, cipher])),
            ("TRANSPORT, though not sent", plain, neg.response(contexts=[neg.OK_PREAUTH,
                                                                         neg.context(neg.TRANSPORT, bytes(4))])),
            ("a cipher that was not offered", everything, neg.response(contexts=[neg.OK_PREAUTH, neg.context(neg.ENCRYPTION, neg.ids(4))])),
            ("a dialect that was not offered", neg.request((0x0302, 0x0300)), neg.response(0x0210)),
            ("an unknown dialect", everything, neg.response(0x0310))]:
        no.invalid(comment, ["NotOffered"], request=request, response=response, status="NOT_OFFERED")
    for comment, contexts, status in [
            ("no PREAUTH", [signing], "MISSING_CONTEXT"),
            ("two SIGNING", [neg.OK_PREAUTH, signing, signing], "DUPLICATE_CONTEXT"),
            ("two hashes", [neg.context(neg.PREAUTH, neg.preauth((1, 1)))], "MALFORMED"),
            ("slack in PREAUTH", [neg.context(neg.PREAUTH, neg.preauth() + b"\0")], "MALFORMED"),
            ("two algorithms", [neg.OK_PREAUTH, neg.context(neg.SIGNING, neg.ids(1, 2))], "MALFORMED"),
            ("two ciphers", [neg.OK_PREAUTH, neg.context(neg.ENCRYPTION, neg.ids(1, 2))], "MALFORMED"),
            ("ENCRYPTION too short", [neg.OK_PREAUTH, neg.context(neg.ENCRYPTION, b"\1\0")], "TRUNCATED")]:
        no.invalid(comment, ["BadAnswer"], request=everything, response=neg.response(contexts=contexts), status=status)


FILES = [select]
