# SPDX-License-Identifier: Apache-2.0
"""Seeds from vectors/*.json: every valid test, and of the invalid ones the messages, for a refused message is as good a start.

TYPES says for each type of test (vectors/README.md) what makes inputs of it; a type without a line there is an error. Where a
type has no target, its line is nothing() and says why.
"""
import json
import struct

import seeds_calls
import seeds_forms as forms
from seeds_forms import u16, thirds

DIALECTS_3 = ["0300", "0302", "0311"]
PURPOSES = ["signing", "application", "clientToServer", "serverToClient"]
POLICY_FIELDS = {"dialectMin": "dialect_min", "dialectMax": "dialect_max", "signing": "signing", "ciphers": "ciphers",
                 "peerOrder": "peer_order", "refuseFallback": "refuse_fallback", "compression": "compression",
                 "transport": "transport", "rdmaTransforms": "rdma_transforms"}


class Test:
    """One test: its type, whether it is valid, its fields, and t("field") for the bytes of one (none: empty)."""

    def __init__(self, kind, fields):
        self.kind, self.fields, self.valid = kind, fields, fields["result"] == "valid"

    def __getitem__(self, field):
        return self.fields[field]

    def __call__(self, field):
        return bytes.fromhex(self.fields.get(field) or "")

    def algorithm(self):
        return forms.ALGORITHMS[self["signingAlgorithm"]]

    def all(self, field):
        return [bytes.fromhex(m) for m in self.fields[field]]


def nothing(_test):
    return ()


def cmac(t):
    yield from seeds_calls.primitives(t("key"), b"", t("key"), t("msg"))
    yield "cmac_diff", t("key") + thirds(len(t("msg"))) + t("msg")


def gmac(t):
    yield from seeds_calls.primitives(t("key"), t("nonce"), t("key"), t("msg"))
    yield "gmac_diff", t("key") + t("nonce") + thirds(len(t("msg"))) + t("msg")


def hmac(t):
    yield from seeds_calls.primitives(b"", b"", t("key"), t("msg"))
    yield from forms.hmac(t("key"), t("msg"))


def kdf_fixed_input(t):
    """It runs over HMAC, a block of output each: the input of csign_kdf_sp800_108 always ends in L, this one does not."""
    for i in range(1, 1 + (len(t("output")) + 31) // 32):
        yield from forms.hmac(t("key"), struct.pack(">I", i) + t("fixedInput"))


def kdf(t):
    yield "kdf_diff", u16(t["outputLen"]) + bytes([0, len(t("key")), len(t("label"))]) + t("key") + t("label") + t("context")


def derive_key(t):
    yield from seeds_calls.derive_key(t["dialect"], t["purpose"], t["keyLen"], t("preauth"), t("sessionKey"))
    if t["dialect"] in DIALECTS_3:
        which = DIALECTS_3.index(t["dialect"]) + 3 * PURPOSES.index(t["purpose"]) + 12 * (t["keyLen"] == 32)
        yield "kdf_diff", u16(t["keyLen"]) + bytes([which, len(t("sessionKey")), 0]) + t("sessionKey") + t("preauth")


def sha512(t):
    yield from seeds_calls.primitives(b"", b"", b"", t("msg") or t("seed"))
    yield from forms.chain([t("msg") or t("seed")])


def preauth(t):
    yield from forms.chain(t.all("messages"))


def sign(t):
    yield from forms.signed(t.algorithm(), t("key"), t("message"))


def compound(t):
    yield from forms.compound(t("message"))
    for e in t["elements"]:
        yield from forms.signed(t.algorithm(), t("key"), t("message")[e["offset"]:e["offset"] + e["length"]])


def negotiate(t):
    yield from forms.negotiate(t("message"))


def select(t):
    given = t.fields.get("policy") or {}
    changed = {POLICY_FIELDS[k]: v for k, v in given.items() if k != "capabilities"}
    yield from forms.negotiate(t("message"), forms.policy(**changed, encryption=given.get("capabilities", 1) != 0))


def accept(t):
    yield from forms.answered(t("request"), t("response"))


def session_derive(t):
    own = seeds_calls.negotiated(t.fields)
    yield from seeds_calls.session(own, own, t("sessionKey"), t("preauth"), t("sessionKey")[:16], t("preauth"))


def session_bind(t):
    first = {"preauth": None, **t["session"]}
    yield from seeds_calls.session(seeds_calls.negotiated(first), seeds_calls.negotiated(t["connection"]), bytes.fromhex(first["sessionKey"]),
                                   bytes.fromhex(first["preauth"] or ""), t("bindingKey"), t("preauth"))


def signed_session(t):
    yield from forms.chain(t.all("connectionMessages") + t.all("sessionMessages"))
    yield from forms.compound(t("message"))


TYPES = {
    "AesCmac128": cmac,
    "AesGmac128": gmac,
    "Compound": compound,
    "CounterKdf": kdf,
    "CounterKdfFixedInput": kdf_fixed_input,
    "DeriveKey": derive_key,
    "HmacSha256": hmac,
    "NegotiateAccept": accept,
    "NegotiateRequest": negotiate,
    "NegotiateResponse": negotiate,
    "NegotiateSelect": select,
    "PreauthChain": preauth,
    "SessionBind": session_bind,
    "SessionDerive": session_derive,
    "Sha512": sha512,
    "Sha512Monte": sha512,
    "Sign": sign,
    "SignedSession": signed_session,
    "Verify": sign,
}
# Types whose invalid tests are seeds too: their inputs are messages; of a value that must not come out, the valid one is the seed.
MESSAGES = {"Compound", "NegotiateAccept", "NegotiateRequest", "NegotiateResponse", "NegotiateSelect", "Sign", "Verify"}


def tests(folder):
    """Every test of every file, with its group's fields."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SystemExit(f"{folder}: no vectors")
    for file in files:
        for group in json.loads(file.read_text())["testGroups"]:
            common = {k: v for k, v in group.items() if k not in ("type", "tests")}
            for fields in group["tests"]:
                yield Test(group["type"], {**common, **fields})


def seeds(folder):
    """(target, input) of every test that is one."""
    for t in tests(folder):
        if t.kind not in TYPES:
            raise SystemExit(f"fuzz/seeds_vectors.py: no line for tests of type {t.kind}")
        if t.kind not in MESSAGES and not t.valid:
            continue
        if len(t("key")) not in (0, 16) and t.kind in ("Sign", "Verify"):
            continue  # a key that csign_signer_init does not take; the target's keys have 16 bytes
        yield from TYPES[t.kind](t)
