"""Media: fetched from anywhere, with no key, within a size."""

from collections.abc import AsyncIterator

import httpx
import pytest
from flora.network import Network, World, client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flora_mcp.flora import Flora, Media
from flora_mcp.flora.errors import MediaError, MediaTooLargeError

URL = "https://media.flora.ai/a.png"


class Chunks(httpx.AsyncByteStream):
    """A body of unknown length that counts what was taken of it."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.count):
            self.taken += 1
            yield b"x" * 1000


async def test_media_comes_with_the_type_its_host_says() -> None:
    reply = httpx.Response(200, content=b"\x89PNG", headers={"content-type": "Image/PNG; q=1"})
    network = Network(reply)
    async with client(network) as flora:
        assert await flora.fetch(URL, max_bytes=4) == Media(content=b"\x89PNG", content_type="image/png")
    assert str(network.requests[0].url) == URL


async def test_media_without_a_type_has_none() -> None:
    async with client(Network(httpx.Response(200, content=b"x"))) as flora:
        assert (await flora.fetch(URL, max_bytes=4)).content_type is None


@pytest.mark.parametrize("url", [URL, "https://app.flora.ai/media/a.png", "https://app.flora.ai/api/v1/media/a.png"])
async def test_the_key_is_sent_to_no_media_host(url: str) -> None:
    network = Network(httpx.Response(302, headers={"location": URL}), httpx.Response(200, content=b"x"))
    async with client(network) as flora:
        await flora.fetch(url, max_bytes=4)
    sent = [value for request in network.requests for value in request.headers.values()]
    assert len(network.requests) == 2
    assert not any("sk_live_secret" in value for value in sent)


async def test_five_redirects_are_followed() -> None:
    hops = [httpx.Response(301, headers={"location": f"/b{n}.png"}) for n in range(5)]
    network = Network(*hops, httpx.Response(200, content=b"x"))
    async with client(network) as flora:
        assert (await flora.fetch(URL, max_bytes=4)).content == b"x"
    assert str(network.requests[-1].url) == "https://media.flora.ai/b4.png"


async def test_a_sixth_redirect_is_not_followed() -> None:
    network = Network(*[httpx.Response(301, headers={"location": URL})] * 6)
    async with client(network) as flora:
        with pytest.raises(MediaError) as caught:
            await flora.fetch(URL, max_bytes=4)
    assert caught.value.url == URL
    assert network.replies == []


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://media.flora.ai/a"])
async def test_a_redirect_to_something_else_than_the_web_is_refused(location: str) -> None:
    async with client(Network(httpx.Response(302, headers={"location": location}))) as flora:
        with pytest.raises(MediaError):
            await flora.fetch(URL, max_bytes=4)


@pytest.mark.parametrize("location", ["http://[::1", "data:,x"])
async def test_a_redirect_to_nowhere_is_refused(location: str) -> None:
    async with client(Network(*[httpx.Response(302, headers={"location": location})] * 3)) as flora:
        with pytest.raises(MediaError):
            await flora.fetch(URL, max_bytes=4)


@pytest.mark.parametrize("url", ["", "a.png", "file:///etc/passwd", "data:image/png;base64,AA==", "http://[::1"])
async def test_only_web_addresses_are_fetched(url: str) -> None:
    network = Network()
    async with client(network) as flora:
        with pytest.raises(MediaError) as caught:
            await flora.fetch(url, max_bytes=4)
    assert caught.value.url == url
    assert network.requests == []


async def test_media_that_is_announced_too_large_is_not_read() -> None:
    body = Chunks(100)
    reply = httpx.Response(200, stream=body, headers={"content-length": "100000"})
    async with client(Network(reply)) as flora:
        with pytest.raises(MediaTooLargeError) as caught:
            await flora.fetch(URL, max_bytes=99_999)
    assert caught.value.attributes() == {"url": URL, "max_bytes": 99_999}
    assert body.taken == 0


async def test_media_that_turns_out_too_large_is_left_off() -> None:
    body = Chunks(100)
    async with client(Network(httpx.Response(200, stream=body))) as flora:
        with pytest.raises(MediaTooLargeError):
            await flora.fetch(URL, max_bytes=2500)
    assert body.taken == 3


async def test_media_of_exactly_the_size_is_kept() -> None:
    async with client(Network(httpx.Response(200, stream=Chunks(3)))) as flora:
        assert len((await flora.fetch(URL, max_bytes=3000)).content) == 3000


async def test_media_is_asked_for_uncompressed() -> None:
    network = Network(httpx.Response(200, content=b"x"))
    async with client(network) as flora:
        await flora.fetch(URL, max_bytes=4)
    assert network.requests[0].headers["accept-encoding"] == "identity"


async def test_a_host_that_fails_for_a_moment_is_asked_again() -> None:
    network, world = Network(httpx.Response(503), httpx.ReadError("reset"), httpx.Response(200, content=b"x")), World()
    async with client(network, world) as flora:
        assert (await flora.fetch(URL, max_bytes=4)).content == b"x"
    assert world.sleeps == [0.5, 1.0]


@pytest.mark.parametrize(
    "replies",
    [
        [httpx.Response(404)],
        [httpx.Response(500)] * 3,
        [httpx.ConnectError("refused")] * 3,
        [httpx.ReadTimeout("slow")] * 3,
    ],
)
async def test_media_that_is_not_to_be_had_is_one_kind_of_error(replies: list[httpx.Response]) -> None:
    async with client(Network(*replies)) as flora:
        with pytest.raises(MediaError) as caught:
            await flora.fetch(URL, max_bytes=4)
    assert caught.value.attributes() == {"url": URL}


async def test_an_application_serves_its_own_media_and_the_network_all_others() -> None:
    async def picture(request: Request) -> Response:
        assert "authorization" not in request.headers
        return Response(b"local", media_type="image/png")

    async def away(request: Request) -> Response:
        return RedirectResponse("https://media.flora.ai/b.png")

    app = Starlette(routes=[Route("/media/a.png", picture), Route("/media/b.png", away)])
    network = Network(httpx.Response(200, content=b"remote"))
    base_url = "http://studio.localhost/api/v1"
    async with Flora(api_key="sk_live_secret", base_url=base_url, app=app, transport=network.transport) as flora:
        local = await flora.fetch("http://studio.localhost:80/media/a.png", max_bytes=10)
        remote = await flora.fetch("http://studio.localhost/media/b.png", max_bytes=10)
    assert local == Media(content=b"local", content_type="image/png")
    assert remote == Media(content=b"remote", content_type=None)
    assert [str(request.url) for request in network.requests] == ["https://media.flora.ai/b.png"]
