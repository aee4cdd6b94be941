"""What a case of the contract speaks to: a client of the studio, whichever it is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio
from contract.world import World

KEY = "sk_live_contract"
"""What a client sends to a studio that asks for no key: one that the studio does not know."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One page of a list, as a client hands it out."""

    items: list[Any]
    body: dict[str, Any]
    has_next: bool


class Refused(Exception):  # noqa: N818 - a case expects it, it is no accident
    """A call that did not succeed, as both clients tell it.

    Attributes:
        kind: The name of the error's class.
        status: Of the answer; None when there was none.
        code: FLORA's code of the error; None when the answer had none, or there was none.
        fields: The fields at fault, each with its message.
        sent: False when the client saw by itself that the call could not be meant.
        request_id: Which exchange it was.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        status: int | None = None,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
        sent: bool = True,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{kind} {status} {code}: {message}")
        self.message = message
        self.kind = kind
        self.status = status
        self.code = code
        self.fields = dict(fields or {})
        self.sent = sent
        self.request_id = request_id


@dataclass(kw_only=True)
class Side(ABC):
    """A client of the studio, with a workspace and a project of the case's own.

    Methods are named as in the method table, `projects.list_nodes`; arguments are in snake_case. What a client calls
    `idempotency_key` goes wherever the endpoint wants it. Where waiting costs time, `max_retries` bounds the attempts
    after the first; a client that does not wait keeps to its own two.
    """

    world: World
    workspace_id: str = ""
    project_id: str = ""
    key: str = KEY
    max_retries: int = 2

    @abstractmethod
    async def call(self, path: str, **arguments: Any) -> Any:
        """Calls a method and returns its answer, a `Sheet` of a list in pages.

        Raises:
            Refused: It did not succeed.
        """

    @abstractmethod
    async def all(self, path: str, **arguments: Any) -> list[Any]:
        """Returns every item of a list, page by page, as the client itself walks it."""

    @abstractmethod
    async def upload(self, file: bytes | str, **arguments: Any) -> Any:
        """Brings bytes, or what an address or a path names, to the studio as the client's own helper does."""

    @abstractmethod
    async def unwrap(self, body: bytes, headers: Mapping[str, str], secret: str, **options: float) -> Any:
        """Checks a delivery of a webhook, `now_seconds` being the time, and returns its event."""

    async def refused(self, path: str, **arguments: Any) -> Refused:
        """Calls a method, once, that must not succeed, and returns how it was refused."""
        patience, self.max_retries = self.max_retries, 0
        try:
            answer = await self.call(path, **arguments)
        except Refused as refusal:
            return refusal
        finally:
            self.max_retries = patience
        raise AssertionError(f"{path} succeeded with {answer!r}")

    async def until(self, run_id: str, *statuses: str) -> Any:
        """Reads a run until it has one of the statuses."""
        with anyio.fail_after(20):
            while True:
                state = await self.call("generations.retrieve", run_id=run_id)
                if state["status"] in statuses:
                    return state

    async def finished(self, run_id: str) -> Any:
        return await self.until(run_id, "completed", "failed")

    def asked(self, **changes: Any) -> dict[str, Any]:
        """Returns the arguments of a good `generations.create`, with changes."""
        ids = {"workspace_id": self.workspace_id, "project_id": self.project_id}
        return {"type": "image", "prompt": "a red cup", **ids, **changes}


def body_of(answer: Any) -> Any:
    """Returns a whole answer. The official SDK knows some lists as one answer that ours reads as pages."""
    return answer.body if isinstance(answer, Sheet) else answer


def faults(refusal: Refused) -> set[str]:
    """Returns the fields that a refusal blames, having checked that it is one of wrong input.

    A client may see it by itself, or be told 400; our own does the first, the official SDK leaves it to the API.
    """
    if refusal.sent:
        assert (refusal.status, refusal.code) == (400, "input_validation_error"), refusal
    return set(refusal.fields)
