"""Whom a request over HTTP belongs to, from the door to the desk."""

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.requests import Request
from starlette.types import Scope

from flora_mcp.protocol import Context
from flora_mcp.tenant import Tenant

TENANT = "flora.tenant"
"""In the scope of a request that was let in."""


def tenant_of(context: Context) -> Tenant:
    """Returns whom a call belongs to that came over HTTP; for `Opened.server`."""
    request = context.request
    assert isinstance(request, Request), "the call came over another transport"
    tenant = request.scope[TENANT]
    assert isinstance(tenant, Tenant)
    return tenant


def belonging(scope: Scope, tenant: Tenant) -> Scope:
    """Returns the scope of a request as one that belongs to the tenant.

    The SDK binds a session to the user who opened it, and answers others as if there were no such session.
    """
    # The SDK compares ids of clients; of the token it needs nothing, so the key does not travel in it.
    user = AuthenticatedUser(AccessToken(token="", client_id=tenant.id, scopes=[]))
    return {**scope, TENANT: tenant, "user": user}
