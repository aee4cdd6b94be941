"""Whether the parts that work depends on are there."""

from collections.abc import Awaitable, Callable, Mapping

from code_sandbox import JSON, Call, CallFailed, Sandbox
from flora_mcp.app.errors import NotReadyError
from flora_mcp.state import State

PROGRAM = "6 * 7"
RESULT = 42


def checks_of(state: State, sandbox: Sandbox) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """Returns one check for each part, which raises if the part does not work."""

    async def database() -> None:
        await (await state.tables()).sessions.last()

    async def programs() -> None:
        outcome = await sandbox.run(PROGRAM, answer=_refuse, tenant="readiness")
        if outcome.value != RESULT:
            raise NotReadyError(f"A program of one line ended as {outcome.status!r}: {outcome.failure}.")

    return {"database": database, "programs": programs}


async def _refuse(call: Call) -> JSON:
    raise CallFailed("NotReady", f"{call.path} is not called here", {})
