# SPDX-License-Identifier: Apache-2.0
"""A loopback interface of the lab's own: a network namespace, where the system lets us have one. It makes captures possible without
being root, keeps other people's traffic out, and shows that no network is needed. Without it the lab uses the host's loopback."""
import fcntl
import os
import random
import socket
import struct
import subprocess
import sys
import threading

INSIDE = "CSIGN_INTEROP_NAMESPACE"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def enter(arguments):
    """Starts the program anew, with these arguments, in a network namespace (the same process: signals reach it). Returns whether the lab is in one."""
    if os.environ.get(INSIDE):
        return os.environ[INSIDE] == "own"
    own = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-current-user", "--keep-caps"]
    possible = subprocess.run([*own, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    os.environ[INSIDE] = "own" if possible else "host"
    if possible:
        sys.stdout.flush()
        os.execvp(own[0], [*own, sys.executable, *arguments])
    return False


def up():
    """Brings the namespace's loopback interface up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        flags = struct.unpack("16xh", fcntl.ioctl(s, SIOCGIFFLAGS, struct.pack("16sh", b"lo", 0)))[0]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))


_next, _lock = random.Random(os.getpid()).randrange(10240, 32768), threading.Lock()


def free_port():
    """A TCP port of the loopback interface on which nobody listens, never the same twice. Below those that the kernel gives to clients: a
    client's port that is a server's of another cell would get into its capture."""
    global _next
    with _lock:
        while True:
            _next = _next + 1 if _next < 32767 else 10240
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", _next)):
                    return _next


def answers(port):
    """Whether something listens there."""
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0
