# SPDX-License-Identifier: Apache-2.0
"""What the lab needs of the system. What is missing is installed by ci/setup or is a failure, never a cell that is passed over."""
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

SETUP = pathlib.Path(__file__).resolve().parent.parent / "ci" / "setup"
PROGRAMS = {"smbd": "samba", "pdbedit": "samba", "smbclient": "smbclient", "smbtorture": "samba-testsuite", "tcpdump": "tcpdump", "go": "golang-go",
            "krb5kdc": "krb5-kdc", "kdb5_util": "krb5-kdc", "kadmin.local": "krb5-admin-server", "setpriv": "util-linux", "taskset": "util-linux"}
MODULES = {"cryptography": "python3-cryptography", "impacket": "python3-impacket"}
FOLDERS = {"/usr/share/gocode/src/github.com/hirochachacha/go-smb2": "golang-github-hirochachacha-go-smb2-dev"}


def missing():
    """The Debian packages of what is not there."""
    importlib.invalidate_caches()
    return sorted({package for program, package in PROGRAMS.items() if not shutil.which(program)} |
                  {package for module, package in MODULES.items() if not importlib.util.find_spec(module)} |
                  {package for folder, package in FOLDERS.items() if not os.path.isdir(folder)})


def demand():
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if missing() and subprocess.run([SETUP]).returncode == 0 and not missing():
        return
    if missing():
        print("ci/interop: not installed: %s" % " ".join(missing()), file=sys.stderr)
        sys.exit(2)
