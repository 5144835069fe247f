#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each adapter exports one symbol and computes with its own library; the program that asks them links no crypto.

Two of the libraries define the same symbols. Were one adapter's calls bound to another's library, the oracles would agree
because they were the same. The dynamic loader itself says where each symbol went (LD_DEBUG=bindings). A library may call that of
an oracle of its own family; where another library is loaded with it that does so, KNOWN says why that does not matter. And the
assembly that libraries took from OpenSSL carries its author's name: who has it for SHA-512 is of that family in MATRIX.json.
usage: isolation_test.py MATRIX PROGRAM ADAPTER...
"""
import functools
import json
import os
import re
import subprocess
import sys

LINKERS_OWN = {"__bss_start", "_edata", "_end"}
BINDING = re.compile(r"binding file (\S+) \[\d+\] to (\S+) \[\d+\]: \w+ symbol `([^']+)'")
ASSEMBLY = re.compile(rb"SHA512 block transform for [^,]*, CRYPTOGAMS")
# (library loaded along with an oracle's, library of another family's oracle that it calls): why it may
KNOWN = {("libtspi.so.1", "libcrypto.so.3"): "Botan's way to TPMs, which no operation here goes"}


real = functools.cache(os.path.realpath)  # the same few files, tens of thousands of times


def output(*command, **env):
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def closure(path):
    """The files that the loader brings along with path: {file: name under which it is asked for}."""
    found = re.findall(r"^\s*(?:(\S+) => )?(/\S+) \(0x", output("ldd", path), re.M)
    return {os.path.realpath(file): os.path.basename(name or file) for name, file in found}


def direct(path, loaded):
    """Those of them that it names itself."""
    needed = set(re.findall(r"\(NEEDED\).*\[(\S+)\]", output("readelf", "-d", path)))
    return {file for file, name in loaded.items() if name in needed}


class Oracle:
    def __init__(self, path, base, matrix):
        self.name = re.fullmatch(r"liboracle_(\w+)\.so", os.path.basename(path)).group(1)
        self.adapter = os.path.realpath(path)
        loaded = {file: name for file, name in closure(path).items() if file not in base}
        self.names = loaded
        self.libraries = direct(path, loaded)
        self.files = set(loaded) | {self.adapter}
        self.cells = {operation: row[self.name] for operation, row in matrix["operations"].items()}
        self.family = matrix["oracles"][self.name]["family"]
        self.exported = {line.split()[-1] for line in output("nm", "-D", "--defined-only", path).splitlines()}

    def family_of(self, operation):
        cell = self.cells[operation]
        return self.family if isinstance(cell, str) else next(iter(cell.values()))

    def has_assembly(self):
        for library in self.libraries:
            with open(library, "rb") as file:
                if ASSEMBLY.search(file.read()):
                    return True
        return False


def judge(bindings, oracles, base, known):
    """Bindings that may not be, and how many there were of each known kind."""
    failed, met = [], dict.fromkeys(known, 0)
    names = {file: name for oracle in oracles for file, name in oracle.names.items()}
    libraries = set().union(*(oracle.libraries | {oracle.adapter} for oracle in oracles))
    for source, target, symbol in bindings:
        if target in base or os.path.basename(target) == "linux-vdso.so.1":  # the kernel's
            continue
        homes = [oracle for oracle in oracles if source in oracle.files]
        if not any(target in home.files for home in homes):
            failed.append(f"{symbol}: {source} is bound to {target}")
            continue
        owners = {oracle.family for oracle in oracles if target in oracle.libraries | {oracle.adapter}}
        if target not in libraries or owners & {home.family for home in homes}:
            continue
        pair = (names.get(source, os.path.basename(source)), names.get(target, os.path.basename(target)))
        if source in libraries or pair not in known:
            failed.append(f"{symbol}: {source} is bound to {target}, of {sorted(owners)}")
        else:
            met[pair] += 1
    return failed, met


def planted(bindings, oracles, base):
    """Bindings that would be wrong, each of which judge must see; names of those that it does not."""
    by = {oracle.name: oracle for oracle in oracles}
    library = {name: sorted(oracle.libraries)[0] for name, oracle in by.items()}
    wrong = [(by["openssl3"].adapter, library["boringssl"]), (library["boringssl"], library["openssl3"]),
             (library["botan"], library["openssl3"]), (by["botan"].adapter, library["openssl3"]),
             (library["nettle"], library["wolfssl"]), (by["mbedtls"].adapter, library["wolfssl"])]
    for source, target in wrong:
        if not judge([(source, target, "AES_encrypt")], oracles, base, KNOWN)[0]:
            yield f"planted and not seen: {source} bound to {target}"
    if not judge(bindings, oracles, base, {})[0]:
        yield "KNOWN is not needed"


def main():
    matrix_path, program, adapters = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(matrix_path, encoding="utf-8") as file:
        matrix = json.load(file)
    base = set(closure(program))
    oracles = [Oracle(path, base, matrix) for path in adapters]
    failed = []
    for oracle in oracles:
        if oracle.exported - LINKERS_OWN != {"csign_oracle"}:
            failed.append(f"{oracle.adapter} exports {oracle.exported}")
        if len(oracle.libraries) != 1:
            failed.append(f"{oracle.name}: libraries of its own are {sorted(oracle.libraries)}")
        if oracle.has_assembly() != (oracle.family_of("sha512") == "openssl"):
            failed.append(f"{oracle.name}: OpenSSL's assembly {oracle.has_assembly()}, family {oracle.family_of('sha512')}")
    crypto = set().union(*(oracle.files for oracle in oracles))
    if crypto & base:
        failed.append(f"{program} links {crypto & base}")

    bindings = [(real(source), real(target), symbol)
                for source, target, symbol in BINDING.findall(output(program, "--only=0", LD_DEBUG="bindings"))]
    found, met = judge(bindings, oracles, base, KNOWN)
    failed += found
    for (source, target), count in met.items():
        print(f"{source} calls {target}, {count} symbols: {KNOWN[source, target]}")
        if count == 0:
            failed.append(f"{source} does not call {target}: leave it out of KNOWN")
    for oracle in oracles:
        into = [symbol for source, target, symbol in bindings if source == oracle.adapter and target in oracle.libraries]
        print(f"{oracle.name} calls {len(into)} functions of {sorted(oracle.libraries)}")
        if not into:
            failed.append(f"{oracle.name}: no calls into its library seen")
    nettle = {symbol for source, target, symbol in bindings if "libgnutls.so" in source and "libnettle.so" in target}
    if not {s for s in nettle if "cmac128_update" in s} or not {s for s in nettle if "gcm_" in s and "update" in s}:
        failed.append(f"GnuTLS is not seen to compute CMAC and GMAC with nettle: {sorted(nettle)}")
    failed += planted(bindings, oracles, base)
    for what in failed:
        print(f"FAILED: {what}")
    print(f"{len(adapters)} adapters, {len(bindings)} bindings, {len(failed)} failed")
    sys.exit(1 if failed or not adapters else 0)


main()
