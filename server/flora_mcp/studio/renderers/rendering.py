"""What a renderer is asked for, what it gives back, and what runs it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
"""What survives a trip through JSON."""


@dataclass(frozen=True, kw_only=True)
class RenderRequest:
    """One picture to make. The same request always gives the same bytes."""

    prompt: str
    width_px: int
    height_px: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """A finished file and what is known about it."""

    content: bytes
    mime_type: str
    width_px: int | None
    height_px: int | None
    facts: dict[str, JSON]


@dataclass(frozen=True, kw_only=True)
class ActionInput:
    """What one slot of an action is given: a file by its path, or a text."""

    slot: str
    path: str | None = None
    text: str | None = None


@dataclass(frozen=True, kw_only=True)
class ActionRequest:
    """One action to do. The same request always gives the same bytes."""

    action_id: str
    params: dict[str, JSON]
    inputs: tuple[ActionInput, ...]


class UnsuitableInputError(Exception):
    """What an action was given cannot be worked on; the message is meant for who gave it."""


Progress: TypeAlias = Callable[[float], None]
"""Hears how far a render is, from 0 to 1; may be called as often as a renderer likes."""

Renderer: TypeAlias = Callable[[RenderRequest, Progress], Rendering]


class RenderHost(Protocol):
    """Runs renderers for the studio; used from several threads at once."""

    @property
    def capacity(self) -> int:
        """How many renders run at once."""

    def render(self, model_id: str, request: RenderRequest, progress: Progress) -> Rendering:
        """Renders and returns; blocks the calling thread.

        Raises:
            RenderError: The render failed; its message is meant for the caller of the run.
            RendersClosed: `close` was called meanwhile.
        """

    def act(self, request: ActionRequest, progress: Progress) -> list[Rendering]:
        """Does an action and returns its outputs; blocks the calling thread.

        Raises:
            RenderError: As `render`.
            RendersClosed: As `render`.
        """

    def retire_idle(self) -> None:
        """Lets go of what has not been used for a while; called about once a second."""

    def close(self) -> None:
        """Ends every render under way and refuses new ones."""
