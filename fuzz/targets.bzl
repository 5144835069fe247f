# SPDX-License-Identifier: Apache-2.0
"""Every fuzz target and what is particular to it. fuzz/BUILD.bazel makes targets of this table, corpus/BUILD.bazel corpora, and
ci/campaign and fuzz/seeds.py read it as Python.

max_len   no input is longer: an input in the corpus that is fails the test, instead of being cut
oracles   the target compares with the oracles of //oracle, and needs all of them
wire      a parser of messages: uses the dictionary, and goes through ten million executions without a finding
deps      what else the target needs
msan      False: calls libraries of the system that are not instrumented and write memory of ours; not for MSan
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
    "pcap": {"max_len": 65536, "deps": ["//tools:capture", "@sys_jansson//:lib"], "msan": False},
    "preauth_diff": {"max_len": 4096, "oracles": True},
    "sign_verify": {"max_len": 4096},
}
