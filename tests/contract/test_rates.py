"""Rates: how often a workspace may ask."""

from collections.abc import AsyncIterator

import pytest
from contract.promises import promises
from contract.sides import Side, body_of
from contract.world import World, open_world

from flora_mcp.studio.admission import Access
from flora_mcp.studio.buckets import Rate

BURST = 20

ONE_IN_SECONDS = 1000.0


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    access = Access(keys_required=True, rate=Rate(per_second=1 / ONE_IN_SECONDS, burst=BURST))
    async with open_world(tmp_path_factory.mktemp("contract"), access=access) as opened:
        yield opened


@promises("access/rate")
async def test_a_workspace_that_asks_too_often_is_told_to_wait(side: Side) -> None:
    for _ in range(BURST - 1):
        await side.call("projects.retrieve", project_id=side.project_id)
    refusal = await side.refused("projects.retrieve", project_id=side.project_id)
    assert (refusal.kind, refusal.status, refusal.code) == ("RateLimitError", 429, "rate_limited")
    limited, side.key = side.key, await side.world.key_of(await side.world.studio.create_workspace("Other"))
    assert body_of(await side.call("models.list"))["models"]
    side.key = limited
    side.world.clock.pass_hours(ONE_IN_SECONDS / 3600)
    await side.call("projects.retrieve", project_id=side.project_id)
