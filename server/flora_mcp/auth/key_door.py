"""Lets in whoever brings a FLORA key: what it can do is what the key can do."""

from collections.abc import Mapping
from types import MappingProxyType

from flora_mcp.auth.credentials import KEY_HEADER, key_of
from flora_mcp.auth.door import RefusedError
from flora_mcp.auth.ids import TenantIds
from flora_mcp.auth.vetting import Vetting
from flora_mcp.tenant import Tenant

CHALLENGE = 'Bearer realm="flora-mcp"'


class KeyDoor:
    """Makes one tenant of all who bring the same key. The key is passed on to the tenant's desk and kept nowhere.

    Args:
        ids: Makes the tenant's id.
        vetting: Says whether FLORA knows the key.
        local: Whom a request without a key belongs to; None refuses it.
    """

    documents: Mapping[str, Mapping[str, object]] = MappingProxyType({})

    def __init__(self, *, ids: TenantIds, vetting: Vetting, local: Tenant | None = None) -> None:
        self._ids = ids
        self._vetting = vetting
        self._local = local

    async def admit(self, headers: Mapping[str, str]) -> Tenant:
        """Returns whom the request belongs to.

        Raises:
            RefusedError: It brings no key, two different ones, or one that FLORA does not know.
        """
        try:
            key = key_of(headers)
        except RefusedError as exc:
            if exc.status != 401:
                raise
            raise RefusedError(str(exc), headers={"www-authenticate": CHALLENGE}) from exc
        if key is None:
            if self._local is not None:
                return self._local
            raise RefusedError(
                f"Send your FLORA API key, as 'Authorization: Bearer <key>' or '{KEY_HEADER}: <key>'.",
                headers={"www-authenticate": CHALLENGE},
            )
        tenant = Tenant(id=await self._ids.of_key(key), api_key=key)
        if not await self._vetting.is_good(tenant.id, key):
            raise RefusedError(
                "FLORA does not know this key. Copy it again, or make a new one in FLORA's settings.",
                headers={"www-authenticate": f'{CHALLENGE}, error="invalid_token"'},
            )
        return tenant
