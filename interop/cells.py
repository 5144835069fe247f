# SPDX-License-Identifier: Apache-2.0
"""The matrix: every cell says which server and client it has, what must be negotiated, and what its messages must turn out to be.

Not possible, and therefore no cell: GMAC, HMAC and AES-256 below 3.1.1; a cipher in 2.x; CMAC in 2.x; HMAC at 3.0 and 3.0.2.
"""
import dataclasses

import clients
from kerberos import REALM
from smb2 import CMAC, GMAC, HMAC
import reference_torture
from reference import reference_cells
from torture import MANDATORY, torture_cells

CIPHERS = ("AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM")
NO_ENCRYPTION = {"server smb encrypt": "off"}
# go-smb2 gives up a session over an interim response, which is never signed; smbd sends them when it reads and writes asynchronously.
NO_INTERIM = {"aio read size": "0", "aio write size": "0"}


@dataclasses.dataclass
class Cell:
    name: str
    client: str                      # smbclient, smbtorture, go-smb2, impacket
    dialect: str = None              # what must be negotiated by every session; None: the tests themselves choose
    signing: str = None
    cipher: str = None               # None: no cipher, or not looked at if dialect is None
    required: bool = True            # signing: then nothing but SESSION_SETUP may be unsigned
    encrypted: bool = False          # there must be encrypted messages, and all must be opened
    signed: bool = True              # there must be signed messages; False: there must be none at all
    server: str = "samba"            # samba, impacket, reference
    arguments: tuple = ()            # of the reference server
    options: dict = dataclasses.field(default_factory=dict)  # smb.conf of the server
    client_options: dict = dataclasses.field(default_factory=dict)
    session: dict = dataclasses.field(default_factory=dict)  # of smbclient: script, share, login, realm, size
    tests: tuple = ()                # smbtorture's
    unsuccessful: tuple = ()         # tests whose outcome does not count, for the reason that is written there
    known_failure: str = None        # why the test cannot be successful: then it must not be
    judged: bool = True              # False: what its messages must turn out to be is not promised; the tool and the second opinion agree all the same
    denied: bool = False             # there must be bad requests, each answered with ACCESS_DENIED, and nothing else that is bad
    all_bad: bool = False            # and not one request that is right
    mirrored: str = None             # why mirrored signatures may be there
    no_key: str = None               # why messages without a known key may be there
    bound: bool = False              # there must be messages verified with a bound channel's key
    guest: bool = False              # the session must be a guest's: it has no key
    smb1: bool = False               # the capture must begin with an SMB1 negotiate
    live: bool = False               # countersign captures, too
    buffer_mib: int = 64             # of the capture, in the kernel
    quick: bool = False              # in ci/test

    @property
    def kerberos(self):
        return "realm" in self.session


def signing_cells():
    """dialect x signing algorithm x cipher x required or offered, without encryption: smbclient."""
    for required in (True, False):
        word = "required" if required else "offered"
        for dialect, signing, cipher in (("2.0.2", HMAC, None), ("2.1", HMAC, None), ("3.0", CMAC, "AES-128-CCM"),
                                         ("3.0.2", CMAC, "AES-128-CCM"), ("3.0", CMAC, None), ("3.0.2", CMAC, None)):
            yield signing_cell("sign.%s.%s.%s.%s" % (dialect, signing, cipher or "none", word), dialect, signing, cipher, required,
                               quick=required and (cipher is not None or dialect < "3"))
        for signing in (HMAC, CMAC, GMAC):
            for cipher in (*CIPHERS, None):
                yield signing_cell("sign.3.1.1.%s.%s.%s" % (signing, cipher or "none", word), "3.1.1", signing, cipher, required,
                                   quick=required and cipher == {HMAC: "AES-256-GCM", CMAC: "AES-128-CCM", GMAC: None}[signing])


def signing_cell(name, dialect, signing, cipher, required, quick):
    smb311 = dialect == "3.1.1"
    options = clients.samba_options(dialect, signing if smb311 else None, cipher if smb311 else None, required)
    # Below 3.1.1 nothing is negotiated for a cipher but a capability bit, which the client sets only if it may encrypt.
    if cipher and not smb311:
        options["client smb encrypt"] = "if_required"
    return Cell(name, "smbclient", dialect, signing, cipher, required, client_options=options,
                options={} if cipher else NO_ENCRYPTION, quick=quick)


def encryption_cells():
    """Encrypted sessions: dialect x cipher x signing algorithm, which then signs SESSION_SETUP alone."""
    for dialect in ("3.0", "3.0.2"):
        yield Cell("encrypt.%s.%s.AES-128-CCM" % (dialect, CMAC), "smbclient", dialect, CMAC, "AES-128-CCM", encrypted=True,
                   client_options=clients.samba_options(dialect, encrypt=True))
    for dialect, signing, cipher in (("3.0", CMAC, "AES-128-CCM"), ("3.0.2", CMAC, "AES-128-CCM"), ("3.1.1", GMAC, "AES-128-GCM")):
        yield Cell("encrypt.%s.server" % dialect, "smbclient", dialect, signing, cipher, encrypted=True, options={"server smb encrypt": "required"},
                   client_options={**clients.samba_options(dialect, required=False), "client smb encrypt": "if_required"})
    for signing in (HMAC, CMAC, GMAC):
        for cipher in CIPHERS:
            yield Cell("encrypt.3.1.1.%s.%s" % (signing, cipher), "smbclient", "3.1.1", signing, cipher, encrypted=True,
                       client_options=clients.samba_options("3.1.1", signing, cipher, encrypt=True), quick=signing == GMAC)


def client_cells():
    """Other clients, other servers, other kinds of session."""
    for dialect, signing, cipher in (("2.0.2", HMAC, None), ("2.1", HMAC, None), ("3.0", CMAC, "AES-128-CCM"), ("3.0.2", CMAC, "AES-128-CCM"),
                                     ("3.1.1", CMAC, "AES-128-GCM")):
        yield Cell("go-smb2." + dialect, "go-smb2", dialect, signing, cipher, options={**MANDATORY, **NO_INTERIM}, quick=dialect in ("2.1", "3.1.1"))
    for dialect, signing in (("2.0.2", HMAC), ("2.1", HMAC), ("3.0", CMAC)):
        yield Cell("impacket." + dialect, "impacket", dialect, signing, options={**MANDATORY, **NO_ENCRYPTION}, quick=dialect == "3.0")
    yield Cell("impacket.3.0.encrypt", "impacket", "3.0", CMAC, "AES-128-CCM", options=MANDATORY, encrypted=True)
    yield Cell("impacket.3.1.1", "impacket", "3.1.1", CMAC, "AES-128-CCM", options=MANDATORY, denied=True, all_bad=True, quick=True)
    yield Cell("smbserver.2.0.2", "smbclient", "2.0.2", HMAC, server="impacket", client_options=clients.samba_options("2.0.2"),
               session={"script": "put {source} a; ls; get a {target}; del a"}, quick=True)
    yield Cell("anonymous", "smbclient", "3.1.1", GMAC, "AES-128-GCM", required=False, signed=False, quick=True,
               session={"login": ["-U", "%"], "share": "IPC$", "script": "help"},
               client_options=clients.samba_options("3.1.1", required=False))
    yield Cell("guest", "smbclient", "3.1.1", GMAC, "AES-128-GCM", required=False, signed=False, guest=True,
               options={"map to guest": "bad user"},
               session={"login": ["-U", "nobody-known%any"]},
               client_options=clients.samba_options("3.1.1", required=False))
    yield Cell("smb1-negotiate", "smbclient", "3.1.1", GMAC, "AES-128-GCM", smb1=True, quick=True,
               client_options={**clients.samba_options("3.1.1"), "client min protocol": "NT1"})


def live_cells():
    """The tool captures what tcpdump records."""
    yield Cell("live.sign", "smbclient", "3.1.1", GMAC, "AES-128-GCM", live=True, quick=True, client_options=clients.samba_options("3.1.1"))
    yield Cell("live.encrypt", "smbclient", "3.1.1", GMAC, "AES-256-CCM", live=True, encrypted=True,
               client_options=clients.samba_options("3.1.1", GMAC, "AES-256-CCM", encrypt=True))


def kerberos_cells():
    """Sessions whose key has 32 bytes: AES-256 takes all of it, everything else the first 16."""
    login = {"realm": REALM}
    for signing, cipher in ((GMAC, "AES-256-GCM"), (CMAC, "AES-256-CCM"), (HMAC, "AES-128-GCM")):
        yield Cell("kerberos.%s.%s" % (signing, cipher), "smbclient", "3.1.1", signing, cipher, session=login,
                   client_options=clients.samba_options("3.1.1", signing, cipher), quick=signing == GMAC)
    yield Cell("kerberos.encrypt.AES-256-GCM", "smbclient", "3.1.1", GMAC, "AES-256-GCM", session=login, encrypted=True,
               client_options=clients.samba_options("3.1.1", GMAC, "AES-256-GCM", encrypt=True))


def all_cells():
    cells = [*signing_cells(), *encryption_cells(), *client_cells(), *kerberos_cells(), *live_cells(), *torture_cells(Cell), *reference_cells(Cell), *reference_torture.torture_cells(Cell)]
    assert len({cell.name for cell in cells}) == len(cells)
    return cells
