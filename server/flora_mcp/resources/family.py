"""One kind of resource: the form of its addresses, and what can be done with them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mcp.shared.uri_template import UriTemplate
from mcp_types import BlobResourceContents, Resource, ResourceTemplate, TextResourceContents

Given = Mapping[str, str]
"""The arguments of a template, by name."""

Contents = TextResourceContents | BlobResourceContents
Propose = Callable[[str, Given], Awaitable[Sequence[str]]]
"""Takes what was typed so far and the other arguments; returns all values that are worth proposing."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Some of a family's resources, and where the rest begins."""

    resources: Sequence[Resource]
    following: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a resource holds."""

    contents: Contents
    fresh_ms: int = 0
    """How long a client may keep it without asking again."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """Resources whose addresses have one form."""

    template: ResourceTemplate
    read: Callable[[str, Given], Awaitable[Reading]]
    """Takes the address and what stands in it."""

    list: Callable[[str | None, int], Awaitable[Listed]] | None = None
    """Takes where to begin and how many at most; None for a family that is not listed, as it has too many."""

    watch: Callable[[Given], Awaitable[None]] | None = None
    """Sees to it that changes are announced; None for what never changes, or is announced anyway."""

    choices: Mapping[str, Propose] = field(default_factory=dict)
    """How each argument of the template is completed."""

    @cached_property
    def form(self) -> UriTemplate:
        return UriTemplate.parse(self.template.uri_template)

    def match(self, uri: str) -> Given | None:
        """Returns what stands in an address, decoded; None if it has another form."""
        found = self.form.match(uri)
        if found is None or not all(isinstance(value, str) and value for value in found.values()):
            return None
        return {name: str(value) for name, value in found.items()}
