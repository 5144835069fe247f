# SPDX-License-Identifier: Apache-2.0
"""A private MIT Kerberos KDC, so that a session has a 32-byte key (aes256-cts): no network, no configuration of the system's."""
import os
import subprocess

import network
from recorder import wait_for
from server import USERS

REALM, HOST = "LAB.TEST", "server.lab.test"  # Samba asks for no ticket for a server that is called localhost

KRB5 = """[libdefaults]
default_realm = {realm}
dns_lookup_kdc = false
dns_lookup_realm = false
rdns = false
[realms]
{realm} = {{
  kdc = 127.0.0.1:{port}
}}
[domain_realm]
{host} = {realm}
"""

KDC = """[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
  database_name = {folder}/principal
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
  supported_enctypes = aes256-cts-hmac-sha1-96:normal
  disable_pac = true
}}
[logging]
kdc = FILE:{folder}/kdc.txt
admin_server = FILE:{folder}/kadmin.txt
"""


class Kdc:
    """Accounts are the lab's, the service is cifs/HOST. environment is for smbd and its client, options for smb.conf."""

    def __init__(self, processes, folder, environment):
        folder.mkdir()
        self.keytab = folder / "keytab"
        port = network.free_port()
        (folder / "krb5.conf").write_text(KRB5.format(realm=REALM, host=HOST, port=port))
        (folder / "kdc.conf").write_text(KDC.format(realm=REALM, port=port, folder=folder))
        self.environment = {**environment, "KRB5_CONFIG": str(folder / "krb5.conf")}
        self.options = {"realm": REALM, "kerberos method": "dedicated keytab", "dedicated keytab file": "FILE:%s" % self.keytab}
        # A standalone smbd refuses tickets with a PAC, hence disable_pac. The passwords come on standard input: a command line can be seen by others.
        self.tool(folder, ["kdb5_util", "create", "-s", "-r", REALM], "master\nmaster\n")
        commands = ["addprinc %s\n%s\n%s" % (user, password, password) for user, password in USERS.items()]
        commands += ["addprinc -randkey cifs/" + HOST, "ktadd -k %s cifs/%s" % (self.keytab, HOST)]
        self.tool(folder, ["kadmin.local", "-r", REALM], "\n".join(commands) + "\nquit\n")
        log = folder / "krb5kdc.txt"
        self.process = processes.start(["krb5kdc", "-n", "-r", REALM, "-P", folder / "pid"], log, env=self.kdc_environment(folder))
        wait_for(lambda: network.answers(port), self.process, "krb5kdc", log)

    def kdc_environment(self, folder):
        return {**self.environment, "KRB5_KDC_PROFILE": str(folder / "kdc.conf")}

    def tool(self, folder, command, text):
        ran = subprocess.run(command, input=text, capture_output=True, text=True, env={**os.environ, **self.kdc_environment(folder)})
        if ran.returncode:
            raise RuntimeError("%s: %s" % (command[0], ran.stderr.strip()[-500:]))
