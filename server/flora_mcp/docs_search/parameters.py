"""Tells a parameter of a model or an action in one line."""

from flora_mcp.flora.types import ActionParam, ActionSlot, ModelParam, TechniqueSlot

OPTIONS = 12


def model_parameter(param: ModelParam) -> str:
    """Returns name, type, accepted values, bounds and default of what a model reads from `params`."""
    return _line(
        f"{param.name}: {param.type}",
        options=[option.value for option in param.options or ()],
        bounds=(param.min, param.max),
        default=param.default,
        more=("required" if param.required else "", param.description),
    )


def action_parameter(param: ActionParam) -> str:
    """Returns the same of what an action reads from `params`."""
    return _line(
        f"{param.key}: {param.type}",
        options=[option.value for option in param.available_values or ()],
        bounds=(param.min_number_value, param.max_number_value),
        default=param.default_value,
        more=(param.info_tooltip,),
    )


def action_slot(slot: ActionSlot) -> str:
    """Returns name and type of what an action takes or makes."""
    many = "one or more" if slot.multiple is True else "several" if slot.multiple else ""
    if isinstance(slot.multiple, dict):
        bounds = [f"{name} {slot.multiple[name]}" for name in ("min", "max") if slot.multiple.get(name) is not None]
        many = f"several ({', '.join(bounds)})" if bounds else many
    return ", ".join(part for part in (f"{slot.name}: {slot.type}", many, "optional" if slot.optional else "") if part)


def technique_slot(slot: TechniqueSlot) -> str:
    """Returns id, type and meaning of what a technique takes or makes."""
    told = [f"{slot.id}: {slot.type}"]
    told += ["optional"] if slot.optional else []
    told += ["several values make a run each"] if slot.allow_multiple else []
    told += [f"must be {slot.specified_aspect_ratio}"] if slot.specified_aspect_ratio else []
    told += [" ".join((slot.description or slot.name or "").split())]
    return ", ".join(each for each in told if each)


def _line(
    head: str,
    *,
    options: list[str],
    bounds: tuple[float | None, float | None],
    default: object,
    more: tuple[str | None, ...],
) -> str:
    parts = [head]
    if options:
        values = [repr(value) for value in options]
        cut = f", … {len(values) - OPTIONS} more" if len(values) > OPTIONS else ""
        parts.append(f"one of {', '.join(values[:OPTIONS])}{cut}")
    lowest, highest = bounds
    if lowest is not None and highest is not None:
        parts.append(f"from {lowest:g} to {highest:g}")
    elif lowest is not None or highest is not None:
        parts.append(f"at least {lowest:g}" if lowest is not None else f"at most {highest:g}")
    if default is not None:
        parts.append(f"default {default!r}")
    return ", ".join([*parts, *(" ".join(each.split()) for each in more if each)])
