# SPDX-License-Identifier: Apache-2.0
"""The machines that cross tests build for and run on, under qemu: 64 and 32 bit, little and big endian."""

# name: (C compiler, qemu, what it adds)
MACHINES = {
    "aarch64": ("aarch64-linux-gnu-gcc", "qemu-aarch64", "64 bit, little endian, plain char unsigned"),
    "armhf": ("arm-linux-gnueabihf-gcc", "qemu-arm", "32 bit, little endian, alignment of its own"),
    "i686": ("i686-linux-gnu-gcc", "qemu-i386", "32 bit, little endian, 64-bit values aligned to four"),
    "ppc": ("powerpc-linux-gnu-gcc", "qemu-ppc", "32 bit, big endian"),
    "riscv64": ("riscv64-linux-gnu-gcc", "qemu-riscv64", "64 bit, little endian, another instruction set"),
    "s390x": ("s390x-linux-gnu-gcc", "qemu-s390x", "64 bit, big endian"),
}

def compiler(machine):
    """Label of a machine's C compiler."""
    return "@sys_cross_%s//:bin/%s" % (machine, MACHINES[machine][0])

def qemu(machine):
    """Label of a machine's emulator."""
    return "@sys_qemu//:bin/" + MACHINES[machine][1]

def cross_data(machine):
    """What a test for a machine needs beside its own files."""
    return [compiler(machine), qemu(machine), "@sys_cross_%s//:stamp" % machine, "@sys_qemu//:stamp"]
