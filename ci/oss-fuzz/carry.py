# SPDX-License-Identifier: Apache-2.0
"""Shared libraries that a fuzz target takes along: where it runs there is only the base image, so every other one it needs, and
what that needs in turn, lies in $OUT/lib. DT_RPATH, not DT_RUNPATH, tells the loader so: it also holds for what is needed further
down, so nothing has to be patched."""
import pathlib
import re
import shutil
import subprocess

# What every base image has, the files of libc6, libgcc-s1 and libstdc++6: infra/base-images/base-image/Dockerfile of
# google/oss-fuzz installs libc6-dev, binutils and libgcc-N-dev. The names are those that programs ask for.
BASE = ["ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "libresolv.so.2",
        "librt.so.1", "libutil.so.1", "libgcc_s.so.1", "libstdc++.so.6"]


def search(folder):
    """Link options: libraries are looked for in folder."""
    return ["-Wl,--disable-new-dtags", f"-Wl,-rpath,{folder}"]


def find(name, folders):
    """A library's file; where the system has another version of it than the table, the one that its headers are for."""
    for candidate in (name, re.sub(r"\.so\.\d+$", ".so", name)):
        for f in folders:
            if (path := pathlib.Path(f, candidate)).exists():
                return path
    raise SystemExit(f"{name} is not in {', '.join(folders)}: ci/oss-fuzz/Dockerfile installs its package")


def needs(binary):
    """{name: path} of all that the loader loads for a program or library, except the base image's."""
    listed = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    if missing := re.findall(r"(\S+) => not found", listed):
        raise SystemExit(f"{binary}: {missing[0]} is not found")
    return {name: pathlib.Path(path) for name, path in re.findall(r"(\S+) => (\S+)", listed) if name not in BASE}


def soname(library):
    """The name that a program linked with it will ask for."""
    text = subprocess.run(["objdump", "-p", library], capture_output=True, text=True, check=True).stdout
    found = re.search(r"SONAME\s+(\S+)", text)
    return found[1] if found else library.name


def take(binary, libraries, to):
    """The libraries that a program or shared object was linked with, and all that it needs besides, into a folder. The libraries
    first: not all of them lie where the loader would find them."""
    for name, path in [(soname(lib), lib) for lib in libraries]:
        put(path, to / name)
    for name, path in needs(binary).items():
        put(path, to / name)


def put(path, to):
    to.parent.mkdir(exist_ok=True)
    if path.resolve() != to.resolve():
        shutil.copy(path.resolve(), to)
