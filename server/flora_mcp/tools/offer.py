"""Which tools clients are offered, and why not the others."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mcp_types import Tool, ToolAnnotations

from flora_mcp.flora import Rules
from flora_mcp.icons import ICONS

NAMES = ("execute", "search_docs", "list_models", "generate", "wait", "show", "upload")
"""Every tool that there is."""

NEEDED = {"generate": "generations.create", "upload": "assets.upload", "list_models": "models.list"}
"""The method that a tool is nothing without."""

TOOLS = "FLORA_TOOLS"
NO_TOOLS = "FLORA_NO_TOOLS"


class OfferError(ValueError):
    """The settings name a tool that there is not, or leave none; the message says what is accepted."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The tools that are offered."""

    names: tuple[str, ...] = NAMES
    refusals: Mapping[str, str] = field(default_factory=dict)
    """Why a tool could only fail, by its name: it is not listed, and whoever calls it all the same is told."""

    read_only: bool = False
    """No tool can change anything: clients need not ask before they call one."""

    @classmethod
    def of(
        cls, *, only: Sequence[str] = (), without: Sequence[str] = (), rules: Rules, read_only: bool = False
    ) -> "Offer":
        """Makes an offer of what the settings say.

        Args:
            only: When there are any names, no other tool is offered.
            without: Tools that are not offered.
            rules: Methods that may not be called.
            read_only: Nothing may be changed or paid for.

        Raises:
            OfferError: a name is not a tool's, or no tool is left.
        """
        _check(only, TOOLS)
        _check(without, NO_TOOLS)
        wanted = [name for name in NAMES if (not only or name in only) and name not in without]
        reasons = {name: rules.refusal(method) for name, method in NEEDED.items() if name in wanted}
        refusals = {name: reason for name, reason in reasons.items() if reason is not None}
        names = tuple(name for name in wanted if name not in refusals)
        if not names:
            raise OfferError(
                f"No tool is left to offer by {TOOLS} {','.join(only)!r}, {NO_TOOLS} {','.join(without)!r} and the "
                f"methods that may be called. The tools are {', '.join(NAMES)}."
            )
        return cls(names=names, refusals=refusals, read_only=read_only)

    def dress(self, tool: Tool) -> Tool:
        """Returns a tool as clients see it: with its icon, and as read-only where it can be nothing else."""
        icon = ICONS.get(tool.name)
        hints = ToolAnnotations(read_only_hint=True) if self.read_only else _telling(tool.annotations)
        return tool.model_copy(update={"icons": [icon] if icon is not None else None, "annotations": hints})


def _telling(hints: ToolAnnotations | None) -> ToolAnnotations | None:
    """Returns the hints that say more than their absence would; the list is read before every conversation."""
    if hints is None or hints.read_only_hint:
        return hints and ToolAnnotations(read_only_hint=True)
    return ToolAnnotations(destructive_hint=hints.destructive_hint)


def _check(names: Sequence[str], variable: str) -> None:
    for name in names:
        if name not in NAMES:
            near = difflib.get_close_matches(name.lower().replace("-", "_"), NAMES, n=1, cutoff=0.5)
            guess = f" Did you mean {near[0]}?" if near else ""
            raise OfferError(
                f"{variable} names {name!r}, but no tool is called so.{guess} The tools are {', '.join(NAMES)}."
            )
