#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A session of impacket's client: put, get, list, delete. usage: impacket_client.py PORT DIALECT USER; INTEROP_PASSWORD

It has no 3.0.2. At 3.1.1 the server refuses its first signed request, for it leaves both NEGOTIATE messages out of the
preauthentication hash: exit status 3 is for that, so that nothing else looks like it.
"""
import io
import os
import sys

from impacket import nt_errors
from impacket.smbconnection import SessionError, SMBConnection

DIALECTS = {"2.0.2": 0x0202, "2.1": 0x0210, "3.0": 0x0300, "3.1.1": 0x0311}
port, dialect, user = sys.argv[1:]
connection = SMBConnection("127.0.0.1", "127.0.0.1", sess_port=int(port), preferredDialect=DIALECTS[dialect])
connection.login(user, os.environ.pop("INTEROP_PASSWORD"))
try:
    connection.connectTree("share")
except SessionError as error:
    sys.exit(3 if error.getErrorCode() == nt_errors.STATUS_ACCESS_DENIED else "unexpected: %s" % error)
content = bytes(range(256)) * 300
connection.putFile("share", "impacket.bin", io.BytesIO(content).read)
back = io.BytesIO()
connection.getFile("share", "impacket.bin", back.write)
assert back.getvalue() == content, "the file came back changed"
assert "impacket.bin" in [entry.get_longname() for entry in connection.listPath("share", "*")]
connection.deleteFile("share", "impacket.bin")
connection.logoff()
