# SPDX-License-Identifier: Apache-2.0
"""Every test of these suites of smbtorture against the reference server, a cell each. KNOWN_FAILURES.md names each that is not successful, and
why; one that fails without standing there fails the run, and so does one that stands there and is successful."""
import pathlib
import re
import subprocess

import torture
from clients import samba_options

SUITES = ("session", "session-require-signing", "session-id", "credits", "connect", "multichannel", "notify", "lock", "compound", "compound_find",
          "compound_async")
QUICK = ("smb2.session.signing-aes-128-gmac", "smb2.session.bind1", "smb2.session.reauth1", "smb2.session.encryption-aes-256-gcm", "smb2.credits.session_setup_credits_granted",
         "smb2.lock.cancel", "smb2.notify.tdis", "smb2.compound.related1")
KNOWN_FAILURES = pathlib.Path(__file__).resolve().parent / "KNOWN_FAILURES.md"
ROW = re.compile(r"^\| `(smb2\.\S+)` \| (.+?) \|$", re.M)
# What the tests themselves do wrong on purpose, which the server refuses.
BAD_ON_PURPOSE = {"smb2.session.bind_negative_smb3signCtoHs", "smb2.session.bind_negative_smb3signHtoCs", "smb2.session.bind_negative_smb3signCtoHd",
                  "smb2.session.bind_negative_smb3signHtoCd"}


def known_failures():
    """{test: reason}"""
    return dict(ROW.findall(KNOWN_FAILURES.read_text()))


def once(name):
    """smbtorture lists a test that is all of its suite as suite.test.test."""
    rest, _, last = name.rpartition(".")
    return rest if rest.endswith("." + last) else name


def tests(suites=()):
    """The names of the tests of the suites, of all without suites, as smbtorture lists them."""
    listed = subprocess.run(["smbtorture", "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    found = [once(test) for test in listed if test.startswith("smb2.") and (not suites or test.split(".")[1] in suites)]
    missing = set(suites) - {test.split(".")[1] for test in found}
    if missing:
        raise RuntimeError("smbtorture lists no test of " + ", ".join(sorted(missing)))
    return found


def torture_cells(cell):
    known = known_failures()
    names = tests(SUITES)
    strangers = set(known) - set(names)
    if strangers:
        raise RuntimeError("KNOWN_FAILURES.md names tests that smbtorture does not list: " + ", ".join(sorted(strangers)))
    for name in names:
        what = torture.arguments(name.removeprefix("smb2."))
        yield cell("reference." + name, "smbtorture", server="reference", tests=(name,), known_failure=known.get(name),
                   mirrored="sessions that are gone, or never were", no_key="likewise", denied=name in BAD_ON_PURPOSE, bound=what["bound"],
                   judged=name not in known, client_options=samba_options(), quick=name in QUICK)
