"""How the inputs and steps of a technique hang together: what refers to what, and what is there in a run."""

from collections.abc import Iterable, Mapping

from flora_mcp.studio.techniques.definition import ActionStep, AnyStep, Definition, GenerationStep, TextStep
from flora_mcp.studio.techniques.placeholders import references


def templates_of(step: AnyStep) -> dict[str, str]:
    """Returns the texts of a step that may have placeholders, by their place in the step."""
    if isinstance(step, TextStep):
        return {"template": step.template}
    found = {f"params.{key}": value for key, value in step.params.items() if isinstance(value, str)}
    if isinstance(step, GenerationStep):
        found["prompt"] = step.prompt
    return found


def needs(step: AnyStep) -> list[str]:
    """Returns the references that a step cannot do without; a parameter can, as it has a default."""
    found = references(templates_of(step).get("prompt", "") + templates_of(step).get("template", ""))
    if isinstance(step, ActionStep):
        for given in step.inputs.values():
            found.extend([given] if isinstance(given, str) else given)
    return found


def names_of(step: AnyStep) -> list[str]:
    """Returns every name that a step refers to, in any way."""
    found = [*needs(step), *(each for text in templates_of(step).values() for each in references(text))]
    return [*(name for each in found for name in each.split("|")), *step.when, *step.unless]


def ordered(definition: Definition) -> tuple[AnyStep, ...] | None:
    """Returns the steps so that each comes after those it refers to; None when they go round in a circle."""
    waiting = list(definition.steps)
    names = {step.id for step in waiting}
    found: list[AnyStep] = []
    done: set[str] = set()
    while waiting:
        free = [step for step in waiting if not (set(names_of(step)) & names) - done]
        if not free:
            return None
        found.append(free[0])
        done.add(free[0].id)
        waiting.remove(free[0])
    return tuple(found)


def active(steps: Iterable[AnyStep], given: Mapping[str, bool]) -> dict[str, bool]:
    """Returns which inputs and steps are there in a run.

    Args:
        steps: In the order of `ordered`.
        given: By input, whether it has a value; a default counts.
    """
    there = dict(given)
    for step in steps:
        on = all(there[name] for name in step.when) and not any(there[name] for name in step.unless)
        on = on and all(any(there[name] for name in each.split("|")) for each in needs(step))
        there[step.id] = on or (isinstance(step, TextStep) and step.otherwise is not None)
    return there


def used(steps: Iterable[AnyStep], there: Mapping[str, bool], wanted: Iterable[str]) -> set[str]:
    """Returns the steps that lead to the wanted ones; a stand-in does only where it stands in.

    Args:
        steps: In the order of `ordered`.
        there: As `active` has found it.
        wanted: Steps that are there.
    """
    found = set(wanted)
    for step in reversed(tuple(steps)):
        if step.id not in found:
            continue
        for each in (*needs(step), *(one for text in templates_of(step).values() for one in references(text))):
            found.update([name for name in each.split("|") if there[name]][:1])
    return found
