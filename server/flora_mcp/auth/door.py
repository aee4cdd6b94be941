"""What stands in front of every request over HTTP.

```text
RefusedError    the request is not let in; carries what it is answered with
```
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from flora_mcp.tenant import Tenant

NAMES = {400: "invalid_request", 403: "insufficient_scope", 503: "temporarily_unavailable"}
"""What refusals are called that say nothing else; any other is `invalid_token`."""


class RefusedError(Exception):
    """The request is not let in.

    Attributes:
        status: 400, 401 or 403; 503 when nobody can tell now.
        headers: Such as `www-authenticate` and `retry-after`.
        error: The name of the refusal, as RFC 6749 and 6750 have them.
    """

    def __init__(
        self, message: str, *, status: int = 401, headers: Mapping[str, str] | None = None, error: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.error = error or NAMES.get(status, "invalid_token")


class Door(Protocol):
    """Tells from a request's headers whose it is."""

    async def admit(self, headers: Mapping[str, str]) -> Tenant:
        """Returns whom the request belongs to.

        Args:
            headers: By name in lower case.

        Raises:
            RefusedError: Nobody is known by what the headers carry.
        """
        ...


class Entrance(Door, Protocol):
    """A door, and what it says of itself to those outside."""

    @property
    def documents(self) -> Mapping[str, Mapping[str, object]]:
        """JSON that anybody may read, by path."""
        ...


class OpenDoor:
    """Lets everybody in as the one local tenant."""

    documents: Mapping[str, Mapping[str, object]] = MappingProxyType({})

    def __init__(self, local: Tenant) -> None:
        self._local = local

    async def admit(self, headers: Mapping[str, str]) -> Tenant:
        return self._local
