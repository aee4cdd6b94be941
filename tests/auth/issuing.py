"""An authorization server as tests make it: keys, tokens, and the documents that it would serve."""

import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from flora_mcp.auth.tokens import UnreachableError

ISSUER = "https://login.example.com/tenant"
RESOURCE = "https://flora.example.com/mcp"
JWKS = "https://login.example.com/keys"

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()


def public(key: Any, key_id: str | None = "k1", **facts: Any) -> dict[str, Any]:
    """Returns the public part as a JSON Web Key."""
    kinds: list[tuple[Any, Any]] = [(rsa.RSAPrivateKey, RSAAlgorithm), (ec.EllipticCurvePrivateKey, ECAlgorithm)]
    algorithm = next((each for kind, each in kinds if isinstance(key, kind)), OKPAlgorithm)
    found = json.loads(algorithm.to_jwk(key.public_key()))
    return {**found, **({} if key_id is None else {"kid": key_id}), **facts}


def claims(**changes: Any) -> dict[str, Any]:
    """Returns good claims with changes; None takes one out."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": RESOURCE, "sub": "ada", "iat": now, "exp": now + 300, "scope": "flora"}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def token(
    *,
    key: Any = RSA_KEY,
    algorithm: str = "RS256",
    key_id: str | None = "k1",
    typ: str | None = "at+jwt",
    **changes: Any,
) -> str:
    headers: dict[str, Any] = {"typ": typ} | ({} if key_id is None else {"kid": key_id})
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=headers)


class Documents:
    """What can be read of the issuer; an address that is not here does not answer."""

    def __init__(self, **documents: Any) -> None:
        self.documents: dict[str, Any] = {JWKS: {"keys": [public(RSA_KEY)]}, **documents}
        self.asked: list[str] = []

    async def read(self, url: str) -> object:
        self.asked.append(url)
        if url not in self.documents:
            raise UnreachableError(f"{url!r} cannot be read")
        return self.documents[url]
