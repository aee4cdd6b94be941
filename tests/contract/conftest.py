"""One studio for the cases of a module, and the two clients that run each case."""

from collections.abc import AsyncIterator

import pytest
from contract.flora_side import FloraSide, open_flora_side
from contract.sides import KEY, Side
from contract.typescript_side import TypeScriptSide, command, open_bridge
from contract.world import World, open_world


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("contract")) as opened:
        yield opened


@pytest.fixture(scope="module")
async def flora_side(world: World) -> AsyncIterator[FloraSide]:
    async with open_flora_side(world) as side:
        yield side


@pytest.fixture(scope="module")
async def typescript_side(world: World) -> AsyncIterator[TypeScriptSide]:
    try:
        command()
    except FileNotFoundError as exc:
        pytest.skip(str(exc))
    async with open_bridge(world) as bridge:
        yield TypeScriptSide(world=world, bridge=bridge)


@pytest.fixture(params=["flora_side", pytest.param("typescript_side", marks=pytest.mark.needs_node)])
def client(request: pytest.FixtureRequest) -> Side:
    found: Side = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def side(client: Side, world: World) -> AsyncIterator[Side]:
    """A client with a workspace and a project of its own, and with a key where the studio asks for one."""
    client.workspace_id = await world.studio.create_workspace("Case")
    client.key = await world.key_of(client.workspace_id) if world.keys_required else KEY
    made = await client.call("projects.create", name="Case", workspace_id=client.workspace_id)
    client.project_id = made["project_id"]
    world.door.clear()
    yield client
    faults = list(world.door.faults)
    world.door.clear()
    world.painter.let_go()
    assert faults == [], "the studio answers otherwise than its OpenAPI document says"
