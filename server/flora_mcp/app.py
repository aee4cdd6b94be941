"""The composition root: wires the parts, and owns how long they live."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from code_sandbox import Sandbox
from flora_mcp.executions import Executions, Pulse, Runs, callable_methods, exposure, listing
from flora_mcp.executions.runs import Settle
from flora_mcp.flora import ASGIApp, Flora, Ledger, Rules, RulesError, Spending
from flora_mcp.flora.client import POLL_SECONDS
from flora_mcp.flora.errors import FloraError
from flora_mcp.flora.types import RunState
from flora_mcp.isolation import require_isolation
from flora_mcp.mounted import STUDIO_URL, MountedStudio
from flora_mcp.outputs import OutputError, OutputStore
from flora_mcp.protocol import Changes, FloraServer, Resources
from flora_mcp.settings import Settings, SettingsError
from flora_mcp.studio.endpoints import answers
from flora_mcp.tools import Execute, Generate, ListModels, Patience, Programs, Purse, Toolbox, Wait

logger = logging.getLogger(__name__)

STUDIO_POLL_SECONDS = 0.25
"""The studio is in this process: asking it often costs nobody anything."""

MONEY = "USD"
STUDIO_MONEY = "USD of studio credits (no real money)"


@asynccontextmanager
async def open_app(settings: Settings, *, backend: ASGIApp | None = None) -> AsyncIterator[FloraServer]:
    """Opens all that one server needs, and closes it in the reverse order: programs, runs, studio.

    Args:
        settings: Without a key in them, the studio answers.
        backend: Answers in the studio's place, or in FLORA's with a key.

    Raises:
        SettingsError: A rule of the settings names no method.
        IsolationError: Programs would be less isolated than the settings ask for.
    """
    async with AsyncExitStack() as stack:
        in_studio = settings.api_key is None
        studio = MountedStudio(directory=settings.data_directory / "studio")
        flora = await stack.enter_async_context(_flora(settings, backend, studio=studio))
        endpoints = answers if in_studio and backend is None else None
        methods = callable_methods(flora.methods, answers=endpoints, rules=flora.rules)
        sandbox = await stack.enter_async_context(Sandbox(exposure=exposure(methods)))
        await require_isolation(sandbox, settings.require_isolation)
        if in_studio and backend is None:
            await stack.enter_async_context(studio)
        store = OutputStore(
            directory=settings.data_directory / "outputs",
            fetch=lambda url, max_bytes: flora.fetch(url, max_bytes=max_bytes),
            fetch_errors=(FloraError,),
        )
        changes, pulse = Changes(), Pulse()
        stack.callback(changes.close)
        interval = STUDIO_POLL_SECONDS if in_studio else POLL_SECONDS
        runs = await stack.enter_async_context(
            Runs(flora=flora, settle=_settle(store, changes), interval_seconds=interval, pulse=pulse)
        )
        executions = await stack.enter_async_context(Executions(sandbox=sandbox, flora=flora, runs=runs, pulse=pulse))
        patience = Patience(pulse=pulse, budget_seconds=settings.time_budget_seconds)
        money = STUDIO_MONEY if in_studio else MONEY
        idle_cap = in_studio and settings.max_spend_usd is not None
        purse = Purse(spending=flora.spending, money=money, idle_cap=idle_cap)
        programs = Programs(runs=runs, store=store, patience=patience, purse=purse, rules=flora.rules)
        toolbox = Toolbox(
            [
                Execute(
                    executions=executions,
                    programs=programs,
                    budget_seconds=settings.time_budget_seconds,
                    methods=listing(methods),
                ),
                ListModels(flora=flora, money=money),
                Generate(flora=flora, runs=runs, store=store, patience=patience, purse=purse),
                Wait(executions=executions, programs=programs, runs=runs),
            ]
        )
        yield FloraServer(toolbox=toolbox, resources=Resources(store), changes=changes, on_interest=studio.warm)


def _flora(settings: Settings, backend: ASGIApp | None, *, studio: ASGIApp) -> Flora:
    try:
        rules = Rules.of(allow=settings.allow_methods, block=settings.block_methods, read_only=settings.read_only)
    except RulesError as exc:
        raise SettingsError(str(exc)) from exc
    ledger = Ledger(settings.data_directory / "ledger.sqlite3")
    if settings.api_key is None:
        return Flora(
            api_key=None,
            base_url=f"{STUDIO_URL}/api/v1",
            app=backend or studio,
            timeout_seconds=settings.timeout_seconds,
            poll_seconds=STUDIO_POLL_SECONDS,
            rules=rules,
            spending=Spending(ledger=ledger, money="studio"),
        )
    return Flora(
        api_key=settings.api_key,
        base_url=settings.base_url,
        app=backend,
        timeout_seconds=settings.timeout_seconds,
        max_retries=settings.max_retries,
        rules=rules,
        spending=Spending(
            cap_usd=settings.max_spend_usd, allow_unknown_prices=settings.allow_unknown_prices, ledger=ledger
        ),
    )


def _settle(store: OutputStore, changes: Changes) -> Settle:
    """Returns what is done with a completed run: its outputs are stored, then announced."""

    async def settle(run: RunState, model_id: str | None) -> None:
        try:
            outputs = await store.collect(run, model_id=model_id)
        except OutputError as exc:
            logger.warning("Outputs of %s could not be stored: %s", run.run_id, exc)
            return
        for failure in outputs.failures:
            logger.warning("An output of %s could not be stored: %s", run.run_id, failure.error)
        await changes.resources([output.uri for output in outputs])

    return settle
