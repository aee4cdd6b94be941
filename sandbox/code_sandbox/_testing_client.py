"""What raw programs that are written for the language layer find: a client, and an event loop that waits for it.

Both are plain Python in the program's reach: nothing of them protects anybody.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from code_sandbox._worker.channel import Channel


class ChannelLoop(asyncio.BaseEventLoop):
    """A real event loop that needs no system call but those of the channel."""

    def __init__(self, channel: Channel, errors: Mapping[str, type[Exception]]) -> None:
        """Takes where calls go, and the exceptions that answers may be."""
        super().__init__()
        self._channel = channel
        self._errors = errors
        self._selector = self
        self._sent = 0
        self._open: dict[int, asyncio.Future[Any]] = {}

    def call(self, path: str, arguments: dict[str, Any]) -> "asyncio.Future[Any]":
        """Sends a call, whatever it says."""
        self._sent += 1
        answer = self._open[self._sent] = self.create_future()
        self._channel.send({"kind": "call", "number": self._sent, "path": path, "arguments": arguments})
        return answer

    def select(self, timeout_seconds: float | None) -> list[Any]:
        """Waits for answers in place of a selector.

        Raises:
            RuntimeError: None can come.
        """
        if timeout_seconds is None and not self._open:
            raise RuntimeError("everything waits for something that can never happen")
        frame = self._channel.receive(timeout_seconds)
        while frame is not None:
            self._take(frame)
            frame = self._channel.arrived()
        return []

    def _take(self, frame: Mapping[str, Any]) -> None:
        answer = self._open.pop(frame["number"])
        if answer.done():
            return
        error = frame.get("error")
        if error is not None:
            answer.set_exception(self._errors.get(error["type_name"], Exception)(error["message"]))
        else:
            answer.set_result(frame["page"]["items"] if "page" in frame else frame["value"])

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none: `select` has handled them."""

    def _write_to_self(self) -> None:
        """Nobody has to be woken: there is one thread."""


class Node:
    """A part of the client, or a call."""

    def __init__(self, path: str, *, loop: ChannelLoop, names: Mapping[str, list[str]]) -> None:
        """Takes the path so far, and the names of the arguments of each method."""
        self._path = path
        self._loop = loop
        self._names = names

    def __getattr__(self, name: str) -> "Node":
        return Node(f"{self._path}.{name}", loop=self._loop, names=self._names)

    def __call__(self, *values: Any, **arguments: Any) -> "asyncio.Future[Any]":
        named = dict(zip(self._names.get(self._path, []), values, strict=False))
        return self._loop.call(self._path, {**named, **arguments})


class Surroundings:
    """The names that the language layer would give a program, without that layer."""

    def __init__(self, *, channel: Channel, setup: Mapping[str, Any]) -> None:
        """Makes them from what all workers are told."""
        errors: dict[str, type[Exception]] = {}
        for name, base in setup["errors"].items():
            errors[name] = type(name, (errors.get(base, Exception),), {})
        self._loop = ChannelLoop(channel, errors)
        names = {each["path"]: [one["name"] for one in each["parameters"]] for each in setup["methods"]}
        roots = {path.partition(".")[0] for path in names}
        self.names: dict[str, Any] = {root: Node(root, loop=self._loop, names=names) for root in roots} | errors

    def run(self, program: Coroutine[Any, Any, Any]) -> Any:
        """Runs a program to its end, and returns its value."""
        return self._loop.run_until_complete(program)
