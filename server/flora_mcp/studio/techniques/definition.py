"""A technique as it is written down: inputs, steps, outputs. Data only; nothing in it is executed."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

FORMAT = 1
"""The version of what a technique file may say; a file names the one it is written in."""

MOST_INPUTS = 20
MOST_STEPS = 40
MOST_OUTPUTS = 20

MOST_TEXT_CHARACTERS = 32_000
"""The longest text that an input takes."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}(\|[a-z][a-z0-9_]{0,39})*$")]
"""An input or a step; after a bar, what stands in when it is left out or switched off."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Ratio = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,2}:[1-9]\d{0,2}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"\S")]
Words = Annotated[str, StringConstraints(max_length=2000)]
Template = Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT_CHARACTERS)]


class Part(BaseModel):
    """Something in a technique file: unknown keys and converted types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Input(Part):
    """A value that a run is given, or that the technique has fixed.

    Attributes:
        optional: May be left out; what needs it is then switched off, unless it has a stand-in.
        default: Used when it is left out, which it then always may.
        locked: Always the default: not shown, and refused when given.
        options: The values that a text may have.
        format: Of a text: `color` such as #ff8800, `seed` from 0 to 2147483647, from which the generations draw theirs.
        max_characters: Of a text.
        allow_multiple: Several values make a run each.
        specified_aspect_ratio: What a picture must have.
    """

    id: Id
    name: Name
    type: Literal["text", "imageUrl"]
    description: Words = ""
    optional: bool = False
    default: str | None = None
    locked: bool = False
    options: tuple[Name, ...] | None = Field(default=None, min_length=1, max_length=30)
    format: Literal["plain", "color", "seed"] = "plain"
    max_characters: int = Field(default=1000, ge=1, le=MOST_TEXT_CHARACTERS)
    allow_multiple: bool = False
    specified_aspect_ratio: Ratio | None = None

    @property
    def omissible(self) -> bool:
        return self.optional or self.default is not None or self.format == "seed"


class Step(Part):
    """What steps have in common.

    Attributes:
        when: Inputs without which the step is off.
        unless: Inputs of which any switches the step off.
    """

    id: Id
    when: tuple[Id, ...] = ()
    unless: tuple[Id, ...] = ()


class GenerationStep(Step):
    """A picture by a model; `{name}` in its prompt and its params stands for a text."""

    type: Literal["generation"]
    model: Name
    prompt: Template
    specified_aspect_ratio: Ratio | None = None
    params: dict[str, Any] = {}


class ActionStep(Step):
    """What an action makes of inputs and of what steps have made; `inputs` is by the action's slots."""

    type: Literal["action"]
    action: Name
    inputs: dict[str, Reference | tuple[Reference, ...]]
    params: dict[str, Any] = {}


class TextStep(Step):
    """A text with `{name}` for others; `otherwise` is its value when the step is off or one of them is missing."""

    type: Literal["text"]
    template: Template
    otherwise: str | None = Field(default=None, max_length=MOST_TEXT_CHARACTERS)


AnyStep = Annotated[GenerationStep | ActionStep | TextStep, Field(discriminator="type")]


class Output(Part):
    """What a run gives out: all that a step has made."""

    id: Id
    name: Name
    source: Id = Field(alias="from")
    description: Words = ""
    optional: bool = False
    specified_aspect_ratio: Ratio | None = None


class Definition(Part):
    """A whole technique."""

    format: Literal[1]
    slug: Slug
    name: Name
    description: Words
    inputs: tuple[Input, ...] = Field(min_length=1, max_length=MOST_INPUTS)
    steps: tuple[AnyStep, ...] = Field(min_length=1, max_length=MOST_STEPS)
    outputs: tuple[Output, ...] = Field(min_length=1, max_length=MOST_OUTPUTS)

    @property
    def open_inputs(self) -> tuple[Input, ...]:
        """What a run may be given."""
        return tuple(each for each in self.inputs if not each.locked)

    def written(self) -> dict[str, Any]:
        """Returns it as it would stand in a file, without what is as by default."""
        found: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return found
