"""The ids of tenants: always the same for the same caller, and no key can be read off or tried against them."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable

SecretOf = Callable[[], Awaitable[bytes]]
"""Finds the secret that all processes of a deployment share."""


class TenantIds:
    """Makes ids with the deployment's secret: who has the database without it cannot try keys against ids.

    Args:
        secret_of: Asked once.
    """

    def __init__(self, secret_of: SecretOf) -> None:
        self._secret_of = secret_of
        self._secret: bytes | None = None

    async def of_key(self, key: str) -> str:
        """Returns the id of everybody who works with this key."""
        return await self._id("key", key)

    async def of_principal(self, issuer: str, subject: str) -> str:
        """Returns the id of one principal, whatever key it works with."""
        return await self._id("principal", issuer, subject)

    async def _id(self, *parts: str) -> str:
        if self._secret is None:
            self._secret = await self._secret_of()
        # Lengths in front: no two lists of parts are written the same.
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
