# SPDX-License-Identifier: Apache-2.0
"""The keys that Samba logs with `debug encryption = yes`: ground truth that nothing here computed."""
import re

NAMES = {"Session Key": "session", "Signing Key": "signing", "App Key": "application",
         "ServerIn Key": "client-to-server", "ServerOut Key": "server-to-client"}
START = re.compile(r"^Session Id +\[0000\]((?: [0-9A-F]{2})+)")
KEY = re.compile(r"^(%s) +\[0000\](.*)" % "|".join(NAMES))
MORE = re.compile(r"^ *\[00[1-9A-F]0\](.*)")
HEX = re.compile(r"^((?: {1,3}[0-9A-F]{2}){1,16})")


def digits(text):
    return bytes.fromhex("".join(HEX.match(text).group(1).split()))


def read(text):
    """{session id: {name: key}}, the first record of each session."""
    sessions, current, last = {}, None, None
    for line in text.splitlines():
        start, key, more = START.match(line), KEY.match(line), MORE.match(line)
        if start:
            identity = int.from_bytes(bytes.fromhex(start.group(1).replace(" ", "")), "little")
            current = sessions.setdefault(identity, {})
            if current:
                current = {}  # logged again: the first stands
        elif key and current is not None:
            last = NAMES[key.group(1)]
            current[last] = digits(key.group(2))
        elif more and last and current is not None:
            current[last] += digits(more.group(1))
        else:
            last = None
    return sessions
