"""One prompt: what it asks for, and what it tells the model to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mcp_types import Prompt, PromptArgument, PromptMessage

from flora_mcp.resources import Given
from flora_mcp.resources.family import Propose


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One blank of a recipe."""

    name: str
    description: str
    required: bool = False
    propose: Propose | None = None


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A way of working that has proved itself, with blanks to fill in."""

    name: str
    title: str
    description: str
    write: Callable[[Given], str | Sequence[PromptMessage]]
    """Takes the arguments that were given, without blank ones."""

    arguments: tuple[Argument, ...] = ()
    tools: tuple[str, ...] = ()
    """It is not offered where one of these tools is not."""

    methods: tuple[str, ...] = ()
    """Nor where one of these methods may not be called: it could only fail."""

    @property
    def definition(self) -> Prompt:
        """What clients see of it."""
        arguments = [
            PromptArgument(name=each.name, description=each.description, required=each.required)
            for each in self.arguments
        ]
        return Prompt(name=self.name, title=self.title, description=self.description, arguments=arguments)
