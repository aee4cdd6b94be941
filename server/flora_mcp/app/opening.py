"""Opens a server and all it needs."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from code_sandbox import Sandbox
from flora_mcp.app.desk import Desk
from flora_mcp.app.desks import Desks
from flora_mcp.app.files import roots_of
from flora_mcp.app.pickup import Pickup
from flora_mcp.app.readiness import checks_of
from flora_mcp.app.shared import Shared
from flora_mcp.executions import Intervals, callable_methods, exposure
from flora_mcp.flora import METHODS, ASGIApp, Rules, RulesError
from flora_mcp.flora.methods import MethodEntry
from flora_mcp.icons import SERVER_ICON
from flora_mcp.isolation import require_isolation
from flora_mcp.mounted import MountedStudio
from flora_mcp.outputs import Addresses, Shelf
from flora_mcp.protocol import Context, FloraServer, News, instructions
from flora_mcp.settings import Settings, SettingsError
from flora_mcp.state import State
from flora_mcp.studio.endpoints import answers
from flora_mcp.tenant import LOCAL_ID, Tenant
from flora_mcp.tools import Offer, OfferError

USUAL = Intervals()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a transport needs."""

    desks: Desks
    state: State
    addresses: Addresses
    """Where answers say that outputs can be had."""
    pickup: Pickup
    """What is there to be had."""
    local: Tenant
    """Whose calls carry no key of their own."""
    offer: Offer
    checks: Mapping[str, Callable[[], Awaitable[None]]]
    """What must work for the server to be of use, by name; each raises if it does not."""

    def server(
        self,
        tenant_of: Callable[[Context], Tenant],
        *,
        base_url_of: Callable[[Context], str | None] = lambda _: None,
    ) -> FloraServer:
        """Returns the MCP server, which works for whomever a request belongs to.

        Args:
            tenant_of: Whose a request is.
            base_url_of: Where the one who asks reaches this server over HTTP: answers name addresses of outputs
                below it instead of paths.
        """

        @asynccontextmanager
        async def desk_of(context: Context) -> AsyncIterator[Desk]:
            with self.addresses.at(base_url_of(context)):
                async with self.desks.use(tenant_of(context)) as desk:
                    yield desk

        return FloraServer(
            desk_of=desk_of,
            instructions=instructions(self.offer.names, read_only=self.offer.read_only),
            icons=[SERVER_ICON],
        )


@asynccontextmanager
async def open_app(
    settings: Settings, *, backend: ASGIApp | None = None, intervals: Intervals = USUAL
) -> AsyncIterator[FloraServer]:
    """Opens a server for one user, and closes it in the reverse order: programs, runs, studio.

    Args:
        settings: Without a key in them, the studio answers.
        backend: Answers in the studio's place, or in FLORA's with a key.
        intervals: How long executions wait for each other.

    Raises:
        SettingsError: A rule of the settings names no method, or no tool.
        IsolationError: Programs would be less isolated than the settings ask for.
    """
    async with open_desks(settings, backend=backend, alone=True, intervals=intervals) as opened:
        yield opened.server(lambda _: opened.local)


@asynccontextmanager
async def open_desks(
    settings: Settings,
    *,
    backend: ASGIApp | None = None,
    public_url: str | None = None,
    alone: bool = False,
    intervals: Intervals = USUAL,
) -> AsyncIterator[Opened]:
    """Opens what all tenants share, and the room for their desks.

    Args:
        settings: Without a key in them, the studio answers the local tenant.
        backend: Answers in the studio's place, or in FLORA's with a key.
        alone: One user begins and ends the server: spending is counted from its start, not by all who share the state.
        public_url: Where everybody reaches this server over HTTP; by default each where its request came in.

    Raises:
        SettingsError: A rule of the settings names no method, or no tool.
        IsolationError: Programs would be less isolated than the settings ask for.
    """
    async with AsyncExitStack() as stack:
        studio = MountedStudio(directory=settings.data_directory / "studio")
        rules = _rules(settings)
        offer = _offer(settings, rules)
        methods = _methods(rules, only_studio=alone and backend is None and settings.api_key is None)
        sandbox = await stack.enter_async_context(Sandbox(exposure=exposure(methods)))
        await require_isolation(sandbox, settings.require_isolation)
        if backend is None:
            await stack.enter_async_context(studio)
        state = State(settings.database_url)
        stack.callback(state.close)
        news = await stack.enter_async_context(News(state))
        addresses = Addresses(public_url)
        shared = Shared(
            settings=settings,
            sandbox=sandbox,
            state=state,
            news=news,
            shelf=_shelf(settings, state, addresses),
            intervals=intervals,
            alone=alone,
            roots=roots_of(settings, alone=alone),
            rules=rules,
            methods=methods,
            offer=offer,
            backend=backend,
            studio=studio if backend is None else backend,
            warm=studio.warm if backend is None else lambda: None,
        )
        desks = await stack.enter_async_context(Desks(shared))
        local = Tenant(id=LOCAL_ID, api_key=settings.api_key)
        yield Opened(
            desks=desks,
            state=state,
            addresses=addresses,
            pickup=Pickup(shared),
            local=local,
            offer=offer,
            checks=checks_of(state, sandbox),
        )


def _rules(settings: Settings) -> Rules:
    try:
        return Rules.of(allow=settings.allow_methods, block=settings.block_methods, read_only=settings.read_only)
    except RulesError as exc:
        raise SettingsError(str(exc)) from exc


def _methods(rules: Rules, *, only_studio: bool) -> tuple[MethodEntry, ...]:
    """Returns what programs may call. Over HTTP tenants bring keys of their own, and have what FLORA has."""
    return callable_methods(METHODS, answers=answers if only_studio else None, rules=rules)


def _shelf(settings: Settings, state: State, addresses: Addresses) -> Shelf:
    return Shelf(
        directory=settings.data_directory / "outputs",
        state=state,
        room_bytes=settings.output_bytes,
        output_directory=settings.output_directory,
        addresses=addresses,
    )


def _offer(settings: Settings, rules: Rules) -> Offer:
    try:
        return Offer.of(only=settings.tools, without=settings.no_tools, rules=rules, read_only=settings.read_only)
    except OfferError as exc:
        raise SettingsError(str(exc)) from exc
