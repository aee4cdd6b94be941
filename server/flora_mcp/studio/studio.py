"""The studio: one data directory, its database, its runs, and the ASGI application over them."""

import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import anyio
import anyio.to_thread
import sqlalchemy as sa
from starlette.types import ASGIApp

from flora_mcp.studio.admission import Access
from flora_mcp.studio.app import create_app
from flora_mcp.studio.callers import Role
from flora_mcp.studio.catalog import ActionCatalog, Catalog, load_actions, load_catalog
from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.data import database_of, prepare
from flora_mcp.studio.ids import IdSource, RandomIds
from flora_mcp.studio.intake import Intake
from flora_mcp.studio.links import Links
from flora_mcp.studio.media import MEDIA, FolderMedia, MediaStore
from flora_mcp.studio.renderers import RenderHost, RenderProcesses
from flora_mcp.studio.routes.context import Context
from flora_mcp.studio.runs.crew import LEASE_SECONDS
from flora_mcp.studio.runs.delivery import Delivery
from flora_mcp.studio.runs.dispatcher import POLL_SECONDS, REST_SECONDS, Dispatcher
from flora_mcp.studio.runs.generation import Generation
from flora_mcp.studio.runs.membership import membership_of
from flora_mcp.studio.runs.technique import TechniqueRun
from flora_mcp.studio.store import about, folders, idempotency, techniques, webhooks, workspaces
from flora_mcp.studio.store.access import Member, add_member, issue_key
from flora_mcp.studio.techniques import read_technique
from flora_mcp.studio.upkeep import keep_up
from flora_mcp.studio.web import Web

PUBLIC_URL = "http://studio.localhost"
"""The address of a studio that only this process reaches."""

WORKSPACE_RUNS = 16
"""How many runs of one workspace go on at once by default (choice). Workspaces take turns below it too."""


class Studio:
    """A FLORA-compatible API whose runs survive the death of its process.

    Several processes may open the same directory: one of them leads and renders, the others answer
    requests and take over when it dies. Everything works from `async with` on; `app` needs no ASGI
    lifespan.

    Args:
        directory: Where everything is kept; created when missing.
        public_url: Where clients reach `app`, for the URLs in answers; its path must be empty.
        database_url: A SQLAlchemy URL, by default a SQLite file in `directory`.
        renderers: What renders; closed with the studio. By default render processes.
        catalog: The models offered.
        ids: Where ids and seeds come from.
        clock_ms: The wall clock, in Unix milliseconds.
        access: To whom it is open; by default to everybody who reaches it.
        web: What fetches the files that users name by their address, and delivers webhooks.
        media: Where files are kept; by default a folder in `directory`.
        poll_seconds: How often other processes' runs and a dead leader are noticed.
        rest_seconds: How long after the last run the workflow engine is stopped.
        lease_seconds: With PostgreSQL, after how long a silent process is taken for dead; the same for each.
        workspace_runs: How many runs of one workspace go on at once, on all machines.
        works: Whether this process does jobs; otherwise it only answers, and others must.
    """

    def __init__(
        self,
        *,
        directory: Path,
        public_url: str = PUBLIC_URL,
        database_url: str | None = None,
        renderers: RenderHost | None = None,
        catalog: Catalog | None = None,
        ids: IdSource | None = None,
        clock_ms: Callable[[], int] = wall_ms,
        web: Web | None = None,
        media: MediaStore | None = None,
        access: Access | None = None,
        poll_seconds: float = POLL_SECONDS,
        rest_seconds: float = REST_SECONDS,
        lease_seconds: float = LEASE_SECONDS,
        workspace_runs: int = WORKSPACE_RUNS,
        works: bool = True,
    ) -> None:
        self.public_url = public_url.rstrip("/")
        self._directory = directory.absolute()
        self._renderers = renderers or RenderProcesses()
        self._ids = ids or RandomIds()
        self._clock_ms = clock_ms
        self._database = database_of(self._directory, database_url)
        self._membership = membership_of(self._database, directory=self._directory, lease_seconds=lease_seconds)
        self._workspace_runs = workspace_runs
        self._does_jobs = works
        media = media or FolderMedia(self._directory / MEDIA)
        self._media = media
        web = web or Web()
        catalog, actions = catalog or load_catalog(), load_actions()
        links = Links(public_url=self.public_url, clock_ms=clock_ms)
        self._dispatcher = Dispatcher(
            database=self._database,
            works=self._works(media=media, web=web, catalog=catalog, actions=actions),
            renderers=self._renderers,
            membership=self._membership,
            poll_seconds=poll_seconds,
            rest_seconds=rest_seconds,
        )
        self._context = Context(
            database=self._database,
            media=media,
            links=links,
            intake=Intake(database=self._database, media=media, links=links, web=web),
            web=web,
            catalog=catalog,
            actions=actions,
            ids=self._ids,
            clock_ms=clock_ms,
            public_url=self.public_url,
            wake=self._dispatcher.wake,
        )
        self.app: ASGIApp = create_app(self._context, access=access or Access())
        self._stack = AsyncExitStack()

    @property
    def base_url(self) -> str:
        """What a FLORA client takes as its base URL."""
        return f"{self.public_url}/api/v1"

    @property
    def leads(self) -> bool:
        """Whether this process runs runs: of those that share a directory, one does; with PostgreSQL, each."""
        return self._membership.held

    async def create_workspace(self, name: str) -> str:
        """Adds a workspace, which FLORA's API cannot, and returns its id."""
        workspace_id = self._ids.new("ws_")
        create = partial(workspaces.create, workspace_id=workspace_id, name=name, now_ms=self._clock_ms())
        await self._database.write(create)
        return workspace_id

    async def create_key(self, *, workspace_id: str, name: str, role: Role = "member") -> str:
        """Adds a member with a name and a role to a workspace, which FLORA's API cannot, and returns their key.

        Raises:
            RefusedError: The workspace has a member of this name.
            ApiError: There is no such workspace.
        """
        member = Member(member_id=self._ids.new("mem_"), workspace_id=workspace_id, name=name, role=role)
        key_id, now_ms = self._ids.new("key_"), self._clock_ms()

        def work(connection: sa.Connection) -> str:
            workspaces.get(connection, workspace_id)
            add_member(connection, member, now_ms=now_ms)
            return issue_key(connection, key_id=key_id, member_id=member.member_id, now_ms=now_ms)

        return await self._database.write(work)

    async def create_folder(self, name: str, *, workspace_id: str) -> str:
        """Adds a folder of projects, which FLORA's API cannot, and returns its id.

        Raises:
            ApiError: There is no such workspace.
        """
        folder_id = self._ids.new("fld_")
        create = partial(
            folders.create, folder_id=folder_id, workspace_id=workspace_id, name=name, now_ms=self._clock_ms()
        )
        await self._database.write(create)
        return folder_id

    async def add_technique(self, content: bytes, *, workspace_id: str) -> str:
        """Adds a technique, or replaces the one of its slug, which FLORA's API cannot, and returns its id.

        Args:
            content: A technique file.
            workspace_id: Whose it is to be.

        Raises:
            UnusableTechniqueError: It holds no technique that this studio can run.
            ApiError: There is no such workspace, or the slug is taken elsewhere.
        """
        context = self._context
        definition = read_technique(content, source="This file", catalog=context.catalog, actions=context.actions)
        technique_id, now_ms = self._ids.new("tech_"), self._clock_ms()

        def work(connection: sa.Connection) -> str:
            workspaces.get(connection, workspace_id)
            return techniques.put(
                connection, definition, technique_id=technique_id, workspace_id=workspace_id, now_ms=now_ms
            )

        return await self._database.write(work)

    async def create_webhook_secret(self, *, workspace_id: str) -> str:
        """Makes the secret that signs a workspace's webhooks and returns it; the one before signs on for a day.

        Raises:
            ApiError: There is no such workspace.
        """
        replace = partial(webhooks.replace_secret, workspace_id=workspace_id, now_ms=self._clock_ms())
        return await self._database.write(replace)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            # First, since opening may fail, or be cancelled, when the database is already open.
            stack.push_async_callback(self._close)
            await anyio.to_thread.run_sync(self._open)
            tasks = await stack.enter_async_context(anyio.create_task_group())
            stack.callback(tasks.cancel_scope.cancel)
            if self._does_jobs:
                tasks.start_soon(self._dispatcher.run)
            tasks.start_soon(partial(keep_up, self._database, clock_ms=self._clock_ms))
            self._stack = stack.pop_all()
        self._context.open = True
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._context.open = False
        # Not handed to the task group, which would wrap the caller's error in a group.
        await self._stack.aclose()

    def _works(
        self, *, media: MediaStore, web: Web, catalog: Catalog, actions: ActionCatalog
    ) -> tuple[Generation, TechniqueRun, Delivery]:
        database, renderers, clock_ms = self._database, self._renderers, self._clock_ms
        most = self._workspace_runs
        return (
            Generation(
                database=database,
                media=media,
                renderers=renderers,
                ids=self._ids,
                clock_ms=clock_ms,
                workspace_runs=most,
            ),
            TechniqueRun(
                database=database,
                media=media,
                renderers=renderers,
                catalog=catalog,
                actions=actions,
                clock_ms=clock_ms,
                workspace_runs=most,
            ),
            Delivery(database=database, web=web, clock_ms=clock_ms),
        )

    def _open(self) -> None:
        self._media.sweep()
        prepare(self._database, directory=self._directory, ids=self._ids, now_ms=self._clock_ms())
        with self._database.writing() as connection:
            idempotency.sweep(connection, now_ms=self._clock_ms())
            self._context.links.use(about.secret(connection, fresh=secrets.token_urlsafe(32)))

    async def _close(self) -> None:
        # Renders are killed, not awaited: their runs stay unfinished and the next start takes them up.
        with anyio.CancelScope(shield=True):
            async with AsyncExitStack() as rest:
                rest.push_async_callback(anyio.to_thread.run_sync, self._database.close)
                rest.push_async_callback(self._dispatcher.close)
                await anyio.to_thread.run_sync(self._renderers.close)
