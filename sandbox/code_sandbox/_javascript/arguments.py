"""How the arguments of a call in JavaScript are read: values by position, then one object."""

import math
from typing import Any

from code_sandbox._worker.table import Method, complaints, parameter, room

MAX_DEPTH = 48
LARGEST = 10**40 - 1


def bind(method: Method, values: list[Any]) -> tuple[dict[str, Any], str | None]:
    """Returns the arguments by the names of the table, and what is wrong with them.

    Names may be in snake_case or camelCase.
    """
    options, values = _split_options(method, values)
    wrong = complaints(method, positional=len(values), names=list(options))
    if wrong:
        return {}, wrong[0].text()
    positional = [each.name for each in method.parameters if each.positional]
    arguments = dict(zip(positional, values, strict=False))
    for name, value in options.items():
        known = parameter(method, name)
        assert known is not None
        arguments[known] = value
    return arguments, next((text for value in arguments.values() if (text := _fault(value)) is not None), None)


def takes_options(method: Method, *, count: int, names: list[str]) -> bool:
    """Tells whether an object that is the last of so many arguments holds arguments, and is not one itself."""
    return count > room(method) or all(parameter(method, name) for name in names)


def _split_options(method: Method, values: list[Any]) -> tuple[dict[str, Any], list[Any]]:
    if not values or not isinstance(values[-1], dict):
        return {}, values
    if takes_options(method, count=len(values), names=list(values[-1])):
        return values[-1], values[:-1]
    return {}, values


def _fault(value: Any) -> str | None:
    """Returns why a value is not fit for the host. The prelude has checked it already: it may have been forged."""
    pending = [(value, 0)]
    while pending:
        each, depth = pending.pop()
        if depth > MAX_DEPTH:
            return "an argument is nested too deeply"
        if isinstance(each, dict):
            pending.extend((inner, depth + 1) for inner in each.values())
        elif isinstance(each, list):
            pending.extend((inner, depth + 1) for inner in each)
        elif isinstance(each, float) and not math.isfinite(each):
            return "an argument is no finite number"
        elif isinstance(each, int) and abs(each) > LARGEST:
            return "an argument is a number of more than 40 digits"
    return None
