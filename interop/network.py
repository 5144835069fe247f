# SPDX-License-Identifier: Apache-2.0
"""A loopback interface of the lab's own: a network namespace, where the system lets us have one. It makes captures possible without
being root, keeps other people's traffic out, and shows that no network is needed. Without it the lab uses the host's loopback."""
import fcntl
import os
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


_given, _lock = set(), threading.Lock()


def free_port():
    """A TCP port of the loopback interface on which nobody listens, never the same twice."""
    with _lock:
        while True:
            with socket.socket() as s:
                s.bind(("127.0.0.1", 0))
                port = s.getsockname()[1]
            if port not in _given:
                _given.add(port)
                return port


def answers(port):
    """Whether something listens there."""
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0
