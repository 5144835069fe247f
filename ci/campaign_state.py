# SPDX-License-Identifier: Apache-2.0
"""What a campaign has done so far, in one file, WORK/state.json: written whole after each slice, read again on resuming. A file that
is not what this program writes is refused in one line that says where."""
import json

import campaign_work

FORMAT = 1
NUMBER, WHOLE, TEXT, FLAG = (int, float), int, str, bool

PAIR = {"slices": WHOLE, "executions": WHOLE, "seconds": NUMBER, "cpu_seconds": NUMBER, "charged": NUMBER, "branches": WHOLE, "features": WHOLE,
        "inputs": WHOLE, "findings": WHOLE, "recent_branches": NUMBER, "recent_seconds": NUMBER, "stability": (int, float, type(None))}
TARGET = {"seed_branches": WHOLE, "seed_features": WHOLE, "branches": WHOLE, "features": WHOLE, "corpus": WHOLE, "aside": WHOLE, "unsorted": WHOLE,
          "configurations": {TEXT: PAIR}}
# input and minimised are paths below WORK, which may be moved; where nothing smaller was found, both are the same
FINDING = {"key": TEXT, "target": TEXT, "property": TEXT, "operation": TEXT, "frames": [TEXT], "reason": TEXT, "input": (str, type(None)), "size": WHOLE,
           "count": WHOLE, "configurations": {TEXT: WHOLE}, "run": WHOLE, "fixed": FLAG, "minimised": (str, type(None)),
           "minimised_size": (int, type(None))}
DONE = {"id": TEXT, "target": TEXT, "commit": TEXT, "engine": TEXT, "configuration": TEXT, "sanitizer": TEXT, "executions": WHOLE, "cpu_seconds": NUMBER, "findings": WHOLE}
STATE = {"format": WHOLE, "began": TEXT, "runs": WHOLE, "slices": WHOLE, "seconds": NUMBER, "targets": {TEXT: TARGET}, "findings": [FINDING],
         "notes": {TEXT: WHOLE}, "unledgered": [DONE],
         # one entry for each slice: seconds of the campaign, target, configuration, and the target's branches and features after it
         "history": [{"at": NUMBER, "target": TEXT, "configuration": TEXT, "branches": WHOLE, "features": WHOLE, "executions": WHOLE}]}


class StateError(Exception):
    """The state file is not one."""


def new_pair():
    return {k: None if k == "stability" else 0 for k in PAIR}


def new_target():
    return {k: {} if k == "configurations" else 0 for k in TARGET}


def new(began):
    return {"format": FORMAT, "began": began, "runs": 0, "slices": 0, "seconds": 0, "targets": {}, "findings": [], "notes": {}, "unledgered": [],
            "history": []}


def check(value, shape, where):
    """Raises StateError naming the place of what is not of that shape: a type, a tuple of types, [shape], {TEXT: shape} or a record."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise StateError(f"{where} is no list")
        for i, item in enumerate(value):
            check(item, shape[0], f"{where}[{i}]")
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            raise StateError(f"{where} is no object")
        if TEXT in shape:
            for name, item in value.items():
                check(item, shape[TEXT], f"{where}.{name}")
            return
        missing, unknown = sorted(shape.keys() - value.keys()), sorted(value.keys() - shape.keys())
        if missing or unknown:
            raise StateError(f"{where} has no {missing[0]}" if missing else f"{where} has an unknown field {unknown[0]!r}")
        for name, item in value.items():
            check(item, shape[name], f"{where}.{name}")
    else:
        kinds = shape if isinstance(shape, tuple) else (shape,)
        if not isinstance(value, kinds) or isinstance(value, bool) and bool not in kinds:
            raise StateError(f"{where} is {json.dumps(value)[:40]}, wanted {' or '.join(k.__name__ for k in kinds)}")
        if not isinstance(value, (str, bool, type(None))) and not 0 <= value < 1e18:
            raise StateError(f"{where} is {value}, wanted a number from 0 on")


def load(path):
    """The state, or None if there is none yet."""
    try:
        text = path.read_text(encoding="utf-8")
        state = json.loads(text)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise StateError(f"{path}: {problem.strerror}") from None
    except (ValueError, RecursionError) as problem:
        raise StateError(f"{path}: not JSON: {problem}") from None
    try:
        check(state, STATE, "state")
        if state["format"] != FORMAT:
            raise StateError(f"state.format is {state['format']}, this program writes {FORMAT}")
    except StateError as problem:
        raise StateError(f"{path}: {problem}") from None
    for finding in state["findings"]:  # earlier versions wrote whole paths; the end has always been T/findings/KEY/NAME
        for name in ("input", "minimised"):
            if finding[name] and finding[name].startswith("/"):
                finding[name] = "/".join(finding[name].split("/")[-4:])
    return state


def save(path, state):
    campaign_work.write_atomically(path, json.dumps(state, separators=(",", ":")))
