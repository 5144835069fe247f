# SPDX-License-Identifier: Apache-2.0
"""The eight context types inside a message: MS-SMB2 2.2.3.1.1 to 2.2.3.1.7, 2.2.4.1; requests, then the stricter responses."""
from collect import Rule
from messages import (POSIX_GUID, SALT, compression, encryption, ids, netname, posix, preauth, rdma, request, response, signing,
                      transport)


def contexts(status, **fields):
    return dict({"contexts_status": status}, **fields)


OK, BAD, SHORT = contexts("CSIGN_OK"), contexts("CSIGN_MALFORMED"), contexts("CSIGN_TRUNCATED")
TWICE = contexts("CSIGN_DUPLICATE_CONTEXT")
P, E = preauth(), encryption(2, 1)


def pair(rule_id, good, ok, bad, refused, call="parse_request"):
    """A rule with one accepting and one or more refusing messages: bad is {comment: message}."""
    with Rule(rule_id, call) as rule:
        rule.accept("as it should be", {"message": good}, ok)
        for comment, message in bad.items():
            rule.refuse(comment, {"message": message}, refused)


def tolerated(rule_id, comment, message, gives, strict, call="parse_request"):
    """A rule that demands tolerance: the message passes with these values, and must not give what a strict or a careless parser does."""
    with Rule(rule_id, call) as rule:
        rule.accept(comment, {"message": message}, gives)
        rule.refuse("what another reading gives", {"message": message}, differs=strict)


def preauth_rules():
    pair("CTX-PREAUTH-PRESENT", request((P, E)), OK, {"absent": request((E,))}, contexts("CSIGN_MISSING_CONTEXT"))
    pair("CTX-PREAUTH-ONCE", request((P, E)), OK, {"two": request((P, E, P))}, TWICE)
    pair("CTX-PREAUTH-COUNT-0", request((preauth((1,)),)), contexts("CSIGN_OK", preauth_hashes=[1]),
         {"HashAlgorithmCount 0": request((preauth(()),))}, BAD)
    pair("CTX-PREAUTH-LENGTH", request((P, E)), contexts("CSIGN_OK", preauth_salt=SALT),
         {"SaltLength 33 of 32": request((preauth(salt_len=33), E)),
          "18 ids in 34 bytes": request((preauth(count=18), E)),
          "3 bytes": request(((1, b"\1\0\0"), E))}, SHORT)
    slack = request((preauth(slack=bytes(34)), E))
    tolerated("CTX-PREAUTH-SLACK", "34 bytes behind the salt, as nmap sends", slack,
              contexts("CSIGN_OK", preauth_salt=SALT, preauth_hashes=[1]), BAD)
    bare = request((preauth(salt=b""), E))
    tolerated("CTX-PREAUTH-SALT-EMPTY", "SaltLength 0", bare, contexts("CSIGN_OK", preauth_salt=b"", has_preauth=True), BAD)
    many = request((preauth((7, 1, 9)), E))
    tolerated("CTX-PREAUTH-VIEWS", "three ids, then the salt", many,
              contexts("CSIGN_OK", preauth_hashes=[7, 1, 9], preauth_salt=SALT),
              contexts("CSIGN_OK", preauth_salt=ids(1, 9) + SALT[:-4]))


def list_rules(name, build, flag):
    """ENCRYPTION and SIGNING have one shape: u16 count, u16 ids."""
    two, one = build(2, 1), build(2)
    pair("CTX-%s-ONCE" % name, request((P, two)), OK, {"two": request((P, two, one))}, TWICE)
    pair("CTX-%s-COUNT-0" % name, request((P, one)), contexts("CSIGN_OK", **{flag: [2]}),
         {"count 0": request((P, build(2, count=0)))}, BAD)
    pair("CTX-%s-LENGTH" % name, request((P, two)), contexts("CSIGN_OK", **{flag: [2, 1]}),
         {"3 ids in 4 bytes": request((P, build(2, 1, count=3))), "1 byte": request((P, (one[0], b"\1"))),
          "an id of 1 byte": request((P, (one[0], b"\1\0\2")))}, SHORT)
    tolerated("CTX-%s-SLACK" % name, "DataLength rounded up to 8, as Linux does", request((P, build(2, slack=bytes(4)))),
              contexts("CSIGN_OK", **{flag: [2]}), BAD)
    wide = request((P, build(*[0x100 + i for i in range(300)])))
    tolerated("CTX-%s-WHOLE-LIST" % name, "300 ids, all of them there", wide,
              contexts("CSIGN_OK", **{flag: [0x100 + i for i in range(300)]}),
              contexts("CSIGN_OK", **{flag: [0x100 + i for i in range(256)]}))


def optional_rules():
    """COMPRESSION, TRANSPORT and RDMA: what is wrong inside stands apart, because it matters only where the feature is supported."""
    def own(name, status, **fields):
        return dict(OK, **{name + "_status": status}, **fields)

    pair("CTX-COMPRESSION-ONCE", request((P, compression(1))), OK, {"two": request((P, compression(1, 2), compression(2)))}, TWICE)
    pair("CTX-COMPRESSION-COUNT-0", request((P, compression(1))), own("compression", "CSIGN_OK", compression_algorithms=[1]),
         {"count 0": request((P, compression(1, count=0)))}, own("compression", "CSIGN_MALFORMED", has_compression=False))
    pair("CTX-COMPRESSION-LENGTH", request((P, compression(1, 2))),
         own("compression", "CSIGN_OK", compression_algorithms=[1, 2]),
         {"3 ids in 4 bytes": request((P, compression(1, 2, count=3))), "7 bytes": request((P, (3, bytes([1]) + bytes(6)), E))},
         own("compression", "CSIGN_TRUNCATED", has_compression=False))
    tolerated("CTX-COMPRESSION-FLAGS", "Flags is a u32 at 4, Padding before it is not read",
              request((P, compression(1, 3, flags=0x80000001, padding=0xFFFF))),
              own("compression", "CSIGN_OK", compression_flags=0x80000001, compression_algorithms=[1, 3]),
              own("compression", "CSIGN_OK", compression_flags=0x0001FFFF))
    pair("CTX-TRANSPORT-ONCE", request((P, transport())), OK, {"two": request((P, transport(), transport()))}, TWICE)
    pair("CTX-TRANSPORT-LENGTH", request((P, transport(0x80000001))), own("transport", "CSIGN_OK", transport_flags=0x80000001),
         {"5 bytes": request((P, transport(data=b"\1\0\0\0\0"), E))}, own("transport", "CSIGN_MALFORMED", has_transport=False))
    pair("CTX-TRANSPORT-SHORT", request((P, transport(1))), own("transport", "CSIGN_OK", transport_flags=1),
         {"3 bytes": request((P, transport(data=b"\1\0\0"), E))}, own("transport", "CSIGN_TRUNCATED", has_transport=False))
    pair("CTX-RDMA-ONCE", request((P, rdma(1))), OK, {"two": request((P, rdma(1), rdma(2)))}, TWICE)
    pair("CTX-RDMA-COUNT-0", request((P, rdma(1))), own("rdma", "CSIGN_OK", rdma_transforms=[1]),
         {"count 0": request((P, rdma(1, count=0)))}, own("rdma", "CSIGN_MALFORMED", has_rdma=False))
    pair("CTX-RDMA-LENGTH", request((P, rdma(1, 2))), own("rdma", "CSIGN_OK", rdma_transforms=[1, 2]),
         {"3 ids in 4 bytes": request((P, rdma(1, 2, count=3))), "7 bytes": request((P, (7, bytes([1]) + bytes(6)), E))},
         own("rdma", "CSIGN_TRUNCATED", has_rdma=False))
    tolerated("CTX-RDMA-RESERVED", "Reserved1 and Reserved2 are not read", request((P, rdma(1, 2, reserved=0xFFFFFFFF))),
              own("rdma", "CSIGN_OK", rdma_transforms=[1, 2]), own("rdma", "CSIGN_MALFORMED"))


def other_rules():
    tolerated("CTX-NETNAME-ANY", "an odd number of bytes that are no text", request((P, (5, b"\xff\xfe\xfd"), E)),
              contexts("CSIGN_OK", netname=b"\xff\xfe\xfd", has_netname=True), BAD)
    tolerated("CTX-NETNAME-WHOLE", "no terminator is taken off", request((P, netname("srv\0"))),
              contexts("CSIGN_OK", netname="srv\0".encode("utf-16-le")), contexts("CSIGN_OK", netname="srv".encode("utf-16-le")))
    pair("CTX-POSIX-LENGTH", request((P, posix(POSIX_GUID * 2))), contexts("CSIGN_OK", posix=POSIX_GUID * 2),
         {"17 bytes": request((P, posix(POSIX_GUID + b"\0"))), "15 bytes": request((P, posix(POSIX_GUID[:15])))}, BAD)


def response_rules():
    r = "parse_response"
    E1, S1 = encryption(2), signing(2)
    pair("RSP-PREAUTH-PRESENT", response((P, E1)), OK, {"absent": response((E1,))}, contexts("CSIGN_MISSING_CONTEXT"), r)
    pair("RSP-PREAUTH-COUNT-1", response((preauth((1,), salt=SALT),)), contexts("CSIGN_OK", preauth_hashes=[1]),
         {"2 ids": response((preauth((1, 1), salt=SALT),)), "none": response((preauth((), salt=SALT),))}, BAD, r)
    pair("RSP-PREAUTH-LENGTH-EXACT", response((P, E1)), contexts("CSIGN_OK", preauth_salt=SALT),
         {"1 byte behind the salt": response((preauth(slack=b"\0"), E1))}, BAD, r)
    pair("RSP-ONCE", response((P, E1, S1)), OK,
         {"PREAUTH twice": response((P, E1, P)), "ENCRYPTION twice": response((P, E1, E1)), "SIGNING twice": response((P, S1, S1)),
          "COMPRESSION twice": response((P, compression(1), compression(1))), "RDMA twice": response((P, rdma(1), rdma(1))),
          "TRANSPORT twice": response((P, transport(), transport()))}, TWICE, r)
    pair("RSP-ENCRYPTION-COUNT-1", response((P, encryption(2))), contexts("CSIGN_OK", ciphers=[2]),
         {"2 ids": response((P, encryption(2, 1)))}, BAD, r)
    pair("RSP-SIGNING-COUNT-1", response((P, signing(1))), contexts("CSIGN_OK", signing_algorithms=[1]),
         {"2 ids": response((P, signing(1, 1)))}, BAD, r)
    tolerated("RSP-SIGNING-SLACK", "DataLength rounded up to 8", response((P, signing(1, slack=bytes(4)))),
              contexts("CSIGN_OK", signing_algorithms=[1]), BAD, r)


def build():
    preauth_rules()
    list_rules("ENCRYPTION", encryption, "ciphers")
    list_rules("SIGNING", signing, "signing_algorithms")
    optional_rules()
    other_rules()
    response_rules()
