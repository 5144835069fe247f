#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION, which OSS-Fuzz defines, changes nothing of lib/: there is no build of it that takes a
wrong MAC. usage: production.py CC [FLAG...]     Every source is compiled with and without it, and the objects are compared byte
for byte; a copy of lib/ in which csign_verify heeds it must be told apart."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MACRO = "-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
PLANTED, VERIFY = "lib/smb3/signature.c", r"\ncsign_status csign_verify\([^)]*\)\n\{\n"
PLANT = "#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION\n    return CSIGN_OK;\n#endif\n"
root = pathlib.Path(__file__).resolve().parent.parent.parent


def differing(cc, flags, tree, sources, out):
    """The sources whose objects are not the same."""
    def objects(source):
        found = []
        for macro in ([], [MACRO]):
            to = out / f"{source.replace('/', '_')}.{len(found)}.o"
            done = subprocess.run([cc, "-std=c11", *flags, *macro, "-Ilib/include", "-c", source, "-o", to], cwd=tree,
                                  capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"{source}: {done.stderr}")
            found.append(to.read_bytes())
        return found[0] != found[1]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [s for s, d in zip(sources, pool.map(objects, sources)) if d]


def main(cc, *flags):
    sources = sorted(str(p.relative_to(root)) for p in root.glob("lib/**/*.c"))
    if not sources:
        raise SystemExit("lib/: no sources")
    flags = [f for f in flags if f != MACRO]
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        found = differing(cc, flags, root, sources, out)
        for s in found:
            print(f"{s}: another object with {MACRO}", file=sys.stderr)
        shutil.copytree(root / "lib", out / "lib")
        text, count = re.subn(VERIFY, lambda m: m[0] + PLANT, (out / PLANTED).read_text())
        if count != 1:
            raise SystemExit(f"{PLANTED}: csign_verify is not there; mend PLANTED and VERIFY")
        (out / PLANTED).write_text(text)
        if differing(cc, flags, out, [PLANTED], out) != [PLANTED]:
            raise SystemExit(f"planted: {PLANTED} heeds {MACRO}, and was not seen")
    print(f"{' '.join([cc, *flags])}: {len(sources)} objects of lib/ with and without {MACRO[2:]}: {len(found)} differ; a planted one is seen")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
