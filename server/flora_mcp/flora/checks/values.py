"""Checks one value against the parameter of a model that it is for (contract: `sdk:resources/models.ts`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeGuard

from flora_mcp.flora.arguments import shown
from flora_mcp.flora.checks.words import listed, meant
from flora_mcp.flora.types import ModelParam

Check = Callable[[ModelParam, object], str | None]


def misfit(param: ModelParam, value: object) -> str | None:
    """Returns what is wrong with a value and what is accepted, or None when it fits.

    A parameter of a type that is not known here takes anything: FLORA may add types.
    """
    check = CHECKS.get(param.type)
    if check is None:
        return None
    if value is None and param.type != "int?":
        return f"None is no value: leave it out{_or_default(param)}."
    return check(param, value)


def number_misfit(value: object, *, low: object, high: object, whole: bool = False) -> str | None:
    """Returns what is wrong with a number; bounds that are no numbers are none."""
    kind = "a whole number" if whole else "a number"
    least, most = (bound if _is_number(bound) else None for bound in (low, high))
    bounds = {(True, True): f" from {least} to {most}", (True, False): f" from {least}", (False, True): f" to {most}"}
    accepted = kind + bounds.get((least is not None, most is not None), "")
    if not _is_number(value) or (whole and isinstance(value, float) and not value.is_integer()):
        unquoted = f" Write {value} without quotes." if isinstance(value, str) and _reads_as_number(value) else ""
        return f"{shown(value)} is not accepted: expected {accepted}.{unquoted}"
    if (least is not None and value < least) or (most is not None and value > most):
        return f"{shown(value)} is out of range: expected {accepted}."
    return None


def option_misfit(value: object, accepted: list[str]) -> str | None:
    """Returns what is wrong with a text of which only some are accepted."""
    if value in accepted and isinstance(value, str):
        return None
    if not isinstance(value, str) and _written(value) in accepted:
        return f"{shown(value)} is not accepted: write it as a text, {_written(value)!r}."
    guess = meant(value, accepted) if isinstance(value, str) else ""
    return f"{shown(value)} is not accepted: expected one of {listed(accepted)}.{guess}"


def _text(param: ModelParam, value: object) -> str | None:
    if param.options:
        return option_misfit(value, [option.value for option in param.options])
    if not isinstance(value, str):
        several = " Give one of them, not a list." if isinstance(value, list) else ""
        return f"{shown(value)} is not accepted: expected a text.{several}"
    return None


def _texts(param: ModelParam, value: object) -> str | None:
    if isinstance(value, str):
        return f"{shown(value)} is not accepted: expected a list of texts. Write [{shown(value)}]."
    if not isinstance(value, list):
        return f"{shown(value)} is not accepted: expected a list of texts."
    told = (_text(param, item) for item in value)
    return next((text for text in told if text), None)


def _switch(param: ModelParam, value: object) -> str | None:
    return (
        None if isinstance(value, bool) else f"{shown(value)} is not accepted: expected true or false, without quotes."
    )


def _whole(param: ModelParam, value: object) -> str | None:
    if value is None:
        return None
    wrong = number_misfit(value, low=param.min, high=param.max, whole=True)
    if wrong is None and param.options:
        accepted = [option.value for option in param.options]
        return (
            None if _written(value) in accepted else f"{value} is not accepted: expected one of {', '.join(accepted)}."
        )
    return wrong


def _fraction(param: ModelParam, value: object) -> str | None:
    wrong = number_misfit(value, low=param.min, high=param.max)
    if wrong is None and param.options and _is_number(value):
        accepted = [option.value for option in param.options]
        same = any(_reads_as_number(text) and float(text) == value for text in accepted)
        return None if same else f"{value} is not accepted: expected one of {', '.join(accepted)}."
    return wrong


def _mapping(param: ModelParam, value: object) -> str | None:
    if not isinstance(value, dict):
        return f"{shown(value)} is not accepted: expected an object."
    for key, item in value.items() if param.properties else ():
        bounds = param.properties.get(key) if param.properties else None
        if bounds is None:
            known = list(param.properties or ())
            return f"{shown(key)} is not one of its keys, {listed(known)}.{meant(str(key), known)}"
        if isinstance(bounds, Mapping) and (_is_number(bounds.get("min")) or _is_number(bounds.get("max"))):
            wrong = number_misfit(item, low=bounds.get("min"), high=bounds.get("max"))
            if wrong is not None:
                return f"at {key!r}: {wrong}"
    return None


CHECKS: Mapping[str, Check] = {
    "string": _text,
    "string[]": _texts,
    "bool": _switch,
    "int": _whole,
    "int?": _whole,
    "seed": _whole,
    "float": _fraction,
    "dict": _mapping,
}


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or math.isfinite(value)


def _reads_as_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _written(value: object) -> str:
    """Returns a value as an option would be written: 5.0 as `5`, True as `true`."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _or_default(param: ModelParam) -> str:
    return f", the default is {shown(param.default)}" if param.default is not None else ""
