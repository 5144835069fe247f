# SPDX-License-Identifier: Apache-2.0
"""Header and compound: MS-SMB2 2.2.1, 3.2.4.1.4, 3.3.5.2.7."""
from collect import Rule
from messages import CANCEL, SESSION_SETUP, async_header, header

BAD = {"status": "CSIGN_MALFORMED"}
SHORT = {"status": "CSIGN_TRUNCATED"}


def field(rule_id, name, right, wrong, message, comment):
    """A rule about where a field stands and how wide it is: the value is right, and is not what a misreading gives."""
    with Rule(rule_id, "header") as rule:
        rule.accept(comment, {"message": message}, {name: right})
        rule.refuse("misread", {"message": message}, differs={name: wrong})


def headers():
    with Rule("HDR-LENGTH", "header") as rule:
        rule.accept("64 bytes", {"message": header()}, {"credits": 1})
        rule.refuse("63 bytes", {"message": header()[:63]}, SHORT)
        rule.refuse("none", {"message": b""}, SHORT)
    with Rule("HDR-PROTOCOL-ID", "header") as rule:
        rule.accept("FE S M B", {"message": header()})
        rule.refuse("FD: a transform header", {"message": header(protocol_id=b"\xfdSMB")}, BAD)
        rule.refuse("FC: a compression transform header", {"message": header(protocol_id=b"\xfcSMB")}, BAD)
        rule.refuse("FF: SMB1", {"message": header(protocol_id=b"\xffSMB")}, BAD)
    with Rule("HDR-STRUCTURE-SIZE", "header") as rule:
        rule.accept("64", {"message": header()})
        rule.refuse("65", {"message": header(structure_size=65)}, BAD)
        rule.refuse("0", {"message": header(structure_size=0)}, BAD)

    field("HDR-CREDIT-CHARGE", "credit_charge", 0x0201, 1, header(credit_charge=0x0201), "u16 at 6")
    field("HDR-STATUS", "status_field", 0xC0000016, 0x16, header(status=0xC0000016), "u32 at 8")
    field("HDR-COMMAND", "command", 0x010C, CANCEL, header(command=0x010C), "u16 at 12")
    field("HDR-CREDITS", "credits", 0x1F02, 2, header(credit=0x1F02), "u16 at 14")
    field("HDR-FLAGS", "flags", 0x10000009, 9, header(flags=0x10000009), "u32 at 16")
    field("HDR-NEXT-COMMAND", "next_command", 0x00010048, 0x48, header(next_command=0x00010048), "u32 at 20")
    field("HDR-MESSAGE-ID", "message_id", "0807060504030201", "0c0b0a0908070605",
          header(message_id=0x0807060504030201, process_id=0x0C0B0A09), "u64 at 24, not at 28")
    field("HDR-ASYNC-ID", "async_id", "0807060504030201", "0000000004030201",
          async_header(0x0807060504030201, flags=2), "u64 at 32")
    field("HDR-TREE-ID", "tree_id", 0x0807, 0x0403, header(process_id=0x0403, tree_id=0x0807), "u32 at 36, not at 32")
    field("HDR-SESSION-ID", "session_id", "0807060504030201", "0000000004030201",
          header(session_id=0x0807060504030201), "u64 at 40")
    field("HDR-SIGNATURE", "signature", bytes(range(1, 17)), bytes(range(1, 16)) + b"\0",
          header(signature=bytes(range(1, 17))), "16 bytes at 48")


def compounds():
    one = header(command=SESSION_SETUP) + b"\x11" * 8

    def chain(next_command, second=one, rest=b""):
        """Two elements; rest stands behind the first one's 72 bytes. Only CMP-PADDING's is zero."""
        return header(command=SESSION_SETUP, next_command=next_command) + b"\x11" * 8 + rest + second

    def elements(*spans):
        return {"elements": [list(s) for s in spans]}

    with Rule("CMP-LAST-ELEMENT", "compound") as rule:
        rule.accept("NextCommand 0: the last element goes to the end of the message",
                    {"message": chain(72)}, elements((0, 72), (72, 72)))
        rule.refuse("a distance to the end of the message leaves no header there",
                    {"message": header(next_command=72) + b"\x11" * 8}, dict(SHORT, **elements((0, 72))))
    with Rule("CMP-PADDING", "compound") as rule:
        rule.accept("NextCommand 80 over 75 bytes: the padding belongs to the element",
                    {"message": chain(80, rest=b"\x11" * 3 + bytes(5))}, elements((0, 80), (80, 72)))
        rule.refuse("the element without it", {"message": chain(80, rest=b"\x11" * 3 + bytes(5))},
                    differs=elements((0, 75), (80, 72)))
    with Rule("CMP-NEXT-ALIGNED", "compound") as rule:
        rule.accept("80", {"message": chain(80, rest=b"\x11" * 8)}, elements((0, 80), (80, 72)))
        rule.refuse("76", {"message": chain(76, rest=b"\x11" * 4)}, dict(BAD, **elements()))
        rule.refuse("77", {"message": chain(77, rest=b"\x11" * 5)}, dict(BAD, **elements()))
    with Rule("CMP-NEXT-LEAST", "compound") as rule:
        inner = header(next_command=64) + header()
        rule.accept("64: an element that is a header alone", {"message": inner}, elements((0, 64), (64, 64)))
        # The second header stands inside the first one's fields: only the distance is wrong.
        message = bytearray(header(next_command=56, signature=bytes(8) + b"\xfeSMB\x40\0\0\0") + header()[8:])
        rule.refuse("56", {"message": bytes(message)}, dict(BAD, **elements()))
        rule.refuse("8", {"message": header(next_command=8) + bytes(64)}, dict(BAD, **elements()))
    with Rule("CMP-NEXT-INSIDE", "compound") as rule:
        rule.accept("to a header that is there", {"message": chain(72)}, elements((0, 72), (72, 72)))
        rule.refuse("past the end", {"message": chain(152)}, dict(SHORT, **elements()))
        rule.refuse("4 GiB ahead", {"message": chain(0xFFFFFFF8)}, dict(SHORT, **elements()))
    with Rule("CMP-ELEMENT-HEADER", "compound") as rule:
        rule.accept("every element begins with a header", {"message": chain(72)}, elements((0, 72), (72, 72)))
        rule.refuse("the second is a transform header",
                    {"message": chain(72, header(protocol_id=b"\xfdSMB", structure_size=52) + bytes(8))}, dict(BAD, **elements((0, 72))))


def build():
    headers()
    compounds()
