"""All that one tenant's requests work with."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from flora_mcp.app.clients import STUDIO_POLL_SECONDS, flora_of
from flora_mcp.app.shared import Shared
from flora_mcp.docs_search import Docs
from flora_mcp.executions import Executions, Pulse, Runs, Tellings, TrackedRun, groups, listing
from flora_mcp.executions.runs import Settle
from flora_mcp.flora import Flora
from flora_mcp.flora.client import POLL_SECONDS
from flora_mcp.flora.errors import FloraError
from flora_mcp.outputs import OutputError, OutputStore, OwnAddresses
from flora_mcp.prompts import Prompts, recipes
from flora_mcp.protocol import Changes
from flora_mcp.resources import Choices, Resources, families, run_uri
from flora_mcp.tenant import Tenant
from flora_mcp.tools import (
    Execute,
    Generate,
    ListModels,
    Patience,
    Programs,
    Purse,
    SearchDocs,
    Show,
    Sights,
    Toolbox,
    Upload,
    Wait,
    Wishes,
)
from flora_mcp.uploads import Uploads

logger = logging.getLogger(__name__)

MONEY = "USD"
STUDIO_MONEY = "USD of studio credits (no real money)"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One tenant's tools, resources and news. Nothing in it is shared with another tenant's but what is in `Shared`."""

    tenant: Tenant
    toolbox: Toolbox
    resources: Resources
    prompts: Prompts
    changes: Changes
    executions: Executions
    runs: Runs
    uploads: Uploads
    warm: Callable[[], None]
    """Makes ready what the first call needs; returns at once."""

    @property
    def tellings(self) -> Tellings:
        """What answers have told of programs and wishes."""
        return self.executions.tellings

    @property
    def busy(self) -> bool:
        """Whether a program, a run or an upload is under way: such a desk is not closed for being idle."""
        return self.executions.running > 0 or self.runs.unsettled > 0 or self.uploads.running > 0


@asynccontextmanager
async def open_desk(tenant: Tenant, shared: Shared) -> AsyncIterator[Desk]:
    """Opens a tenant's desk, and closes it in the reverse order: programs, runs, connections."""
    settings = shared.settings
    async with AsyncExitStack() as stack:
        flora = await stack.enter_async_context(flora_of(tenant, shared))
        store = _store(flora, tenant, shared)
        changes, pulse = shared.news.changes(tenant.id), Pulse()
        runs = await stack.enter_async_context(_runs(flora, store, changes, pulse, tenant))
        docs = await stack.enter_async_context(Docs(flora=flora, methods=shared.methods))
        executions = await stack.enter_async_context(
            Executions(
                sandbox=shared.sandbox,
                flora=flora,
                runs=runs,
                pulse=pulse,
                tenant=tenant,
                state=shared.state,
                explain=docs.answer,
                intervals=shared.intervals,
            )
        )
        uploads = await stack.enter_async_context(Uploads(flora=flora, state=shared.state, tenant_id=tenant.id))
        own, roots = OwnAddresses(shelf=shared.shelf, store=store, tenant=tenant.id), shared.roots
        patience = Patience(pulse=pulse, budget_seconds=settings.time_budget_seconds)
        purse = _purse(flora, tenant, shared)
        programs = Programs(
            executions=executions, runs=runs, store=store, patience=patience, purse=purse, rules=flora.rules
        )
        wishes = Wishes(executions=executions, runs=runs, store=store, patience=patience, purse=purse)
        toolbox = Toolbox(
            [
                Execute(
                    executions=executions,
                    programs=programs,
                    budget_seconds=settings.time_budget_seconds,
                    methods=(listing if shared.rules.refusals else groups)(shared.methods),
                ),
                SearchDocs(docs),
                ListModels(flora=flora, money=purse.money),
                Generate(flora=flora, runs=runs, executions=executions, wishes=wishes),
                Wait(executions=executions, programs=programs, wishes=wishes, runs=runs),
                Show(sights=Sights(flora=flora, store=store, runs=runs, roots=roots, own=own), patience=patience),
                Upload(flora=flora, store=store, uploads=uploads, roots=roots, own=own, patience=patience),
            ],
            offer=shared.offer,
        )
        choices = Choices(flora=flora, store=store)
        yield Desk(
            tenant=tenant,
            toolbox=toolbox,
            resources=Resources(families(flora=flora, store=store, runs=runs, choices=choices, docs=docs)),
            prompts=Prompts(recipes(choices), tools=shared.offer.names, rules=shared.rules),
            changes=changes,
            executions=executions,
            runs=runs,
            uploads=uploads,
            warm=_warm(tenant, shared, executions),
        )


def _warm(tenant: Tenant, shared: Shared, executions: Executions) -> Callable[[], None]:
    def warm() -> None:
        executions.warm()
        if tenant.in_studio:
            shared.warm()

    return warm


def _store(flora: Flora, tenant: Tenant, shared: Shared) -> OutputStore:
    return OutputStore(
        shelf=shared.shelf,
        tenant=tenant.id,
        fetch=lambda url, max_bytes: flora.fetch(url, max_bytes=max_bytes),
        fetch_errors=(FloraError,),
    )


def _runs(flora: Flora, store: OutputStore, changes: Changes, pulse: Pulse, tenant: Tenant) -> Runs:
    return Runs(
        flora=flora,
        settle=_settle(store, changes),
        changed=lambda run_id: changes.updated(run_uri(run_id)),
        interval_seconds=STUDIO_POLL_SECONDS if tenant.in_studio else POLL_SECONDS,
        pulse=pulse,
    )


def _purse(flora: Flora, tenant: Tenant, shared: Shared) -> Purse:
    return Purse(
        spending=flora.spending,
        money=STUDIO_MONEY if tenant.in_studio else MONEY,
        idle_cap=tenant.in_studio and shared.settings.max_spend_usd is not None,
    )


def _settle(store: OutputStore, changes: Changes) -> Settle:
    """Returns what is done with a completed run: its outputs are stored, then announced."""

    async def settle(run: TrackedRun) -> None:
        assert run.state is not None
        try:
            outputs = await store.collect(run.state, model_id=run.model_id, prompt=run.prompt)
        except OutputError as exc:
            logger.warning("Outputs of %s could not be stored: %s", run.run_id, exc)
            return
        for failure in outputs.failures:
            logger.warning("An output of %s could not be stored: %s", run.run_id, failure.error)
        await changes.outputs([output.uri for output in outputs])

    return settle
