"""Whose call it is."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """Everybody who works with the same key, or the one principal of a token. Nothing of one is seen by another."""

    id: str
    """Names the tenant in the shared database, in folders and for the sandbox. No key can be read off it."""

    api_key: str | None = field(default=None, repr=False)
    """The FLORA key of the tenant's calls; None works with the mounted studio. Never stored, never logged."""

    @property
    def in_studio(self) -> bool:
        """Whether money is studio credits, and nothing leaves the machine."""
        return self.api_key is None


LOCAL_ID = "local"
"""The one tenant of a server that serves one user: over standard input and output, or over HTTP without keys."""
