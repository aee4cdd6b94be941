"""One run of a technique: which of its steps are done, with what, and what that costs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flora_mcp.studio.catalog import Action, ActionCatalog, Catalog, Model
from flora_mcp.studio.ids import SEED_LIMIT
from flora_mcp.studio.techniques import parameters
from flora_mcp.studio.techniques.definition import ActionStep, AnyStep, Definition, GenerationStep, Output, TextStep
from flora_mcp.studio.techniques.wiring import active, ordered, used

LEAST_SECONDS = 1
"""What an action counts for in the progress at least; a text counts for nothing."""


@dataclass(frozen=True, kw_only=True)
class FileValue:
    """A picture that a run was given: a file of this studio, by where it is."""

    owner_id: str
    file_name: str


Value = str | FileValue


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A technique and the values of one run; it is kept with the run, so that a change of the technique changes no run.

    Attributes:
        definition: The technique.
        values: By input; one that is not here was left out.
        seed: What the generations draw theirs from.
    """

    definition: Definition
    values: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 0

    def record(self) -> dict[str, Any]:
        """Returns plain data from which `read_plan` makes the plan again."""
        values = {name: value if isinstance(value, str) else vars(value) for name, value in self.values.items()}
        return {"definition": self.definition.written(), "values": values, "seed": self.seed}

    @cached_property
    def texts(self) -> dict[str, str | None]:
        """The text of each input that is one and has one: as given, or the default."""
        found: dict[str, str | None] = {}
        for each in self.definition.inputs:
            value = self.values.get(each.id, each.default)
            if each.format == "seed":
                value = str(self.seed)
            if isinstance(value, str):
                found[each.id] = value
        return found

    @cached_property
    def there(self) -> dict[str, bool]:
        """Which inputs and steps this run has."""
        given = {each.id: each.id in self.values or each.id in self.texts for each in self.definition.inputs}
        return active(self._order, given)

    @cached_property
    def steps(self) -> tuple[AnyStep, ...]:
        """The steps of this run, each after those it refers to, and only what an output depends on."""
        needed = used(self._order, self.there, [output.source for output in self.outputs])
        return tuple(step for step in self._order if step.id in needed)

    @cached_property
    def outputs(self) -> tuple[Output, ...]:
        return tuple(output for output in self.definition.outputs if self.there[output.source])

    @cached_property
    def _order(self) -> tuple[AnyStep, ...]:
        found = ordered(self.definition)
        assert found is not None, "techniques are checked when they are added"
        return found

    def seed_of(self, step: GenerationStep) -> int:
        """Returns the seed of a generation that names none: its own, and the same in every run of this seed."""
        numbers = [each.id for each in self.definition.steps if isinstance(each, GenerationStep)]
        return (self.seed + numbers.index(step.id)) % SEED_LIMIT


def read_plan(record: Mapping[str, Any]) -> Plan:
    values = {name: value if isinstance(value, str) else FileValue(**value) for name, value in record["values"].items()}
    definition = Definition.model_validate_json(json.dumps(record["definition"]))
    return Plan(definition=definition, values=values, seed=record["seed"])


def credits_of(plan: Plan, *, catalog: Catalog, actions: ActionCatalog) -> int:
    """Returns what a run costs: its generations, as actions cost nothing (skill)."""
    makers = [_maker(step, catalog=catalog, actions=actions) for step in plan.steps]
    return sum(maker.estimated_credits for maker in makers if isinstance(maker, Model))


def seconds_of(step: AnyStep, *, catalog: Catalog, actions: ActionCatalog) -> int:
    """Returns how long a step takes about, by which it counts in the progress."""
    maker = _maker(step, catalog=catalog, actions=actions)
    return 0 if maker is None else max(LEAST_SECONDS, maker.estimated_seconds)


def most_credits(definition: Definition, *, catalog: Catalog, actions: ActionCatalog) -> int:
    """Returns what the dearest run of a technique costs."""
    # Steps can be switched off by what is given and by what is not; the dearest case is one of all.
    switches = [each for each in definition.inputs if each.optional and each.default is None]
    found = 0
    for case in range(2 ** len(switches)):
        left_out = {each.id for number, each in enumerate(switches) if case >> number & 1}
        values = {each.id: each.default or " " for each in definition.inputs if each.id not in left_out}
        plan = Plan(definition=definition, values=values)
        found = max(found, credits_of(plan, catalog=catalog, actions=actions))
    return found


def _maker(step: AnyStep, *, catalog: Catalog, actions: ActionCatalog) -> Model | Action | None:
    if isinstance(step, TextStep):
        return None
    assert isinstance(step, GenerationStep | ActionStep)
    return parameters.maker_of(step, catalog=catalog, actions=actions)
