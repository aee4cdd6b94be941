"""Calls from the worker's side: sent the moment they are made, answered through futures."""

import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, NamedTuple, NoReturn

from code_sandbox._python.loop import CancelledError, Future
from code_sandbox._python.own import Own
from code_sandbox._python.records import Record
from code_sandbox._worker.names import find, listed
from code_sandbox._worker.stop import LimitReached
from code_sandbox._worker.table import Complaint, Method

BYTES_PER_VALUE = 10
"""The host refuses frames of many tiny values."""
ENCODER = json.JSONEncoder(ensure_ascii=False)


def not_awaited(method: Method, name: str | None = None) -> Complaint:
    """Returns what is wrong with using a call in place of its answer.

    Args:
        method: What was called.
        name: The attribute that was read.
    """
    text = f"{method.path}(...) was not awaited"
    if name is not None:
        hint = f"Write: result = await {method.path}(...), then result.{name}."
        return Complaint(f"{text}, so it has no {name!r} yet", hint)
    return Complaint(text, f"Write: result = await {method.path}(...), and use the result.")


def in_pages(method: Method) -> Complaint:
    """Returns what is wrong with a plain `for` over a call that answers in pages."""
    hint = f"Write: async for item in {method.path}(...), or await it for the first page."
    return Complaint(f"{method.path}(...) is a list in pages", hint)


def not_in_pages(method: Method) -> Complaint:
    """Returns what is wrong with `async for` over a call that answers at once."""
    hint = f"Write: result = await {method.path}(...), then a plain `for`."
    return Complaint(f"{method.path} does not answer in pages", hint)


class Call(Future):
    """A call on its way. Awaiting it gives the answer; without that it happens as well."""

    __slots__ = ("method",)

    def __init__(self, method: Method) -> None:
        super().__init__()
        self.method = method

    def __repr__(self) -> str:
        return f"<{self.method.path}(...), not awaited>"

    def attribute(self, name: str) -> Any:
        """Refuses: the answer has attributes, the call has none."""
        raise _error(AttributeError, not_awaited(self.method, name))

    def _unawaited(self) -> NoReturn:
        raise _error(TypeError, not_awaited(self.method))

    def __getitem__(self, key: object) -> NoReturn:
        self._unawaited()

    def __len__(self) -> int:
        self._unawaited()

    def __iter__(self) -> Iterator[Any]:
        self._unawaited()

    def __bool__(self) -> bool:
        self._unawaited()

    def __aiter__(self) -> AsyncIterator[Any]:
        raise _error(TypeError, not_in_pages(self.method))


class PagedCall(Call):
    """A call for a list: awaiting it gives the first page, `async for` gives the items of all."""

    __slots__ = ()

    async def __aiter__(self) -> AsyncIterator[Any]:
        page = await self
        async for item in page:
            yield item

    def __iter__(self) -> Iterator[Any]:
        raise _error(TypeError, in_pages(self.method))


def _error(kind: type[Exception], complaint: Complaint) -> Exception:
    error = kind(complaint.message)
    error.add_note(complaint.hint or "")
    return error


class Page(Own):
    """One page of a list: a sequence of its items, and by `async for` of all that follow too."""

    __slots__ = ("_arguments", "_caller", "_method", "body", "items", "next_arguments")
    public_names = ("get_next_page", "get_paginated_items", "has_next_page", "items")

    def __init__(self, page: dict[str, Any], *, method: Method, arguments: dict[str, Any], caller: "Caller") -> None:
        self.items: list[Any] = page["items"]
        self.body: Record = page["body"]
        self.next_arguments: dict[str, Any] | None = page["next"]
        self._method = method
        self._arguments = arguments
        self._caller = caller

    def __repr__(self) -> str:
        return f"<page of {self._method.path}: {len(self.items)} items>"

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, key: Any) -> Any:
        return self.body[key] if type(key) is str else self.items[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __contains__(self, item: object) -> bool:
        return item in self.items

    async def __aiter__(self) -> AsyncIterator[Any]:
        page: Page | None = self
        while page is not None:
            for item in page.items:
                yield item
            page = await page.get_next_page() if page.has_next_page() else None

    def has_next_page(self) -> bool:
        return self.next_arguments is not None

    def get_next_page(self) -> Call:
        """Calls for the page that follows.

        Raises:
            ValueError: This is the last one.
        """
        if self.next_arguments is None:
            raise ValueError("this is the last page: ask has_next_page() before get_next_page()")
        return self._caller.call(self._method, {**self._arguments, **self.next_arguments})

    def get_paginated_items(self) -> list[Any]:
        return self.items

    def attribute(self, name: str) -> Any:
        """Returns a method of pages, the items, or what the answer's body has under a key."""
        own = find(name, self.public_names)
        if own is not None:
            return getattr(self, own)
        key = name if name in self.body else find(name, self.body)
        if key is not None:
            return self.body[key]
        error = AttributeError(f"this page of {self._method.path} has no {name!r}")
        error.add_note(f"It has: {listed([*self.public_names, *self.body])}. Its items are in `.items`.")
        raise error


class _Sent(NamedTuple):
    """A call with what is sent for it."""

    call: Call
    arguments: dict[str, Any]
    size_bytes: int


class Caller:
    """Sends calls, at most so many at a time, and gives their answers to who waits."""

    def __init__(
        self,
        *,
        send: Callable[[dict[str, Any]], None],
        make_error: Callable[[dict[str, Any]], Exception],
        max_calls: int,
        max_in_flight: int,
        max_argument_bytes: int,
        max_open_bytes: int,
    ) -> None:
        self._send = send
        self._make_error = make_error
        self._max_calls = max_calls
        self._max_in_flight = max_in_flight
        self._max_argument_bytes = max_argument_bytes
        self._max_open_bytes = max_open_bytes
        self._open_bytes = 0
        self._sent = 0
        self._made = 0
        self._open: dict[int, _Sent] = {}
        self._queue: deque[_Sent] = deque()
        self.lost_errors: list[Call] = []
        """Calls that failed; those that nobody awaited are reported at the end."""

    def call(self, method: Method, arguments: dict[str, Any]) -> Call:
        """Makes a call, which is sent at once or when an earlier one is answered.

        Raises:
            LimitReached: The program made too many calls.
            TypeError: The arguments are too large.
        """
        size_bytes = self._size_bytes(method, arguments)
        self._made += 1
        if self._made > self._max_calls:
            raise LimitReached("calls")
        call = PagedCall(method) if method.paged else Call(method)
        self._queue.append(_Sent(call, arguments, size_bytes))
        self._send_queued()
        return call

    def _size_bytes(self, method: Method, arguments: dict[str, Any]) -> int:
        text = ENCODER.encode(arguments)
        size = len(text.encode("utf-8", "replace"))
        values = text.count(",") + text.count("[") + text.count("{")
        if size > self._max_argument_bytes or values * BYTES_PER_VALUE > self._max_argument_bytes:
            amount = f"{size:,} bytes and {values:,} values"
            raise TypeError(f"the arguments of {method.path} are too large: {amount}. Send less")
        return size

    def wanted(self) -> list[Call]:
        """Returns the calls that are neither answered nor given up."""
        return [each.call for each in (*self._open.values(), *self._queue) if not each.call.done]

    @property
    def is_waiting(self) -> bool:
        """Tells whether an answer can still come."""
        return bool(self._open)

    def answered(self, frame: dict[str, Any]) -> None:
        """Takes an answer from the host."""
        call, arguments, size_bytes = self._open.pop(frame["number"])
        self._open_bytes -= size_bytes
        if "error" in frame:
            call.set_error(self._make_error(frame["error"]))
            self.lost_errors.append(call)
        elif "page" in frame:
            call.set_result(Page(frame["page"], method=call.method, arguments=arguments, caller=self))
        else:
            call.set_result(frame["value"])
        self._send_queued()

    def _send_queued(self) -> None:
        while self._queue and self._has_room_for(self._queue[0]):
            sent = self._queue.popleft()
            if isinstance(sent.call.error, CancelledError):
                continue
            self._sent += 1
            self._open[self._sent] = sent
            self._open_bytes += sent.size_bytes
            path = sent.call.method.path
            self._send({"kind": "call", "number": self._sent, "path": path, "arguments": sent.arguments})

    def _has_room_for(self, sent: "_Sent") -> bool:
        if not self._open:
            return True
        return len(self._open) < self._max_in_flight and self._open_bytes + sent.size_bytes <= self._max_open_bytes
