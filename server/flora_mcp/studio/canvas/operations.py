"""What a change of a canvas asks for, whether it came as a changeset or as a diagram."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flora_mcp.studio.renderers.rendering import JSON

MOST_OPERATIONS = 500
"""In one changeset, of all five sorts together (choice)."""

MOST_CONTENT = 20
"""Media that one change may bring along: each may be fetched from elsewhere (choice)."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where an operation stands in the request, for the causes of a refusal.

    Attributes:
        path: Its field, such as `add[0]`; the fields below it follow after a dot.
        line: Of the diagram that it was read from, which has no fields.
    """

    path: str
    line: int | None = None

    def field(self, name: str) -> str:
        return self.path if self.line is not None else f"{self.path}.{name}"

    def text(self, message: str) -> str:
        return message if self.line is None else f"line {self.line}: {message}"


@dataclass(frozen=True, kw_only=True)
class Media:
    """Media that exist already: an output, or an asset, and what it is."""

    type: str
    run_id: str | None = None
    output_id: str | None = None
    asset_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Addition:
    """A node to make; `params_name` is what the request calls its parameters."""

    origin: Origin
    ref: str
    type: str
    label: str | None = None
    prompt: str | None = None
    model: str | None = None
    params: Mapping[str, JSON] | None = None
    position: tuple[float, float] | None = None
    group: str | None = None
    content_url: str | None = None
    params_name: str = "params"


@dataclass(frozen=True, kw_only=True)
class Update:
    """A node to change; what is None stays."""

    origin: Origin
    id: str
    label: str | None = None
    prompt: str | None = None
    model: str | None = None
    params: Mapping[str, JSON] | None = None
    position: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Connection:
    """An edge to make or to cut."""

    origin: Origin
    source: str
    target: str
    slot: str | None = None


@dataclass(frozen=True, kw_only=True)
class Removal:
    origin: Origin
    id: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """All operations of one change.

    Attributes:
        unreadable: The refs of additions that are refused already, so that what names them is not blamed as well.
    """

    add: Sequence[Addition] = ()
    update: Sequence[Update] = ()
    connect: Sequence[Connection] = ()
    disconnect: Sequence[Connection] = ()
    remove: Sequence[Removal] = ()
    unreadable: frozenset[str] = frozenset()
