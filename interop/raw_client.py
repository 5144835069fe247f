# SPDX-License-Identifier: Apache-2.0
"""A client that says whatever it is told to: what an attacker, or a broken client, would send. Signatures and keys are crypto.py's, NTLM is impacket's."""
import os
import socket
import struct

from impacket import ntlm, spnego

import crypto
import smb2
from server import DOMAIN

TREE_CONNECT, CREATE, IOCTL = 3, 5, 11
SUCCESS, CLOSED = 0, "closed"
DIALECT_IDS = {name: number for number, name in smb2.DIALECTS.items()}
ALL_DIALECTS = tuple(smb2.DIALECTS.values())


class Closed(Exception):
    """The server has closed the connection."""


def context(kind, data):
    return struct.pack("<HHI", kind, len(data), 0) + data


def preauth_context(salt=bytes(32)):
    return context(1, struct.pack("<HHH", 1, len(salt), 1) + salt)


def ids_context(kind, ids):
    return context(kind, struct.pack("<H%dH" % len(ids), len(ids), *ids))


def padded(data):
    return data + bytes(-len(data) % 8)


class RawClient:
    def __init__(self, port, timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.message_id, self.session_id, self.tree_id = 0, 0, 0
        self.credits = 8  # that each request asks for
        self.preauth, self.key, self.negotiated, self.guid = bytes(64), None, None, os.urandom(16)

    def close(self):
        self.socket.close()

    # ---- bytes ----

    def send(self, message):
        self.socket.sendall(struct.pack(">I", len(message)) + message)

    def receive(self):
        length = struct.unpack(">I", self._exactly(4))[0]
        return self._exactly(length)

    def _exactly(self, count):
        data = bytearray()
        while len(data) < count:
            try:
                more = self.socket.recv(count - len(data))
            except ConnectionResetError:
                more = b""
            if not more:
                raise Closed()
            data += more
        return bytes(data)

    # ---- elements ----

    def element(self, command, body, flags=0, credits=None, message_id=None, session_id=None, tree_id=None, charge=1):
        if message_id is None:
            message_id, self.message_id = self.message_id, self.message_id + 1
        return struct.pack("<4sHHIHHIIQIIQ16s", b"\xfeSMB", 64, charge, 0, command, self.credits if credits is None else credits, flags, 0, message_id, 0xFEFF,
                           self.tree_id if tree_id is None else tree_id, self.session_id if session_id is None else session_id, bytes(16)) + body

    def signed(self, element, key=None, algorithm=None):
        flags = struct.unpack("<I", element[16:20])[0] | 8
        element = element[:16] + struct.pack("<I", flags) + element[20:]
        return element[:48] + crypto.signature(algorithm or self.negotiated.signing, key or self.key, element) + element[64:]

    def verifies(self, element):
        return smb2.header(element).signed and element[48:64] == crypto.signature(self.negotiated.signing, self.key, element)

    def ask(self, element):
        self.send(element)
        return self.receive()

    # ---- the usual way in ----

    def negotiate_request(self, dialects=ALL_DIALECTS, signing=(2, 1, 0), ciphers=(2, 1), mode=1, contexts=None, capabilities=0x7F):
        offset = (64 + 36 + 2 * len(dialects) + 7) & ~7
        if contexts is None:
            contexts = [preauth_context(), *([ids_context(2, ciphers)] if ciphers else []), *([ids_context(8, signing)] if signing is not None else [])]
        new = "3.1.1" in dialects
        body = struct.pack("<HHHHI16sIHH", 36, len(dialects), mode, 0, capabilities, self.guid, offset if new else 0, len(contexts) if new else 0, 0)
        body += struct.pack("<%dH" % len(dialects), *(DIALECT_IDS[d] for d in dialects))
        if new:
            body += bytes(offset - 64 - len(body)) + b"".join(map(padded, contexts[:-1])) + b"".join(contexts[-1:])
        return self.element(0, body)

    def negotiate(self, request=None, **more):
        request = request or self.negotiate_request(**more)
        response = self.ask(request)
        if smb2.header(response).status == SUCCESS:
            self.preauth = crypto.chained(crypto.chained(self.preauth, request), response)
            self.negotiated = smb2.negotiated(request, response)
        return response

    def setup_element(self, token, flags=0, previous=0, session_id=None):
        return self.element(1, struct.pack("<HBBIIHHQ", 25, flags, 1, 1, 0, 88, len(token), previous) + token, session_id=session_id)

    def first_token(self):
        self.first = ntlm.getNTLMSSPType1("", DOMAIN, signingRequired=True)
        blob = spnego.SPNEGO_NegTokenInit()
        blob["MechTypes"] = [spnego.TypesMech["NTLMSSP - Microsoft NTLM Security Support Provider"]]
        blob["MechToken"] = self.first.getData()
        return blob.getData()

    def login(self, user, password, previous=0, flags=0, sign=None, alter=None):
        """The final response; of a new session the key is there if it was SUCCESS. sign: what signs the requests of another authentication or of a
        binding, for which session_id is set before. alter: what changes the AUTHENTICATE message, as impacket has it."""
        preauth, again = self.preauth, sign is not None
        sign = sign or (lambda element: element)
        request = sign(self.setup_element(self.first_token(), flags=flags, previous=previous))
        response = self.ask(request)
        if smb2.header(response).status != smb2.MORE_PROCESSING_REQUIRED:
            return response
        preauth = crypto.chained(crypto.chained(preauth, request), response)
        self.session_id = smb2.header(response).session_id
        offset, length = struct.unpack("<HH", response[68:72])
        challenge = spnego.SPNEGO_NegTokenResp(response[offset:offset + length])["ResponseToken"]
        third, key = ntlm.getNTLMSSPType3(self.first, challenge, user, password, DOMAIN)
        if alter:
            alter(third)
        blob = spnego.SPNEGO_NegTokenResp()
        blob["ResponseToken"] = third.getData()
        request = sign(self.setup_element(blob.getData(), flags=flags, previous=previous))
        preauth = crypto.chained(preauth, request)
        response = self.ask(request)
        if smb2.header(response).status == SUCCESS and not again:
            self.session_key, self.session_preauth = key, preauth
            self.key = crypto.derived(key, "signing", self.negotiated.dialect, preauth)
        return response

    def tree_connect_element(self, share="share", **more):
        path = ("\\\\127.0.0.1\\" + share).encode("utf-16le")
        return self.element(TREE_CONNECT, struct.pack("<HHHH", 9, 0, 72, len(path)) + path, **more)

    def tree_connect(self, share="share"):
        response = self.ask(self.signed(self.tree_connect_element(share)))
        self.tree_id = struct.unpack("<I", response[36:40])[0]
        return response

    def ready(self, user, password, **more):
        """Negotiated, logged in, connected to the share; every answer must be right."""
        for response in (self.negotiate(**more), self.login(user, password), self.tree_connect()):
            if smb2.header(response).status != SUCCESS:
                raise RuntimeError("the usual way in: status %08x" % smb2.header(response).status)
        return self
