"""The keys that tokens are signed with, read again every hour, and when an unknown one turns up."""

import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import anyio
import jwt

from flora_mcp.auth.tokens.errors import TokenError, UnreachableError
from flora_mcp.auth.tokens.issuer import Issuer

logger = logging.getLogger(__name__)

FRESH_SECONDS = 3600.0
STALE_SECONDS = 24 * 3600.0
"""So long known keys are used while the issuer cannot be reached."""

PAUSE_SECONDS = 30.0
"""Between two readings: whoever sends tokens of made-up keys must not make us ask the issuer each time."""

KINDS: Mapping[str, tuple[str, frozenset[str]]] = {
    **{name: ("RSA", frozenset()) for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")},
    "ES256": ("EC", frozenset({"P-256"})),
    "ES384": ("EC", frozenset({"P-384"})),
    "ES512": ("EC", frozenset({"P-521"})),
    "EdDSA": ("OKP", frozenset({"Ed25519", "Ed448"})),
}
"""The algorithms that are accepted, with the kind and the curves of their keys. None that shares a secret."""


class KeySet:
    """Finds the key that a token says it was signed with.

    Args:
        issuer: Whose keys these are.
        clock: Seconds.
    """

    def __init__(self, issuer: Issuer, *, clock: Callable[[], float] = monotonic) -> None:
        self._issuer = issuer
        self._clock = clock
        self._keys: list[dict[str, Any]] = []
        self._made: dict[tuple[str | None, str], jwt.PyJWK] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._reading = anyio.Lock()

    async def find(self, *, key_id: str | None, algorithm: str) -> jwt.PyJWK:
        """Returns the key.

        Raises:
            TokenError: The issuer has no such key.
            UnreachableError: The issuer's keys cannot be had.
        """
        found = self._known(key_id, algorithm)
        old = self._since(self._read_at) >= FRESH_SECONDS
        # While one reads again, the others go on with what is known.
        if found is None or (old and not self._reading.locked()):
            async with self._reading:
                await self._renew(missing=self._known(key_id, algorithm) is None)
            found = self._known(key_id, algorithm)
        if found is None:
            raise TokenError("The token was not signed with a key of the issuer.")
        return found

    async def _renew(self, *, missing: bool) -> None:
        """Reads the keys, unless they are good enough or were just asked for."""
        old = self._since(self._read_at) >= FRESH_SECONDS
        if not (missing or old):
            return
        if self._since(self._tried_at) < PAUSE_SECONDS:
            self._require_usable(None)
            return
        self._tried_at = self._clock()
        try:
            self._keys, self._made = await self._issuer.keys(), {}
        except UnreachableError as exc:
            self._require_usable(exc)
            logger.warning("The issuer's keys cannot be read, those known are used: %s", exc)
        else:
            self._read_at = self._clock()

    def _require_usable(self, trouble: UnreachableError | None) -> None:
        if self._since(self._read_at) >= STALE_SECONDS:
            raise UnreachableError("The issuer's keys cannot be read, and none are known.") from trouble

    def _known(self, key_id: str | None, algorithm: str) -> jwt.PyJWK | None:
        made = self._made.get((key_id, algorithm))
        if made is not None:
            return made
        suiting = [key for key in self._keys if _suits(key, algorithm)]
        if key_id is not None:
            suiting = [key for key in suiting if key.get("kid") == key_id]
        # Without an id there must be no choice.
        if len(suiting) != 1:
            return None
        try:
            made = jwt.PyJWK(suiting[0], algorithm=algorithm)
        except (jwt.PyJWTError, ValueError, TypeError) as exc:
            logger.warning("A key of the issuer cannot be used: %s", type(exc).__name__)
            return None
        self._made[key_id, algorithm] = made
        return made

    def _since(self, moment: float | None) -> float:
        return float("inf") if moment is None else self._clock() - moment


def _suits(key: Mapping[str, Any], algorithm: str) -> bool:
    kind, curves = KINDS[algorithm]
    operations = key.get("key_ops")
    return (
        key.get("kty") == kind
        and (not curves or key.get("crv") in curves)
        and key.get("alg", algorithm) == algorithm
        and key.get("use", "sig") == "sig"
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
    )
