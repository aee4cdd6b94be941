"""Calls from the worker's side: checked against the table, sent at most so many at a time."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from code_sandbox._javascript.arguments import bind
from code_sandbox._worker.stop import LimitReached
from code_sandbox._worker.table import Method, Table

BYTES_PER_VALUE = 10
"""The host refuses frames of many tiny values."""


class Calls:
    """The calls of one program, from the engine to the host and back."""

    def __init__(
        self,
        *,
        table: Table,
        own_paths: Mapping[str, str],
        limits: Mapping[str, Any],
        send: Callable[[dict[str, Any]], None],
        answer: Callable[[dict[str, Any]], None],
    ) -> None:
        """Takes the two ends.

        Args:
            table: The methods, under the names that programs in JavaScript see.
            own_paths: The host's path of each method, by its path in the table.
            limits: Of the program.
            send: Sends a frame to the host.
            answer: Gives an answer to the program.
        """
        self._table = table
        self._own_paths = own_paths
        self._max_calls: int = limits["calls"]
        self._max_in_flight: int = limits["calls_in_flight"]
        self._max_argument_bytes: int = limits["result_bytes"]
        self._send = send
        self._answer = answer
        self._made = 0
        self._sent = 0
        self._queue: deque[tuple[int, Method, dict[str, Any]]] = deque()
        self._open: dict[int, tuple[int, Method, dict[str, Any]]] = {}

    @property
    def is_waiting(self) -> bool:
        """Tells whether an answer can still come."""
        return bool(self._open)

    def make(self, call_id: int, path: str, values: list[Any]) -> None:
        """Makes a call, which is sent at once or when an earlier one is answered.

        What is wrong with it is answered to the program, as an error of its own.

        Raises:
            LimitReached: The program made too many calls.
        """
        method = self._table.method(path)
        if method is None:
            return self._refuse(call_id, f"{path} is not there")
        arguments, wrong = bind(method, values)
        wrong = wrong or self._too_large(method, arguments)
        if wrong is not None:
            return self._refuse(call_id, wrong)
        self._made += 1
        if self._made > self._max_calls:
            raise LimitReached("calls")
        self._queue.append((call_id, method, arguments))
        self._send_queued()
        return None

    def answered(self, frame: Mapping[str, Any]) -> None:
        """Takes an answer from the host."""
        call_id, method, arguments = self._open.pop(frame["number"])
        if "error" in frame:
            self._answer({"id": call_id, "error": frame["error"]})
        elif "page" in frame:
            self._answer({"id": call_id, "page": _page(frame["page"], method, arguments)})
        else:
            self._answer({"id": call_id, "value": frame["value"]})
        self._send_queued()

    def _refuse(self, call_id: int, message: str) -> None:
        self._answer({"id": call_id, "error": {"type_name": "TypeError", "message": message, "attributes": {}}})

    def _too_large(self, method: Method, arguments: dict[str, Any]) -> str | None:
        text = json.dumps(arguments, ensure_ascii=False)
        size = len(text.encode("utf-8", "replace"))
        values = text.count(",") + text.count("[") + text.count("{")
        if size <= self._max_argument_bytes and values * BYTES_PER_VALUE <= self._max_argument_bytes:
            return None
        return f"the arguments of {method.path} are too large: {size:,} bytes and {values:,} values. Send less"

    def _send_queued(self) -> None:
        while self._queue and len(self._open) < self._max_in_flight:
            call_id, method, arguments = self._queue.popleft()
            self._sent += 1
            self._open[self._sent] = (call_id, method, arguments)
            path = self._own_paths[method.path]
            self._send({"kind": "call", "number": self._sent, "path": path, "arguments": arguments})


def _page(page: Mapping[str, Any], method: Method, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a page as the prelude reads it: with the key of its items, and all arguments of the page after it."""
    following = page["next"]
    key = next((key for key, value in page["body"].items() if value == page["items"]), None)
    return {
        "items": page["items"] if key is None else [],
        "key": key,
        "body": page["body"],
        "next": None if following is None else {**arguments, **following},
    }
