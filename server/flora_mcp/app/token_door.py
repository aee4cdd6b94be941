"""The door that takes tokens; imported only where tokens are taken."""

from flora_mcp.auth import KeyFile, KeyFileError, TenantIds
from flora_mcp.auth.tokens import Issuer, KeySet, Resource, TokenDoor, Verification
from flora_mcp.settings import Settings, SettingsError


def token_door(settings: Settings, ids: TenantIds, mcp_url: str) -> TokenDoor:
    """Returns the door.

    Raises:
        SettingsError: The settings do not say whose tokens are taken, or the keys of principals cannot be read.
    """
    oauth = settings.oauth
    if oauth is None or settings.keys_file is None:
        missing = "FLORA_OAUTH_ISSUER" if oauth is None else "FLORA_KEYS_FILE"
        raise SettingsError(f"To let in by token, {missing} must be set: see flora-mcp --help.")
    keys = KeyFile(settings.keys_file)
    try:
        keys.check()
    except KeyFileError as exc:
        raise SettingsError(f"FLORA_KEYS_FILE is {str(settings.keys_file)!r}. {exc}") from exc
    url = mcp_url.rstrip("/")
    audiences = (oauth.audience,) if oauth.audience is not None else (url, f"{url}/")
    issuer = Issuer(oauth.issuer, jwks_url=oauth.jwks_url)
    return TokenDoor(
        resource=Resource(url=url, issuer=oauth.issuer, scopes=oauth.scopes),
        verification=Verification(issuer=oauth.issuer, audiences=audiences, keys=KeySet(issuer)),
        keys=keys,
        ids=ids,
    )
