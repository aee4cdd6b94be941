"""Media at addresses that a stranger named: from the public internet, and from nowhere else."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from flora.network import Network, World

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import MediaError, MediaTooLargeError

PUBLIC = "93.184.216.34"
INSIDE = ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:10.0.0.7", "64:ff9b::a9fe:a9fe"]


@asynccontextmanager
async def visiting(
    network: Network, *, base_url: str = "https://app.flora.ai/api/v1", **hosts: Sequence[str]
) -> AsyncIterator[Flora]:
    """A client in a world where `media_example` is the host media.example."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        name = host.replace(".", "_")
        if name not in hosts:
            raise OSError("not found")
        return hosts[name]

    world = World()
    flora = Flora(
        api_key="sk_live_secret",
        base_url=base_url,
        transport=network.transport,
        sleep=world.sleep,
        surroundings=replace(world.surroundings, resolve=resolve),
    )
    async with flora:
        yield flora


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    network = Network(httpx.Response(200, content=b"file"))
    async with visiting(network, media_example=[PUBLIC]) as flora:
        media = await flora.fetch_public("https://media.example/a.png?b=1#part", max_bytes=10)
    (request,) = network.requests
    assert media.content == b"file"
    assert str(request.url) == f"https://{PUBLIC}/a.png?b=1"
    assert request.headers["host"] == "media.example"
    assert request.extensions["sni_hostname"] == "media.example"
    assert "authorization" not in request.headers


@pytest.mark.parametrize("address", INSIDE)
async def test_a_host_with_an_address_around_here_is_not_asked(address: str) -> None:
    network = Network()
    async with visiting(network, inside_example=[PUBLIC, address]) as flora:
        with pytest.raises(MediaError, match="not a public host") as caught:
            await flora.fetch_public("https://inside.example/", max_bytes=10)
    assert network.requests == []
    assert address not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://１２７.０.０.１/",
        "https://localhost/",
        "https://localhost./",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://intranet/",
        "http://media.example/",
        "https://user:word@media.example/",
        "file:///etc/passwd",
        "ftp://media.example/",
        "gopher://media.example/",
        "https://",
        "",
    ],
)
async def test_an_address_that_is_not_public_is_refused_unasked(url: str) -> None:
    network = Network()
    async with visiting(network, media_example=[PUBLIC]) as flora:
        with pytest.raises(MediaError):
            await flora.fetch_public(url, max_bytes=10)
    assert network.requests == []


@pytest.mark.parametrize(
    "target", ["https://inside.example/", "http://media.example/", "https://127.0.0.1/", "//169.254.169.254/latest"]
)
async def test_a_redirect_is_checked_like_a_first_address(target: str) -> None:
    network = Network(httpx.Response(302, headers={"location": target}))
    async with visiting(network, media_example=[PUBLIC], inside_example=["10.0.0.7"]) as flora:
        with pytest.raises(MediaError):
            await flora.fetch_public("https://media.example/", max_bytes=10)
    assert len(network.requests) == 1


async def test_a_relative_redirect_stays_with_the_host() -> None:
    network = Network(httpx.Response(302, headers={"location": "/b.png"}), httpx.Response(200, content=b"b"))
    async with visiting(network, media_example=[PUBLIC]) as flora:
        assert (await flora.fetch_public("https://media.example/a.png", max_bytes=10)).content == b"b"
    assert network.requests[1].headers["host"] == "media.example"
    assert str(network.requests[1].url) == f"https://{PUBLIC}/b.png"


async def test_the_next_address_is_tried_when_one_cannot_be_connected_to() -> None:
    network = Network(httpx.ConnectError("refused"), httpx.Response(200, content=b"file"))
    async with visiting(network, media_example=[PUBLIC, "93.184.216.35"]) as flora:
        assert (await flora.fetch_public("https://media.example/", max_bytes=10)).content == b"file"
    assert [request.url.host for request in network.requests] == [PUBLIC, "93.184.216.35"]


async def test_the_own_origin_is_asked_wherever_it_is() -> None:
    network = Network(
        httpx.Response(200, content=b"own"), httpx.Response(302, headers={"location": "http://10.0.0.8/"})
    )
    async with visiting(network, base_url="http://10.0.0.7:8000/api/v1") as flora:
        assert (await flora.fetch_public("http://10.0.0.7:8000/media/a.png", max_bytes=10)).content == b"own"
        with pytest.raises(MediaError):
            await flora.fetch_public("http://10.0.0.7:8000/media/away.png", max_bytes=10)
        with pytest.raises(MediaError):
            await flora.fetch_public("http://10.0.0.7:9000/media/a.png", max_bytes=10)
    assert len(network.requests) == 2


async def test_too_many_bytes_are_refused() -> None:
    async with visiting(Network(httpx.Response(200, content=bytes(11))), media_example=[PUBLIC]) as flora:
        with pytest.raises(MediaTooLargeError):
            await flora.fetch_public("https://media.example/", max_bytes=10)
