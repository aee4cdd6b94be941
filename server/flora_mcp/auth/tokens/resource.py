"""What this server says of itself to clients that need a token: RFC 9728, and the challenge of a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

WELL_KNOWN = "/.well-known/oauth-protected-resource"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """This server as a protected resource."""

    url: str
    """Where MCP is spoken, such as `https://flora.example.com/mcp`."""
    issuer: str
    scopes: tuple[str, ...] = ()
    """What a token must allow."""

    @property
    def document(self) -> Mapping[str, object]:
        """The metadata."""
        found: dict[str, object] = {
            "resource": self.url,
            "authorization_servers": [self.issuer],
            "bearer_methods_supported": ["header"],
            "resource_name": "FLORA MCP server",
        }
        return found | ({"scopes_supported": list(self.scopes)} if self.scopes else {})

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the metadata is served: at the resource's own place, and at the root for clients that look there."""
        return tuple(dict.fromkeys((urlsplit(self.metadata_url).path, WELL_KNOWN)))

    @property
    def metadata_url(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{parts.path.rstrip('/')}"

    def challenge(self, error: str | None = None, description: str = "") -> Mapping[str, str]:
        """Returns the headers of a refusal.

        Args:
            error: As RFC 6750 names it; None when no token came.
            description: Of our own words only.
        """
        parts = ['realm="flora-mcp"']
        if error is not None:
            plain = description.replace("\\", "").replace('"', "'")
            parts += [f'error="{error}"', f'error_description="{plain}"']
        if self.scopes:
            parts.append(f'scope="{" ".join(self.scopes)}"')
        parts.append(f'resource_metadata="{self.metadata_url}"')
        return {"www-authenticate": f"Bearer {', '.join(parts)}"}
