# SPDX-License-Identifier: Apache-2.0
"""The vector file for single keys: MS-SMB2 3.1.4.2."""
import independent as ind
import published
import recorded
from form import VectorFile

PURPOSES = ("signing", "application", "clientToServer", "serverToClient")
SNAKE = {"signing": "signing", "application": "application", "clientToServer": "client_to_server",
         "serverToClient": "server_to_client"}


def derive_key():
    file = VectorFile("derive_key.json", "MS-SMB2 3.1.4.2 key derivation", {
        "Microsoft": "Keys that Microsoft published for 3.0 and 3.1.1, each for a session and for a channel bound to it",
        "GoSmb2": "A session and signing key of SMB 3.0 in go-smb2's tests",
        "SambaLog": "Keys that smbd, and in some captures its client too, wrote to their logs: ground truth from a real peer",
        "FullSessionKey": "AES-256 cipher keys from all 32 bytes of a Kerberos session key",
        "KeyLength": "Session keys of every interesting length: SessionKey is the first 16 bytes, zero-padded; AES-256 keys take all of it",
        "Smb2": "2.0.2 and 2.1: signing and application keys are SessionKey itself",
        "WrongLabel": "The key that a wrong label or context gives, a missing or doubled NUL included",
        "WrongLength": "The key that a wrong L gives: 256 for a signing key, 128 for an AES-256 key",
        "WrongDirection": "The cipher key of the other direction",
        "WrongSessionKey": "The key from a truncated, untruncated or wrongly padded session key",
        "WrongPreauth": "The key from another hash than the session's",
        "Argument": "What csign_derive_key refuses: lengths, dialects and purposes that do not go together"})
    add_published(file)
    for s in recorded.sessions():
        note = ["SambaLog"] + (["FullSessionKey"] if len(s.session_key) > 16 else [])
        group = file.group("DeriveKey", "keys logged by %s; %s" % (s.logged, recorded.SAMBA % s.capture),
                           dialect=s.dialect,
                           sessionKey=s.session_key, preauth=s.preauth)
        for purpose, key in s.keys.items():
            if key is not None:
                if key != ind.derive_key(s.dialect, purpose, s.session_key, s.preauth, len(key)):
                    raise ValueError("%s: Samba's %s key is not ours" % (s.capture, purpose))
                group.valid("session %s, %s" % (s.id, purpose), note, purpose=purpose, keyLen=len(key), key=key,
                            status="OK")
    add_lengths(file)
    add_mistakes(file)
    add_refusals(file)
    return file


def add_published(file):
    p = published.load("smb30_keys")
    group = file.group("DeriveKey", published.MICROSOFT, "SMB 3.0: the same keys at 3.0 and 3.0.2", preauth=None)
    for dialect in ("0300", "0302"):
        for purpose in PURPOSES:
            group.valid("%s, %s" % (dialect, purpose), ["Microsoft"], dialect=dialect, purpose=purpose,
                        sessionKey=p["session_key"], keyLen=16,
                        key=p[SNAKE[purpose]], status="OK")
        group.valid("%s, signing on the bound channel" % dialect, ["Microsoft"], dialect=dialect, purpose="signing",
                    sessionKey=p["binding_key"],
                    keyLen=16, key=p["channel_signing"], status="OK")
    first, second = published.load("smb311_session"), published.load("smb311_binding")
    group = file.group("DeriveKey", published.MICROSOFT, "SMB 3.1.1", dialect="0311")
    for purpose in PURPOSES:
        group.valid("3.1.1, %s" % purpose, ["Microsoft"], purpose=purpose, sessionKey=first["session_key"],
                    preauth=first["hash_session_setup_request_2"], keyLen=16, key=first[SNAKE[purpose]], status="OK")
    group.valid("3.1.1, signing on the bound channel", ["Microsoft"], purpose="signing",
                sessionKey=second["binding_key"],
                preauth=second["hash_session_setup_request_2"], keyLen=16, key=second["channel_signing"], status="OK")
    single = published.load("single_messages")
    group = file.group("DeriveKey", "go-smb2, its test of a signed SESSION_SETUP response")
    group.valid("3.0, signing", ["GoSmb2"], dialect="0300", purpose="signing", sessionKey=single["cmac30_session_key"],
                preauth=None, keyLen=16,
                key=single["cmac30_signing"], status="OK")


def add_lengths(file):
    group = file.group("DeriveKey", "made; values by python3-cryptography's KBKDFHMAC")
    preauth = bytes(range(64))
    for length in (0, 1, 8, 15, 16, 17, 24, 31, 32, 33, 64):
        key = bytes(range(200, 200 + length)) if length <= 32 else bytes(range(length))
        for dialect in ("0300", "0302", "0311"):
            group.valid("%s, signing from %d bytes" % (dialect, length), ["KeyLength"], dialect=dialect,
                        purpose="signing", sessionKey=key,
                        preauth=preauth if dialect == "0311" else None, keyLen=16,
                        key=ind.derive_key(dialect, "signing", key, preauth), status="OK")
        for purpose in ("clientToServer", "serverToClient") if length else ():
            group.valid("AES-256, %s from %d bytes" % (purpose, length), ["KeyLength"], dialect="0311", purpose=purpose,
                        sessionKey=key,
                        preauth=preauth, keyLen=32, key=ind.derive_key("0311", purpose, key, preauth, 32), status="OK")
        for dialect in ("0202", "0210"):
            for purpose in ("signing", "application"):
                group.valid("%s, %s from %d bytes" % (dialect, purpose, length), ["Smb2"], dialect=dialect,
                            purpose=purpose, sessionKey=key,
                            preauth=None, keyLen=16, key=key[:16].ljust(16, b"\0"), status="OK")


def add_mistakes(file):
    first = published.load("smb311_session")
    key, preauth = first["session_key"], first["hash_session_setup_request_2"]
    group = file.group("DeriveKey", "made from Microsoft's 3.1.1 session by one mistake each; values by Python's hmac",
                       status="OK")

    def wrong(flag, comment, purpose, value, dialect="0311", session_key=key, the_preauth=preauth):
        group.invalid(comment, [flag], dialect=dialect, purpose=purpose, sessionKey=session_key, preauth=the_preauth,
                      keyLen=len(value), key=value)

    for purpose, label in ind.LABELS_311.items():
        wrong("WrongLabel", "3.1.1, %s: label without its NUL" % purpose, purpose,
              ind.kdf(key, label[:-1], preauth, 16))
        wrong("WrongLabel", "3.1.1, %s: label with two NULs" % purpose, purpose,
              ind.kdf(key, label + b"\0", preauth, 16))
        wrong("WrongLabel", "3.1.1, %s: no 00 behind the label" % purpose, purpose,
              ind.kdf(key, label, preauth, 16, separator=b""))
        wrong("WrongLabel", "3.1.1, %s: the label of 3.0" % purpose, purpose,
              ind.kdf(key, ind.LABELS_30[purpose][0], preauth, 16))
        wrong("WrongLabel", "3.1.1, %s: the context of 3.0" % purpose, purpose,
              ind.kdf(key, label, ind.LABELS_30[purpose][1], 16))
        wrong("WrongLength", "3.1.1, %s: L of 256" % purpose, purpose, ind.kdf(key, label, preauth, 16, bits=256))
    for purpose, (label, context) in ind.LABELS_30.items():
        for dialect in ("0300", "0302"):
            for comment, value in [("label without its NUL", ind.kdf(key, label[:-1], context, 16)),
                                   ("context without its NUL", ind.kdf(key, label, context[:-1], 16)),
                                   ("label and context swapped", ind.kdf(key, context, label, 16)),
                                   ("the label of 3.1.1", ind.kdf(key, ind.LABELS_311[purpose], context, 16))]:
                wrong("WrongLabel", "%s, %s: %s" % (dialect, purpose, comment), purpose, value, dialect,
                      the_preauth=None)
    wrong("WrongLabel", "3.0: ServerIn without its space", "clientToServer",
          ind.kdf(key, b"SMB2AESCCM\0", b"ServerIn\0", 16), "0300", the_preauth=None)
    wrong("WrongLabel", "3.0: ServerOut with a space", "serverToClient",
          ind.kdf(key, b"SMB2AESCCM\0", b"ServerOut \0", 16), "0300", the_preauth=None)
    for dialect in ("0300", "0302", "0311"):
        the_preauth = preauth if dialect == "0311" else None
        for purpose, other in [("clientToServer", "serverToClient"), ("serverToClient", "clientToServer")]:
            wrong("WrongDirection", "%s, %s: the other direction" % (dialect, purpose), purpose,
                  ind.derive_key(dialect, other, key, preauth), dialect,
                  the_preauth=the_preauth)
    long_key = bytes(range(32))
    for purpose in ("clientToServer", "serverToClient"):
        label = ind.LABELS_311[purpose]
        wrong("WrongSessionKey", "AES-256, %s: session key cut to 16" % purpose, purpose,
              ind.kdf(long_key[:16], label, preauth, 32), session_key=long_key)
        wrong("WrongSessionKey", "AES-256, %s: 16 bytes padded to 32 inside" % purpose, purpose,
              ind.kdf(long_key[:16] + b"\0" * 16 + long_key, label, preauth, 32), session_key=long_key)
        wrong("WrongLength", "AES-256, %s: L of 128" % purpose, purpose,
              ind.kdf(long_key, label, preauth, 32, bits=128), session_key=long_key)
        wrong("WrongSessionKey", "AES-128, %s: all 32 bytes" % purpose, purpose, ind.kdf(long_key, label, preauth, 16),
              session_key=long_key)
    for purpose in ("signing", "application"):
        wrong("WrongSessionKey", "%s: all 32 bytes" % purpose, purpose,
              ind.kdf(long_key, ind.LABELS_311[purpose], preauth, 16), session_key=long_key)
    # HMAC pads its key with zeros, so padding on the right alone cannot be seen in 3.x: padding on the left can.
    wrong("WrongSessionKey", "a short key padded on the left", "signing",
          ind.kdf(bytes(8) + key[:8], ind.LABELS_311["signing"], preauth, 16),
          session_key=key[:8])
    wrong("WrongSessionKey", "2.1: a short key padded on the left", "signing", bytes(8) + key[:8], "0210", key[:8],
          None)
    wrong("WrongSessionKey", "2.1: the last 16 bytes of 32", "signing", long_key[16:], "0210", long_key, None)
    wrong("WrongSessionKey", "2.1: a derived key", "signing", ind.derive_key("0300", "signing", key, None), "0210", key,
          None)
    for name in ("negotiate_response", "session_setup_request_1", "session_setup_response_1"):
        wrong("WrongPreauth", "the hash after %s" % name, "signing",
              ind.derive_key("0311", "signing", key, first["hash_" + name]))
    wrong("WrongPreauth", "H0", "signing", ind.derive_key("0311", "signing", key, ind.H0))


def add_refusals(file):
    key, preauth = bytes(range(32)), bytes(range(64))
    group = file.group("DeriveKey", "the contract of csign_derive_key: MS-SMB2 3.1.4.2 knows no such key",
                       sessionKey=key, key=None,
                       status="BAD_ARGUMENT")

    def refused(comment, dialect, purpose, length, the_preauth=preauth):
        group.invalid(comment, ["Argument"], dialect=dialect, purpose=purpose, keyLen=length, preauth=the_preauth)

    for dialect in ("0202", "0210"):
        for purpose in ("clientToServer", "serverToClient"):
            refused("a cipher key at %s" % dialect, dialect, purpose, 16)
    for dialect in ("0300", "0302"):
        for purpose in PURPOSES:
            refused("32 bytes at %s, %s" % (dialect, purpose), dialect, purpose, 32)
    for purpose in ("signing", "application"):
        for dialect in ("0202", "0311"):
            refused("32 bytes for %s at %s" % (purpose, dialect), dialect, purpose, 32)
    for length in (0, 1, 15, 17, 24, 31, 33, 64):
        refused("%d bytes" % length, "0311", "clientToServer", length)
        refused("%d bytes" % length, "0300", "signing", length)
    for purpose in PURPOSES:
        refused("3.1.1, %s without a preauth hash" % purpose, "0311", purpose, 16, None)
    for dialect in ("0000", "02ff", "0301", "0303", "0310", "0312"):
        refused("dialect %s" % dialect, dialect, "signing", 16)


FILES = [derive_key]
