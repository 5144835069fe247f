# SPDX-License-Identifier: Apache-2.0
"""Vector files for the primitives: SHA-512, HMAC-SHA-256, AES-128-CMAC, AES-128-GMAC, the counter mode KDF."""
import os

import cryptography_vectors

import independent as ind
import published
from form import VectorFile
from rsp import records

PACKAGE = os.path.dirname(cryptography_vectors.__file__)
HERE = os.path.dirname(os.path.abspath(__file__))
FLIPPED = "One bit of a right tag is inverted. MAC algorithms: FIPS 198-1, SP 800-38B, SP 800-38D"
LONG_MESSAGES = 8  # of SHA512LongMsg: spread over its lengths, for the size of the file


def package(*path):
    return os.path.join(PACKAGE, *path)


def flip(data, bit):
    return ind.patch(data, bit // 8, bytes([data[bit // 8] ^ 1 << bit % 8]))


def add_flipped(group, tag, **fields):
    """Every bit of a tag, one at a time."""
    for bit in range(8 * len(tag)):
        group.invalid("bit %d of byte %d of the tag inverted" % (bit % 8, bit // 8), ["FlippedTag"], tag=flip(tag, bit),
                      **fields)


def sha512():
    file = VectorFile("sha512.json", "SHA-512", {
        "Short": "SHA512ShortMsg.rsp of the SHA Validation System: each length from 0 to 128 bytes",
        "Long": "SHA512LongMsg.rsp: %d of its 128 messages, evenly spread, for the size of this file" % LONG_MESSAGES,
        "Monte": "SHA512Monte.rsp: all 100 rounds of 1000 digests",
        "WrongDigest": "One bit of a right digest is inverted"})
    source = "FIPS 180-4; NIST CAVP SHAVS, %s, as in Debian's python3-cryptography-vectors"
    for flag, name in [("Short", "SHA512ShortMsg.rsp"), ("Long", "SHA512LongMsg.rsp")]:
        group = file.group("Sha512", source % name)
        found = list(records(package("hashes", "SHA2", name), "MD"))
        step = 1 if flag == "Short" else len(found) // LONG_MESSAGES
        for r in found[step - 1::step]:
            msg = bytes.fromhex(r["Msg"])[:int(r["Len"]) // 8]
            group.valid("%d bytes" % len(msg), [flag], msg=msg, digest=bytes.fromhex(r["MD"]))
    group = file.group("Sha512Monte", source % "SHA512Monte.rsp")
    with open(package("hashes", "SHA2", "SHA512Monte.rsp"), encoding="ascii") as text:
        lines = [line.split() for line in text]
    seed, = [line[2] for line in lines if line[:1] == ["Seed"]]
    group.valid("100 rounds", ["Monte"], seed=seed, digests=[line[2] for line in lines if line[:1] == ["MD"]])
    group = file.group("Sha512", "made from the empty message by inverting one bit; the digest by Python's hashlib")
    for bit in (0, 255, 511):
        group.invalid("bit %d of the digest inverted" % bit, ["WrongDigest"], msg=b"",
                      digest=flip(ind.sha512(b""), bit))
    return file


def hmac_sha256():
    file = VectorFile("hmac_sha256.json", "HMAC-SHA-256", {
        "Rfc4231": "RFC 4231 section 4, test cases 1 to 4, 6 and 7, and case 5, whose output is truncated to 128 bits",
        "KeyEdge": "Keys around the block size of 64 bytes, and an empty one",
        "FlippedTag": FLIPPED,
        "PaddedKey": "The tag of another key that an HMAC must not confuse with this one"})
    group = file.group("HmacSha256",
                       "RFC 4231; cases 1 to 4, 6, 7 as in Debian's python3-cryptography-vectors, case 5 from the RFC")
    for number, r in zip([1, 2, 3, 4, 6, 7], records(package("HMAC", "rfc-4231-sha256.txt"), "MD")):
        group.valid("test case %d" % number, ["Rfc4231"], **{n.lower(): bytes.fromhex(r[n]) for n in ("Key", "Msg")},
                    tag=bytes.fromhex(r["MD"]))
    group.valid("test case 5, truncated to 16 bytes", ["Rfc4231"], key=b"\x0c" * 20, msg=b"Test With Truncation",
                tag=bytes.fromhex("a3b6167473100ee06e0c796c2955552b"))
    made = file.group("HmacSha256", "made; tags by Python's hmac and hashlib (OpenSSL)")
    for length in (0, 1, 16, 31, 32, 63, 64, 65, 128):
        key, msg = bytes(range(length)), bytes(range(100, 100 + length))
        made.valid("a key of %d bytes" % length, ["KeyEdge"], key=key, msg=msg, tag=ind.hmac_sha256(key, msg))
    key, msg = b"Jefe", b"what do ya want for nothing?"
    tag = ind.hmac_sha256(key, msg)
    long_key = bytes(range(65))
    made.invalid("a long key hashed twice", ["PaddedKey"], key=long_key, msg=msg,
                 tag=ind.hmac_sha256(ind.hashlib.sha256(ind.hashlib.sha256(long_key).digest()).digest(), msg))
    made.invalid("a long key cut to 64 bytes", ["PaddedKey"], key=long_key, msg=msg,
                 tag=ind.hmac_sha256(long_key[:64], msg))
    made.invalid("a key of 64 bytes hashed", ["PaddedKey"], key=long_key[:64], msg=msg,
                 tag=ind.hmac_sha256(ind.hashlib.sha256(long_key[:64]).digest(), msg))
    add_flipped(made, tag, key=key, msg=msg)
    return file


def aes_cmac():
    file = VectorFile("aes_cmac.json", "AES-128-CMAC", {
        "Rfc4493": "RFC 4493 section 4, examples 1 to 4",
        "Sp800_38b": "NIST SP 800-38B, appendix D.1, examples 1 to 4",
        "CmacGen": "CAVP CMACGenAES128: generation; tags of 4 and 15 bytes",
        "CmacVer": "CAVP CMACVerAES128: verification, tags of 8 and 16 bytes; a record with F is invalid, its comment says what was changed",
        "FlippedTag": FLIPPED,
        "BlockEdge": "Lengths around multiples of 16, where the subkey changes",
        "SubkeyCarry": "Keys whose subkey doubling does and does not carry into the polynomial"})
    rfc = published_rfc4493()
    group = file.group("AesCmac128", "RFC 4493", key=rfc["key"])
    for length, tag in rfc["tags"]:
        group.valid("%d bytes" % length, ["Rfc4493"], msg=rfc["msg"][:length], tag=tag)
    group = file.group("AesCmac128", "NIST SP 800-38B, as in Debian's python3-cryptography-vectors")
    for r in records(package("CMAC", "nist-800-38b-aes128.txt"), "OUTPUT"):
        group.valid("example %d" % (int(r["COUNT"]) + 1), ["Sp800_38b"], key=r["KEY"], msg=r["MESSAGE"],
                    tag=r["OUTPUT"])
    group = file.group("AesCmac128",
                       "NIST CAVP cmactestvectors.zip, CMACGenAES128.rsp; 1 of its 16 messages of 65536 bytes, for the size of this file")
    for r in records(os.path.join(HERE, "cavp", "CMACGenAES128-excerpt.rsp"), "Mac"):
        group.valid("Count = %s" % r["Count"], ["CmacGen"], key=r["Key"], msg=r["Msg"][:2 * int(r["Mlen"])],
                    tag=r["Mac"])
    group = file.group("AesCmac128", "NIST CAVP cmactestvectors.zip, CMACVerAES128.rsp")
    for r in records(os.path.join(HERE, "cavp", "CMACVerAES128.rsp"), "Result"):
        group.add("Count = %s: %s" % (r["Count"], r["Result"]), r["Result"] == "P", ["CmacVer"],
                  key=r["Key"], msg=r["Msg"][:2 * int(r["Mlen"])], tag=r["Mac"])
    made = file.group("AesCmac128", "made; tags by python3-cryptography (OpenSSL)")
    key = rfc["key"]
    for length in list(range(1, 34)) + [47, 48, 49, 63, 64, 65, 1023, 1024, 1025]:
        msg = bytes(i * 7 & 255 for i in range(length))
        made.valid("%d bytes" % length, ["BlockEdge"], key=key, msg=msg, tag=ind.aes_cmac(key, msg))
    for name, key in carry_keys():
        for msg in (b"", bytes(15), bytes(16), bytes(17)):
            made.valid("%s, %d bytes" % (name, len(msg)), ["SubkeyCarry"], key=key, msg=msg, tag=ind.aes_cmac(key, msg))
    msg = rfc["msg"][:40]
    add_flipped(made, ind.aes_cmac(rfc["key"], msg), key=rfc["key"], msg=msg)
    return file


def published_rfc4493():
    return {"key": bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"),
            "msg": bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                                 "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"),
            "tags": [(0, "bb1d6929e95937287fa37d129b756746"), (16, "070a16b46b4d4144f79bdd9dd04a287c"),
                     (40, "dfa66747de9ae63030ca32611497c827"), (64, "51f0bebf7e3b9d92fc49741779363cfe")]}


def carry_keys():
    """One key for each pair of carries in doubling E(K, 0) and doubling again."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    found = {}
    number = 0
    while len(found) < 4:
        key = number.to_bytes(16, "big")
        encrypt = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        top = encrypt.update(bytes(16))[0]
        found.setdefault((top >> 7 & 1, top >> 6 & 1), key)
        number += 1
    return [("carry into K1: %d, into K2: %d" % pair, key) for pair, key in sorted(found.items())]


def aes_gmac():
    file = VectorFile("aes_gmac.json", "AES-128-GMAC", {
        "GcmEncrypt": "CAVP gcmEncryptExtIV128: records with an empty plaintext, a 96-bit IV and a 128-bit tag: GMAC of the AAD",
        "GcmDecrypt": "CAVP gcmDecrypt128: likewise; a record with FAIL is invalid",
        "FlippedTag": FLIPPED,
        "BlockEdge": "Lengths around multiples of 16",
        "FlippedNonce": "The tag belongs to a nonce in which one bit differs",
        "SwappedNonce": "The tag belongs to the nonce with its bytes reversed"})
    for flag, name in [("GcmEncrypt", "gcmEncryptExtIV128.rsp"), ("GcmDecrypt", "gcmDecrypt128.rsp")]:
        group = file.group("AesGmac128", "NIST CAVP GCM, %s, as in Debian's python3-cryptography-vectors" % name)
        for r in records(package("ciphers", "AES", "GCM", name), "Tag" if flag == "GcmEncrypt" else "PT"):
            if (r["Keylen"], r["IVlen"], r["PTlen"], r["Taglen"]) == ("128", "96", "0", "128"):
                group.add("AADlen = %s, Count = %s" % (r["AADlen"], r["Count"]), "FAIL" not in r, [flag],
                          key=r["Key"], nonce=r["IV"], msg=r["AAD"], tag=r["Tag"])
    made = file.group("AesGmac128", "made; tags by python3-cryptography (OpenSSL)")
    key, nonce = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), bytes(range(1, 13))
    for length in list(range(0, 34)) + [47, 48, 49, 63, 64, 65, 1023, 1024, 1025]:
        msg = bytes(i * 11 & 255 for i in range(length))
        made.valid("%d bytes" % length, ["BlockEdge"], key=key, nonce=nonce, msg=msg, tag=ind.aes_gmac(key, nonce, msg))
    msg = bytes(range(77))
    tag = ind.aes_gmac(key, nonce, msg)
    for bit in range(96):
        made.invalid("bit %d of byte %d of the nonce" % (bit % 8, bit // 8), ["FlippedNonce"], key=key,
                     nonce=flip(nonce, bit), msg=msg, tag=tag)
    made.invalid("nonce reversed", ["SwappedNonce"], key=key, nonce=nonce[::-1], msg=msg, tag=tag)
    add_flipped(made, tag, key=key, nonce=nonce, msg=msg)
    return file


def counter_kdf():
    file = VectorFile("counter_kdf.json", "SP 800-108 counter mode, HMAC-SHA-256", {
        "Cavp": "CAVP KBKDF, CTRLOCATION=BEFORE_FIXED, RLEN=32_BITS, HMAC_SHA256: all 40. The fixed input is 60 random bytes; none ends in L as "
                "32 bits, so none can be written as label, 00, context, L, and csign_kdf_sp800_108 cannot run them. What they cover is the PRF and "
                "the counter in front: K(i) = HMAC(KI, i || fixed input). They say nothing about how label, context and L are joined",
        "GoSmb2": "The value that go-smb2's test of its KDF publishes",
        "Composed": "Label, 00, context and L as csign_kdf_sp800_108 joins them; values by python3-cryptography's KBKDFHMAC",
        "OutputLength": "SP 800-108 in the range this library allows: 1 to 8160 bytes, 255 blocks",
        "Mistake": "The value of a named mistake, by an independent HMAC"})
    group = file.group("CounterKdfFixedInput",
                       "NIST CAVP SP 800-108, KBKDF-CTR, as in Debian's python3-cryptography-vectors")
    for r in records(package("KDF", "nist-800-108-KBKDF-CTR.txt"), "KO"):
        if (r["PRF"], r["CTRLOCATION"], r["RLEN"]) == ("HMAC_SHA256", "BEFORE_FIXED", "32_BITS"):
            if r["FixedInputData"].endswith("%08x" % int(r["L"])):
                raise ValueError("a CAVP record that could be composed: let csign_kdf_sp800_108 run it")
            group.valid("L = %s, COUNT = %s" % (r["L"], r["COUNT"]), ["Cavp"], key=r["KI"],
                        fixedInput=r["FixedInputData"], output=r["KO"])
    single = published.load("single_messages")
    key, label, context = single["kdf_key"], single["kdf_label"], single["kdf_context"]
    group = file.group("CounterKdf", "go-smb2, its test of the KDF")
    group.valid("key foo, label bar, context baz", ["GoSmb2"], key=key, label=label, context=context, outputLen=16,
                output=single["kdf_output"], status="OK")
    made = file.group("CounterKdf", "made; values by python3-cryptography's KBKDFHMAC (OpenSSL's HMAC)")
    for key_len, label_len, context_len, length in [(16, 12, 8, 16), (16, 14, 64, 16), (16, 16, 64, 16),
                                                    (32, 16, 64, 32), (1, 1, 1, 1),
                                                    (64, 0, 0, 31), (65, 0, 1, 32), (63, 1, 0, 33), (128, 55, 64, 64),
                                                    (16, 119, 200, 8160)]:
        k, l, x = bytes(range(key_len)), bytes(range(50, 50 + label_len)), bytes(range(context_len))
        made.valid("%d from %d, label %d, context %d" % (length, key_len, label_len, context_len), ["Composed"], key=k,
                   label=l, context=x,
                   outputLen=length, output=ind.kbkdf(k, l, x, length), status="OK")
    made.valid("an empty key", ["Composed"], key=b"", label=label, context=context, outputLen=16,
               output=ind.kdf(b"", label, context, 16), status="OK")
    for length in (0, 8161, 65536):
        made.invalid("%d bytes" % length, ["OutputLength"], key=key, label=label, context=context, outputLen=length,
                     output=None,
                     status="BAD_ARGUMENT")
    for name, value in [("no 00 between label and context", ind.kdf(key, label, context, 16, separator=b"")),
                        ("counter from 0", ind.kdf(key, label, context, 16, counter=0)),
                        ("L in bytes", ind.kdf(key, label, context, 16, bits=16)),
                        ("L of 256", ind.kdf(key, label, context, 16, bits=256)),
                        ("label and context swapped", ind.kdf(key, context, label, 16)),
                        ("a NUL behind the label", ind.kdf(key, label + b"\0", context, 16))]:
        made.invalid(name, ["Mistake"], key=key, label=label, context=context, outputLen=16, output=value, status="OK")
    return file


FILES = [sha512, hmac_sha256, aes_cmac, aes_gmac, counter_kdf]
