# SPDX-License-Identifier: Apache-2.0
"""Signing and verifying: MS-SMB2 3.1.4.1, 3.1.5.1. Wrong signatures are those of an implementation that breaks the rule."""
import struct

from arithmetic import cmac, gmac, hmac, mac, nonce, put, sign, sign_with_last_byte_0, signed_form
from collect import Rule
from messages import (ALL_ONES, ASYNC, CANCEL, ECHO, LOGOFF, NEGOTIATE, OPLOCK_BREAK, RELATED, SERVER, SESSION_SETUP, SIGNED,
                      async_header, header)

KEY = bytes.fromhex("7a1fc04d9e3355b8e2067119dac8430f")
GMAC, CMAC, HMAC = "AES-GMAC", "AES-CMAC", "HMAC-SHA256"
ALGORITHMS = (GMAC, CMAC, HMAC)
PENDING = 0x103
BAD = {"status": "CSIGN_BAD_SIGNATURE"}
BY_RULE = {"status": "CSIGN_NOT_SIGNED_BY_RULE"}
FORBIDDEN = {"status": "CSIGN_NONCE_FORBIDDEN"}
TAIL = bytes([0xC5]) * 16
JUNK = bytes(range(0xF0, 0x100))


def head(**fields):
    """An ordinary request of an ordinary session. MessageId and process id repeat one byte, so that only SIGN-NONCE-MESSAGE-ID
    depends on where the nonce is read."""
    base = dict(command=LOGOFF, message_id=0x0505050505050505, process_id=0x05050505, session_id=0x31)
    base.update(fields)
    return header(**base)


def call(message, algorithm=CMAC):
    return {"algorithm": algorithm, "key": KEY, "message": message}


def good(algorithm=CMAC, body_len=16, **fields):
    return call(sign_with_last_byte_0(algorithm, KEY, head(**fields), body_len), algorithm)


def forged(algorithm=CMAC, **fields):
    """SIGNED set and a signature that is nobody's."""
    return call(put(signed_form(head(**fields) + TAIL), JUNK), algorithm)


def unsigned(algorithm=CMAC, **fields):
    return call(head(**fields) + TAIL, algorithm)


def ground(make):
    """The covered form of make(4 bytes) for which the CMAC ends in 00: see sign_with_last_byte_0."""
    for i in range(1 << 16):
        covered = signed_form(make(struct.pack("<I", i)))
        if cmac(KEY, covered)[15] == 0:
            return covered
    raise AssertionError("no such message in 65536")


def mac_rules():
    message = head() + TAIL
    with Rule("SIGN-SETS-FLAG", "sign") as rule:
        rule.accept("SIGNED set, the other bits kept", call(head(flags=0x34) + TAIL), {"flags": 0x3C})
        rule.refuse("flags unchanged", call(head(flags=0x34) + TAIL), differs={"flags": 0x34})
    with Rule("SIGN-FLAG-COVERED", "mac") as rule:
        rule.accept("the MAC is that of a header with SIGNED set", call(message), {"tag": cmac(KEY, signed_form(message))})
        rule.refuse("of the header as it was", call(message), differs={"tag": cmac(KEY, message)})
    with Rule("SIGN-ZEROED-SIGNATURE", "mac") as rule:
        dirty = signed_form(message)[:63] + b"\xA5" + TAIL
        rule.accept("bytes 48..63 count as zero", call(dirty), {"tag": cmac(KEY, signed_form(message))})
        rule.refuse("byte 63 as it was", call(dirty), differs={"tag": cmac(KEY, dirty)})
    with Rule("SIGN-COVERS-START", "verify") as rule:
        charged = ground(lambda tail: head(credit_charge=0x0201) + tail + TAIL[:12])
        rule.accept("from the first header byte: CreditCharge covered", call(put(charged, cmac(KEY, charged))))
        rule.refuse("CreditCharge left out", call(put(charged, cmac(KEY, charged[:6] + bytes(2) + charged[8:]))), BAD)
    with Rule("SIGN-COVERS-END", "verify") as rule:
        odd = ground(lambda tail: head() + tail + b"\xC5" * 17)
        rule.accept("to the last byte: 85 bytes", call(put(odd, cmac(KEY, odd))))
        rule.refuse("80 of them", call(put(odd, cmac(KEY, odd[:80]))), BAD)
        rule.refuse("88, as if padded", call(put(odd, cmac(KEY, odd + bytes(3)))), BAD)
    with Rule("SIGN-NO-TRIM", "verify") as rule:
        padded = ground(lambda tail: head() + tail + TAIL[:12] + bytes(8))
        rule.accept("zeros at the end are covered", call(put(padded, cmac(KEY, padded))))
        rule.refuse("trimmed", call(put(padded, cmac(KEY, padded[:-8]))), BAD)
    with Rule("SIGN-PADDING-COVERED", "verify") as rule:
        # An element of 88 bytes, of which the last 5 pad it to the next one.
        element = ground(lambda tail: head(next_command=88) + tail + TAIL[:12] + bytes(3) + b"\xEE" * 5)
        rule.accept("an element's padding is covered", call(put(element, cmac(KEY, element))))
        rule.refuse("left out", call(put(element, cmac(KEY, element[:83]))), BAD)
    with Rule("SIGN-NEXT-COMMAND", "sign") as rule:
        rule.accept("NextCommand is exactly the element's length", call(head(next_command=80) + TAIL))
        rule.refuse("8 less", call(head(next_command=72) + TAIL), {"status": "CSIGN_MALFORMED"})
        rule.refuse("8 more", call(head(next_command=88) + TAIL), {"status": "CSIGN_MALFORMED"})
    with Rule("SIGN-WHOLE-TAG", "verify") as rule:
        right = good()
        wrong = bytearray(right["message"])
        wrong[62] ^= 1
        rule.accept("16 right bytes", right)
        rule.refuse("15 right bytes, the last among them", call(bytes(wrong)), BAD)


def algorithms():
    covered = signed_form(head() + TAIL)
    with Rule("SIGN-HMAC-FIRST-16", "mac") as rule:
        rule.accept("the first 16 bytes of HMAC-SHA256", call(covered, HMAC), {"tag": hmac(KEY, covered)[:16]})
        rule.refuse("the last 16", call(covered, HMAC), differs={"tag": hmac(KEY, covered)[16:]})
    with Rule("SIGN-GMAC", "mac") as rule:
        short = signed_form(head() + TAIL[:8])
        at = nonce(short)
        rule.accept("AES-128-GCM of nothing, the message as additional data", call(short, GMAC), {"tag": gmac(KEY, at, short)})
        # The additional data padded as CMAC would pad it.
        rule.refuse("padded with 80", call(short, GMAC), differs={"tag": gmac(KEY, at, short + b"\x80")})


def nonces():
    def by_nonce(rule_id, fields, wrong, make=head):
        with Rule(rule_id, "verify") as rule:
            covered = signed_form(make(**fields) + TAIL)
            right = sign_with_last_byte_0(GMAC, KEY, make(**fields))
            rule.accept("the right nonce", call(right, GMAC))
            for comment, n in wrong.items():
                rule.refuse(comment, call(put(right, gmac(KEY, n(signed_form(right)), signed_form(right))), GMAC), BAD)
            assert all(n(covered) != nonce(covered) for n in wrong.values())

    by_nonce("SIGN-NONCE-MESSAGE-ID", dict(message_id=0x0807060504030201, process_id=0x0C0B0A09), {
        "read at 28": lambda m: nonce(m, message_id_at=28),
        "the other byte order": lambda m: nonce(m)[7::-1] + nonce(m)[8:]})
    by_nonce("SIGN-NONCE-ROLE", dict(flags=SERVER), {
        "no role": lambda m: nonce(m, role=False), "in byte 11": lambda m: nonce(m, byte=11),
        "in byte 10": lambda m: nonce(m, byte=10)})
    by_nonce("SIGN-NONCE-CANCEL", dict(command=CANCEL), {
        "no CANCEL bit": lambda m: nonce(m, cancel=False), "in byte 11": lambda m: nonce(m, byte=11)})
    by_nonce("SIGN-NONCE-CANCEL-BY-COMMAND", dict(command=ECHO, flags=ASYNC, async_id=0x0505050505050505), {
        "the CANCEL bit because ASYNC is set": lambda m: nonce(m)[:8] + b"\2\0\0\0"}, async_head)
    by_nonce("SIGN-NONCE-ASYNC", dict(command=ECHO, flags=ASYNC | RELATED, async_id=0x4747474705050505), {
        "AsyncId in place of MessageId": lambda m: nonce(m, message_id_at=32)}, async_head)


def async_head(async_id, **fields):
    base = dict(command=LOGOFF, message_id=0x0505050505050505, session_id=0x31)
    base.update(fields)
    return async_header(async_id, **base)


def not_signed():
    """Where verification stops before the MAC. That a message was checked shows in BAD_SIGNATURE for a forged one."""
    def exempt(rule_id, comment, unverified, checked, checked_comment):
        """unverified gives NOT_SIGNED_BY_RULE; checked, which differs in one field, is verified like any other."""
        with Rule(rule_id, "verify") as rule:
            rule.accept(checked_comment, good(**checked))
            rule.refuse(comment, unverified, BY_RULE)

    def narrow(rule_id, comment, **fields):
        """An exception that is not one: checked, so a forged message is refused as such."""
        with Rule(rule_id, "verify") as rule:
            rule.accept(comment + ", rightly signed", good(**fields))
            rule.refuse(comment + ", forged", forged(**fields), BAD)

    unsolicited = dict(command=OPLOCK_BREAK, flags=SERVER, message_id=ALL_ONES, session_id=0, process_id=0xFFFFFFFF)
    exempt("VERIFY-INTERIM", "a response with STATUS_PENDING", forged(flags=SERVER, status=PENDING, command=ECHO),
           dict(flags=SERVER, command=ECHO), "a response with another status")
    narrow("VERIFY-INTERIM-RESPONSES-ONLY", "a request whose ChannelSequence reads 0x103", status=PENDING)
    with Rule("VERIFY-BREAK", "verify") as rule:
        rule.accept("a break with a SessionId, rightly signed", good(**dict(unsolicited, session_id=0x31)))
        rule.refuse("the same forged", forged(**dict(unsolicited, session_id=0x31)), BAD)
        rule.refuse("an unsolicited break: SessionId 0", forged(**unsolicited), BY_RULE)
    narrow("VERIFY-BREAK-MESSAGE-ID", "a break with a MessageId", **dict(unsolicited, message_id=0x0505050505050505,
                                                                        process_id=0x05050505))
    narrow("VERIFY-BREAK-COMMAND", "not a break", **dict(unsolicited, command=LOGOFF))
    narrow("VERIFY-BREAK-SERVER", "from the client", **dict(unsolicited, flags=0))
    exempt("VERIFY-NEGOTIATE", "NEGOTIATE, SIGNED clear", unsigned(command=NEGOTIATE), dict(command=LOGOFF), "not a NEGOTIATE")
    narrow("VERIFY-NEGOTIATE-SIGNED", "NEGOTIATE, SIGNED set", command=NEGOTIATE)
    for name, command in (("SETUP", SESSION_SETUP), ("ECHO", ECHO)):
        exempt("VERIFY-%s-SESSION-0" % name, "SessionId 0, SIGNED clear", unsigned(command=command, session_id=0),
               dict(command=command), "with a SessionId")
    with Rule("VERIFY-SESSION-0-SIGNED", "verify") as rule:
        for name, command in (("SESSION_SETUP", SESSION_SETUP), ("ECHO", ECHO)):
            rule.accept("%s with SessionId 0, rightly signed" % name, good(command=command, session_id=0))
            rule.refuse("%s with SessionId 0, forged" % name, forged(command=command, session_id=0), BAD)
    with Rule("VERIFY-SESSION-0-OTHERS", "verify") as rule:
        rule.accept("another command with SessionId 0, signed", good(session_id=0))
        rule.refuse("SIGNED clear: not by rule", unsigned(session_id=0), differs=BY_RULE)
    with Rule("VERIFY-SETUP-WITH-SESSION", "verify") as rule:
        rule.accept("SESSION_SETUP with a SessionId, signed", good(command=SESSION_SETUP))
        rule.refuse("SIGNED clear: not by rule", unsigned(command=SESSION_SETUP), differs=BY_RULE)
    with Rule("VERIFY-FLAG-DECIDES", "verify") as rule:
        message = good()["message"]
        clear = message[:16] + struct.pack("<I", 0) + message[20:]
        rule.accept("SIGNED set", call(message))
        rule.refuse("SIGNED clear although the field holds the right signature", call(clear), {"status": "CSIGN_NOT_SIGNED"})
        rule.refuse("SIGNED clear, field empty", unsigned(), {"status": "CSIGN_NOT_SIGNED"})
    narrow("VERIFY-MESSAGE-ID-0", "MessageId 0", message_id=0, process_id=0)
    narrow("VERIFY-PRIORITY-BITS", "SIGNED beside priority bits 0x70", flags=0x70)


def refusals():
    """What is never signed, under every algorithm. forbidden and allowed differ in one field."""
    def never(rule_id, refused, comment, forbidden, allowed):
        with Rule(rule_id, "sign") as rule:
            for algorithm in ALGORITHMS:
                rule.accept("%s: allowed" % algorithm, unsigned(algorithm, **allowed))
                rule.refuse("%s: %s" % (algorithm, comment), unsigned(algorithm, **forbidden), refused)

    never("SIGN-NOT-INTERIM", FORBIDDEN, "an interim response", dict(flags=SERVER, status=PENDING), dict(flags=SERVER))
    never("SIGN-NOT-MESSAGE-ID-ONES", FORBIDDEN, "MessageId all ones", dict(message_id=ALL_ONES, process_id=0xFFFFFFFF), {})
    never("SIGN-NOT-MESSAGE-ID-0", FORBIDDEN, "MessageId 0", dict(message_id=0, process_id=0), {})
    never("SIGN-NOT-NEGOTIATE", BY_RULE, "NEGOTIATE", dict(command=NEGOTIATE), {})
    never("SIGN-NOT-SESSION-0", BY_RULE, "SessionId 0", dict(session_id=0), {})
    never("SIGN-NOT-SERVER-CANCEL", BY_RULE, "a CANCEL from the server", dict(command=CANCEL, flags=SERVER), dict(command=CANCEL))
    cancel = dict(command=CANCEL, message_id=0, process_id=0)
    with Rule("SIGN-CANCEL-MESSAGE-ID-0", "sign") as rule:
        rule.accept("AES-CMAC", unsigned(CMAC, **cancel))
        rule.accept("HMAC-SHA256", unsigned(HMAC, **cancel))
        rule.refuse("AES-CMAC refused", unsigned(CMAC, **cancel), differs=FORBIDDEN)
    with Rule("SIGN-CANCEL-MESSAGE-ID-0-GMAC", "sign") as rule:
        rule.accept("with the request's MessageId", unsigned(GMAC, **dict(cancel, message_id=0x0505050505050505)))
        rule.refuse("AES-GMAC: MessageId 0 is a nonce", unsigned(GMAC, **cancel), FORBIDDEN)
    with Rule("SIGN-REFUSAL-TOUCHES-NOTHING", "sign") as rule:
        message = head(command=NEGOTIATE, session_id=0, signature=JUNK) + TAIL  # refused for two reasons
        rule.accept("allowed: written", call(head(signature=JUNK) + TAIL), {"changed": True})
        rule.refuse("refused: every byte as it was", call(message), dict(BY_RULE, changed=False))
    with Rule("SRV-ANSWER-ACCESS-DENIED", "verify") as rule:
        rule.accept("a good signature: 0", good(), {"ntstatus": 0})
        rule.refuse("a bad one: ACCESS_DENIED", forged(), dict(BAD, ntstatus=0xC0000022))


assert sign(CMAC, KEY, head() + TAIL)[48:64] == mac(CMAC, KEY, signed_form(head() + TAIL)) and SIGNED == 8


def build():
    mac_rules()
    algorithms()
    nonces()
    not_signed()
    refusals()
