"""A token opens the tenant of its principal; whatever is wrong with it, it opens nothing."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from auth.issuing import (
    EC_KEY,
    ED_KEY,
    ISSUER,
    JWKS,
    OTHER_RSA_KEY,
    RESOURCE,
    RSA_KEY,
    Documents,
    claims,
    public,
    token,
)
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from flora_mcp.auth import KeyFile, RefusedError, TenantIds
from flora_mcp.auth.tokens import Issuer, KeySet, Resource, TokenDoor, Verification

KEYS = {"ada": "sk_live_ada", f"{ISSUER} bob": "sk_live_bob", "eve": "sk_live_bob"}
METADATA = "https://flora.example.com/.well-known/oauth-protected-resource/mcp"


class Lobby:
    """A door, and what is behind it."""

    def __init__(
        self,
        folder: Path,
        *keys: dict[str, Any],
        scopes: tuple[str, ...] = (),
        issuer: str = ISSUER,
        jwks_url: str | None = JWKS,
    ) -> None:
        self.file = folder / "keys.json"
        self.write(json.dumps(KEYS))
        self.seconds = 0.0
        self.issuer = Documents(**({JWKS: {"keys": list(keys)}} if keys else {}))
        key_set = KeySet(Issuer(issuer, jwks_url=jwks_url, read=self.issuer.read), clock=lambda: self.seconds)
        self.door = TokenDoor(
            resource=Resource(url=RESOURCE, issuer=issuer, scopes=scopes),
            verification=Verification(issuer=issuer, audiences=(RESOURCE, f"{RESOURCE}/"), keys=key_set),
            keys=KeyFile(self.file),
            ids=TenantIds(_secret),
        )

    def write(self, text: str, mode: int = 0o600) -> None:
        self.file.unlink(missing_ok=True)
        self.file.write_text(text)
        self.file.chmod(mode)

    async def admit(self, bearer: str, **headers: str) -> Any:
        return await self.door.admit({"authorization": f"Bearer {bearer}", **headers})

    async def refusal(self, bearer: str, **headers: str) -> RefusedError:
        with pytest.raises(RefusedError) as caught:
            await self.admit(bearer, **headers)
        assert bearer not in f"{caught.value} {caught.value.headers}"
        return caught.value


async def _secret() -> bytes:
    return b"s"


async def test_each_principal_is_a_tenant_even_with_the_same_key(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    tenants = [await lobby.admit(token(sub=name)) for name in ("ada", "bob", "eve", "ada")]
    assert [tenant.api_key for tenant in tenants] == ["sk_live_ada", "sk_live_bob", "sk_live_bob", "sk_live_ada"]
    assert len({tenant.id for tenant in tenants}) == 3
    assert tenants[0].id == tenants[3].id
    assert lobby.issuer.asked == [JWKS]


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA_KEY, "RS256"), (RSA_KEY, "RS512"), (RSA_KEY, "PS256"), (EC_KEY, "ES256"), (ED_KEY, "EdDSA")],
)
@pytest.mark.parametrize("key_id", ["k1", None])
async def test_the_ways_of_signing_that_are_accepted(
    tmp_path: Path, key: Any, algorithm: str, key_id: str | None
) -> None:
    lobby = Lobby(tmp_path, public(key, key_id))
    assert (await lobby.admit(token(key=key, algorithm=algorithm, key_id=key_id))).api_key == "sk_live_ada"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["https://other.example.com", RESOURCE]},
        {"aud": f"{RESOURCE}/"},
        {"typ": "JWT"},
        {"scope": None, "scp": ["flora"]},
        {"nbf": 0},
    ],
)
async def test_what_issuers_do_differently_is_understood(tmp_path: Path, changes: dict[str, Any]) -> None:
    lobby = Lobby(tmp_path, scopes=("flora",))
    assert (await lobby.admit(token(**changes))).api_key == "sk_live_ada"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": 1_700_000_000}, "expired"),
        ({"exp": None}, "'exp'"),
        ({"exp": "soon"}, "broken"),
        ({"nbf": 9_999_999_999}, "not valid yet"),
        ({"iat": 9_999_999_999}, "not valid yet"),
        ({"aud": "https://other.example.com/mcp"}, f"not for this server, {RESOURCE}"),
        ({"aud": "https://flora.example.com/mcp2"}, "not for this server"),
        ({"aud": "https://flora.example.com"}, "not for this server"),
        ({"aud": []}, "'aud'"),
        ({"aud": None}, "'aud'"),
        ({"iss": "https://login.example.com"}, "issuer"),
        ({"iss": f"{ISSUER}/"}, "issuer"),
        ({"iss": None}, "'iss'"),
        ({"sub": None}, "'sub'"),
        ({"sub": ""}, "no subject"),
        ({"sub": 7}, "broken"),
        ({"typ": "dpop+jwt"}, "no access token"),
        ({"typ": "logout+jwt"}, "no access token"),
        ({"cnf": {"jkt": "x"}}, "bound to a key"),
        ({"key": OTHER_RSA_KEY}, "not signed by the issuer"),
        ({"key_id": "k2"}, "not signed with a key of the issuer"),
    ],
)
async def test_a_token_with_something_wrong_opens_nothing(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    error = await Lobby(tmp_path).refusal(token(**changes))
    assert error.status == 401
    assert reason in str(error)
    challenge = error.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm="flora-mcp", error="invalid_token", error_description="')
    assert challenge.endswith(f'resource_metadata="{METADATA}"')


def forged(header: dict[str, Any], signature: str = "") -> str:
    parts = [jwt.utils.base64url_encode(json.dumps(part).encode()).decode() for part in (header, claims())]
    return f"{'.'.join(parts)}.{signature}"


def signed_by_what_is_public() -> str:
    """The old trick: the public key as the secret of a symmetric signature."""
    secret = RSA_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    unsigned = forged({"alg": "HS256", "kid": "k1", "typ": "JWT"})[:-1]
    return f"{unsigned}.{jwt.utils.base64url_encode(algorithm.sign(unsigned.encode(), secret)).decode()}"


@pytest.mark.parametrize(
    "bearer",
    [
        forged({"alg": "none", "typ": "JWT"}),
        forged({"alg": "None", "typ": "JWT"}),
        forged({"alg": "RS256", "kid": "k1"}),
        forged({"alg": "RS256", "kid": ["k1"]}),
        forged({"alg": ["RS256"], "kid": "k1"}),
        forged({"alg": "RS256", "kid": "k1", "typ": 1}),
        forged({"alg": "RS256", "kid": "k1", "crit": ["exp"], "exp": 1}, "AAAA"),
        forged({"alg": "RS256", "kid": "k1", "jwk": public(OTHER_RSA_KEY), "jku": "https://evil.example.com"}, "AAAA"),
        signed_by_what_is_public(),
        "sk_live_ada",
        "a.b.c",
        "..",
        jwt.utils.base64url_encode(b"[" * 10_000).decode() + ".e30.AAAA",
        "A" * 16_000,
    ],
    ids=range(14),
)
async def test_forgeries_and_nonsense_open_nothing_and_break_nothing(tmp_path: Path, bearer: str) -> None:
    lobby = Lobby(tmp_path)
    error = await lobby.refusal(bearer)
    assert error.status == 401
    assert set(lobby.issuer.asked) <= {JWKS}


@pytest.mark.parametrize(
    "facts",
    [{"use": "enc"}, {"alg": "RS512"}, {"key_ops": ["encrypt"]}, {"kty": "EC"}, {"n": "not a number"}, {"n": None}],
)
async def test_a_key_that_is_for_something_else_verifies_nothing(tmp_path: Path, facts: dict[str, Any]) -> None:
    assert (await Lobby(tmp_path, public(RSA_KEY, **facts)).refusal(token())).status == 401


async def test_a_weak_key_verifies_nothing(tmp_path: Path) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    lobby = Lobby(tmp_path, public(weak))
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        bearer = token(key=weak)
    assert (await lobby.refusal(bearer)).status == 401


async def test_without_an_id_there_must_be_one_key_only(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path, public(RSA_KEY, "k1"), public(OTHER_RSA_KEY, "k2"))
    assert (await lobby.refusal(token(key_id=None))).status == 401


async def test_an_unknown_key_makes_the_issuer_be_asked_again_but_not_for_every_token(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    await lobby.admit(token())
    for _ in range(5):
        await lobby.refusal(token(key=OTHER_RSA_KEY, key_id="k2"))
    assert len(lobby.issuer.asked) == 1
    lobby.issuer.documents[JWKS] = {"keys": [public(RSA_KEY), public(OTHER_RSA_KEY, "k2")]}
    lobby.seconds = 31
    assert (await lobby.admit(token(key=OTHER_RSA_KEY, key_id="k2"))).api_key == "sk_live_ada"
    assert len(lobby.issuer.asked) == 2


async def test_a_key_that_the_issuer_takes_back_opens_nothing_after_an_hour(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    await lobby.admit(token())
    lobby.issuer.documents[JWKS] = {"keys": [public(OTHER_RSA_KEY, "k2")]}
    lobby.seconds = 3601
    assert (await lobby.refusal(token())).status == 401


async def test_known_keys_are_used_for_a_day_while_the_issuer_is_away(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    await lobby.admit(token())
    del lobby.issuer.documents[JWKS]
    lobby.seconds = 7200
    assert (await lobby.admit(token())).api_key == "sk_live_ada"
    lobby.seconds = 90_000
    error = await lobby.refusal(token())
    assert (error.status, error.headers) == (503, {"retry-after": "10"})
    error = await lobby.refusal(token())
    assert error.status == 503


async def test_a_token_must_allow_what_is_asked_for(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path, scopes=("flora", "write"))
    error = await lobby.refusal(token(scope="flora writer"))
    assert error.status == 403
    challenge = error.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="flora write"' in challenge
    assert (await lobby.admit(token(scope="write flora"))).api_key == "sk_live_ada"


async def test_without_a_token_a_client_is_told_where_to_look(tmp_path: Path) -> None:
    door = Lobby(tmp_path, scopes=("flora",)).door
    with pytest.raises(RefusedError) as caught:
        await door.admit({})
    challenge = f'Bearer realm="flora-mcp", scope="flora", resource_metadata="{METADATA}"'
    assert (caught.value.status, caught.value.headers) == (401, {"www-authenticate": challenge})
    assert door.resource.document == {
        "resource": RESOURCE,
        "authorization_servers": [ISSUER],
        "bearer_methods_supported": ["header"],
        "resource_name": "FLORA MCP server",
        "scopes_supported": ["flora"],
    }
    assert door.resource.paths == (
        "/.well-known/oauth-protected-resource/mcp",
        "/.well-known/oauth-protected-resource",
    )


async def test_a_key_beside_the_token_is_refused(tmp_path: Path) -> None:
    assert (await Lobby(tmp_path).refusal(token(), **{"x-flora-api-key": "sk_live_eve"})).status == 400


async def test_a_principal_without_a_key_is_let_in_once_the_operator_gives_one(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    error = await lobby.refusal(token(sub="zoe"))
    assert error.status == 403
    lobby.write(json.dumps({"zoe": "sk_live_zoe"}))
    assert (await lobby.admit(token(sub="zoe"))).api_key == "sk_live_zoe"
    assert (await lobby.refusal(token(sub="ada"))).status == 403


async def test_an_entry_of_another_issuer_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.write(json.dumps({"https://other.example.com zoe": "sk_live_zoe"}))
    assert (await lobby.refusal(token(sub="zoe"))).status == 403
    # Nor does a subject that looks like an entry of two words find one.
    lobby.write(json.dumps({f"{ISSUER} zoe": "sk_live_zoe"}))
    assert (await lobby.refusal(token(sub=f"{ISSUER} zoe"))).status == 403


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("{", 0o600),
        ("[]", 0o600),
        ('{"ada": 7}', 0o600),
        ('{"ada": "two words"}', 0o600),
        ('{"ada": ""}', 0o600),
        ('{"ada": "sk_1", "ada": "sk_2"}', 0o600),
        (json.dumps(KEYS), 0o604),
        (json.dumps(KEYS), 0o660),
    ],
)
async def test_a_file_of_keys_that_is_broken_or_open_lets_nobody_in(
    tmp_path: Path, text: str, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    lobby = Lobby(tmp_path)
    await lobby.admit(token())
    lobby.write(text, mode)
    assert (await lobby.refusal(token())).status == 503
    assert "sk_" not in caplog.text
    lobby.write(json.dumps(KEYS), 0o640)
    await lobby.admit(token())
    lobby.file.unlink()
    assert (await lobby.refusal(token())).status == 503


OAUTH = "https://login.example.com/.well-known/oauth-authorization-server/tenant"
OPENID = "https://login.example.com/tenant/.well-known/openid-configuration"


@pytest.mark.parametrize("place", [OAUTH, OPENID])
async def test_the_issuers_own_metadata_tells_where_its_keys_are(tmp_path: Path, place: str) -> None:
    lobby = Lobby(tmp_path, jwks_url=None)
    lobby.issuer.documents[place] = {"issuer": ISSUER, "jwks_uri": JWKS}
    assert (await lobby.admit(token())).api_key == "sk_live_ada"


@pytest.mark.parametrize("metadata", [{"issuer": "https://evil.example.com", "jwks_uri": JWKS}, {"issuer": ISSUER}, []])
async def test_metadata_of_another_issuer_or_without_keys_opens_nothing(
    tmp_path: Path, metadata: Any, caplog: pytest.LogCaptureFixture
) -> None:
    lobby = Lobby(tmp_path, jwks_url=None)
    lobby.issuer.documents[OAUTH] = metadata
    assert (await lobby.refusal(token())).status == 503
    assert JWKS not in lobby.issuer.asked
    assert "keys cannot be" in caplog.text
