# SPDX-License-Identifier: Apache-2.0
"""NEGOTIATE framing, request and response: MS-SMB2 2.2.3, 2.2.4, and how contexts follow each other, 2.2.3.1."""
from collect import Rule
from messages import NETNAME, SALT, SESSION_SETUP, SIGNED, context_list, encryption, netname, preauth, request, response, signing

BAD = {"status": "CSIGN_MALFORMED"}
SHORT = {"status": "CSIGN_TRUNCATED"}


def contexts(status):
    """The parser reports what is wrong with the contexts beside its result."""
    return {"contexts_status": status}


CTX_OK = contexts("CSIGN_OK")
CTX_BAD = contexts("CSIGN_MALFORMED")
CTX_SHORT = contexts("CSIGN_TRUNCATED")


def requests():
    good = request()
    with Rule("NEG-REQ-COMMAND", "parse_request") as rule:
        rule.accept("NEGOTIATE", {"message": good}, CTX_OK)
        rule.refuse("SESSION_SETUP", {"message": request(command=SESSION_SETUP)}, BAD)
    with Rule("NEG-REQ-NOT-SIGNED", "parse_request") as rule:
        rule.accept("SIGNED clear", {"message": good}, CTX_OK)
        rule.refuse("SIGNED set", {"message": request(flags=SIGNED)}, BAD)
    with Rule("NEG-REQ-ALONE", "parse_request") as rule:
        rule.accept("NextCommand 0", {"message": good}, CTX_OK)
        rule.refuse("NextCommand at the end", {"message": request(next_command=len(good))}, BAD)
    with Rule("NEG-REQ-STRUCTURE-SIZE", "parse_request") as rule:
        rule.accept("36", {"message": good}, CTX_OK)
        rule.refuse("37", {"message": request(structure_size=37)}, BAD)
    with Rule("NEG-REQ-FIXED-PART", "parse_request") as rule:
        least = request(dialects=(0x0210,), contexts=())
        rule.accept("36 bytes of body and a dialect", {"message": least}, {"dialects": [0x0210]})
        rule.refuse("35 bytes of body", {"message": least[:99]}, SHORT)
    with Rule("NEG-REQ-DIALECT-COUNT", "parse_request") as rule:
        rule.accept("1", {"message": request(dialects=(0x0210,), contexts=())}, {"dialects": [0x0210]})
        rule.refuse("0", {"message": request(dialects=(0x0210,), contexts=(), dialect_count=0)}, BAD)
    with Rule("NEG-REQ-DIALECTS-INSIDE", "parse_request") as rule:
        two = dict(dialects=(0x0202, 0x0210), contexts=())
        rule.accept("2 of 2", {"message": request(**two)}, {"dialects": [0x0202, 0x0210]})
        rule.refuse("3 of 2", {"message": request(dialect_count=3, **two)}, SHORT)
    with Rule("NEG-REQ-START-TIME", "parse_request") as rule:
        # Read as contexts these eight bytes would be an offset of 0x70 and a count of 2, at which nothing stands.
        old = request(dialects=(0x0210, 0x0300), contexts=(), start_time=0x0000000200000070)
        rule.accept("without 3.1.1: ClientStartTime", {"message": old},
                    dict(CTX_OK, client_start_time="0000000200000070", has_preauth=False))
        rule.refuse("the same bytes with 3.1.1 are an offset and a count",
                    {"message": request(dialects=(0x0210, 0x0311), contexts=(), offset=0x70, count=2)},
                    differs=dict(CTX_OK, client_start_time="0000000200000070"))


def responses():
    good = response()
    with Rule("NEG-RSP-COMMAND", "parse_response") as rule:
        rule.accept("NEGOTIATE", {"message": good}, CTX_OK)
        rule.refuse("SESSION_SETUP", {"message": response(command=SESSION_SETUP)}, BAD)
    with Rule("NEG-RSP-STRUCTURE-SIZE", "parse_response") as rule:
        rule.accept("65", {"message": good}, CTX_OK)
        rule.refuse("9: an error response", {"message": response(structure_size=9)}, BAD)
    with Rule("NEG-RSP-FIXED-PART", "parse_response") as rule:
        least = response(dialect=0x0210, buffer=b"")
        rule.accept("64 bytes of body", {"message": least}, {"dialect": 0x0210})
        rule.refuse("63 bytes of body", {"message": least[:127]}, SHORT)
    with Rule("NEG-RSP-OLD-RESERVED", "parse_response") as rule:
        rule.accept("below 3.1.1 count and offset are reserved: anything",
                    {"message": response(dialect=0x0302, count=7, offset=0xFFFFFFFF)}, dict(CTX_OK, has_preauth=False))
        rule.refuse("at 3.1.1 they lead nowhere", {"message": response(count=7, offset=0xFFFFFFFF)}, differs=CTX_OK)
    with Rule("NEG-RSP-BUFFER-INSIDE", "parse_response") as rule:
        old = dict(dialect=0x0210, buffer=b"\x60\x02abcdef")
        rule.accept("8 of 8 bytes", {"message": response(**old)}, {"security_buffer": b"\x60\x02abcdef"})
        rule.refuse("9 of 8 bytes", {"message": response(buffer_len=9, **old)}, SHORT)
        rule.refuse("begins past the end", {"message": response(buffer_offset=0xFFF0, **old)}, SHORT)
    with Rule("NEG-RSP-BUFFER-BEHIND-FIXED-PART", "parse_response") as rule:
        old = dict(dialect=0x0210, buffer=b"\x60\x02abcdef")
        rule.accept("at 128", {"message": response(**old)}, {"security_buffer": b"\x60\x02abcdef"})
        rule.refuse("at 120", {"message": response(buffer_offset=120, **old)}, BAD)
    with Rule("NEG-RSP-BUFFER-EMPTY", "parse_response") as rule:
        rule.accept("offset 0, length 0", {"message": response(dialect=0x0210, buffer=b"", buffer_offset=0)},
                    {"security_buffer": b""})
        rule.refuse("refusing it", {"message": response(dialect=0x0210, buffer=b"", buffer_offset=0)}, differs=BAD)
    with Rule("NEG-RSP-CONTEXTS-BEHIND-BUFFER", "parse_response") as rule:
        spare = bytes(64)
        inside = response()[:128] + context_list((preauth(), encryption(2), signing(2)))
        rule.accept("contexts behind the security buffer", {"message": good}, CTX_OK)
        rule.refuse("contexts inside it", {"message": inside[:120] + (128).to_bytes(2, "little") +
                                           (len(inside) - 128).to_bytes(2, "little") + (128).to_bytes(4, "little") +
                                           inside[128:] + spare}, CTX_BAD)


def scan():
    good = request()
    with Rule("CTX-COUNT-0", "parse_request") as rule:
        rule.accept("3", {"message": good}, CTX_OK)
        rule.refuse("0", {"message": request(count=0)}, contexts("CSIGN_MISSING_CONTEXT"))
    with Rule("CTX-OFFSET-BEHIND-DIALECTS", "parse_request") as rule:
        # Contexts laid over the last dialects, eight-byte aligned: 12 dialects end at 124, the contexts begin at 120.
        over = request(dialects=(0x0311,) * 12, contexts=())[:120] + context_list((preauth(), encryption(2)))
        fixed = over[:92] + (120).to_bytes(4, "little") + (2).to_bytes(2, "little") + over[98:]
        rule.accept("behind them", {"message": request(dialects=(0x0311,) * 12)}, CTX_OK)
        rule.refuse("over the last two", {"message": fixed}, CTX_BAD)
    with Rule("CTX-OFFSET-ALIGNED", "parse_request") as rule:
        rule.accept("at a multiple of 8", {"message": good}, CTX_OK)
        rule.refuse("4 beyond one", {"message": request(gap=4)}, CTX_BAD)
    with Rule("CTX-OFFSET-INSIDE", "parse_request") as rule:
        rule.accept("inside the message", {"message": good}, CTX_OK)
        rule.refuse("past its end", {"message": request(offset=0xFFFFFFF8)}, CTX_SHORT)
    with Rule("CTX-OFFSET-ANY-SLOT", "parse_request") as rule:
        rule.accept("one slot later than the first", {"message": request(gap=8)}, dict(CTX_OK, preauth_hashes=[1]))
        rule.refuse("demanding the first slot", {"message": request(gap=8)}, differs=CTX_BAD)
    with Rule("CTX-HEADER-INSIDE", "parse_request") as rule:
        bare = context_list((preauth(), (NETNAME, b"")))
        rule.accept("a last context of 8 bytes, all there", {"message": request(count=2, raw_contexts=bare)}, CTX_OK)
        rule.refuse("none of them there", {"message": request(contexts=(), count=1, offset=104, tail=bytes(2))}, CTX_SHORT)
        rule.refuse("7 of them there", {"message": request(count=2, raw_contexts=bare[:-1])}, CTX_SHORT)
        rule.refuse("counted, but not there", {"message": request(count=3, raw_contexts=bare)}, CTX_SHORT)
    with Rule("CTX-DATA-INSIDE", "parse_request") as rule:
        pair = (preauth(), (NETNAME, b"abcdef"))
        rule.accept("DataLength 6 of 6", {"message": request(pair)}, CTX_OK)
        rule.refuse("DataLength 7 of 6", {"message": request(pair, context_options={"lengths": {1: 7}})}, CTX_SHORT)
    with Rule("CTX-RESERVED-IGNORED", "parse_request") as rule:
        odd = request(context_options={"reserved": 0xDEADBEEF})
        rule.accept("Reserved not 0", {"message": odd}, dict(CTX_OK, signing_algorithms=[2, 1, 0]))
        rule.refuse("demanding 0", {"message": odd}, differs=CTX_BAD)
    with Rule("CTX-ALIGNED-8", "parse_request") as rule:
        three = (preauth(salt=SALT[:3]), encryption(2, 1), signing(2))
        packed = b"".join(context_list((c,)) for c in three)
        rule.accept("each at a multiple of 8", {"message": request(three)}, dict(CTX_OK, signing_algorithms=[2]))
        rule.refuse("one directly behind the other", {"message": request(count=3, raw_contexts=packed)},
                    differs=dict(CTX_OK, signing_algorithms=[2]))
    with Rule("CTX-LAST-UNPADDED", "parse_request") as rule:
        ends = request((preauth(salt=SALT[:31]),))
        rule.accept("the last context ends the message at an odd length", {"message": ends}, CTX_OK)
        rule.refuse("demanding its padding", {"message": ends}, differs=CTX_SHORT)
    with Rule("CTX-ANY-PADDING", "parse_request") as rule:
        padded = request(context_options={"pad": 0xFF})
        rule.accept("padding of FF", {"message": padded}, dict(CTX_OK, signing_algorithms=[2, 1, 0]))
        rule.refuse("demanding zeros", {"message": padded}, differs=CTX_BAD)
    with Rule("CTX-ANY-ORDER", "parse_request") as rule:
        turned = request((signing(2), encryption(2), preauth()))
        rule.accept("SIGNING first, PREAUTH last", {"message": turned}, dict(CTX_OK, ciphers=[2], preauth_hashes=[1]))
        rule.refuse("demanding PREAUTH first", {"message": turned}, differs=CTX_BAD)
    with Rule("CTX-UNKNOWN-IGNORED", "parse_request") as rule:
        strange = request((preauth(), (0x0004, b"xx"), (0x0004, b"yy"), (0xFFFF, b""), encryption(2)))
        rule.accept("unknown types, one twice", {"message": strange}, dict(CTX_OK, ciphers=[2]))
        rule.refuse("refusing them", {"message": strange}, differs=CTX_BAD)
    with Rule("CTX-TRAILING-IGNORED", "parse_request") as rule:
        long = request(tail=b"\xAA" * 21)
        rule.accept("bytes behind the last counted context", {"message": long}, dict(CTX_OK, signing_algorithms=[2, 1, 0]))
        rule.refuse("refusing them", {"message": long}, differs=CTX_BAD)


def encoders():
    """What is sent: parsed messages that are encoded again in the canonical form."""
    turned = request((preauth(), signing(2, 1), netname("srv"), encryption(2, 1)))
    with Rule("CTX-SEND-CANONICAL", "reencode_request") as rule:
        rule.accept("ascending types, zeros between", {"message": turned}, {"out_types": [1, 2, 5, 8], "out_padding": 0})
        rule.refuse("as they came", {"message": turned}, differs={"out_types": [1, 8, 5, 2]})
        rule.refuse("padded with FF", {"message": turned}, differs={"out_padding": 0xFF})
    two = request((preauth(), encryption(2)))
    with Rule("CTX-SEND-RESERVED-0", "reencode_request") as rule:
        rule.accept("Reserved is sent as 0", {"message": two}, {"out_reserved": [0, 0]})
        rule.refuse("all ones", {"message": two}, differs={"out_reserved": [0xFFFFFFFF, 0xFFFFFFFF]})
    with Rule("CTX-SEND-NO-TRAILING-PADDING", "reencode_request") as rule:
        assert len(two) % 8 == 4
        rule.accept("ends with the last context's data", {"message": two}, {"out_len": len(two)})
        rule.refuse("padded to 8", {"message": two}, differs={"out_len": len(two) + 4})


def build():
    requests()
    responses()
    scan()
    encoders()
