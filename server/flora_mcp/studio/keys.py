"""API keys: how they are made, recognised and kept."""

import hashlib
import re
import secrets

PREFIX = "sk_live_"
"""What keys begin with (docs:authentication)."""

SHOWN_CHARACTERS = 5
"""How much of the random part is kept in clear, to tell keys apart by; 226 bits stay unknown."""

_KEY = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


def fresh_key() -> str:
    """Returns a key of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def may_be_key(text: str) -> bool:
    """Returns whether a text has the form of the studio's keys."""
    return _KEY.fullmatch(text) is not None


def digest(key: str) -> str:
    """Returns what is kept of a key, and what it is found by: how long that takes tells nothing of the key."""
    return hashlib.sha256(key.encode()).hexdigest()


def beginning(key: str) -> str:
    """Returns what a list shows of a key."""
    return key[: len(PREFIX) + SHOWN_CHARACTERS]
