"""Tells the host how a program in JavaScript ended: the error, the line, and a hint for the next attempt."""

import difflib
import re
from typing import Any

from code_sandbox._worker.failures import failure
from code_sandbox._worker.table import COMPARED_CHARACTERS, Table

PLACE = re.compile(r"<input>:([0-9]{1,9}):([0-9]{1,9})")
OUTSIDE = ("1", "1")
"""The place of the function around the program: it stands for a loop of which the engine knows no better one."""

MISSING = {
    "fetch XMLHttpRequest WebSocket axios": "{0} is not there: there is no network but the injected objects: {1}.",
    "require module exports": "{0} is not there: nothing can be imported. Injected are: {1}.",
    "process Buffer Deno Bun __dirname __filename fs path os": "{0} is not there: no files, no environment.",
    "window document navigator localStorage self global": "{0} is not there: this is no browser. Injected are: {1}.",
    "Intl": "Intl is not there: format by hand.",
}

HINTS = (
    (r"^not a function", "Look at the line: what is called there is undefined or no function."),
    (
        r"cannot read property '([^']{1,200})' of (undefined|null)",
        "What has .{0} there is {1}: look at what returned it.",
    ),
    (r"value is not iterable", "Only lists can be walked through; of a call, await the answer first."),
    (r"Maximum call stack size exceeded", "Use a loop instead of recursion."),
)


def line_of(stack: str, *, last: int) -> int | None:
    """Returns the innermost line of the program in a stack."""
    for found in PLACE.finditer(stack[:20_000]):
        if 1 <= int(found[1]) <= last and found.groups() != OUTSIDE:
            return int(found[1])
    return None


def uncaught(told: dict[str, Any], *, table: Table, last: int) -> dict[str, Any]:
    """Returns the failure for what the prelude says of an error. It may say anything: shapes are checked here."""
    type_name, message, stack, hint, misses = (
        each if isinstance(each := told.get(key), str) else ""
        for key in ("type_name", "message", "stack", "hint", "misses")
    )
    attributes = told.get("attributes")
    advice = hint or _wanted(told.get("wanted"), table) or hint_for(type_name, message, table)
    return failure(
        type_name or "Error",
        message,
        line=line_of(stack, last=last),
        hint=" ".join(part for part in (advice, misses) if part),
        attributes=attributes if isinstance(attributes, dict) else {},
    )


def hint_for(type_name: str, message: str, table: Table) -> str | None:
    """Returns what to do about a usual mistake."""
    if type_name == "ReferenceError" and (found := re.match(r"'?([\w$]{1,200})'? is not defined", message)):
        return _missing(found[1], table)
    for pattern, hint in HINTS:
        found = re.search(pattern, message)
        if found:
            return hint.format(*found.groups())
    return None


def _missing(name: str, table: Table) -> str | None:
    roots = ", ".join(table.roots)
    for names, hint in MISSING.items():
        if name in names.split():
            return hint.format(name, roots)
    return None


def _wanted(wanted: object, table: Table) -> str | None:
    """Returns what is meant by a path that is not there."""
    if not (isinstance(wanted, list) and len(wanted) == 2 and all(isinstance(each, str) for each in wanted)):
        return None
    path, name = wanted
    close = difflib.get_close_matches(name[:COMPARED_CHARACTERS], table.names(path), n=1)
    if close:
        return f"Did you mean {path}.{close[0]}?"
    complaint = table.unknown(path, name)
    return " ".join(part for part in (complaint.hint, complaint.signature) if part) or None
