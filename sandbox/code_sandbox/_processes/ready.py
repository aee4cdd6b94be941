"""The first word of a worker: which layers it has put around itself. It has not seen a program by then."""

import asyncio

from code_sandbox._host.frames import ChannelError, decode, read_frame
from code_sandbox.errors import SandboxError
from code_sandbox.isolation import LEVELS, Protection, Worker

START_SECONDS = 20.0
"""After that much time a worker that has not said a word is given up."""
MAX_BYTES = 16 * 1024
MAX_VALUES = 200


async def ready(worker: Worker) -> Protection:
    """Waits until a worker has locked itself in, and returns what it says about that.

    Raises:
        SandboxError: It died, or said nothing, or something else. It is killed then.
    """
    try:
        async with asyncio.timeout(START_SECONDS):
            frame = decode(await read_frame(worker.reader, max_bytes=MAX_BYTES), max_values=MAX_VALUES)
        return protection_of(frame)
    except (TimeoutError, ChannelError, EOFError, ConnectionError) as exc:
        await worker.reap()
        raise SandboxError(f"a worker did not start: {type(exc).__name__}. Is the system short of memory?") from exc
    except BaseException:
        await worker.reap()
        raise


def protection_of(frame: dict[str, object]) -> Protection:
    """Returns what a worker's `ready` frame says.

    Raises:
        ChannelError: It is no such frame.
    """
    level, layers, missing = frame.get("level"), frame.get("layers"), frame.get("missing")
    if level not in LEVELS or not isinstance(layers, list) or not isinstance(missing, dict):
        raise ChannelError("no ready frame")
    reasons = {name: str(reason) for name, reason in missing.items()}
    return Protection(level=level, layers=tuple(map(str, layers)), missing=reasons)
