# SPDX-License-Identifier: Apache-2.0
"""Private servers: smbd with folders, port, users and names of its own; impacket's smbserver; the reference server."""
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys

import network
from recorder import wait_for

# Accounts that every Debian has; smbd wants Unix users behind its own. Passwords exist only here.
USERS = {"games": "Passw0rd1", "news": "Passw0rd2"}
DOMAIN = "LABDOM"
FOLDERS = ("private", "lock", "state", "cache", "pid", "ncalrpc", "share")
HERE = pathlib.Path(__file__).resolve().parent
PORT_LINE = re.compile(r"^listening on \S+ port (\d+)$", re.M)

CONFIGURATION = """[global]
netbios name = {netbios_name}
workgroup = {domain}
server role = standalone server
interfaces = 127.0.0.1/8
bind interfaces only = yes
smb ports = {port}
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/pid
ncalrpc dir = {folder}/ncalrpc
passdb backend = tdbsam
log level = 1
debug encryption = yes
disable netbios = yes
load printers = no
printcap name = /dev/null
disable spoolss = yes
server min protocol = SMB2_02
server multi channel support = yes
{options}
[share]
path = {folder}/share
read only = no
guest ok = yes
kernel oplocks = no
force user = {user}
"""


def configure(folder, port, netbios_name, options=None):
    """Writes smb.conf and the folders that it names."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    lines = "\n".join("%s = %s" % option for option in (options or {}).items())
    (folder / "smb.conf").write_text(CONFIGURATION.format(
        folder=folder, port=port, netbios_name=netbios_name, domain=DOMAIN, user=pwd.getpwuid(os.geteuid()).pw_name, options=lines))
    return folder / "smb.conf"


def make_accounts(folder, netbios_name):
    """The password database, made once and copied for each server."""
    configuration = configure(folder, 445, netbios_name)
    for user, password in USERS.items():
        made = subprocess.run(["pdbedit", "-s", configuration, "-a", "-t", "-u", user], input="%s\n%s\n" % (password, password),
                              capture_output=True, text=True)
        if made.returncode:
            raise RuntimeError("pdbedit cannot make the account %s: %s" % (user, made.stderr.strip()[-500:]))
    return folder / "private"


def samba(lab, folder, log, options, environment):
    """Starts smbd; returns (process, port). Its log has the keys."""
    port = network.free_port()
    configuration = configure(folder, port, lab.netbios_name, options)
    shutil.copytree(lab.accounts, folder / "private", dirs_exist_ok=True)
    process = lab.processes.start(["smbd", "-s", configuration, "--foreground", "--no-process-group", "--debug-stdout"], log, env=environment)
    wait_for(lambda: network.answers(port), process, "smbd", log)
    return process, port


def impacket(lab, folder, log):
    """Starts impacket's smbserver for 2.0.2; returns (process, port)."""
    port = network.free_port()
    (folder / "share").mkdir(exist_ok=True)
    process = lab.processes.start([sys.executable, HERE / "impacket_server.py", port, folder / "share", "games"], log,
                                  env={"INTEROP_PASSWORD": USERS["games"]})
    wait_for(lambda: network.answers(port), process, "impacket's smbserver", log)
    return process, port


def reference(lab, folder, log, arguments, environment=None):
    """Starts the reference server; returns (process, port)."""
    users = folder / "users"
    users.touch(0o600)
    users.write_text("".join("%s:%s:%s\n" % (DOMAIN, user, password) for user, password in USERS.items()))
    output = folder / "server.txt"
    process = lab.processes.start([lab.server, "--port", "0", "--users", users, *arguments], output, env=environment or lab.environment, errors=log)
    wait_for(lambda: PORT_LINE.search(output.read_text()), process, "the reference server", log)
    return process, int(PORT_LINE.search(output.read_text()).group(1))
