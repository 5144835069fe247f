# SPDX-License-Identifier: Apache-2.0
"""The lab: what all cells share, and how one cell is run, from its server's start to its row."""
import contextlib
import os
import pathlib
import shutil
import tempfile
import threading

import clients
import judge
import kerberos
import recorder
import server
from live import Live
from processes import Processes

FOLDER_LIMIT = 60  # of the 107 bytes of a Unix socket's name, the rest is what Samba has below it

ATTEMPTS = 3


class Lab:
    """Everything is under one temporary folder and in one set of processes; leaving the `with` block ends and deletes both."""

    def __init__(self, tool, server, keep=None, patience=150):
        self.tool, self.server, self.keep, self.patience = tool, server, keep, patience
        if keep:
            keep.mkdir(mode=0o700, parents=True)  # there will be keys in it
        self.processes = Processes()
        self.temporary = tempfile.TemporaryDirectory(prefix="interop-", ignore_cleanup_errors=True)
        self.folder = pathlib.Path(self.temporary.name)
        if len(str(self.folder)) > FOLDER_LIMIT:
            raise RuntimeError("TMPDIR %s: too long a name for Samba's Unix sockets; name a folder of %d characters or less"
                               % (self.folder.parent, FOLDER_LIMIT - len(self.folder.name) - 1))
        self.netbios_name = "LAB%d" % (os.getpid() % 1000000)
        # Nothing of the system's configuration, and nothing of the user's.
        (self.folder / "krb5.conf").touch()
        self.environment = {"HOME": str(self.folder), "KRB5_CONFIG": str(self.folder / "krb5.conf"), "LC_ALL": "C.UTF-8"}
        self.lock, self.go_binary, self.kdc = threading.Lock(), None, None

    def __enter__(self):
        self.accounts = server.make_accounts(self.folder / "accounts", self.netbios_name)
        return self

    def __exit__(self, *_):
        self.processes.stop_all()
        self.temporary.cleanup()

    def go_client(self):
        with self.lock:
            if self.go_binary is None:
                self.go_binary = clients.build_go(self.folder / "go_client")
            return self.go_binary

    def realm(self):
        """The lab's KDC, from when a cell first needs it."""
        with self.lock:
            if self.kdc is None:
                self.kdc = kerberos.Kdc(self.processes, self.folder / "kdc", self.environment)
            return self.kdc

    def place(self, cell):
        """The new folder of a cell: one that stays if captures are kept."""
        folder = (self.keep or self.folder) / "cells" / cell.name
        folder.mkdir(parents=True)
        return folder

    def run(self, cell):
        """Runs a cell and judges it. Again, twice at most, if the kernel dropped packets of the capture, or if a test of smbtorture was not
        successful though all its messages are as they should be: both happen on a busy machine. The row says how often it was."""
        for attempt in range(1, ATTEMPTS + 1):
            folder = self.place(cell)
            problem = self.record(cell, folder)
            row = judge.judge(cell, folder, self.tool)
            again = recorder.dropped(folder) or (problem and not row.problems and cell.client == "smbtorture")
            if attempt == ATTEMPTS or not again:
                break
            shutil.rmtree(folder)
        row.attempts = attempt
        row.demand(problem is None, problem)
        if not self.keep:
            shutil.rmtree(folder)
        return row

    def record(self, cell, folder):
        """Server, capture, client: what judge() reads is then in the folder. None, or what went wrong."""
        try:
            with contextlib.ExitStack() as ends:
                scratch = pathlib.Path(tempfile.mkdtemp(dir=self.folder))  # a short name: Unix sockets are in there
                ends.callback(shutil.rmtree, scratch, ignore_errors=True)
                environment, options = self.environment, cell.options
                if cell.kerberos:
                    environment, options = self.realm().environment, {**options, **self.realm().options}
                    shutil.copy(self.realm().keytab, folder / "keytab")
                if cell.server == "impacket":
                    process, port = server.impacket(self, scratch, folder / "smbserver.txt")
                elif cell.server == "reference":
                    keytab = ("--keytab", folder / "keytab") if cell.kerberos else ()
                    process, port = server.reference(self, scratch, folder / "server.log", (*cell.arguments, *keytab), environment)
                else:
                    process, port = server.samba(self, scratch, folder / "smbd.log", options, environment)
                ends.callback(self.processes.stop, process)
                (folder / "port").write_text("%d\n" % port)
                if cell.live:
                    ends.callback(Live(self, folder, port, judge.PASSWORDS).stop)
                ends.callback(recorder.Recorder(self.processes, folder, port, cell.buffer_mib).stop)
                problem = self.client(cell, scratch, port, folder / "client.txt", environment)
                return problem if process.poll() is None else "the server ended by itself, exit status %d" % process.returncode
        except (OSError, RuntimeError) as error:
            return str(error)

    def client(self, cell, scratch, port, output, environment):
        if cell.client == "go-smb2":
            return clients.go(self, port, cell.dialect, output, cell.known_failure and output.parent / "server.log")
        if cell.client == "impacket":
            return clients.impacket(self, port, cell.dialect, output, expected=3 if cell.denied else 0)
        if cell.client == "smbtorture":
            return clients.smbtorture(self, scratch, port, cell.client_options, output, cell.tests, cell.unsuccessful,
                                      cell.known_failure)
        return clients.smbclient(self, scratch, port, cell.client_options, output, environment, **cell.session)
