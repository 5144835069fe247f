# SPDX-License-Identifier: Apache-2.0
"""How fast the reference server is beside smbd: the same client, the same machine, one after the other in one run. What is compared is the CPU time
that a request takes of the server, all its processes together: how fast the client is, and what else the machine does, is hardly in it. Server and client
have a CPU each: a wake-up across CPUs costs several times one on the same, and where the kernel puts them would decide.

The session is made by raw_client.py; the requests are sent, and their answers verified, by load.c."""
import os
import pathlib
import statistics
import struct
import subprocess
import tempfile

import server
import smb2
from bystander import ECHO_BODY, USER
from flood_users import file_of, read_element
from processes import cpu, processes_of
from raw_client import RawClient
from table import show

READ = 65536
# name: (a client's request, length of its answer, how many wait at once)
REQUESTS = {
    "READ of 64 KiB": (lambda client, file: read_element(client, file, READ), 64 + 16 + READ, 16),
    "READ of 1 byte": (lambda client, file: read_element(client, file, 1), 64 + 17, 32),
    "ECHO": (lambda client, file: client.element(smb2.ECHO, ECHO_BODY), 64 + 4, 32),
    "ECHO, one at a time": (lambda client, file: client.element(smb2.ECHO, ECHO_BODY), 64 + 4, 1),
}
SIGNING = {"none": None, smb2.HMAC: 0, smb2.CMAC: 1, smb2.GMAC: 2}
ROUNDS, SECONDS = 5, 0.4
SERVERS_CPU, CLIENTS_CPU = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
# smbd is given its fastest way for what is asked here: without a thread for each READ, and without copying what is not signed.
FAST = {"aio read size": "0", "use sendfile": "yes"}


def measure(load, process, port, request, signing):
    """(requests a second, CPU seconds for each) of one connection."""
    make, length, outstanding = REQUESTS[request]
    identity = SIGNING[signing]
    client = RawClient(port).ready(*USER, signing=(2 if identity is None else identity,))
    element = bytearray(make(client, file_of(client, READ)))
    first = struct.unpack("<Q", element[24:32])[0]
    element[14:16] = struct.pack("<H", 1)  # as many credits as it takes
    client.socket.setblocking(True)
    before = cpu(process.pid)
    arguments = (client.socket.fileno(), "none" if identity is None else identity, client.key.hex(), element.hex(), first, outstanding, SECONDS, length)
    run = subprocess.run(["taskset", "-c", str(CLIENTS_CPU), load, *map(str, arguments)], pass_fds=[client.socket.fileno()], capture_output=True,
                         text=True, check=False)
    took = cpu(process.pid) - before
    client.close()
    if run.returncode:
        raise RuntimeError("%s, signing %s: %s" % (request, signing, run.stderr.strip()))
    answers, seconds = map(float, run.stdout.split())
    return answers / seconds, took / answers


def start(lab):
    """Both servers: {name: (process, port)}."""
    folders = [pathlib.Path(tempfile.mkdtemp(dir=lab.folder)) for _ in range(2)]
    both = {"smbd": server.samba(lab, folders[0], folders[0] / "smbd.log", FAST, lab.environment),
            "reference": server.reference(lab, folders[1], folders[1] / "server.log", ("--signing", "offered", "--quiet"))}
    for process, _ in both.values():
        for one in processes_of(process.pid):
            os.sched_setaffinity(one, {SERVERS_CPU})
    return both


def main(lab, load):
    servers = start(lab)
    print(subprocess.run(["smbd", "--version"], capture_output=True, text=True, check=True).stdout.strip())
    lines, behind = [], 0
    for request in REQUESTS:
        for signing in SIGNING:
            seen = [{name: measure(load, process, port, request, signing) for name, (process, port) in servers.items()} for _ in range(ROUNDS)]
            ratios = sorted(one["smbd"][1] / one["reference"][1] for one in seen)
            middle = {name: [statistics.median(one[name][i] for one in seen) for i in range(2)] for name in servers}
            behind += signing != "none" and statistics.median(ratios) < 1
            lines.append((request, signing, *("%.0f" % middle[name][0] for name in servers), *("%.2f" % (middle[name][1] * 1e6) for name in servers),
                          "%.2f" % statistics.median(ratios), "%.2f" % ratios[0], "%.2f" % ratios[-1]))
    show([("request", "signing", *("%s req/s" % name for name in servers), *("%s CPU us" % name for name in servers), "ratio", "least", "most")] + lines,
         right=range(2, 9))
    print("ratio: requests per CPU-second, smbd = 1, the median of %d rounds of %.1f s" % (ROUNDS, SECONDS))
    return 1 if behind else 0
