# SPDX-License-Identifier: Apache-2.0
"""The cells of the reference server (server/): every dialect, algorithm and cipher against smbclient, each setting by a run that depends on it,
the other clients, and smbtorture. Samba's client logs the keys, so the server's own derivation is compared with what nothing here computed."""
import clients
from kerberos import REALM
from smb2 import CMAC, GMAC, HMAC

SIGNING = {HMAC: "HMAC-SHA256", CMAC: "AES-128-CMAC", GMAC: "AES-128-GMAC"}
CIPHERS = ("AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM")
OLD = (("2.0.2", HMAC, None), ("2.1", HMAC, None), ("3.0", CMAC, "AES-128-CCM"), ("3.0.2", CMAC, "AES-128-CCM"))
# What the server does not serve, of clients.SCRIPT: streams and extended attributes of allinfo.
SCRIPT = "mkdir d; cd d; put {source} a; ls; get a {target}; rename a b; del b; cd ..; rmdir d; ls"
SESSION = {"script": SCRIPT}


def smbclient_cells(cell):
    """dialect x algorithm x encryption off and on, with signing required by both sides."""
    for dialect, signing, cipher in OLD:
        yield cell("reference.%s" % dialect, "smbclient", dialect, signing, cipher, server="reference", session=SESSION, quick=True,
                   client_options=clients.samba_options(dialect))
        if dialect >= "3":
            yield cell("reference.%s.encrypt" % dialect, "smbclient", dialect, signing, "AES-128-CCM", encrypted=True, server="reference",
                       session=SESSION, client_options=clients.samba_options(dialect, encrypt=True))
    for signing in (HMAC, CMAC, GMAC):
        yield cell("reference.3.1.1.%s" % signing, "smbclient", "3.1.1", signing, "AES-128-GCM", server="reference", session=SESSION, quick=True,
                   client_options=clients.samba_options("3.1.1", signing, "AES-128-GCM"))
        for cipher in CIPHERS:
            yield cell("reference.3.1.1.%s.%s.encrypt" % (signing, cipher), "smbclient", "3.1.1", signing, cipher, encrypted=True, server="reference",
                       session=SESSION, client_options=clients.samba_options("3.1.1", signing, cipher, encrypt=True), quick=signing == GMAC)


def setting_cells(cell):
    """Each setting: the client leaves the choice to the server."""
    free = {**clients.samba_options("3.1.1"), "client smb3 signing algorithms": "aes-128-cmac, hmac-sha256, aes-128-gmac",
            "client smb3 encryption algorithms": "aes-256-ccm, aes-128-gcm, aes-256-gcm, aes-128-ccm"}

    def setting(name, dialect, signing, cipher, *arguments, options=free, **more):
        return cell("reference.setting." + name, "smbclient", dialect, signing, cipher, server="reference", session=SESSION, arguments=arguments,
                    client_options=options, **more)

    yield setting("order-local", "3.1.1", GMAC, "AES-128-GCM", "--order", "local")
    yield setting("order-peer", "3.1.1", CMAC, "AES-256-CCM", "--order", "peer", quick=True)
    for signing, name in SIGNING.items():
        yield setting("signing-algorithms." + name, "3.1.1", signing, "AES-128-GCM", "--signing-algorithms", name)
    for cipher in CIPHERS:
        yield setting("ciphers." + cipher, "3.1.1", GMAC, cipher, "--ciphers", cipher)
    yield setting("ciphers.none", "3.1.1", GMAC, None, "--ciphers", "none")
    any_dialect = clients.samba_options()
    for dialect, signing, cipher in OLD:
        yield setting("dialects." + dialect, dialect, signing, cipher, "--dialects", "2.0.2-" + dialect, options=any_dialect)
    yield setting("signing-offered", "3.1.1", GMAC, "AES-128-GCM", "--signing", "offered", options=clients.samba_options("3.1.1", required=False),
                  required=False)
    yield setting("signing-required", "3.1.1", GMAC, "AES-128-GCM", "--signing", "required", options=clients.samba_options("3.1.1", required=False))
    yield setting("encryption-required", "3.1.1", GMAC, "AES-128-GCM", "--encryption", "required", encrypted=True,
                  options={**clients.samba_options("3.1.1", required=False), "client smb encrypt": "if_required"})


def other_client_cells(cell):
    for dialect, signing, cipher in (*OLD, ("3.1.1", CMAC, "AES-128-GCM")):
        yield cell("reference.go-smb2." + dialect, "go-smb2", dialect, signing, cipher, server="reference", quick=dialect == "3.1.1", judged=False,
                   known_failure="its MIC is wrong (KNOWN_FAILURES.md)")
    for dialect, signing in (("2.0.2", HMAC), ("2.1", HMAC), ("3.0", CMAC)):
        yield cell("reference.impacket." + dialect, "impacket", dialect, signing, server="reference", quick=dialect == "3.0",
                   arguments=("--ciphers", "none"))
    yield cell("reference.impacket.3.0.encrypt", "impacket", "3.0", CMAC, "AES-128-CCM", encrypted=True, server="reference")


def kerberos_cells(cell):
    """A session key of 32 bytes: AES-256 takes all of it, everything else the first 16."""
    for signing, cipher, encrypt in ((GMAC, "AES-256-GCM", True), (CMAC, "AES-256-CCM", True), (HMAC, "AES-128-GCM", False)):
        yield cell("reference.kerberos.%s.%s" % (signing, cipher), "smbclient", "3.1.1", signing, cipher, server="reference", encrypted=encrypt,
                   session={**SESSION, "realm": REALM}, client_options=clients.samba_options("3.1.1", signing, cipher, encrypt=encrypt))


def reference_cells(cell):
    """cell: what makes one of them (cells.Cell)."""
    yield from smbclient_cells(cell)
    yield from setting_cells(cell)
    yield from other_client_cells(cell)
    yield from kerberos_cells(cell)
