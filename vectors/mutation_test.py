#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every value of a test matters: of a valid and of a refused test of each type, each value is changed in turn, and the runner must fail.
This is what shows that an operation compares what it reads. usage: mutation_test.py RUNNER FILE.json..."""
import copy
import json
import os
import subprocess
import sys
import tempfile

GROUP_META = {"type", "source", "comment", "rule", "tests"}
TEST_META = {"tcId", "comment", "flags", "rule"}
WORDS = [["HMAC-SHA256", "AES-CMAC", "AES-GMAC"], ["NONE", "AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM"],
         ["signing", "application", "clientToServer", "serverToClient"], ["valid", "invalid"],
         ["OK", "BAD_SIGNATURE", "MALFORMED"],
         ["TRUNCATED", "OK"], ["BAD_ARGUMENT", "OK"], ["UNSUPPORTED", "OK"], ["NOT_OFFERED", "OK"],
         ["NO_DIALECT", "OK"], ["NONCE_FORBIDDEN", "OK"],
         ["NOT_SIGNED_BY_RULE", "OK"], ["NOT_SIGNED", "OK"]]

# Inputs that rightly change nothing in these tests. Everything else must: each output, each status, and the inputs that a key, a tag
# or a parsed field depends on.
INDIFFERENT = {
    "SessionDerive": ["signingNegotiated", "cipherNegotiated",
                      "cipher"],  # how a thing was agreed; another cipher with keys of the same length
    "SessionBind": ["session.sessionKey", "session.preauth", "session.signingNegotiated",
                    "session.cipherNegotiated",  # the channel's key is its own
                    "connection.signingNegotiated", "connection.cipherNegotiated"],
    "SignedSession": ["signingNegotiated", "cipherNegotiated", "cipher"],  # a signature needs no cipher
    "Sha512Monte": ["digests"],  # fewer rounds are a test too
    "NegotiateSelect": ["message"], "NegotiateAccept": ["request", "response"],  # guids and salts decide nothing
}


def leaves(value, path=()):
    if isinstance(value, dict):
        for name in value:
            yield from leaves(value[name], path + (name,))
    elif isinstance(value, list):
        yield path, value
        for i in sorted({0, 1, len(value) // 2, len(value) - 1} & set(range(len(value)))):  # of a long list, its ends and its middle
            yield from leaves(value[i], path + (i,))
    else:
        yield path, value


def changed(value):
    if value is None:
        return "00"
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return value[:-1] if value else ["00"]
    for words in WORDS:
        if value in words:
            return words[(words.index(value) + 1) % len(words)]
    middle = len(value) // 2
    return value[:middle] + "%x" % (int(value[middle], 16) ^ 1) + value[middle + 1:] if value else "00"


def put(test, path, value):
    out = copy.deepcopy(test)
    at = out
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return out


def samples(paths):
    """A valid and a refused test of each type: {(type, result): flat test}."""
    found = {}
    for path in paths:
        with open(path, encoding="ascii") as file:
            for group in json.load(file)["testGroups"]:
                for test in group["tests"]:
                    refused = test["result"] == "invalid" and test.get("status", group.get("status", "OK")) != "OK"
                    if test["result"] == "valid" or refused:
                        flat = {n: v for n, v in group.items() if n not in GROUP_META}
                        flat.update({n: v for n, v in test.items() if n not in TEST_META})
                        found.setdefault((group["type"], test["result"]), flat)
    return found


def runs(runner, path, kind, test):
    data = {"algorithm": "mutation", "schema": "none", "numberOfTests": 1, "notes": {},
            "testGroups": [{"type": kind, "source": "mutation_test.py",
                            "tests": [{"tcId": 1, "comment": "mutated", "flags": [], **test}]}]}
    with open(path, "w", encoding="ascii") as file:
        json.dump(data, file)
    result = subprocess.run([runner, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if result.returncode not in (0, 1):
        sys.exit("%s: exit %d: %s" % (kind, result.returncode, result.stderr.decode()))
    # The runner wants one valid test; a file of one refused test fails for that alone, and says nothing then.
    return result.returncode == 0 or not result.stderr


def main():
    runner, paths = os.path.abspath(sys.argv[1]), sys.argv[2:]
    found, tried, bad, spared = samples(paths), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mutated.json")
        for (kind, result), test in sorted(found.items()):
            if not runs(runner, path, kind, test):
                print("%s: the %s test fails as it is" % (kind, result))
                bad += 1
            for where, value in leaves(test):
                name = ".".join(str(step) for step in where)
                refused_input = result == "invalid" and where[0] not in ("result", "status", "ntstatus",
                                                                         "elements") and value is not None
                if name in INDIFFERENT.get(kind, []) or refused_input:
                    spared += 1
                    continue
                tried += 1
                if runs(runner, path, kind, put(test, where, changed(value))):
                    print("%s, %s test: %s may be %r" % (kind, result, name, str(changed(value))[:60]))
                    bad += 1
    print("%d tests of %d types, %d values changed, %d inputs spared because they decide nothing there, %d changes unnoticed" %
          (len(found), len({kind for kind, _ in found}), tried, spared, bad))
    return 1 if bad or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
