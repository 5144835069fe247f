# SPDX-License-Identifier: Apache-2.0
"""Every fuzz target and what is particular to it. fuzz/BUILD.bazel makes targets of this table, corpus/BUILD.bazel corpora, and
ci/campaign reads it through //fuzz:targets_json.

max_len   no input is longer: an input in the corpus that is fails the test, instead of being cut
oracles   the target compares with the oracles of //oracle, and needs all of them
wire      a parser of messages: uses the dictionary, and goes through ten million executions without a finding
"""

TARGETS = {
    "cmac_diff": {"max_len": 4096, "oracles": True},
    "compound": {"max_len": 65536, "wire": True},
    "gmac_diff": {"max_len": 4096, "oracles": True},
    "hmac_diff": {"max_len": 4096, "oracles": True},
    "kdf_diff": {"max_len": 4096, "oracles": True},
    "negotiate_request": {"max_len": 4096, "wire": True},
    "negotiate_response": {"max_len": 4096, "wire": True},
    "negotiate_roundtrip": {"max_len": 4096, "wire": True},
    "negotiate_select": {"max_len": 4096, "wire": True},
    "preauth_diff": {"max_len": 4096, "oracles": True},
    "sign_verify": {"max_len": 4096},
}
