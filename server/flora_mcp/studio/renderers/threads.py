"""Renderers in threads of this process: no isolation, no start-up cost."""

import threading
from collections.abc import Mapping

from flora_mcp.studio.errors import RenderFailedError, RenderRefusedError, RendersClosed
from flora_mcp.studio.renderers.loading import ACTIONS, load
from flora_mcp.studio.renderers.rendering import (
    ActionRequest,
    Progress,
    Renderer,
    Rendering,
    RenderRequest,
    UnsuitableInputError,
)


class RenderThreads:
    """Runs renderers in the threads that ask for them.

    A render stops at `close` only when it next reports progress: a thread cannot be killed.

    Args:
        renderers: The renderer of each model id.
        capacity: How many renders run at once.
    """

    def __init__(self, renderers: Mapping[str, Renderer], *, capacity: int = 2) -> None:
        self._renderers = dict(renderers)
        self._capacity = capacity
        self._closed = threading.Event()

    @property
    def capacity(self) -> int:
        return self._capacity

    def render(self, model_id: str, request: RenderRequest, progress: Progress) -> Rendering:
        def report(fraction: float) -> None:
            if self._closed.is_set():
                raise RendersClosed
            progress(fraction)

        report(0.0)
        renderer = self._renderers.get(model_id)
        if renderer is None:
            raise RenderFailedError(f"There is no renderer of {model_id!r}; there are {sorted(self._renderers)}.")
        try:
            return renderer(request, report)
        except Exception as exc:  # the border between a renderer and the studio
            raise RenderFailedError(f"The renderer failed with {type(exc).__name__}: {exc}") from exc

    def act(self, request: ActionRequest, progress: Progress) -> list[Rendering]:
        def report(fraction: float) -> None:
            if self._closed.is_set():
                raise RendersClosed
            progress(fraction)

        report(0.0)
        try:
            done: list[Rendering] = load(ACTIONS)(request, report)
        except UnsuitableInputError as exc:
            raise RenderRefusedError(str(exc)) from exc
        except Exception as exc:  # the border between an action and the studio
            raise RenderFailedError(f"The action failed with {type(exc).__name__}: {exc}") from exc
        return done

    def retire_idle(self) -> None:
        """Does nothing: no thread is kept."""

    def close(self) -> None:
        self._closed.set()
