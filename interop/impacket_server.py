#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""impacket's SMB server with SMB2 (it speaks 2.0.2 and signs with HMAC-SHA256). usage: impacket_server.py PORT FOLDER USER; INTEROP_PASSWORD"""
import os
import sys

from impacket import ntlm, smbserver

port, folder, user = sys.argv[1:]
server = smbserver.SimpleSMBServer("127.0.0.1", int(port))
server.setSMB2Support(True)
server.addShare("SHARE", folder, "")
password = os.environ.pop("INTEROP_PASSWORD")
server.addCredential(user, 0, ntlm.compute_lmhash(password).hex(), ntlm.compute_nthash(password).hex())
server.start()
