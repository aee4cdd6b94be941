"""Addresses that let in who holds them: of media, for a year and more, and of one upload, for minutes."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

DAY_SECONDS = 24 * 60 * 60

MEDIA_DAYS = 365
"""The least time that an address of media is good for (docs:assets: long-lived, not permanent)."""

MEDIA_ROUND_DAYS = 30
"""Addresses given within so many days are equal, so that who compares them, or caches by them, may."""

UPLOAD_SECONDS = 15 * 60

ASSET_FILE = "original"
"""The name of an asset's file in its address, known before the file is."""


@dataclass(frozen=True, kw_only=True)
class MediaAddress:
    """Which file of which run or asset an address names."""

    owner_id: str
    file_name: str


class Links:
    """Makes and checks signed addresses.

    Args:
        public_url: Where clients reach the studio.
        clock_ms: The wall clock, in Unix milliseconds.
    """

    def __init__(self, *, public_url: str, clock_ms: Callable[[], int]) -> None:
        self._public_url = public_url
        self._clock_ms = clock_ms
        self._secret = b""

    def use(self, secret: str) -> None:
        """Sets the key, which is kept with the data so that addresses survive a restart."""
        self._secret = secret.encode()

    def media(self, *, owner_id: str, file_name: str) -> str:
        """Returns the address of a file of a run or an asset."""
        step = MEDIA_ROUND_DAYS * DAY_SECONDS
        expires = (self._now() // step + 1) * step + MEDIA_DAYS * DAY_SECONDS
        path = f"/media/{owner_id}/{file_name}"
        return f"{self._public_url}{path}?{urlencode(self._signed(path, expires))}"

    def media_of(self, url: str) -> MediaAddress | None:
        """Returns what an address of this studio's own media names; None for any other address, or an expired one."""
        if not self.owns(url):
            return None
        parts = urlsplit(url)
        names = parts.path.split("/")
        if len(names) != 4 or not self.allows(parts.path, dict(parse_qsl(parts.query))):
            return None
        return MediaAddress(owner_id=names[2], file_name=names[3])

    def owns(self, url: str) -> bool:
        """Whether an address looks like one of this studio's media, good or not."""
        return url.startswith(f"{self._public_url}/media/")

    def upload(self, asset_id: str, *, expires_seconds: int) -> tuple[str, dict[str, str]]:
        """Returns the address that takes an asset's bytes, and the fields that must come with them."""
        path = f"/uploads/{asset_id}"
        return f"{self._public_url}{path}", self._signed(path, expires_seconds)

    def allows(self, path: str, given: Mapping[str, str]) -> bool:
        """Whether `expires` and `signature` are ours for this path, and not over."""
        expires, signature = given.get("expires", ""), given.get("signature", "")
        if not (expires.isascii() and expires.isdigit() and len(expires) < 16):
            return False
        right = self._signature(path, int(expires))
        return hmac.compare_digest(right.encode(), signature.encode()) and int(expires) > self._now()

    def _signed(self, path: str, expires: int) -> dict[str, str]:
        return {"expires": str(expires), "signature": self._signature(path, expires)}

    def _signature(self, path: str, expires: int) -> str:
        assert self._secret
        digest = hmac.digest(self._secret, f"{path}\n{expires}".encode(), hashlib.sha256)
        # Half of it, 128 bits, keeps addresses short: agents copy them.
        return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")

    def _now(self) -> int:
        return self._clock_ms() // 1000
