"""What a call would cost, as far as FLORA's own lists tell before it is sent."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from flora_mcp.flora.checks import Catalogue
from flora_mcp.flora.errors import FloraError
from flora_mcp.flora.operations import Subject
from flora_mcp.flora.types import Graph, Model, Technique

MOST_RUNS = 1_000_000
"""More runs of one call are not counted: no cap allows them."""

USD_PER_CREDIT = 0.001
"""`docs:pricing`."""


@dataclass(frozen=True, kw_only=True)
class Price:
    """A quote."""

    usd: float | None
    """None when nobody can tell it; 0 only for what is known to be free."""
    subject: str | None = None
    """The model, technique or action that is run."""
    unknown_because: str = ""
    """Of a price that nobody can tell: the reason, and what to write instead."""


class Prices:
    """Looks prices up. Everything is asked of FLORA by the host: what a program says of prices is never heard."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        technique: Callable[[str], Awaitable[Technique]],
        graph: Callable[[str, str], Awaitable[Graph]],
    ) -> None:
        self._catalogue = catalogue
        self._technique = technique
        self._graph = graph

    async def of(self, subject: Subject, arguments: Mapping[str, object], *, ask: bool) -> Price:
        """Returns the quote for a call, or why there is none; raises nothing for what cannot be read.

        Args:
            subject: What is run.
            arguments: Of the call, checked for their form.
            ask: Reads what is not known yet; else only what was read before counts.
        """
        try:
            if subject == "model":
                return await self._of_model(arguments, ask=ask)
            if subject == "technique":
                return await self._of_technique(arguments, ask=ask)
            if subject == "nodes":
                return await self._of_nodes(arguments, ask=ask)
        except FloraError as exc:
            return Price(usd=None, subject=_named(arguments), unknown_because=f"it cannot be looked up now: {exc}")
        if subject == "action":
            return await self._of_action(arguments, ask=ask)
        # `skill`: actions cost no credits.
        free = subject == "action node"
        return Price(
            usd=0.0 if free else None, subject=_named(arguments), unknown_because="this kind has no price list."
        )

    async def _of_model(self, arguments: Mapping[str, object], *, ask: bool) -> Price:
        model_id = arguments.get("model")
        models = await self._catalogue.models.items() if ask else self._catalogue.models.known
        if not isinstance(model_id, str):
            why = "the workspace's default model is not known here. Name one: model='…', from client.models.list(...)."
            return Price(usd=None, unknown_because=why)
        return _of_one(model_id, models)

    async def _of_action(self, arguments: Mapping[str, object], *, ask: bool) -> Price:
        """Returns what the catalogue says; actions are free (`skill`), so its silence counts as free too."""
        try:
            actions = await self._catalogue.actions.items() if ask else self._catalogue.actions.known
        except FloraError:
            actions = ()
        wanted = _named(arguments)
        costs = [action.charged_cost for action in actions if action.action_id == wanted]
        return Price(usd=float(costs[0] or 0) if costs else 0.0, subject=wanted)

    async def _of_technique(self, arguments: Mapping[str, object], *, ask: bool) -> Price:
        technique_id = str(arguments["technique_id"])
        if not ask:
            return Price(usd=None, subject=technique_id)
        technique = await self._technique(technique_id)
        if not _is_price(technique.run_cost):
            return Price(usd=None, subject=technique_id, unknown_because=f"{technique_id!r} names no price.")
        return Price(usd=(technique.run_cost or 0) * _runs_of(arguments.get("inputs")), subject=technique_id)

    async def _of_nodes(self, arguments: Mapping[str, object], *, ask: bool) -> Price:
        asked = [str(each) for each in arguments["node_ids"]] if isinstance(arguments["node_ids"], list) else []
        if not ask:
            return Price(usd=None)
        models = await self._catalogue.models.items()
        graph = await self._graph(str(arguments["project_id"]), str(arguments["workspace_id"]))
        nodes = {name: node for node in graph.nodes for name in (node.id, node.node_id)}
        total = 0.0
        for node_id in asked:
            node = nodes.get(node_id)
            if node is None or node.action is not None:
                continue  # a node that is not there is skipped by FLORA, an action is free
            if node.model_id is None:
                return Price(usd=None, unknown_because=f"node {node_id!r} names no model.")
            price = _of_one(node.model_id, models)
            if price.usd is None:
                return price
            total += price.usd
        return Price(usd=total, subject=", ".join(asked)[:200])


def _of_one(model_id: str, models: Sequence[Model]) -> Price:
    found = [model.estimated_credits for model in models if model.model_id == model_id]
    if not found:
        why = f"the catalogue has no model {model_id[:100]!r}."
    elif not _is_price(found[0]):
        why = f"the catalogue names no price for {model_id!r}, and 0 there is a gap, not a price. Choose another model."
    else:
        return Price(usd=(found[0] or 0) * USD_PER_CREDIT, subject=model_id)
    return Price(usd=None, subject=model_id[:100], unknown_because=why)


def _is_price(amount: float | None) -> bool:
    return amount is not None and amount > 0


def _runs_of(inputs: object) -> int:
    """Returns how many runs a technique makes of its inputs: one for each combination of several values."""
    counts: list[int] = []
    if isinstance(inputs, list):
        counts += Counter(each.get("id") for each in inputs if isinstance(each, dict)).values()
    elif isinstance(inputs, dict):
        counts += [max(len(value), 1) for value in inputs.values() if isinstance(value, list)]
    return min(math.prod(counts), MOST_RUNS)


def _named(arguments: Mapping[str, object]) -> str | None:
    names = (arguments.get(key) for key in ("model", "technique_id", "action_id", "node_id"))
    return next((name[:100] for name in names if isinstance(name, str)), None)
