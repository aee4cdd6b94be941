"""Whether a technique can be run here: everything that can be known before a run is looked at when it is added."""

import itertools
import re
from collections.abc import Iterator
from fractions import Fraction

from flora_mcp.studio.catalog import Action, ActionCatalog, Catalog, Model
from flora_mcp.studio.ids import SEED_LIMIT
from flora_mcp.studio.techniques import parameters, ratios
from flora_mcp.studio.techniques.definition import ActionStep, AnyStep, Definition, GenerationStep, Input, TextStep
from flora_mcp.studio.techniques.placeholders import references, stray_brace
from flora_mcp.studio.techniques.problems import Problem, shown, suggestion
from flora_mcp.studio.techniques.wiring import active, names_of, ordered, templates_of

MOST_SWITCHES = 8
"""Inputs that are there or not: each doubles what has to be looked at."""

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


def problems_of(definition: Definition, *, catalog: Catalog, actions: ActionCatalog) -> list[Problem]:
    """Returns all that is wrong, so far as one thing does not hide another."""
    check = _Check(definition, catalog=catalog, actions=actions)
    found = [*check.names(), *(problem for each in definition.inputs for problem in check.input(each))]
    for step in definition.steps:
        found.extend(Problem(where=f"steps.{step.id}.{each.where}", message=each.message) for each in check.step(step))
    if found:
        return found
    return [*check.outputs(), *check.leftovers()]


def fault_of(given: Input, text: str) -> str | None:
    """Returns what is wrong with a text for an input, None when nothing is."""
    if given.options is not None:
        return (
            None if text in given.options else f"{shown(text)} is not accepted; use one of {', '.join(given.options)}."
        )
    if given.format == "color":
        return None if _COLOUR.fullmatch(text) else f"{shown(text)} is not accepted; use a colour such as '#ff8800'."
    if given.format == "seed":
        good = text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < SEED_LIMIT
        return None if good else f"{shown(text)} is not accepted; use a whole number from 0 to {SEED_LIMIT - 1}."
    if len(text) > given.max_characters:
        return f"has {len(text)} characters; at most {given.max_characters} are accepted."
    return None


class _Check:
    def __init__(self, definition: Definition, *, catalog: Catalog, actions: ActionCatalog) -> None:
        self._definition = definition
        self._catalog = catalog
        self._actions = actions
        self._inputs = {each.id: each for each in definition.inputs}
        self._steps = {each.id: each for each in definition.steps}
        self._known = [*self._inputs, *self._steps]
        self._order = ordered(definition)

    def names(self) -> Iterator[Problem]:
        """What is there twice, and steps in a circle."""
        for where, ids in (
            ("inputs and steps", [each.id for each in (*self._definition.inputs, *self._definition.steps)]),
            ("outputs", [each.id for each in self._definition.outputs]),
        ):
            for name in dict.fromkeys(each for each in ids if ids.count(each) > 1):
                yield Problem(
                    where=where, message=f"The id {name!r} is there {ids.count(name)} times; make each another."
                )
        if self._order is None:
            yield Problem(where="steps", message="Some steps wait for each other in a circle; let one do without.")
        if sum(each.format == "seed" for each in self._definition.inputs) > 1:
            yield Problem(where="inputs", message="More than one has format 'seed'; a run has one seed.")
        switches = sum(each.optional and each.default is None for each in self._definition.inputs)
        if switches > MOST_SWITCHES:
            message = f"{switches} are optional without a default; at most {MOST_SWITCHES} can be. Give some a default."
            yield Problem(where="inputs", message=message)

    def input(self, given: Input) -> Iterator[Problem]:
        where = f"inputs.{given.id}"
        textual = [key for key in ("default", "options") if getattr(given, key) is not None]
        textual += [key for key in ("locked",) if given.locked] + (["format"] if given.format != "plain" else [])
        if given.type != "text" and textual:
            yield Problem(where=f"{where}.{textual[0]}", message="is for texts; leave it out, or use type 'text'.")
        if given.type == "text" and given.specified_aspect_ratio is not None:
            yield Problem(where=f"{where}.specified_aspect_ratio", message="is for pictures; leave it out.")
        if given.locked and given.default is None and given.type == "text":
            yield Problem(where=f"{where}.locked", message="needs a default, which is what it is locked to.")
        if given.locked and given.optional:
            yield Problem(where=f"{where}.optional", message="is for inputs that are not locked; leave it out.")
        if given.locked and given.allow_multiple:
            yield Problem(where=f"{where}.allow_multiple", message="is for inputs that are not locked; leave it out.")
        if given.options is not None and given.format != "plain":
            yield Problem(where=f"{where}.format", message="is for texts without options; leave one of them out.")
        if given.default is not None and (fault := fault_of(given, given.default)) is not None:
            yield Problem(where=f"{where}.default", message=fault)

    def step(self, step: AnyStep) -> Iterator[Problem]:
        """What is wrong with one step; places are within it."""
        for place in ("when", "unless"):
            for name in getattr(step, place):
                if name not in self._inputs:
                    yield Problem(where=place, message=f"{name!r} is no input; {suggestion(name, self._inputs)}")
        for place, text in templates_of(step).items():
            yield from self._template(place, text)
        if isinstance(step, TextStep):
            return
        maker = parameters.maker_of(step, catalog=self._catalog, actions=self._actions)
        key = "model" if isinstance(step, GenerationStep) else "action"
        if maker is None:
            offered: list[str] = [each.model_id for each in self._catalog.models if each.type == "image"]
            if key == "action":
                offered = [each.action_id for each in self._actions.actions]
            name = step.model if isinstance(step, GenerationStep) else step.action
            yield Problem(where=key, message=f"{name!r} is not in this studio; {suggestion(name, offered)}")
            return
        if isinstance(maker, Model) and maker.type != "image":
            yield Problem(where=key, message=f"{maker.model_id!r} makes no pictures; name an image model.")
        if isinstance(maker, Action):
            assert isinstance(step, ActionStep)
            yield from self._slots(step, maker)
        yield from parameters.problems_of(step, maker, self._inputs)

    def outputs(self) -> Iterator[Problem]:
        """What is promised and not always so; asked when all steps are well."""
        assert self._order is not None
        found = self._ratios()
        sources = [each.source for each in self._definition.outputs]
        for output in self._definition.outputs:
            where = f"outputs.{output.id}"
            if output.source not in self._steps:
                message = f"{output.source!r} is no step; {suggestion(output.source, self._steps)}"
                yield Problem(where=f"{where}.from", message=message)
                continue
            if sources.count(output.source) > 1:
                yield Problem(where=f"{where}.from", message=f"{output.source!r} is given out twice; once is enough.")
            if output.specified_aspect_ratio is None:
                continue
            made = found[output.source]
            if made != ratios.ratio(output.specified_aspect_ratio):
                what = "a ratio that depends on the run" if made is None else f"{made.numerator}:{made.denominator}"
                message = (
                    f"{output.specified_aspect_ratio} is promised, and step {output.source!r} makes {what}; end "
                    "with 'change-image-ar-browser'."
                )
                yield Problem(where=f"{where}.specified_aspect_ratio", message=message)
        yield from self._missing()

    def leftovers(self) -> Iterator[Problem]:
        """Inputs and steps that are of no use, which are misspelt elsewhere as a rule."""
        used = {name for step in self._definition.steps for name in names_of(step)}
        used |= {each.source for each in self._definition.outputs}
        for given in self._definition.inputs:
            if given.id not in used and given.format != "seed":
                yield Problem(where=f"inputs.{given.id}", message="No step uses it; name it in one, or take it out.")
        for step in self._definition.steps:
            if step.id not in used:
                yield Problem(where=f"steps.{step.id}", message="Nothing uses it; name it in an output or a step.")

    def _template(self, place: str, text: str) -> Iterator[Problem]:
        brace = stray_brace(text)
        if brace is not None:
            message = f"{shown(brace)} begins with a brace that is no placeholder such as {{name}}; write it twice."
            yield Problem(where=place, message=message)
        for name in dict.fromkeys(name for each in references(text) for name in each.split("|")):
            kind = self._kind(name)
            if kind is None:
                yield Problem(where=place, message=f"{{{name}}} is unknown; {suggestion(name, self._known)}")
            elif kind != ("text", False):
                yield Problem(where=place, message=f"{{{name}}} is {_told(kind)}; a placeholder stands for one text.")

    def _slots(self, step: ActionStep, action: Action) -> Iterator[Problem]:
        slots = {each.name: each for each in action.inputs}
        for name, value in step.inputs.items():
            slot = slots.get(name)
            if slot is None:
                message = f"{action.action_id} has no such input; {suggestion(name, slots)}"
                yield Problem(where=f"inputs.{name}", message=message)
                continue
            listed = [value] if isinstance(value, str) else list(value)
            several = False
            for each in (one for reference in listed for one in reference.split("|")):
                kind = self._kind(each)
                if kind is None:
                    message = f"{each!r} is unknown; {suggestion(each, self._known)}"
                    yield Problem(where=f"inputs.{name}", message=message)
                    continue
                several = several or kind[1]
                if kind[0] != slot.type or (kind[1] and slot.multiple is None):
                    message = f"{each!r} is {_told(kind)}; this input takes {slot.least} to {slot.most} {slot.type}."
                    yield Problem(where=f"inputs.{name}", message=message)
            if not several and not slot.least <= len(listed) <= slot.most:
                message = f"{len(listed)} are given; it takes {slot.least} to {slot.most}."
                yield Problem(where=f"inputs.{name}", message=message)
        for slot in action.inputs:
            if slot.name not in step.inputs:
                yield Problem(where=f"inputs.{slot.name}", message=f"Required: {action.action_id} needs a {slot.type}.")

    def _kind(self, name: str) -> tuple[str, bool] | None:
        """Returns whether a name stands for a picture or a text, and whether for several."""
        if name in self._inputs:
            return ("text" if self._inputs[name].type == "text" else "image"), False
        step = self._steps.get(name)
        if step is None:
            return None
        if isinstance(step, TextStep):
            return "text", False
        maker = parameters.maker_of(step, catalog=self._catalog, actions=self._actions)
        if isinstance(maker, Action):
            return maker.outputs[0].type, maker.outputs[0].multiple is not None
        return "image", False

    def _ratios(self) -> dict[str, Fraction | None]:
        found = {each.id: ratios.ratio_of_input(each) for each in self._definition.inputs}
        for step in self._order or ():
            params = {}
            if not isinstance(step, TextStep):
                maker = parameters.maker_of(step, catalog=self._catalog, actions=self._actions)
                assert maker is not None
                params = {**maker.resolve({}), **parameters.written(step)}
            found[step.id] = ratios.ratio_of_step(step, params, found)
        return found

    def _missing(self) -> Iterator[Problem]:
        """Outputs that some choice of inputs does without, though they are not said to be optional."""
        switches = [each.id for each in self._definition.inputs if each.optional and each.default is None]
        told: set[str] = set()
        for values in itertools.product((True, False), repeat=len(switches)):
            given = {each.id: True for each in self._definition.inputs} | dict(zip(switches, values, strict=True))
            there = active(self._order or (), given)
            shown_outputs = [each for each in self._definition.outputs if there.get(each.source, False)]
            absent = [name for name, value in zip(switches, values, strict=True) if not value]
            present = [name for name, value in zip(switches, values, strict=True) if value]
            case = f"when {_listed(present)} given and {_listed(absent)} not"
            for output in self._definition.outputs:
                if (
                    output.source in there
                    and not there[output.source]
                    and not output.optional
                    and output.id not in told
                ):
                    told.add(output.id)
                    message = (
                        f"is not made {case}; say optional: true, or give its steps a stand-in such as 'photo|scene'."
                    )
                    yield Problem(where=f"outputs.{output.id}", message=message)
            if not shown_outputs and "" not in told:
                told.add("")
                yield Problem(where="outputs", message=f"None is made {case}.")


def _listed(names: list[str]) -> str:
    return f"{', '.join(map(repr, names))} {'is' if len(names) == 1 else 'are'}" if names else "none is"


def _told(kind: tuple[str, bool]) -> str:
    what, several = kind
    article = "an" if what == "image" else "a"
    return f"several {what}s" if several else f"{article} {what}"
