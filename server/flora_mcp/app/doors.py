"""The doors that a server over HTTP can have."""

import importlib
from typing import Literal

from flora_mcp.app.opening import Opened
from flora_mcp.auth import Entrance, KeyDoor, OpenDoor, TenantIds, UnansweredError, Vetting
from flora_mcp.auth.vetting import Ask
from flora_mcp.flora import ASGIApp, Flora
from flora_mcp.flora.errors import AuthenticationError, FloraError, PermissionDeniedError
from flora_mcp.settings import Settings

Kind = Literal["auto", "keys", "oauth", "none"]
"""`auto`: a key that is brought opens its own tenant, without one a request is the local tenant's; with an
authorization server in the settings it is `oauth`. `keys`: a key must be brought. `oauth`: a token must. `none`:
whoever comes is the local tenant."""

ASKING_SECONDS = 15.0


def door_of(
    kind: Kind, *, settings: Settings, opened: Opened, mcp_url: str, backend: ASGIApp | None = None
) -> Entrance:
    """Returns the door; its documents are to be served to anybody.

    Args:
        kind: Who is let in.
        settings: Where keys and tokens are from.
        opened: The local tenant, and the deployment's secret.
        mcp_url: Where clients speak MCP, as they write it.
        backend: Answers in FLORA's place.

    Raises:
        SettingsError: Tokens are to be taken, and the settings do not say whose, or the keys cannot be read.
    """
    if kind == "none":
        return OpenDoor(opened.local)

    async def secret() -> bytes:
        return await (await opened.state.tables()).secrets.get("tenants")

    ids = TenantIds(secret)
    if kind == "oauth" or (kind == "auto" and settings.oauth is not None):
        # What checks signatures takes its time to import, and few need it.
        door: Entrance = importlib.import_module("flora_mcp.app.token_door").token_door(settings, ids, mcp_url)
        return door
    local = opened.local if kind == "auto" else None
    return KeyDoor(ids=ids, vetting=Vetting(_asking(settings, backend)), local=local)


def _asking(settings: Settings, backend: ASGIApp | None) -> Ask:
    async def ask(key: str) -> bool:
        seconds = min(settings.timeout_seconds, ASKING_SECONDS)
        async with Flora(
            api_key=key, base_url=settings.base_url, app=backend, timeout_seconds=seconds, max_retries=1
        ) as flora:
            try:
                await flora.workspaces.list()
            except AuthenticationError:
                return False
            except PermissionDeniedError:
                return True  # FLORA knows whose it is
            except FloraError as exc:
                raise UnansweredError(str(exc)) from exc
        return True

    return ask
