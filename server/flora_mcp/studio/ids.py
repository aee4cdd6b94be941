"""Where ids and seeds come from."""

import secrets
import uuid
from typing import Protocol

SEED_LIMIT = 2**31
"""Seeds lie in `range(SEED_LIMIT)`, exact in every JSON parser."""


class IdSource(Protocol):
    """Makes what must never repeat."""

    def new(self, prefix: str) -> str:
        """Returns a fresh id such as `run_4f…`; the prefix holds its underscore."""

    def node(self) -> str:
        """Returns a fresh UUID, which is what FLORA calls a node by."""

    def seed(self) -> int:
        """Returns a seed below `SEED_LIMIT`."""


class RandomIds:
    """Ids from the operating system's randomness: unguessable, as media URLs need no key."""

    def new(self, prefix: str) -> str:
        return prefix + secrets.token_hex(12)

    def node(self) -> str:
        return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))

    def seed(self) -> int:
        return secrets.randbelow(SEED_LIMIT)
