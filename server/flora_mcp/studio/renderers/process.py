"""Render processes: a small pool of children, each running one render at a time."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import cast

from flora_mcp.studio.errors import (
    RenderCrashError,
    RenderFailedError,
    RenderRefusedError,
    RendersClosed,
    RenderTimeoutError,
)
from flora_mcp.studio.renderers.frames import BrokenFrameError, read_frame, write_frame
from flora_mcp.studio.renderers.rendering import JSON, ActionRequest, Progress, Rendering, RenderRequest

WORKER_COMMAND = (sys.executable, "-I", "-m", "flora_mcp.studio.renderers.worker")

_ATTEMPTS = 2
"""A child that dies gets one successor: it may have been killed for memory, not for this render."""

_EXIT_SECONDS = 5.0
"""How long a killed or dismissed child may take to go."""

_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Keeps Windows from opening a console for each child."""

logger = logging.getLogger(__name__)


class RenderProcesses:
    """Runs renders in child processes, at most `capacity` at once.

    A child starts when first needed and stays for the next render. It is killed at its deadline and
    at `close`, and ends by itself when this process dies.

    Args:
        capacity: How many renders run at once; by default all cores but one.
        command: What starts a child; it must speak `worker.serve`.
        deadline_seconds: How long one render may take.
        idle_seconds: How long an unused child is kept.
        monotonic: The clock that idleness is measured by, in seconds.
    """

    def __init__(
        self,
        *,
        capacity: int | None = None,
        command: Sequence[str] = WORKER_COMMAND,
        deadline_seconds: float = 300.0,
        idle_seconds: float = 180.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capacity = capacity or max(1, (os.cpu_count() or 1) - 1)
        self._command = tuple(command)
        self._deadline_seconds = deadline_seconds
        self._idle_seconds = idle_seconds
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._idle: list[tuple[float, _Child]] = []
        self._busy: set[_Child] = set()
        self._slots = self._capacity
        self._closed = False

    @property
    def capacity(self) -> int:
        return self._capacity

    def render(self, model_id: str, request: RenderRequest, progress: Progress) -> Rendering:
        [rendering] = self._ask({"model_id": model_id, **asdict(request)}, progress)
        return rendering

    def act(self, request: ActionRequest, progress: Progress) -> list[Rendering]:
        return self._ask(asdict(request), progress)

    def _ask(self, question: dict[str, JSON], progress: Progress) -> list[Rendering]:
        for attempt in range(1, _ATTEMPTS + 1):
            child = self._check_out()
            try:
                return child.ask(question, progress, deadline_seconds=self._deadline_seconds)
            except RenderCrashError as exc:
                if self._closed:
                    raise RendersClosed from exc
                if attempt == _ATTEMPTS:
                    raise
                logger.warning("a render process died: %s; trying once more", exc)
            finally:
                self._check_in(child)
        raise AssertionError("the last attempt returns or raises")

    def retire_idle(self) -> None:
        now = self._monotonic()
        with self._changed:
            old = [child for since, child in self._idle if now - since >= self._idle_seconds]
            self._idle = [(since, child) for since, child in self._idle if child not in old]
        for child in old:
            child.dismiss()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            idle = [child for _, child in self._idle]
            self._idle = []
            self._changed.notify_all()
            for child in (*self._busy, *idle):
                child.kill()
        for child in idle:
            child.dismiss()
        with self._changed:
            # The threads that read from busy children dismiss them; each sees its pipe end at once.
            self._changed.wait_for(lambda: not self._busy, timeout=_EXIT_SECONDS)

    def _check_out(self) -> "_Child":
        with self._changed:
            self._changed.wait_for(lambda: self._slots > 0 or self._closed)
            if self._closed:
                raise RendersClosed
            self._slots -= 1
            child = self._idle.pop()[1] if self._idle else None
            if child is not None and not child.alive:
                child.dismiss()
                child = None
            if child is None:
                try:
                    child = _Child(self._command)
                except OSError as exc:
                    self._slots += 1
                    self._changed.notify()
                    raise RenderCrashError(f"No render process could be started: {exc.strerror}.") from exc
            self._busy.add(child)
            return child

    def _check_in(self, child: "_Child") -> None:
        with self._changed:
            keep = child.alive and child.in_step and not self._closed
        if not keep:
            child.kill()
            child.dismiss()
        with self._changed:
            self._busy.discard(child)
            self._slots += 1
            if keep and not self._closed:
                self._idle.append((self._monotonic(), child))
                keep = False
            self._changed.notify_all()
        if keep:
            child.kill()
            child.dismiss()


class _Child:
    """One render process and the conversation with it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=_NO_WINDOW
        )
        self.in_step = True

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, question: dict[str, JSON], progress: Progress, *, deadline_seconds: float) -> list[Rendering]:
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.kill()

        timer = threading.Timer(deadline_seconds, stop)
        timer.daemon = True
        timer.start()
        self.in_step = False
        try:
            renderings = self._converse(question, progress)
        except (OSError, BrokenFrameError) as exc:
            self.kill()
            code = self._process.wait()
            if late.is_set():
                raise RenderTimeoutError(
                    f"The render took longer than {deadline_seconds:g} s and was stopped; ask for a smaller picture."
                ) from exc
            raise RenderCrashError(f"The render process ended with exit code {code} before it answered.") from exc
        finally:
            timer.cancel()
        self.in_step = True
        return renderings

    def _converse(self, question: dict[str, JSON], progress: Progress) -> list[Rendering]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        write_frame(self._process.stdin, question)  # type: ignore[arg-type]
        renderings: list[Rendering] = []
        while (frame := read_frame(self._process.stdout)) is not None:  # type: ignore[arg-type]
            header, content = frame
            if "progress" in header:
                progress(cast("float", header["progress"]))
            elif "failed" in header:
                self.in_step = True
                raise RenderFailedError(f"The renderer failed with {header['failed']}")
            elif "refused" in header:
                self.in_step = True
                raise RenderRefusedError(str(header["refused"]))
            elif "done" in header:
                return renderings
            else:
                known = cast("dict[str, JSON]", header["rendering"])
                renderings.append(Rendering(content=content, **known))  # type: ignore[arg-type]  # sent by our worker
        raise BrokenFrameError("the process ended")

    def kill(self) -> None:
        if self.alive:
            self._process.kill()

    def dismiss(self) -> None:
        """Closes the pipes, on which the child ends by itself, and waits for that."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    logger.debug("a render process was gone before its pipe was closed")
        try:
            self._process.wait(_EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
