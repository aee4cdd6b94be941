"""Whether a token is good: signed by the issuer, for this server, and still valid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from flora_mcp.auth.tokens.errors import TokenError
from flora_mcp.auth.tokens.key_set import KINDS, KeySet

LEEWAY_SECONDS = 30
"""How far the clocks of the issuer and this machine may be apart."""

TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""Types of tokens that open a resource (RFC 9068); identity, logout and proof tokens say that they are others."""

REQUIRED = ["exp", "iss", "aud", "sub"]

_BROKEN = (ValueError, TypeError, KeyError, OverflowError, RecursionError)
"""What nonsense in the place of a token can raise beside the library's own errors."""


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Whom a good token speaks for."""

    issuer: str
    subject: str
    scopes: frozenset[str]


class Verification:
    """Checks tokens of one issuer.

    Args:
        issuer: As it stands in `iss`.
        audiences: Names of this server, one of which stands in `aud`.
        keys: The issuer's.
    """

    def __init__(self, *, issuer: str, audiences: tuple[str, ...], keys: KeySet) -> None:
        self._issuer = issuer
        # The library would take any token without it.
        assert audiences, "a token must be for somebody"
        self._audiences = audiences
        self._keys = keys
        self._jwt = jwt.PyJWT(options={"enforce_minimum_key_length": True, "require": REQUIRED})

    async def principal(self, token: str) -> Principal:
        """Returns whom the token speaks for.

        Raises:
            TokenError: It is not good here.
            UnreachableError: The issuer's keys cannot be had.
        """
        algorithm, key_id = _header(token)
        key = await self._keys.find(key_id=key_id, algorithm=algorithm)
        claims = self._claims(token, key, algorithm)
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            raise TokenError("The token names no subject.")
        if "cnf" in claims:
            raise TokenError("The token is bound to a key of the client; this server takes plain bearer tokens only.")
        return Principal(issuer=self._issuer, subject=subject, scopes=_scopes(claims))

    def _claims(self, token: str, key: jwt.PyJWK, algorithm: str) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = self._jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._audiences,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
            )
        except jwt.ExpiredSignatureError as exc:
            raise TokenError("The token has expired. Get a new one.") from exc
        except jwt.InvalidAudienceError as exc:
            raise TokenError(f"The token is not for this server, {self._audiences[0]}.") from exc
        except jwt.InvalidIssuerError as exc:
            raise TokenError(f"The token is not of the issuer {self._issuer}.") from exc
        except jwt.MissingRequiredClaimError as exc:
            raise TokenError(f"The token lacks {exc.claim!r}.") from exc
        except (jwt.ImmatureSignatureError, jwt.InvalidIssuedAtError) as exc:
            raise TokenError("The token is not valid yet.") from exc
        except (jwt.PyJWTError, *_BROKEN) as exc:
            raise TokenError("The token is not signed by the issuer, or broken.") from exc
        return claims


def _header(token: str) -> tuple[str, str | None]:
    """Returns the algorithm and the key's id, which nobody has vouched for yet."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, *_BROKEN) as exc:
        raise TokenError("This is no JSON Web Token.") from exc
    algorithm, key_id, kind = header.get("alg"), header.get("kid"), header.get("typ", "jwt")
    if not isinstance(algorithm, str) or algorithm not in KINDS:
        raise TokenError(f"The token is signed in a way that is not accepted. Accepted are {', '.join(KINDS)}.")
    if not isinstance(kind, str) or kind.lower() not in TYPES:
        raise TokenError("The token is no access token.")
    return algorithm, key_id


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """Returns the scopes; `scp` is what some issuers call them."""
    given = claims.get("scope", claims.get("scp", ""))
    words = given.split() if isinstance(given, str) else given
    return frozenset(word for word in words if isinstance(word, str)) if isinstance(words, list) else frozenset()
