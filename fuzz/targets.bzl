# SPDX-License-Identifier: Apache-2.0
"""Every fuzz target, and all that is particular to it. This table is the only place that says so: fuzz/BUILD.bazel makes the
targets of it, corpus/BUILD.bazel the corpora, and launcher, AFL++'s arguments, T.options, campaign, planted faults, coverage,
cross replay and packaging read it, as Starlark or, being a Python dict too, as Python.

kind      wire: a parser or encoder of messages; policy: a choice by the rules; differential: values against the oracles;
          stateful: sequences of calls; tool: what the countersign command reads; server: the reference server's connections
property  what the target asserts, in a sentence
reaches   functions of lib/ (or tools/ or interop/server/, for kinds tool and server) that a replay of its seeds and corpus must enter
max_len   bytes; at least the longest input that the target can tell from others. A longer one is a finding, never cut
dict      dictionary in fuzz/, or None
mutator   (which, prefix): the structure-aware mutator of fuzz/mutator/ and the bytes of control fields before the message; or None
oracles   the target compares with the oracles of //oracle, and needs all of them
deps      what else the target needs
msan      False: calls libraries of the system that are not instrumented and write memory of ours; not for MSan
"""

TIMEOUT_SECONDS = 1  # an input that takes longer hangs
RSS_LIMIT_MB = 512  # and one that needs more is out of memory
SLOW_MILLISECONDS = 100  # replayed without a sanitizer's help, an input slower than this is a finding

def libfuzzer_flags(t):
    """libFuzzer's flags of a target of TARGETS, but for dictionary and corpus; T.options says the same."""
    return ["-max_len=%d" % t["max_len"], "-timeout=%d" % TIMEOUT_SECONDS, "-rss_limit_mb=%d" % RSS_LIMIT_MB]

def options(name, t):
    """The text of T.options, which OSS-Fuzz and ClusterFuzzLite read: libfuzzer_flags, and the dictionary."""
    lines = [f[1:].replace("=", " = ") for f in libfuzzer_flags(t)] + (["dict = %s.dict" % name] if t.get("dict") else [])
    return "\n".join(["[libfuzzer]"] + lines) + "\n"

def afl_flags(t):
    """afl-fuzz's, likewise."""
    return ["-G", "%d" % t["max_len"], "-t", "%d" % (1000 * TIMEOUT_SECONDS), "-m", "%d" % RSS_LIMIT_MB]

def limit_defines(t):
    """The same for fuzz/limits.c, which is compiled for each target: what entry and replay driver hold inputs to."""
    return [
        "FUZZ_MAX_LEN=%d" % t["max_len"],
        "FUZZ_TIMEOUT_SECONDS=%d" % TIMEOUT_SECONDS,
        "FUZZ_MEMORY_MIB=%d" % RSS_LIMIT_MB,
        "FUZZ_SLOW_MILLISECONDS=%d" % SLOW_MILLISECONDS,
    ]

TARGETS = {
    "backends": {
        "kind": "differential",
        "property": "every backend of lib/crypto/backends.h computes what the portable one and every oracle do, in any parts",
        "reaches": [
            "csign_cmac_update",
            "csign_gmac_update",
            "csign_hmac_update",
            "csign_sha512_update",
        ],
        "max_len": 66048,
        "oracles": True,
        "deps": [":backend_check"],
    },
    "cmac_diff": {
        "kind": "differential",
        "property": "AES-128-CMAC is every oracle's, whole, in parts and as a signature",
        "reaches": ["csign_cmac_aes128", "csign_mac"],
        "max_len": 65558,
        "oracles": True,
        "mutator": ("blocks", 22),
    },
    "compound": {
        "kind": "wire",
        "property": "the walk tiles the message and stops exactly where a naive walk does",
        "reaches": ["csign_compound_next", "csign_header_parse"],
        "max_len": 65536,
        "dict": "negotiate.dict",
        "mutator": ("compound", 0),
    },
    "context_compression": {
        "kind": "wire",
        "property": "COMPRESSION_CAPABILITIES is what MS-SMB2 says wherever it stands, one algorithm at least and the flags; in a request its error is its own, and is encoded canonically",
        "reaches": ["csign_context_parse_compression", "csign_contexts_encode"],
        "max_len": 65537,
        "dict": "negotiate.dict",
        "mutator": ("context_compression", 2),
    },
    "context_encryption": {
        "kind": "wire",
        "property": "ENCRYPTION_CAPABILITIES is what MS-SMB2 says wherever it stands, one cipher at least, of a response exactly one, and is encoded canonically",
        "reaches": ["csign_context_parse_encryption", "csign_contexts_encode"],
        "max_len": 65537,
        "dict": "negotiate.dict",
        "mutator": ("context_encryption", 2),
    },
    "context_netname": {
        "kind": "wire",
        "property": "NETNAME_NEGOTIATE_CONTEXT_ID is what MS-SMB2 says wherever it stands, any bytes are a name, and the first one counts, and is encoded canonically",
        "reaches": ["csign_context_parse_netname", "csign_contexts_encode"],
        "max_len": 65537,
        "dict": "negotiate.dict",
        "mutator": ("context_netname", 2),
    },
    "context_posix": {
        "kind": "wire",
        "property": "the POSIX context is what MS-SMB2 says wherever it stands, whole GUIDs, and the first context counts, and is encoded canonically",
        "reaches": ["csign_context_parse_posix", "csign_contexts_encode"],
        "max_len": 65537,
        "dict": "negotiate.dict",
        "mutator": ("context_posix", 2),
    },
    "context_preauth": {
        "kind": "wire",
        "property": "PREAUTH_INTEGRITY_CAPABILITIES is what MS-SMB2 says wherever it stands, a hash at least and a salt, of a response exactly, and is encoded canonically",
        "reaches": ["csign_context_parse_preauth", "csign_contexts_encode"],
        "max_len": 65537,
        "dict": "negotiate.dict",
        "mutator": ("context_preauth", 2),
    },
    "context_rdma": {
        "kind": "wire",
        "property": "RDMA_TRANSFORM_CAPABILITIES is what MS-SMB2 says wherever it stands, one transform at least; in a request its error is its own, and is encoded canonically",
        "reaches": ["csign_context_parse_rdma_transform", "csign_contexts_encode"],
        "max_len": 65537,
        "dict": "negotiate.dict",
        "mutator": ("context_rdma", 2),
    },
    "context_signing": {
        "kind": "wire",
        "property": "SIGNING_CAPABILITIES is what MS-SMB2 says wherever it stands, one algorithm at least, of a response exactly one, and is encoded canonically",
        "reaches": ["csign_context_parse_signing", "csign_contexts_encode"],
        "max_len": 65537,
        "dict": "negotiate.dict",
        "mutator": ("context_signing", 2),
    },
    "context_transport": {
        "kind": "wire",
        "property": "TRANSPORT_CAPABILITIES is what MS-SMB2 says wherever it stands, four bytes of flags; in a request its error is its own, and is encoded canonically",
        "reaches": ["csign_context_parse_transport", "csign_contexts_encode"],
        "max_len": 65537,
        "dict": "negotiate.dict",
        "mutator": ("context_transport", 2),
    },
    "derive_key_diff": {
        "kind": "differential",
        "property": "the keys that MS-SMB2 has, and no others, are derived, with every oracle's value",
        "reaches": ["csign_derive_key"],
        "max_len": 1024,
        "oracles": True,
    },
    "diagnose": {
        "kind": "policy",
        "property": "a mistake of a signer is named, what is named reproduces its signature, and without one the signature is the right one",
        "reaches": ["csign_diagnose", "csign_mistaken_mac", "csign_recipe_sign", "csign_recipe_key", "csign_recipe_preauth"],
        "max_len": 2048,
        "deps": ["//lib:diagnose"],
    },
    "gmac_diff": {
        "kind": "differential",
        "property": "AES-128-GMAC is every oracle's, whole, in parts and as a signature",
        "reaches": ["csign_gmac_aes128", "csign_mac"],
        "max_len": 8192,
        "oracles": True,
        "mutator": ("blocks", 34),
    },
    "header": {
        "kind": "wire",
        "property": "a header is taken if and only if it is one, every field is that of the bytes, and the rules go by them",
        "reaches": ["csign_header_parse", "csign_compound_next", "csign_message_verifiable", "csign_message_signable"],
        "max_len": 128,
        "dict": "negotiate.dict",
        "mutator": ("compound", 0),
    },
    "hmac_diff": {
        "kind": "differential",
        "property": "HMAC-SHA-256 is every oracle's, whole, in parts and as a signature",
        "reaches": ["csign_hmac_sha256", "csign_mac"],
        "max_len": 8192,
        "oracles": True,
        "mutator": ("blocks", 8),
    },
    "kdf_diff": {
        "kind": "differential",
        "property": "SP 800-108 is every oracle's, for any key, label, context and length",
        "reaches": ["csign_kdf_sp800_108", "csign_derive_key"],
        "max_len": 8192,
        "oracles": True,
    },
    "keyfile": {
        "kind": "tool",
        "property": "a key file is taken if and only if a naive reading takes it, with its lines and keys; an error names line and column; Wireshark's lists and Samba's logs give whole lines or one error",
        "reaches": ["keyfile_parse", "keyfile_parse_wireshark", "keyfile_parse_samba", "keyfile_read", "keyfile_find", "keyfile_free"],
        "max_len": 16384,
        "deps": ["//tools:keyfile"],
    },
    "negotiate_accept": {
        "kind": "policy",
        "property": "a client takes an answer if and only if a second reading of MS-SMB2 3.2.5.2 does, with the same result",
        "reaches": ["csign_negotiate_accept", "csign_dialect_known"],
        "max_len": 16896,
        "dict": "negotiate.dict",
        "mutator": ("pair", 0),
    },
    "negotiate_policy": {
        "kind": "policy",
        "property": "a choice is allowed, offered and the best, a refusal has its reason, and nothing else has an effect",
        "reaches": ["csign_negotiate_select", "csign_negotiate_policy_init", "csign_negotiate_respond", "csign_negotiate_accept"],
        "max_len": 8207,
        "dict": "negotiate.dict",
        "mutator": ("negotiate", 15),
    },
    "negotiate_request": {
        "kind": "wire",
        "property": "a request is taken if and only if MS-SMB2 takes it, and every value is that of the message",
        "reaches": ["csign_negotiate_request_parse", "csign_u16_at"],
        "max_len": 262144,
        "dict": "negotiate.dict",
        "mutator": ("negotiate", 0),
    },
    "negotiate_response": {
        "kind": "wire",
        "property": "a response is taken if and only if MS-SMB2 takes it, and every value is that of the message",
        "reaches": ["csign_negotiate_response_parse"],
        "max_len": 262144,
        "dict": "negotiate.dict",
        "mutator": ("negotiate", 0),
    },
    "negotiate_roundtrip": {
        "kind": "wire",
        "property": "what was parsed is encoded and parsed again the same, in any capacity",
        "reaches": ["csign_negotiate_request_encode", "csign_negotiate_response_encode"],
        "max_len": 262144,
        "dict": "negotiate.dict",
        "mutator": ("negotiate", 0),
    },
    "negotiate_select": {
        "kind": "policy",
        "property": "a server chooses as a second reading of MS-SMB2 3.3.5.4 does, and the client that asked agrees",
        "reaches": ["csign_negotiate_select", "csign_negotiate_respond", "csign_negotiate_accept"],
        "max_len": 262144,
        "dict": "negotiate.dict",
        "mutator": ("negotiate", 12),
    },
    "pcap": {
        "kind": "tool",
        "property": "the capture reader's verdicts add up, its JSON is whole, its exit code is what they say, no key is printed",
        "reaches": ["judge_memory", "transform_open", "ntlm_session_key", "kerberos_find", "keylog_write"],
        "max_len": 262144,
        "mutator": ("capture", 0),
        "deps": ["//tools:authentication", "//tools:capture", "//tools:keyfile", "@sys_jansson//:lib"],
        "msan": False,
    },
    "preauth_diff": {
        "kind": "differential",
        "property": "the preauthentication chain and SHA-512 are every oracle's, in parts too",
        "reaches": ["csign_preauth_update", "csign_preauth_update_parts", "csign_sha512"],
        "max_len": 65536,
        "oracles": True,
        "mutator": ("blocks", 13),
    },
    "sequence": {
        "kind": "stateful",
        "property": "connections, setups, sessions and channels, whatever is done in whatever order, are what a model of byte strings says",
        "reaches": [
            "csign_negotiate_select",
            "csign_negotiate_accept",
            "csign_preauth_update",
            "csign_preauth_update_parts",
            "csign_session_derive",
            "csign_session_bind_check",
            "csign_session_bind",
            "csign_session_wipe",
            "csign_channel_wipe",
            "csign_sign",
            "csign_verify",
        ],
        "max_len": 12288,
    },
    "server": {
        "kind": "server",
        "property": "two connections of the reference server answer as MS-SMB2 says to a client that knows which of its messages are rightly signed and encrypted, and keep to their bounds",
        "reaches": [
            "connection_receive",
            "transform_seal",
            "serve_negotiate",
            "serve_session_setup",
            "serve_logoff",
            "serve_tree_connect",
            "serve_create",
            "serve_cancel",
            "serve_oplock_break",
            "session_end",
        ],
        "max_len": 8192,
        "mutator": ("conversation", 2),
        "deps": ["//fuzz/client"],
        "msan": False,
    },
    "session_keys": {
        "kind": "policy",
        "property": "the sessions and channels that MS-SMB2 has, and no others, are made, with its keys and its answer to a bind",
        "reaches": [
            "csign_session_derive",
            "csign_session_bind_check",
            "csign_session_bind",
            "csign_session_wipe",
            "csign_channel_wipe",
            "csign_signer_init",
        ],
        "max_len": 768,
    },
    "sign_batch": {
        "kind": "policy",
        "property": "each job of a batch has the status and the signature that it has alone, and the failed ones are counted",
        "reaches": ["csign_sign_batch", "csign_verify_batch"],
        "max_len": 65664,
        "mutator": ("jobs", 0),
    },
    "sign_parts": {
        "kind": "policy",
        "property": "a message in any parts is signed, verified and refused as it is in one piece; impossible parts change nothing",
        "reaches": ["csign_mac", "csign_sign_parts", "csign_verify_parts"],
        "max_len": 65600,
        "mutator": ("signed", 22),
    },
    "sign_verify": {
        "kind": "policy",
        "property": "a message verifies if and only if its signature is right, and is signed or refused by the rules",
        "reaches": ["csign_sign", "csign_verify", "csign_signer_init", "csign_signer_wipe"],
        "max_len": 65536,
        "mutator": ("signed", 25),
    },
    "tcp": {
        "kind": "tool",
        "property": "streams are the capture's bytes at their positions, in causal order, as soon as can be; what is missing is said",
        "reaches": ["tcp_new", "tcp_add", "tcp_finish"],
        "max_len": 8192,
        "deps": [":tcp_model"],
    },
}
