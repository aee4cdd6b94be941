"""What an argument can be: the ids and names that a tenant has, newest or most likely first."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from flora_mcp.flora import Flora, Pages
from flora_mcp.flora.types import Asset, Model, Project, RunState, Technique
from flora_mcp.outputs import OutputStore, StoredOutput
from flora_mcp.resources.recent import Recent

PAGE = 100
"""Of each kind, no more than the newest are proposed; who needs an older one knows its id."""

_T = TypeVar("_T")


class Choices:
    """Asks FLORA and the store, at most every half a minute.

    Args:
        flora: The tenant's; its rules hold here too.
        store: The tenant's outputs.
    """

    def __init__(self, *, flora: Flora, store: OutputStore) -> None:
        self._flora = flora
        self._store = store
        self._models = Recent(_all(flora.models.list))
        self._actions = Recent(_first(flora.actions.list))
        self._techniques = Recent(_first(lambda: flora.techniques.list(limit=PAGE)))
        self._assets = Recent(_first(lambda: flora.assets.list(limit=PAGE)))
        self._generations = Recent(_first(lambda: flora.generations.list(limit=PAGE)))
        self._projects = Recent(self._read_projects)
        self._technique_runs = Recent(_first(lambda: flora.techniques.runs.list(limit=PAGE)))

    async def models(self) -> Sequence[Model]:
        return await self._models.get()

    async def techniques(self) -> Sequence[Technique]:
        return await self._techniques.get()

    async def assets(self) -> Sequence[Asset]:
        return await self._assets.get()

    async def runs(self) -> Sequence[RunState]:
        """Returns the newest runs of either kind, the newest first."""
        found: list[RunState] = [*await self._generations.get(), *await self._technique_runs.get()]
        return sorted(found, key=lambda run: -run.created_at)

    async def projects(self) -> Sequence[Project]:
        """Returns the projects of the first workspace, which is the one that calls without a workspace use."""
        return await self._projects.get()

    async def outputs(self) -> Sequence[StoredOutput]:
        outputs, _ = await self._store.list(limit=PAGE)
        return outputs

    async def model_ids(self, type: str | None = None) -> list[str]:  # noqa: A002 - FLORA's own name
        return [model.model_id for model in await self.models() if type in {None, model.type}]

    async def technique_ids(self) -> list[str]:
        """Returns ids and slugs: a technique goes by both."""
        return [name for each in await self.techniques() for name in (each.slug, each.technique_id) if name]

    async def names(self, kind: str) -> list[str]:
        """Returns what of a catalogue goes into an address: models, actions or techniques."""
        if kind == "actions":
            return [action.action_id for action in await self._actions.get()]
        return await (self.model_ids() if kind == "models" else self.technique_ids())

    async def run_ids(self) -> list[str]:
        """Returns runs with stored outputs and those that FLORA lists."""
        stored = [output.run_id for output in await self.outputs()]
        return list(dict.fromkeys([*(run.run_id for run in await self.runs()), *stored]))

    async def output_ids(self, run_id: str | None) -> list[str]:
        """Returns the outputs of a run; without one, those of all runs."""
        if run_id:
            return [output.output_id for output in await self._store.of_run(run_id)]
        return [output.output_id for output in await self.outputs()]

    async def _read_projects(self) -> Sequence[Project]:
        async for workspace in self._flora.workspaces.list():
            return (await self._flora.projects.list(workspace_id=workspace.workspace_id, limit=PAGE)).items
        return []


def _first(ask: Callable[[], Pages[_T]]) -> Callable[[], Awaitable[Sequence[_T]]]:
    async def read() -> Sequence[_T]:
        return (await ask()).items

    return read


def _all(ask: Callable[[], Pages[_T]]) -> Callable[[], Awaitable[Sequence[_T]]]:
    async def read() -> Sequence[_T]:
        return [item async for item in ask()]

    return read
