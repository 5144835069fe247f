# SPDX-License-Identifier: Apache-2.0
"""Vector files for signed messages and compounds: MS-SMB2 3.1.4.1, 3.1.5.1, 3.3.5.2.7."""
import captures
import independent as ind
import published
import recorded
from form import VectorFile
from primitives import flip

ALGORITHMS = (ind.HMAC_SHA256, ind.AES_CMAC, ind.AES_GMAC)
KEY, OTHER_KEY, SESSION = bytes.fromhex("000102030405060708090a0b0c0d0e0f"), bytes(range(16, 32)), 0x0000400000000021
SERVER_SIGNED = ind.SERVER_TO_REDIR | ind.SIGNED
READ, CREATE, INTERIM = 8, 5, 0x103


def request(command=READ, message_id=7, flags=0, body=49, session_id=SESSION, **more):
    return ind.header(command, message_id, session_id, flags, **more) + bytes(i * 13 + 1 & 255 for i in range(body))


def signing():
    file = VectorFile("verify.json", "SMB2 and SMB3 signatures", {
        "Published": "Signed messages that Microsoft, go-smb2 and smb-rs published",
        "Capture": "Messages of captures under the key that Samba logged (2.x: the session key from the password); the capture's .json names the same verdict",
        "Cancel": "A CANCEL request: its GMAC nonce has bit 1 set",
        "Async": "ASYNC is set: the nonce uses MessageId all the same",
        "Related": "A related element of a compound: its ids are all ones",
        "NotLast": "An element that is not the last of its compound: NextCommand is its length, and padding in it is signed",
        "Priority": "Flags with the priority bits of 3.1.1",
        "FlippedTag": "One bit of a right signature is inverted: each of the 128 for each algorithm",
        "FlippedMessage": "One bit elsewhere in a signed message is inverted",
        "WrongKey": "The signature belongs to another key: of the session instead of the channel, of another label, of another dialect",
        "WrongNonce": "The GMAC nonce of somebody who misreads MS-SMB2 3.1.4.1",
        "WrongRange": "The signature covers other bytes than from the header to the end of the element with the signature set to zero",
        "WrongAlgorithm": "Signed with one algorithm, verified with another",
        "Mirrored": "A response that carries its request's signature: what a server without a key sends",
        "NotSigned": "SIGNED is clear, whatever the signature field holds",
        "ByRule": "Messages that are never signed: interim responses, unsolicited breaks, an unsigned NEGOTIATE, session 0 set-up and ECHO",
        "MessageIdEdge": "Message ids at the edges of the nonce, 0 included: verification refuses none",
        "Shape": "Too short, not SMB2, a NextCommand that is not this element's",
        "NoSigner": "A signer that was never initialised"})
    add_published(file)
    for name in captures.names():
        add_captured(file, name)
    add_flips(file)
    add_wrong_keys(file)
    add_wrong_nonces(file)
    add_wrong_ranges(file)
    add_made(file)
    return file


def add_published(file):
    single, p, b = published.load("single_messages"), published.load("smb311_session"), published.load("smb311_binding")
    cases = [("go-smb2, its test of a signed SESSION_SETUP response", "3.0 final SESSION_SETUP response", ind.AES_CMAC,
              single["cmac30_signing"],
              single["cmac30_message"]),
             ("smb-rs, a capture in its tests", "3.1.1 LOGOFF", ind.AES_GMAC, single["gmac311_signing"],
              single["gmac311_message"]),
             (published.MICROSOFT, "final response of the session", ind.AES_CMAC, p["signing"],
              p["session_setup_response_2"])]
    cases += [(published.MICROSOFT, "binding, " + n.replace("_", " "), ind.AES_CMAC, p["signing"],
               b[n]) for n in published.MESSAGES[2:5]]
    cases += [(published.MICROSOFT, "binding, final response: the channel's key", ind.AES_CMAC, b["channel_signing"],
               b["session_setup_response_2"])]
    for source, comment, algorithm, key, message in cases:
        if not ind.is_signed_right(algorithm, key, message):
            raise ValueError("a published signature that is not right: " + comment)
        file.group("Verify", source, signingAlgorithm=algorithm, key=key).valid(comment, ["Published"], message=message, status="OK")
    if ind.nonce(single["gmac311_message"]) != single["gmac311_nonce"]:
        raise ValueError("the published nonce is not ours")
    wrong = file.group("Verify", "made from Microsoft's binding: the other of the two keys",
                       signingAlgorithm=ind.AES_CMAC, status="BAD_SIGNATURE")
    for n in published.MESSAGES[2:5]:
        wrong.invalid("binding, %s: the channel's key" % n.replace("_", " "), ["WrongKey"], key=b["channel_signing"],
                      message=b[n])
    wrong.invalid("binding, final response: the session's key", ["WrongKey"], key=p["signing"],
                  message=b["session_setup_response_2"])


def features(element):
    """The flags that a captured element deserves."""
    flags, found = ind.flags_of(element.data), ["Capture"]
    if ind.field(element.data, 12, "H") == ind.CANCEL:
        found.append("Cancel")
    if flags & ind.ASYNC:
        found.append("Async")
    if flags & ind.RELATED:
        found.append("Related")
    if flags & 0x70:
        found.append("Priority")
    if ind.field(element.data, 20, "I"):
        found.append("NotLast")
    return found


def add_captured(file, name):
    """One of each kind: command, side, flags, position, key; messages of up to 600 bytes."""
    group, seen = None, set()
    if not captures.facts(name)["sessions"]:
        return
    for s in recorded.signed_elements(name):
        e = s.element
        kind = (ind.field(e.data, 12, "H"), e.side, ind.flags_of(e.data), e.index, s.key, s.verdict,
                ind.field(e.data, 24, "Q") == 0,
                ind.field(e.data, 20, "I") != 0)
        if kind in seen or len(e.data) > 600:
            continue
        seen.add(kind)
        group = group or file.group("Verify", recorded.SAMBA % name, signingAlgorithm=s.algorithm)
        where = "frame %d element %d, %s, command %d" % (e.frame, e.index, "server" if e.side == "S" else "client",
                                                         kind[0])
        if s.right:
            group.valid(where, features(e), key=s.key, message=e.data, status="OK")
        else:
            group.invalid(where + ": the client left the NEGOTIATE messages out of its chain", ["Capture", "WrongKey"],
                          key=s.key, message=e.data,
                          status="BAD_SIGNATURE")


def add_flips(file):
    for algorithm in ALGORITHMS:
        message = ind.sign(algorithm, KEY, request(body=25))
        group = file.group("Verify", "made; signatures by python3-cryptography and hashlib", signingAlgorithm=algorithm,
                           key=KEY)
        for bit in range(128):
            group.invalid("bit %d of byte %d of the signature" % (bit % 8, 48 + bit // 8), ["FlippedTag"],
                          message=flip(message, 384 + bit),
                          status="BAD_SIGNATURE")
        # Not ProtocolId, StructureSize, NextCommand (shape) and not SIGNED itself.
        for byte in [6, 8, 11, 12, 14, 17, 19] + list(range(24, 48)) + [64, 72, 80, 87, 88]:
            group.invalid("bit 0 of byte %d" % byte, ["FlippedMessage"], message=flip(message, 8 * byte),
                          status="BAD_SIGNATURE")
        group.invalid("a byte more", ["FlippedMessage"], message=message + b"\0", status="BAD_SIGNATURE")
        group.invalid("a byte less", ["FlippedMessage"], message=message[:-1], status="BAD_SIGNATURE")
        group.invalid("another key", ["WrongKey"], message=ind.sign(algorithm, OTHER_KEY, message),
                      status="BAD_SIGNATURE")
        for other in ALGORITHMS:
            if other != algorithm:
                group.invalid("signed with %s" % other, ["WrongAlgorithm"], message=ind.sign(other, KEY, message),
                              status="BAD_SIGNATURE")


def add_wrong_keys(file):
    p = published.load("smb311_session")
    key, preauth, message = p["session_key"], p["hash_session_setup_request_2"], p["session_setup_response_2"]
    label = ind.LABELS_311["signing"]
    group = file.group("Verify",
                       "Microsoft's final response under keys derived with one mistake each; values by Python's hmac",
                       signingAlgorithm=ind.AES_CMAC, status="BAD_SIGNATURE", message=message)
    for comment, wrong in [("the session key itself", key),
                           ("label without its NUL", ind.kdf(key, label[:-1], preauth, 16)),
                           ("the label of 3.0", ind.derive_key("0300", "signing", key, None)),
                           ("L of 256", ind.kdf(key, label, preauth, 16, bits=256)),
                           ("no 00 behind the label", ind.kdf(key, label, preauth, 16, separator=b"")),
                           ("the application key", p["application"]),
                           ("the client to server key", p["client_to_server"]),
                           ("the server to client key", p["server_to_client"]),
                           ("the hash after the final response",
                            ind.derive_key("0311", "signing", key, ind.chain([message], preauth)[0])),
                           ("the connection's hash", ind.derive_key("0311", "signing", key,
                                                                    p["hash_negotiate_response"]))]:
        group.invalid(comment, ["WrongKey"], key=wrong)


def add_wrong_nonces(file):
    group = file.group("Verify", "made; signatures by python3-cryptography (AES-GCM) under the wrong nonce",
                       signingAlgorithm=ind.AES_GMAC, key=KEY,
                       status="BAD_SIGNATURE")
    plain = {"a client's request": request(message_id=0x0102030405060708),
             "a server's response": request(message_id=0x0102030405060708, flags=1),
             "a CANCEL": request(ind.CANCEL, 0x0102030405060708, body=4),
             "an asynchronous CANCEL": request(ind.CANCEL, 0x0102030405060708, ind.ASYNC, body=4),
             "an asynchronous response": request(READ, 0x0102030405060708, 1 | ind.ASYNC)}
    for name, message in plain.items():
        covered = ind.covered(message)
        right, mid = ind.nonce(covered), covered[24:32]
        bits = right[8]
        wrong = {"role bit inverted": mid + bytes([bits ^ 1, 0, 0, 0]),
                 "CANCEL bit inverted": mid + bytes([bits ^ 2, 0, 0, 0]),
                 "both bits inverted": mid + bytes([bits ^ 3, 0, 0, 0]),
                 "bits in byte 11, as a big-endian number": mid + bytes([0, 0, 0, bits]),
                 "bits in byte 10": mid + bytes([0, 0, bits, 0]),
                 "bits at the top of byte 11": mid + bytes([0, 0, 0, bits << 6]),
                 "MessageId big-endian": mid[::-1] + right[8:],
                 "MessageId from bytes 28 to 35": covered[28:36] + right[8:],
                 "bits in front of MessageId": right[8:] + mid,
                 "AsyncId instead of MessageId": covered[32:40] + right[8:],
                 "SessionId instead of MessageId": covered[40:48] + right[8:], "all zero": bytes(12)}
        for comment, nonce in wrong.items():
            if nonce != right:
                group.invalid("%s: %s" % (name, comment), ["WrongNonce"],
                              message=ind.sign(ind.AES_GMAC, KEY, message, nonce))


def add_wrong_ranges(file):
    message = ind.covered(request(body=29))
    not_signed = ind.set_flags(message, ind.flags_of(message) & ~ind.SIGNED)
    cases = {"the transport's length in front": len(message).to_bytes(4, "big") + message,
             "padded to 8": message + bytes(-len(message) % 8),
             "padded to 16": message + bytes(-len(message) % 16), "the header alone": message[:64],
             "the body alone": message[64:],
             "SIGNED not set": not_signed, "the signature field left out": message[:48] + message[64:],
             "the signature field not zero": ind.patch(message, 48, b"\xff" * 16),
             "the last byte left out": message[:-1]}
    for algorithm in ALGORITHMS:
        group = file.group("Verify", "made; signatures by python3-cryptography and hashlib over the wrong bytes",
                           signingAlgorithm=algorithm, key=KEY,
                           status="BAD_SIGNATURE")
        for comment, covered in cases.items():
            tag = ind.signature(algorithm, KEY, covered, ind.nonce(message))
            group.invalid(comment, ["WrongRange"], message=ind.patch(message, 48, tag))
        group.invalid("the request's signature in the response", ["Mirrored"],
                      message=ind.patch(request(flags=SERVER_SIGNED), 48, ind.sign(algorithm, KEY, request())[48:64]))


def add_made(file):
    for algorithm in ALGORITHMS:
        group = file.group("Verify", "made; signatures by python3-cryptography and hashlib", signingAlgorithm=algorithm,
                           key=KEY)
        for message_id in (0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 63, 2 ** 64 - 1):
            for side in (0, 1):
                message = ind.sign(algorithm, KEY, request(message_id=message_id, flags=side))
                group.valid("message id %016x, %s" % (message_id, "server" if side else "client"), ["MessageIdEdge"],
                            message=message, status="OK")
        group.valid("a CANCEL by a server", ["Cancel"], message=ind.sign(algorithm, KEY, request(ind.CANCEL, flags=1)),
                    status="OK")
        group.valid("the header alone", ["Shape"], message=ind.sign(algorithm, KEY, request(body=0)), status="OK")
        good = ind.sign(algorithm, KEY, request())
        element = ind.sign(algorithm, KEY, request(body=56, next_command=120))
        group.valid("NextCommand is the length", ["Shape"], message=element, status="OK")
        for comment, message, status in [
                ("NextCommand short of the element", ind.sign(algorithm, KEY, request(body=56, next_command=112)),
                 "MALFORMED"),
                ("NextCommand past the element", ind.sign(algorithm, KEY, request(body=56, next_command=128)),
                 "MALFORMED"),
                ("63 bytes", good[:63], "TRUNCATED"), ("1 byte", b"\xfe", "TRUNCATED"),
                ("a transform header", b"\xfd" + good[1:], "MALFORMED"),
                ("a compression header", b"\xfc" + good[1:], "MALFORMED"), ("SMB1", b"\xff" + good[1:], "MALFORMED"),
                ("StructureSize 65", ind.patch(good, 4, b"\x41"), "MALFORMED"),
                ("StructureSize 16384", ind.patch(good, 4, b"\x00\x40"), "MALFORMED")]:
            group.invalid(comment, ["Shape"], message=message, status=status)
        for comment, message in [("SIGNED clear, the signature right", ind.set_flags(good, 0)),
                                 ("SIGNED clear, no signature", request()),
                                 ("status 0x103 in a request is ChannelSequence", request(status=INTERIM)),
                                 ("a break for a session", request(ind.OPLOCK_BREAK, 2 ** 64 - 1, 1)),
                                 ("SESSION_SETUP with a session", request(ind.SESSION_SETUP))]:
            group.invalid(comment, ["NotSigned"], message=message, status="NOT_SIGNED")
        interim = request(flags=1 | ind.ASYNC, status=INTERIM)
        for comment, message in [("interim response", interim),
                                 ("interim response with SIGNED", ind.sign(algorithm, KEY, interim)),
                                 ("unsolicited break", request(ind.OPLOCK_BREAK, 2 ** 64 - 1, 1, session_id=0)),
                                 ("NEGOTIATE", request(ind.NEGOTIATE, 0, session_id=0)),
                                 ("SESSION_SETUP without a session", request(ind.SESSION_SETUP, 1, session_id=0)),
                                 ("ECHO without a session", request(ind.ECHO, 1, session_id=0))]:
            group.invalid(comment, ["ByRule"], message=message, status="NOT_SIGNED_BY_RULE")
        none = file.group("Verify", "the contract of csign_verify", signingAlgorithm=algorithm, key=None,
                          status="BAD_ARGUMENT")
        none.invalid("a right signature, no signer", ["NoSigner"], message=good)
        none.invalid("a signature of zeros, no signer", ["NoSigner"], message=ind.covered(request()))


FILES = [signing]
