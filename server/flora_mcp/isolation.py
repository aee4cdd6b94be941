"""Holds the server to the isolation of programs that its settings ask for."""

import logging

from code_sandbox import LEVELS, Level, Sandbox, SandboxError
from flora_mcp.errors import IsolationError

logger = logging.getLogger(__name__)

ADVICE = (
    "Allow what is missing (in a container: the system calls of seccomp and Landlock), use Linux on x86-64 or arm64, "
    "or set FLORA_REQUIRE_ISOLATION to {level!r} to accept what there is."
)


async def require_isolation(sandbox: Sandbox, level: Level) -> None:
    """Checks that programs are isolated at a level at least. The lowest is met by any system: no worker is asked then.

    Raises:
        IsolationError: They are not. It names the missing layers, with the reason of each.
    """
    if level == LEVELS[0]:
        return
    try:
        protection = await sandbox.isolation()
    except SandboxError as exc:
        raise IsolationError(f"FLORA_REQUIRE_ISOLATION is {level!r}, and no worker could be asked: {exc}") from exc
    if LEVELS.index(protection.level) < LEVELS.index(level):
        missing = "; ".join(f"{name} ({why})" for name, why in protection.missing.items()) or "nothing is said of why"
        raise IsolationError(
            f"FLORA_REQUIRE_ISOLATION is {level!r}, but programs get {protection.level!r} isolation here. "
            f"Missing: {missing}. {ADVICE.format(level=protection.level)}"
        )
    logger.info("Programs get %r isolation: %s", protection.level, ", ".join(protection.layers))
