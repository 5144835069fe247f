#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each peer computes with its own library: otherwise two lines of the report would be one. The loader itself says where each symbol
went, as for the oracles (oracle/isolation_test.py)."""
import os
import re
import subprocess
import sys

BINDING = re.compile(r"binding file (\S+) \[\d+\] to (\S+) \[\d+\]: \w+ symbol `")
COMMON = re.compile(r"/(libc|libm|libpthread|ld-linux\S*|libgcc_s|libstdc\+\+)\.so|/measure$|linux-vdso")
MAY = {("gnutls", "nettle")}  # it is made of it


def judge(bindings):
    """({peer: its library}, what is wrong)."""
    library, wrong = {}, []
    for source, target in bindings:
        peer = re.search(r"libpeer_(\w+)\.so$", source)
        if peer and target != source and not COMMON.search(target):
            if library.setdefault(peer.group(1), target) != target:
                wrong.append("%s is bound to %s and to %s" % (peer.group(1), library[peer.group(1)], target))
    owner = {file: peer for peer, file in library.items()}
    if len(owner) != len(library):
        wrong.append("two peers have one library: %s" % library)
    for source, target in bindings:
        pair = (owner.get(source), owner.get(target))
        if None not in pair and pair[0] != pair[1] and pair not in MAY:
            wrong.append("%s is bound to %s" % (source, target))
    return library, wrong


def main():
    measure, names = sys.argv[1], {re.search(r"libpeer_(\w+)\.so$", path).group(1) for path in sys.argv[2:]}
    done = subprocess.run([measure, "--quick", "--only", "single/cmac/64"], env={**os.environ, "LD_DEBUG": "bindings"},
                          capture_output=True, text=True, check=True)
    bindings = {(os.path.realpath(source), os.path.realpath(target)) for source, target in BINDING.findall(done.stderr)}
    library, wrong = judge(bindings)
    assert not wrong, wrong
    assert set(library) == names, (sorted(library), sorted(names))
    if {"boringssl", "openssl3"} <= names:  # what could go wrong, planted
        peer = next(source for source, _ in bindings if source.endswith("libpeer_openssl3.so"))
        assert judge(bindings | {(peer, library["boringssl"])})[1]
        assert judge(bindings | {(library["boringssl"], library["openssl3"])})[1]
        assert judge({(s, library["openssl3"] if t == library["boringssl"] else t) for s, t in bindings})[1]
    print("%d peers, each with its own library" % len(names))


if __name__ == "__main__":
    main()
