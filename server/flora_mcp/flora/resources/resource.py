"""What every resource does with a call: check it, send it, read the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import JsonValue, ValidationError

from flora_mcp.flora.answers import Answer, body_of, unreadable
from flora_mcp.flora.arguments import check_all, misfits
from flora_mcp.flora.attempts import Attempts
from flora_mcp.flora.creations import Creation, unreadable_creation
from flora_mcp.flora.errors import UnreadableAnswerError
from flora_mcp.flora.files import File
from flora_mcp.flora.forms import Form
from flora_mcp.flora.guard import Guard
from flora_mcp.flora.operations import Operation, hints_of, operation_of
from flora_mcp.flora.pages import Page, Pages, page_of
from flora_mcp.flora.requests import Request, content_of, path_of, query_of
from flora_mcp.flora.types import Shape

Answered = TypeVar("Answered", bound=Shape)

KEY_ARGUMENT = "idempotency_key"
"""An argument that goes out as the header `Idempotency-Key` (`docs:platform/idempotency`); in the body only where
the endpoint has such a field."""

STRICT = "strict"
"""An argument that is for this client alone."""


@dataclass(frozen=True, kw_only=True)
class Wire:
    """The way to FLORA that all resources of a client share."""

    exchange: Callable[[Request], Awaitable[Answer]]
    deliver: Callable[[str, str, Form | File], Awaitable[Answer]]
    """Sends a verb, an address and a body to whoever stores files, without the key."""
    attempts: Attempts
    poll_seconds: float
    """Time between two reads of a run that is waited for."""
    guard: Guard

    async def send(self, request: Request) -> Answer:
        """Returns the first successful answer; see `Attempts.answer`."""
        return await self.attempts.answer(lambda: self.exchange(request), creation=request.creation)


class Resource:
    """A group of methods. A method names itself, the answer's shape and its arguments; all else is here."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def _ask(
        self, method: Callable[..., object], shape: type[Answered], arguments: Mapping[str, object]
    ) -> Answered:
        """Sends a call that the rules allow, whose arguments fit and whose price does, and returns its answer."""
        operation, guard = operation_of(method), self._wire.guard
        guard.permit(method)
        strict = arguments.get(STRICT) is not False
        note = await guard.check(operation, arguments, misfits(arguments, hints_of(method)), strict=strict)
        request = self._request(operation, arguments)
        async with guard.turn(operation):
            if not operation.paid:
                answer = await self._answer(request, shape)
                await guard.observe([answer])
                return answer
            return await guard.pay(method, arguments, request, note=note, send=lambda: self._answer(request, shape))

    async def _ask_with_file(
        self,
        method: Callable[..., object],
        shape: type[Answered],
        arguments: Mapping[str, object],
        file: File,
    ) -> Answered:
        """Sends a call as a form with a file and returns its answer."""
        self._wire.guard.permit(method)
        check_all(arguments, hints_of(method))
        request = self._request(operation_of(method), arguments)
        told = {name: value for name, value in arguments.items() if isinstance(value, str) and name != KEY_ARGUMENT}
        form = Form(boundary=self._wire.attempts.surroundings.new_key(), fields=told, file=file)
        return await self._answer(replace(request, content=form), shape)

    async def _answer(self, request: Request, shape: type[Answered]) -> Answered:
        try:
            answer = await self._wire.send(request)
            body = body_of(answer, request=request.name)
            return _shaped(shape, body, answer=answer, request=request.name)
        except UnreadableAnswerError as exc:
            if request.creation is not None:
                raise unreadable_creation(request.creation, exc) from exc
            raise

    def _pages(
        self, method: Callable[..., object], shape: type[Answered], arguments: Mapping[str, object]
    ) -> Pages[Answered]:
        """Returns a list that is read, and its arguments checked, when it is awaited."""
        key = operation_of(method).items
        assert key is not None

        async def read(asked: Mapping[str, object]) -> Page[Answered]:
            self._wire.guard.permit(method)
            check_all(asked, hints_of(method))
            request = self._request(operation_of(method), asked)
            answer = await self._wire.send(request)
            body = body_of(answer, request=request.name)
            found = body.get(key)
            if not isinstance(found, list):
                raise unreadable(answer, request=request.name, found=f"an object without a list {key!r}")
            items = [_shaped(shape, item, answer=answer, request=request.name) for item in found]
            await self._wire.guard.observe(items)
            return page_of(body, items=items)

        return Pages(read, arguments)

    def _request(self, operation: Operation, arguments: Mapping[str, object]) -> Request:
        ours = {KEY_ARGUMENT, STRICT}
        sent = {n: v for n, v in arguments.items() if n not in ours and f"{{{n}}}" not in operation.path}
        in_query = operation.verb in {"GET", "DELETE"}
        creation = self._creation(operation, arguments)
        if creation and operation.key_in_body:
            sent[KEY_ARGUMENT] = creation.idempotency_key
        return Request(
            verb=operation.verb,
            path=path_of(operation.path, arguments),
            query=query_of(sent) if in_query else "",
            content=None if in_query or not sent else content_of(sent),
            headers={"idempotency-key": creation.idempotency_key} if creation else {},
            creation=creation,
        )

    def _creation(self, operation: Operation, arguments: Mapping[str, object]) -> Creation | None:
        if operation.creates is None:
            return None
        given = arguments.get(KEY_ARGUMENT)
        return Creation(
            what=operation.creates,
            idempotency_key=str(given) if given is not None else self._wire.attempts.surroundings.new_key(),
            find=operation.find.format(**arguments),
            paid=operation.paid,
        )


def _shaped(shape: type[Answered], value: JsonValue, *, answer: Answer, request: str) -> Answered:
    try:
        return shape.model_validate(value)
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the whole"
        found = f"no {shape.__name__}: {place}: {first['msg']}"
        raise unreadable(answer, request=request, found=found) from exc
