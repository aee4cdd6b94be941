"""The render process: reads requests from its standard input, answers on its standard output."""

import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from typing import BinaryIO

from flora_mcp.studio.renderers.frames import BrokenFrameError, read_frame, write_frame
from flora_mcp.studio.renderers.loading import ACTIONS, load
from flora_mcp.studio.renderers.rendering import (
    JSON,
    ActionInput,
    ActionRequest,
    Renderer,
    RenderRequest,
    UnsuitableInputError,
)

RENDERERS: Mapping[str, str] = {"t2i-studio-scene": "flora_mcp.studio.renderers.scene:render"}
"""Where each model's renderer is, as `module:function`; loaded when first asked for."""

_THREAD_COUNTS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)

logger = logging.getLogger(__name__)


def serve(renderers: Mapping[str, str | Renderer]) -> None:
    """Answers requests until the standard input ends, which is when the studio is gone.

    Args:
        renderers: The renderer of each model id, or its `module:function`.
    """
    # Ctrl-C in a terminal goes to every process there; the studio ends its children itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One render is one core's work: the studio runs as many processes as it wants cores. Set in the C
    # environment, where numpy's libraries look when they load.
    for name in _THREAD_COUNTS:
        os.putenv(name, "1")
    requests, answers = _take_standard_streams()
    waiting: queue.SimpleQueue[dict[str, JSON]] = queue.SimpleQueue()
    threading.Thread(target=_read_requests, args=(requests, waiting), daemon=True).start()
    while True:
        _answer(waiting.get(), renderers=renderers, answers=answers)


def main() -> None:
    """Serves the studio's own renderers."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    serve(RENDERERS)


def _take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Returns the two pipes and points the standard streams elsewhere: a stray print must not
    reach the answers, nor a stray input() the requests."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _read_requests(requests: BinaryIO, waiting: "queue.SimpleQueue[dict[str, JSON]]") -> None:
    """Hands requests on; ends the whole process with the stream, in the middle of a render too."""
    try:
        while (frame := read_frame(requests)) is not None:
            waiting.put(frame[0])
    except (BrokenFrameError, OSError):
        os._exit(1)
    os._exit(0)


def _answer(request: dict[str, JSON], *, renderers: Mapping[str, str | Renderer], answers: BinaryIO) -> None:
    def progress(fraction: float) -> None:
        _send(answers, {"progress": float(fraction)})

    try:
        if "action_id" in request:
            inputs = tuple(ActionInput(**given) for given in request.pop("inputs"))  # type: ignore[arg-type, union-attr]
            renderings = load(ACTIONS)(ActionRequest(inputs=inputs, **request), progress)  # type: ignore[arg-type]
        else:
            renderer = _renderer(str(request.pop("model_id")), renderers)
            renderings = [renderer(RenderRequest(**request), progress)]  # type: ignore[arg-type]  # sent by ourselves
    except UnsuitableInputError as exc:
        _send(answers, {"refused": str(exc)[:2000]})
        return
    except Exception as exc:  # the border between a renderer and the studio
        logger.warning("a render failed", exc_info=exc)
        _send(answers, {"failed": f"{type(exc).__name__}: {exc}"[:2000]})
        return
    for rendering in renderings:
        header: dict[str, JSON] = {
            "mime_type": rendering.mime_type,
            "width_px": rendering.width_px,
            "height_px": rendering.height_px,
            "facts": rendering.facts,
        }
        _send(answers, {"rendering": header}, rendering.content)
    _send(answers, {"done": True})


def _send(answers: BinaryIO, header: dict[str, JSON], content: bytes = b"") -> None:
    try:
        write_frame(answers, header, content)
    except OSError:
        # The studio is gone; nobody wants the rest of the render.
        os._exit(0)


def _renderer(model_id: str, renderers: Mapping[str, str | Renderer]) -> Renderer:
    renderer = renderers.get(model_id)
    if renderer is None:
        raise LookupError(f"there is no renderer of {model_id!r}; there are {sorted(renderers)}")
    if not isinstance(renderer, str):
        return renderer
    found: Renderer = load(renderer)
    return found


if __name__ == "__main__":
    main()
