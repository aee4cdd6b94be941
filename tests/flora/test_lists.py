"""Lists: one page by `await`, every item by `async for`."""

import httpx
import pytest
from flora.network import Network, client, run

from flora_mcp.flora import Page
from flora_mcp.flora.errors import FloraError, InvalidArgumentError
from flora_mcp.flora.types import Generation, Model


def page(*numbers: int, cursor: str | None = None) -> httpx.Response:
    runs = [run(run_id=f"run_{number}") for number in numbers]
    return httpx.Response(200, json={"generations": runs, "meta": {"next_cursor": cursor, "total_estimate": 9}})


async def test_iteration_reads_every_page_with_the_same_filters() -> None:
    network = Network(page(1, 2, cursor="c 1"), page(3, cursor="c2"), page(4))
    async with client(network) as flora:
        pages = flora.generations.list(project_id="prj_1", limit=2)
        assert [item.run_id async for item in pages] == ["run_1", "run_2", "run_3", "run_4"]
    assert [request.url.query for request in network.requests] == [
        b"project_id=prj_1&limit=2",
        b"project_id=prj_1&cursor=c%201&limit=2",
        b"project_id=prj_1&cursor=c2&limit=2",
    ]


async def test_a_page_is_read_when_it_is_needed() -> None:
    network = Network(page(1, 2, cursor="c1"))
    async with client(network) as flora:
        pages = flora.generations.list()
        assert network.requests == []
        async for item in pages:
            assert item.run_id == "run_1"
            break
    assert len(network.requests) == 1


async def test_awaiting_a_list_gives_one_page() -> None:
    reply = page(1, cursor="c1")
    async with client(Network(reply)) as flora:
        got = await flora.generations.list()
    assert got == Page(items=[Generation.model_validate(run())], body=reply.json(), next_arguments={"cursor": "c1"})


async def test_next_arguments_lead_to_the_next_page() -> None:
    network = Network(page(1, cursor="c1"), page(2))
    async with client(network) as flora:
        arguments: dict[str, object] = {"project_id": "prj_1"}
        first = await flora.call("generations.list", arguments)
        assert isinstance(first, Page)
        assert first.next_arguments is not None
        second = await flora.call("generations.list", {**arguments, **first.next_arguments})
    assert isinstance(second, Page)
    assert second.next_arguments is None
    assert network.requests[1].url.query == b"project_id=prj_1&cursor=c1"


@pytest.mark.parametrize("cursor", [None, ""])
async def test_an_absent_cursor_ends_the_list(cursor: str | None) -> None:
    network = Network(page(1, cursor=cursor))
    async with client(network) as flora:
        assert len([item async for item in flora.generations.list()]) == 1


async def test_an_empty_page_ends_the_list_whatever_its_cursor() -> None:
    network = Network(page(1, cursor="c1"), page(cursor="c2"))
    async with client(network) as flora:
        assert len([item async for item in flora.generations.list()]) == 1


async def test_a_cursor_that_leads_to_itself_is_an_error() -> None:
    network = Network(page(1, cursor="c1"), page(2, cursor="c1"))
    async with client(network) as flora:
        with pytest.raises(FloraError):
            [item async for item in flora.generations.list()]
    assert len(network.requests) == 2


async def test_a_list_without_pages_is_one_page() -> None:
    model = {"model_id": "t2i-a", "name": "A", "type": "image", "params": [{"name": "seed", "type": "seed"}]}
    network = Network(httpx.Response(200, json={"models": [model]}))
    async with client(network) as flora:
        got = await flora.models.list(type="image")
    assert got == Page(items=[Model.model_validate(model)], body={"models": [model]}, next_arguments=None)
    assert network.requests[0].url.query == b"type=image"


async def test_wrong_arguments_of_a_list_show_when_it_is_read() -> None:
    network = Network()
    async with client(network) as flora:
        pages = flora.generations.list(limit=0)
        with pytest.raises(InvalidArgumentError):
            await pages
    assert network.requests == []


async def test_the_media_of_a_project_are_typed() -> None:
    nodes = [{"node_id": "n-1", "type": "text", "url": "hello", "width": None}]
    network = Network(httpx.Response(200, json={"nodes": nodes, "meta": {"next_cursor": None}}))
    async with client(network) as flora:
        assert [(node.type, node.url) async for node in flora.projects.list_nodes("prj_1")] == [("text", "hello")]
