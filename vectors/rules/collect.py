# SPDX-License-Identifier: Apache-2.0
"""Collects the rules' tests.

accept: the message or call that keeps the rule, with all that it must give. refuse: the one that differs in that rule alone, with
what it must give (expect) or what it must not give, because an implementation without the rule would (differs)."""

GROUPS = []


def plain(value):
    """bytes as hex, everything else as JSON has it."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


class Rule:
    """with Rule("SOME-ID", "call") as rule: rule.accept(...), rule.refuse(...)"""

    def __init__(self, rule_id, call):
        self.rule_id, self.call, self.tests = rule_id, call, []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            GROUPS.append(self)

    def _add(self, result, comment, args, expect, differs, call):
        status = {} if differs and "status" in differs else {"status": "CSIGN_OK"}
        status.update(expect or {})
        self.tests.append({"comment": comment, "call": call or self.call, "args": plain(args), "expect": plain(status),
                           "differs": plain(differs or {}), "result": result})

    def accept(self, comment, args, expect=None, call=None):
        self._add("valid", comment, args, expect, None, call)

    def refuse(self, comment, args, expect=None, differs=None, call=None):
        self._add("invalid", comment, args, expect, differs, call)
