"""Checks an action's run against the action's own schema: its parameters and its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flora_mcp.flora.arguments import shown
from flora_mcp.flora.checks.values import number_misfit, option_misfit
from flora_mcp.flora.checks.words import MOST_PROBLEMS, listed, meant
from flora_mcp.flora.errors import FieldError
from flora_mcp.flora.types import Action, ActionParam


def problems_of_action(arguments: Mapping[str, object], actions: Sequence[Action]) -> list[FieldError]:
    """Returns all that is wrong with the arguments of `actions.run`.

    Args:
        arguments: `action_id`, `inputs` and `params`, each only if it has the right form.
        actions: All of them.
    """
    wanted, params, inputs = arguments.get("action_id"), arguments.get("params"), arguments.get("inputs")
    if not isinstance(wanted, str):
        return []
    action = next((each for each in actions if each.action_id == wanted), None)
    if action is None:
        ids = [each.action_id for each in actions]
        named = [each.action_id for each in actions if each.name.casefold() == wanted.casefold()]
        guess = f" Did you mean {named[0]!r}?" if named else meant(wanted, ids)
        message = f"there is no action {shown(wanted)} here.{guess} Known: {listed(ids)}."
        return [FieldError(field="action_id", message=message, code="unknown_action")]
    wrong = _problems_of_params(params, action) if isinstance(params, dict) else []
    return wrong + (_problems_of_inputs(inputs, action) if isinstance(inputs, list) else [])


def _problems_of_params(params: Mapping[str, object], action: Action) -> list[FieldError]:
    known = {param.key: param for param in action.params}
    wrong: list[FieldError] = []
    for key, value in params.items():
        if len(wrong) == MOST_PROBLEMS:
            break
        if key in known:
            message, code = _misfit(known[key], value), "invalid_value"
        else:
            accepted = f"It takes {listed(known)}." if known else "It takes none."
            message, code = (
                f"{action.action_id!r} has no such parameter. {accepted}{meant(key, list(known))}",
                "unknown_param",
            )
        if message is not None:
            wrong.append(FieldError(field=f"params.{key}", message=message, code=code))
    return wrong


def _misfit(param: ActionParam, value: object) -> str | None:
    """Returns what is wrong with a value.

    The names of the controls are not published beyond `select`, so bounds and the default tell what is accepted.
    """
    if param.available_values:
        return option_misfit(value, [option.value for option in param.available_values])
    default = param.default_value
    if isinstance(default, bool):
        return None if isinstance(value, bool) else f"{shown(value)} is not accepted: expected true or false."
    low, high = param.min_number_value, param.max_number_value
    if isinstance(default, dict):
        return _part_misfit(value, default, low=low, high=high)
    if isinstance(default, int | float) or (default is None and (low is not None or high is not None)):
        return number_misfit(value, low=low, high=high)
    if isinstance(default, str) and not isinstance(value, str):
        return f"{shown(value)} is not accepted: expected a text."
    return None


def _part_misfit(value: object, default: Mapping[str, object], *, low: object, high: object) -> str | None:
    if not isinstance(value, dict):
        return f"{shown(value)} is not accepted: expected an object with {listed(default)}."
    for key, item in value.items():
        if key not in default:
            return f"{shown(key)} is not one of its keys, {listed(default)}."
        wrong = number_misfit(item, low=low, high=high) if isinstance(default[key], int | float) else None
        if wrong is not None:
            return f"at {key!r}: {wrong}"
    return None


def _problems_of_inputs(inputs: Sequence[object], action: Action) -> list[FieldError]:
    given = [each for each in inputs if isinstance(each, dict)]
    slots = {slot.name: slot for slot in action.inputs}
    if not slots:
        return []
    wrong: list[FieldError] = []
    for number, each in enumerate(given):
        if len(wrong) == MOST_PROBLEMS:
            break
        name, kind = each.get("name"), each.get("type")
        accepted = {slot.type for slot in slots.values()}
        message = None
        if name is not None and name not in slots:
            message = (
                f"there is no input {shown(name)}: they are called {listed(slots)}.{meant(str(name), list(slots))}"
            )
        elif name is not None and kind != slots[name].type:
            message = f"the input {name!r} takes {slots[name].type!r}, not {shown(kind)}."
        elif name is None and kind not in accepted:
            message = f"{shown(kind)} is not accepted: the inputs are {_told(action)}."
        if message is not None:
            wrong.append(FieldError(field=f"inputs[{number}]", message=message, code="invalid_input"))
    return wrong or _missing_inputs(given, action)


def _missing_inputs(given: Sequence[Mapping[str, object]], action: Action) -> list[FieldError]:
    """Returns the inputs that nothing is given for; one without a name goes to any input of its type."""
    named = {each.get("name") for each in given}
    nameless = [each.get("type") for each in given if each.get("name") is None]
    wrong: list[FieldError] = []
    for slot in action.inputs:
        if slot.optional or slot.name in named:
            continue
        if slot.type in nameless:
            nameless.remove(slot.type)
            continue
        message = f"{action.action_id!r} needs an input {slot.name!r} of type {slot.type!r}."
        wrong.append(FieldError(field="inputs", message=message, code="missing_input"))
    return wrong


def _told(action: Action) -> str:
    return ", ".join(f"{slot.name} ({slot.type})" for slot in action.inputs)
