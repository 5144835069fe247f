# SPDX-License-Identifier: Apache-2.0
"""What is in the writable memory of a running process of ours."""


def writable(process):
    """(the line of /proc/PID/maps, the bytes) of each writable part, but for a sanitizer's shadow."""
    with open("/proc/%d/maps" % process.pid) as maps, open("/proc/%d/mem" % process.pid, "rb", 0) as memory:
        for line in maps:
            start, end = (int(x, 16) for x in line.split()[0].split("-"))
            if line.split()[1][:2] != "rw" or end - start > 1 << 26:
                continue
            memory.seek(start)
            yield line, memory.read(end - start)
