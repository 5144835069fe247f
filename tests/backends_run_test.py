#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What backends_test says that it ran is what the system says of the processor: every backend of the table below whose instructions
are all in /proc/cpuinfo was run, every other was not, and none is missing here. A second reading: the library asks CPUID, and here
the kernel has.

usage: backends_run_test.py BACKENDS_TEST PLANTED     PLANTED is the same program in which csign_cpu misses a bit: it must be refused
"""
import platform
import re
import subprocess
import sys

AESNI = "aes pclmulqdq ssse3 sse4_1"
VAES = AESNI + " avx avx2 vaes vpclmulqdq"
BMI = "bmi1 bmi2"
AVX512 = "avx avx2 avx512f avx512bw avx512dq avx512vl"
NEEDS = {
    "x86_64": {
        "portable": "",
        "avx2": "avx avx2 " + BMI,
        "avx512": AVX512 + " " + BMI,
        "sha-ni": "sha_ni ssse3 sse4_1",
        "sha-ni-avx512": "sha_ni ssse3 sse4_1 " + AVX512,
        "aesni": AESNI,
        "vaes": VAES,
        "vaes-avx512": VAES + " " + AVX512,
    },
    "aarch64": {
        "portable": "",
        "armv8": "aes pmull sha2",
        "armv8-sha512": "sha512",
    },
}


def flags():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        return set(re.search(r"^(?:flags|Features)\s*:(.*)$", file.read(), re.M)[1].split())


def faults(program, needs, has):
    """A line for each backend that was not treated as the processor demands."""
    done = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    said = dict(re.findall(r"^backend (\S+): (run|NOT RUN: .+)$", done.stdout, re.M))
    found = [] if done.returncode == 0 else [f"{program} failed:\n{done.stderr[-2000:]}"]
    found += [f"backend {name}: not in the table of this test" for name in said if name not in needs]
    for name, wanted in needs.items():
        missing = sorted(set(wanted.split()) - has)
        if name not in said:
            found.append(f"backend {name}: not in the library's list")
        elif (said[name] == "run") != (not missing):
            found.append(f"backend {name}: {said[name]}, but the system says that " + (
                "nothing is missing" if not missing else "the processor has no " + " ".join(missing)))
        else:
            print(f"backend {name}: {said[name]}")
    return found


def main():
    program, planted = sys.argv[1:]
    machine = "x86_64" if platform.machine() == "AMD64" else platform.machine()
    needs, has = NEEDS.get(machine, {"portable": ""}), flags()
    found = faults(program, needs, has)
    able = [name for name, wanted in needs.items() if wanted and set(wanted.split()) <= has]
    if able and not any("nothing is missing" in f for f in faults(planted, needs, has)):
        found.append("planted: a csign_cpu that misses a bit was not seen")
    print("\n".join(found) or f"{len(needs)} backends: as the processor is" + (", and a missing bit is seen" if able else ""))
    return 1 if found else 0


sys.exit(main())
