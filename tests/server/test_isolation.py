"""A server that is asked for more isolation than there is does not start."""

import sys
from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from mcp import Client

from code_sandbox import Exposure, Level, Protection, Sandbox, SandboxError, Setup, Worker
from flora_mcp.app import open_app
from flora_mcp.errors import IsolationError
from flora_mcp.isolation import require_isolation
from flora_mcp.settings import Settings

CONTAINED = Path(__file__).parents[1] / "sandbox/lockdown/programs/contained.py"
NO_LAYERS = '{"seccomp": 1, "prctl_seccomp": 22, "landlock_create_ruleset": 38}'

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no strong isolation")


class Claims:
    """An isolation that says what it is told to say."""

    def __init__(self, protection: Protection | None) -> None:
        self._protection = protection
        self.asked = 0

    async def open(self, setup: Setup) -> None:
        pass

    async def protection(self) -> Protection:
        self.asked += 1
        if self._protection is None:
            raise SandboxError("no memory")
        return self._protection

    async def start(self) -> Worker:
        raise NotImplementedError

    async def close(self) -> None:
        pass


def sandbox(claims: Claims) -> Sandbox:
    return Sandbox(exposure=Exposure(methods=(), errors={}), isolation=claims)


MODERATE = Protection(level="moderate", layers=("landlock",), missing={"seccomp": "seccomp: not permitted"})


async def test_less_than_asked_for_names_the_missing_layers_and_what_to_do() -> None:
    with pytest.raises(IsolationError) as caught:
        await require_isolation(sandbox(Claims(MODERATE)), "strong")
    message = str(caught.value)
    for part in ("FLORA_REQUIRE_ISOLATION is 'strong'", "'moderate'", "seccomp (seccomp: not permitted)", "or set"):
        assert part in message


@pytest.mark.parametrize("level", ["moderate", "weak"])
async def test_as_much_as_asked_for_is_enough(level: Level) -> None:
    await require_isolation(sandbox(Claims(MODERATE)), level)


async def test_no_worker_is_asked_if_any_isolation_will_do() -> None:
    claims = Claims(None)
    await require_isolation(sandbox(claims), "weak")
    assert claims.asked == 0


async def test_isolation_that_nobody_can_tell_is_none() -> None:
    with pytest.raises(IsolationError, match="no memory"):
        await require_isolation(sandbox(Claims(None)), "moderate")


@on_linux
async def test_a_server_on_this_system_starts_with_strong_isolation(settings: Settings) -> None:
    with anyio.fail_after(30):
        async with open_app(replace(settings, require_isolation="strong")) as server, Client(server) as client:
            result = await client.call_tool("execute", {"code": "return 6 * 7"})
    assert "42" in str(result.content)


@on_linux
async def test_a_server_without_what_it_is_asked_for_ends_with_one_line(settings: Settings) -> None:
    command = [sys.executable, str(CONTAINED), NO_LAYERS, sys.executable, "-m", "flora_mcp.cli"]
    wanted = replace(settings, require_isolation="moderate")
    with anyio.fail_after(30):
        ended = await anyio.run_process(command, env=wanted.environment(), check=False, input=b"")
    [line] = ended.stderr.decode().splitlines()
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert line.startswith("flora-mcp: FLORA_REQUIRE_ISOLATION is 'moderate', but programs get 'weak' isolation here.")
    assert "seccomp (seccomp: Operation not permitted (EPERM))" in line
    assert "landlock (landlock_create_ruleset: Function not implemented (ENOSYS))" in line
