"""What a request brings to be let in by."""

import re
from collections.abc import Mapping

from flora_mcp.auth.door import RefusedError

KEY_CHARACTERS = 512
TOKEN_CHARACTERS = 16_384

KEY_HEADER = "x-flora-api-key"

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""RFC 6750, 2.1. Nothing in it can break a header that it is sent on in, or a line of a log."""


def bearer_of(headers: Mapping[str, str]) -> str | None:
    """Returns the token of `Authorization: Bearer …`; None if there is no such header.

    Raises:
        RefusedError: The header is there and holds something else.
    """
    given = headers.get("authorization")
    if given is None:
        return None
    scheme, _, token = given.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise RefusedError("Authorization takes 'Bearer', a space, and the token.", status=401)
    return _checked(token.strip(), where="Authorization", most=TOKEN_CHARACTERS)


def key_of(headers: Mapping[str, str]) -> str | None:
    """Returns the FLORA key that the request brings; None if it brings none.

    Raises:
        RefusedError: It brings two different ones, or something that cannot be a key.
    """
    bearer, own = bearer_of(headers), headers.get(KEY_HEADER)
    if own is not None:
        own = _checked(own.strip(), where=KEY_HEADER, most=KEY_CHARACTERS)
    if bearer is not None and own is not None and bearer != own:
        raise RefusedError(f"Authorization and {KEY_HEADER} hold different keys. Send one of them.", status=400)
    key = own or bearer
    return None if key is None else _checked(key, where="Authorization", most=KEY_CHARACTERS)


def _checked(text: str, *, where: str, most: int) -> str:
    # What was sent is not quoted: it may be a key with a slip in it.
    if not text:
        raise RefusedError(f"{where} is empty. Set the variable that your client fills it from.", status=401)
    if len(text) > most or _TOKEN.fullmatch(text) is None:
        raise RefusedError(
            f"{where} holds no key or token: it takes one of at most {most} characters, once, without spaces.",
            status=400,
        )
    return text
