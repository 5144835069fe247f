# SPDX-License-Identifier: Apache-2.0
"""The clients: how each is started for a cell, and whether it did what it was to do. A client reports through its exit status and, for
smbtorture, through its `success:` lines: it exits 0 on a skipped test."""
import os
import pathlib
import re
import subprocess
import sys

from kerberos import HOST
from server import DOMAIN, USERS

HERE = pathlib.Path(__file__).resolve().parent
USER, SECOND_USER = sorted(USERS)
BAD_MIC = "Invalid token was supplied: Permission denied"  # what gss-ntlmssp says of it
PROTOCOLS = {"2.0.2": "SMB2_02", "2.1": "SMB2_10", "3.0": "SMB3_00", "3.0.2": "SMB3_02", "3.1.1": "SMB3_11"}
SIGNING = {"HMAC-SHA256": "hmac-sha256", "AES-CMAC": "aes-128-cmac", "AES-GMAC": "aes-128-gmac"}
# put, get, listing, folders, deletion, what a file system has: most commands of a session
SCRIPT = "mkdir d; cd d; put {source} a; ls; get a {target}; allinfo a; rename a b; del b; cd ..; rmdir d; ls; volume"


def samba_options(dialect=None, signing=None, ciphers=None, required=True, encrypt=False, **more):
    """smb.conf settings of Samba's clients that leave the server nothing to choose."""
    options = {"client min protocol": PROTOCOLS.get(dialect, "SMB2_02"), "client max protocol": PROTOCOLS.get(dialect, "SMB3_11"),
               "client signing": "required" if required else "if_required", "client smb encrypt": "required" if encrypt else "off"}
    if signing:
        options["client smb3 signing algorithms"] = SIGNING[signing]
    if ciphers:
        options["client smb3 encryption algorithms"] = ciphers.lower()
    return {**options, **{name.replace("_", " "): value for name, value in more.items()}}


def configure(folder, netbios_name, options):
    """client.conf with folders of its own, so that nothing of the system is read or written."""
    lines = ["netbios name = " + netbios_name, "workgroup = " + DOMAIN, "log level = 1", "debug encryption = yes", "interfaces = 127.0.0.1/8"]
    for name in ("private dir", "lock directory", "state directory", "cache directory"):
        (folder / "client").mkdir(exist_ok=True)
        lines.append("%s = %s" % (name, folder / "client"))
    path = folder / "client.conf"
    path.write_text("[global]\n" + "\n".join(lines + ["%s = %s" % item for item in options.items()]) + "\n")
    return path


def credentials(folder, user, domain=DOMAIN):
    """A file of smbclient's and smbtorture's: a password on a command line can be seen by others."""
    path = folder / (user + ".credentials")
    path.touch(0o600)
    path.write_text("username = %s\npassword = %s\ndomain = %s\n" % (user, USERS[user], domain))
    return path


def authentication(folder, realm):
    """Options for NTLM with the server's account, or for Kerberos if there is a realm."""
    return ["-A", credentials(folder, USER, realm), "--use-kerberos=required"] if realm else ["-A", credentials(folder, USER)]


def smbclient(lab, folder, port, options, output, environment, script=SCRIPT, share="share", login=None, realm=None, size=70000):
    """Runs smbclient; None, or what went wrong. What it got back must be what it put."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(bytes(i * i % 251 for i in range(1024)) * -(-size // 1024))
    target.unlink(missing_ok=True)
    command = ["smbclient", "-s", configure(folder, lab.netbios_name + "C", options), "//%s/%s" % (HOST, share), "-I", "127.0.0.1", "-p", port,
               *(login or authentication(folder, realm)), "-c", script.format(source=source, target=target)]
    status = lab.processes.run(command, output, lab.patience, env=environment)
    if status != 0:
        return "smbclient: exit status %s" % status
    if "{target}" in script and (not target.exists() or target.read_bytes() != source.read_bytes()):
        return "smbclient got another file than it put"
    return None


def smbtorture(lab, folder, port, options, output, tests, unsuccessful=(), known_failure=None):
    """Runs tests of smbtorture one after another; each must be successful, but for those named in unsuccessful; none may be if there is a
    known failure."""
    options = {**options, "torture:user2name": SECOND_USER, "torture:user2password": USERS[SECOND_USER]}
    command = ["smbtorture", "-s", configure(folder, lab.netbios_name + "C", options), "//127.0.0.1/share", "-p", port,
               "-A", credentials(folder, USER), "--basedir", folder, *tests]
    status = lab.processes.run(command, output, lab.patience, env=lab.environment)
    if status is None and not known_failure:
        return "smbtorture was still running after %d s" % lab.patience
    text = output.read_text(errors="replace")
    missing = [test for test in tests if test not in unsuccessful and outcome(text, test)[0] != "success"]
    if known_failure:
        return None if missing else "successful, though it stands in KNOWN_FAILURES.md: " + known_failure
    return "smbtorture: not successful: " + ", ".join(missing) if missing else None


def outcome(text, test):
    """What smbtorture says of a test: (success, failure, error or skip, and why); (None, None) if it does not say. Some tests are named by
    the last part of their name alone."""
    names = "|".join(map(re.escape, (test, test.rsplit(".", 1)[-1])))
    found = re.search(r"^(success|failure|error|skip): (?:%s)(?: \[\s*(.*?)\s*^\])?$" % names, text, re.M | re.S)
    return found.groups() if found else (None, None)


def go(lab, port, dialect, output, refusal=None):
    """refusal: the log of a server that must refuse its NTLM message as one whose MIC is wrong (KNOWN_FAILURES.md), or None."""
    status = lab.processes.run([lab.go_client(), port, dialect, USER], output, lab.patience, env={"INTEROP_PASSWORD": USERS[USER]})
    if refusal:
        return None if status and BAD_MIC in refusal.read_text() else "go-smb2: exit status %s, and not refused for its MIC" % status
    return None if status == 0 else "go-smb2: exit status %s" % status


def impacket(lab, port, dialect, output, expected=0):
    status = lab.processes.run([sys.executable, HERE / "impacket_client.py", port, dialect, USER], output, lab.patience,
                               env={"INTEROP_PASSWORD": USERS[USER]})
    return None if status == expected else "impacket: exit status %s, expected %d" % (status, expected)


def build_go(target):
    """The client of go_client/, a GOPATH build of Debian's package: no module proxy is asked."""
    built = subprocess.run(["go", "build", "-o", target, "."], cwd=HERE / "go_client", capture_output=True, text=True,
                           env={**os.environ, "GOPATH": "/usr/share/gocode", "GOCACHE": target.parent / "go-cache", "GO111MODULE": "off", "GOFLAGS": "", "GOPROXY": "off"})
    if built.returncode:
        raise RuntimeError("the go-smb2 client cannot be built:\n" + built.stderr[-2000:])
    return target

