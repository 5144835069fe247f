#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the NEGOTIATE messages of real stacks (JSON) into a C table, so that tests without a JSON library can use them.
usage: embed_messages.py JSON OUT.h, or embed_messages.py --check JSON OUT.h, which compares in place of writing."""
import json
import sys


def main():
    check, (json_path, out_path) = sys.argv[1] == "--check", sys.argv[-2:]
    with open(json_path, encoding="utf-8") as source:
        stacks = json.load(source)
    arrays, rows = [], []
    for number, (name, entry) in enumerate(sorted(stacks.items())):
        for kind in ("request", "response"):
            message = entry.get("negotiate_%s_hex" % kind)
            if message is None:
                continue
            symbol = "%s_%d" % (kind, number)
            data = ", ".join("0x%02x" % b for b in bytes.fromhex(message))
            arrays.append("static const uint8_t %s[] = {%s};" % (symbol, data))
            rows.append("    {%s, sizeof %s, %s, %s}," % (symbol, symbol, "true" if kind == "response" else "false", json.dumps(name)))
    if not rows:
        sys.exit("%s: no messages" % json_path)
    made = ("/* SPDX-License-Identifier: Apache-2.0 */\n/* NEGOTIATE messages of real stacks, made by embed_messages.py. */\n"
            "/* clang-format off */\n#ifndef COUNTERSIGN_TESTS_PUBLISHED_MESSAGES_H\n#define COUNTERSIGN_TESTS_PUBLISHED_MESSAGES_H\n\n"
            "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n%s\n\n"
            "static const struct published_message {\n    const uint8_t *data;\n    size_t len;\n    bool response;\n"
            "    const char *stack;\n} published_messages[] = {\n%s\n};\n\n#endif\n" % ("\n".join(arrays), "\n".join(rows)))
    if not check:
        with open(out_path, "w", encoding="utf-8") as out:
            out.write(made)
    elif open(out_path, encoding="utf-8").read() != made:
        sys.exit("%s is not what embed_messages.py makes of %s" % (out_path, json_path))


if __name__ == "__main__":
    main()
