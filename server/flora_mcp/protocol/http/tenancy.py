"""Whom a request over HTTP belongs to, and where it came in: from the door to the desk."""

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.types import Scope

from flora_mcp.protocol import Context
from flora_mcp.tenant import Tenant

TENANT = "flora.tenant"
"""In the scope of a request that was let in."""

BASE_URL = "flora.base_url"
"""In the scope of such a request: where its client reaches the server."""


def tenant_of(context: Context) -> Tenant:
    """Returns whom a call belongs to that came over HTTP; for `Opened.server`."""
    tenant = _request(context).scope[TENANT]
    assert isinstance(tenant, Tenant)
    return tenant


def base_url_of(context: Context) -> str:
    """Returns where the client of a call over HTTP reaches the server, without a slash at the end."""
    return str(_request(context).scope[BASE_URL])


def belonging(scope: Scope, tenant: Tenant, *, public_url: str | None) -> Scope:
    """Returns the scope of a request as one that belongs to the tenant.

    The SDK binds a session to the user who opened it, and answers others as if there were no such session.
    """
    # The SDK compares ids of clients; of the token it needs nothing, so the key does not travel in it.
    user = AuthenticatedUser(AccessToken(token="", client_id=tenant.id, scopes=[]))
    return {**scope, TENANT: tenant, BASE_URL: public_url or _own_address(scope), "user": user}


def _own_address(scope: Scope) -> str:
    url = URL(scope=scope)
    return f"{url.scheme}://{url.netloc}{scope.get('root_path', '')}".rstrip("/")


def _request(context: Context) -> Request:
    request = context.request
    assert isinstance(request, Request), "the call came over another transport"
    return request
