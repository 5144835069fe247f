# SPDX-License-Identifier: Apache-2.0
"""The attempts of attacks.py against reference servers, and the answer that each got beside the one that it must get."""
import pathlib
import tempfile

from impacket.nt_errors import ERROR_MESSAGES

import attacks
import server
from table import show


def named(answer):
    """An NTSTATUS by its name (impacket's table, so that no name comes from the server); a sentence as it is."""
    if isinstance(answer, str):
        return answer
    return ERROR_MESSAGES[answer][0] if answer in ERROR_MESSAGES else "0x%08X" % answer


def start(lab, arguments):
    folder = pathlib.Path(tempfile.mkdtemp(dir=lab.folder))
    return server.reference(lab, folder, folder / "server.log", arguments)


def attempted(attempt, process, port):
    """What was seen. Whatever goes wrong is a sentence too: it is not what was expected."""
    try:
        seen = attempt.run(port)
    except Exception as error:
        seen = "%s: %s" % (type(error).__name__, error)
    return seen if process.poll() is None else "the server ended"


def run(lab, attempts=None):
    """(attempt, what was seen) of each; one server for each set of arguments."""
    servers, rows = {}, []
    for attempt in attempts or attacks.ATTEMPTS:
        if attempt.arguments not in servers or servers[attempt.arguments][0].poll() is not None:
            servers[attempt.arguments] = start(lab, attempt.arguments)
        rows.append((attempt, attempted(attempt, *servers[attempt.arguments])))
    for process, _ in servers.values():
        lab.processes.stop(process)
    return rows


def differing(rows):
    return [attempt.name for attempt, seen in rows if seen != attempt.expected]


def main(lab):
    rows = run(lab)
    show([("attempt", "answer expected", "answer seen", "result")] +
         [(attempt.name + (" (%s)" % " ".join(attempt.arguments) if attempt.arguments else ""), named(attempt.expected), named(seen),
           "ok" if seen == attempt.expected else "FAILED") for attempt, seen in rows])
    print("%d attempts, %d answered otherwise" % (len(rows), len(differing(rows))))
    return 1 if differing(rows) else 0
