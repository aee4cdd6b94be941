"""The composition root: wires the parts, and owns how long they live."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from code_sandbox import Sandbox
from flora_mcp.executions import Executions, Runs, exposure
from flora_mcp.flora import Flora
from flora_mcp.flora.types import RunState
from flora_mcp.mounted import STUDIO_URL, MountedStudio
from flora_mcp.outputs import OutputError, OutputStore
from flora_mcp.protocol import Changes, FloraServer, Resources
from flora_mcp.settings import Settings
from flora_mcp.tools import Execute, Generate, ListModels, Patience, Programs, Toolbox, Wait

logger = logging.getLogger(__name__)

FLORA_POLL_SECONDS = 2.5
"""`docs:guides/runs` recommends 2 to 5 s."""

STUDIO_POLL_SECONDS = 0.25

MONEY = "USD"
STUDIO_MONEY = "USD of studio credits (no real money)"


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[FloraServer]:
    """Opens all that one server needs, and closes it in the reverse order: programs, runs, studio."""
    async with AsyncExitStack() as stack:
        flora = await stack.enter_async_context(await _flora(settings, stack))
        in_studio = settings.api_key is None
        store = OutputStore(directory=settings.data_directory / "outputs", fetch=_fetcher(flora))
        changes = Changes()
        stack.callback(changes.close)

        async def settle(run: RunState, model_id: str | None) -> None:
            try:
                outputs = await store.collect(run, model_id=model_id)
            except OutputError as exc:
                logger.warning("Outputs of %s could not be stored: %s", run.run_id, exc)
            else:
                await changes.resources([output.uri for output in outputs])

        interval = STUDIO_POLL_SECONDS if in_studio else FLORA_POLL_SECONDS
        runs = await stack.enter_async_context(Runs(flora=flora, settle=settle, interval_seconds=interval))
        sandbox = await stack.enter_async_context(Sandbox(exposure=exposure(flora.methods)))
        executions = await stack.enter_async_context(Executions(sandbox=sandbox, flora=flora, runs=runs))
        toolbox = _toolbox(settings, flora=flora, runs=runs, store=store, executions=executions)
        yield FloraServer(toolbox=toolbox, resources=Resources(store), changes=changes)


async def _flora(settings: Settings, stack: AsyncExitStack) -> Flora:
    if settings.api_key is not None:
        return Flora(
            api_key=settings.api_key,
            base_url=settings.base_url,
            timeout_seconds=settings.timeout_seconds,
            max_retries=settings.max_retries,
        )
    studio = await stack.enter_async_context(MountedStudio(directory=settings.data_directory / "studio"))
    return Flora(api_key=None, base_url=f"{STUDIO_URL}/api/v1", app=studio, timeout_seconds=settings.timeout_seconds)


def _fetcher(flora: Flora) -> Callable[[str, int], Any]:
    async def fetch(url: str, max_bytes: int) -> Any:
        return await flora.fetch(url, max_bytes=max_bytes)

    return fetch


def _toolbox(settings: Settings, *, flora: Flora, runs: Runs, store: OutputStore, executions: Executions) -> Toolbox:
    money = STUDIO_MONEY if settings.api_key is None else MONEY
    patience = Patience(runs=runs, budget_seconds=settings.time_budget_seconds)
    programs = Programs(executions=executions, runs=runs, store=store, patience=patience, money=money)
    return Toolbox(
        [
            Execute(executions=executions, programs=programs, budget_seconds=settings.time_budget_seconds),
            ListModels(flora=flora, money=money),
            Generate(flora=flora, runs=runs, store=store, patience=patience, money=money),
            Wait(
                executions=executions,
                programs=programs,
                runs=runs,
                store=store,
                patience=patience,
                money=money,
            ),
        ]
    )
