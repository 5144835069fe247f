# SPDX-License-Identifier: Apache-2.0
"""Files of the NIST validation programs (CAVP, .rsp): sections in brackets, records of NAME = VALUE lines."""


def records(path, last):
    """Each record as a dict, the section's values included. A record ends with the field named `last`, which starts no other,
    or with one of the bare words that some files have there (FAIL)."""
    section, record = {}, {}
    with open(path, encoding="ascii") as file:
        for line in file:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                if record:
                    raise ValueError("%s: a record is cut off: %s" % (path, record))
                name, _, value = line[1:-1].partition("=")
                section[name.strip()] = value.strip()
                continue
            name, equals, value = line.partition("=")
            name, value = name.strip(), value.strip()
            record[name] = value if equals else True
            if name == last or not equals:
                yield {**section, **record}
                record = {}
    if record:
        raise ValueError("%s: the last record is cut off: %s" % (path, record))
