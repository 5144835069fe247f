# SPDX-License-Identifier: Apache-2.0
"""Values that others published, from the text files in published/: lines of NAME HEX."""
import os

MICROSOFT = ("Microsoft, SMB 2 and SMB 3 security in Windows 10: the anatomy of signing and cryptographic keys, https://learn.microsoft.com/"
             "en-us/archive/blogs/openspecification/smb-2-and-smb-3-security-in-windows-10-the-anatomy-of-signing-and-cryptographic-keys")
MESSAGES = ["negotiate_request", "negotiate_response", "session_setup_request_1", "session_setup_response_1",
            "session_setup_request_2", "session_setup_response_2"]


def load(name):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "published", name + ".txt")
    with open(path, encoding="ascii") as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    return {key: bytes.fromhex(value) for key, value in lines}


def messages(values):
    return [values[name] for name in MESSAGES]
