# SPDX-License-Identifier: Apache-2.0
"""Big recordings, for those who measure: one session for each signing algorithm that puts a file of so many megabytes and gets it back."""
import cells
import clients
import judge
import recorder
from smb2 import CMAC, GMAC, HMAC


def record(lab, megabytes):
    """Records them under the folder that is kept; returns how many are not whole. They are not judged: that would take the measuring's time."""
    broken = 0
    for signing in (HMAC, CMAC, GMAC):
        cell = cells.Cell("big.%s" % signing, "smbclient", "3.1.1", signing, "AES-128-GCM", buffer_mib=1024,
                          client_options=clients.samba_options("3.1.1", signing, "AES-128-GCM"),
                          session={"script": "put {source} a; get a {target}", "size": megabytes << 20})
        folder = lab.place(cell)
        problem = lab.record(cell, folder)
        dropped = recorder.dropped(folder)
        logged = judge.logged_keys(cell, folder)
        (folder / "keys").touch(0o600)
        (folder / "keys").write_text("".join("%016x %s\n" % (identity, keys["session"].hex()) for identity, keys in logged.items()))
        size = (folder / "capture.pcap").stat().st_size
        whole = problem is None and dropped == 0 and size > 2 * (megabytes << 20) and len(logged) > 0
        broken += not whole
        print("%-7s %s: %.0f MB, %s packets dropped%s" % ("ok" if whole else "FAILED", folder / "capture.pcap", size / 1e6, dropped,
                                                          "; " + problem if problem else ""))
    return broken
