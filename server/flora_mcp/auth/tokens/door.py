"""Lets in whoever brings a good token, as the principal that it speaks for."""

import logging
from collections.abc import Mapping

from flora_mcp.auth.credentials import KEY_HEADER, bearer_of
from flora_mcp.auth.door import RefusedError
from flora_mcp.auth.ids import TenantIds
from flora_mcp.auth.key_file import KeyFile, KeyFileError
from flora_mcp.auth.tokens.errors import TokenError, UnreachableError
from flora_mcp.auth.tokens.resource import Resource
from flora_mcp.auth.tokens.verification import Principal, Verification
from flora_mcp.tenant import Tenant

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 10


class TokenDoor:
    """Makes each principal a tenant of its own, with the key that the operator has given it.

    The token is for this server only: it goes to nobody else, FLORA is asked with the principal's key.

    Args:
        resource: What this server says of itself.
        verification: Checks tokens.
        keys: The keys of principals.
        ids: Makes the tenants' ids.
    """

    def __init__(self, *, resource: Resource, verification: Verification, keys: KeyFile, ids: TenantIds) -> None:
        self.resource = resource
        self._verification = verification
        self._keys = keys
        self._ids = ids

    @property
    def documents(self) -> Mapping[str, Mapping[str, object]]:
        """The metadata of the resource, wherever clients look for it."""
        return dict.fromkeys(self.resource.paths, self.resource.document)

    async def admit(self, headers: Mapping[str, str]) -> Tenant:
        """Returns whom the request belongs to.

        Raises:
            RefusedError: It brings no token, or none that is good here and allows enough; or its principal has no key.
        """
        try:
            token = bearer_of(headers)
        except RefusedError as exc:
            raise RefusedError(str(exc), status=exc.status, headers=self.resource.challenge()) from exc
        if token is None:
            raise RefusedError("Send a token: 'Authorization: Bearer <token>'.", headers=self.resource.challenge())
        if KEY_HEADER in headers:
            raise RefusedError(f"Take {KEY_HEADER} out: this server has the key of who the token is for.", status=400)
        principal = await self._principal(token)
        missing = [scope for scope in self.resource.scopes if scope not in principal.scopes]
        if missing:
            message = f"The token does not allow {' '.join(missing)}."
            challenge = self.resource.challenge("insufficient_scope", message)
            raise RefusedError(message, status=403, headers=challenge)
        return Tenant(
            id=await self._ids.of_principal(principal.issuer, principal.subject), api_key=await self._key(principal)
        )

    async def _principal(self, token: str) -> Principal:
        try:
            return await self._verification.principal(token)
        except TokenError as exc:
            logger.info("Refused a token: %s", exc)
            raise RefusedError(str(exc), headers=self.resource.challenge("invalid_token", str(exc))) from exc
        except UnreachableError as exc:
            logger.error("Tokens cannot be checked: %s", exc)
            raise _later("Tokens cannot be checked now. Try again in a while.") from exc

    async def _key(self, principal: Principal) -> str:
        try:
            key = await self._keys.find(principal.issuer, principal.subject)
        except KeyFileError as exc:
            logger.error("Nobody can be let in: %s", exc)
            raise _later("This server cannot look up your key now. Try again in a while.") from exc
        if key is None:
            logger.warning("No key for the principal %r", principal.subject[:200])
            message = "This server has no FLORA key for you. Ask whoever runs it to add one."
            raise RefusedError(message, status=403, error="access_denied")
        return key


def _later(message: str) -> RefusedError:
    return RefusedError(message, status=503, headers={"retry-after": str(RETRY_AFTER_SECONDS)})
