"""What the studio fetches for users, and what it does not."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.abc
import httpx
import pytest

from flora_mcp.internet import is_public
from flora_mcp.studio.errors import WebFailedError, WebRefusedError
from flora_mcp.studio.web import Web

PUBLIC = "93.184.215.14"


class Site:
    """Hosts with addresses, and what they answer; notes where each request went."""

    def __init__(self, **hosts: str | Sequence[str]) -> None:
        self.hosts = {
            name.replace("_", "."): [found] if isinstance(found, str) else found for name, found in hosts.items()
        }
        self.asked: list[tuple[str, str, str]] = []
        self.answers: dict[str, httpx.Response] = {}

    async def resolve(self, host: str, _port: int) -> Sequence[str]:
        if host not in self.hosts:
            raise OSError("no such host")
        return self.hosts[host]

    def answer(self, request: httpx.Request) -> httpx.Response:
        sni = request.extensions["sni_hostname"]
        self.asked.append((request.url.host, request.headers["host"], sni))
        return self.answers.get(f"{sni}{request.url.path}", sent(b"file"))

    def web(self, **options: object) -> Web:
        return Web(resolve=self.resolve, transport=httpx.MockTransport(self.answer), **options)  # type: ignore[arg-type]


def sent(content: bytes) -> httpx.Response:
    """An answer that is still on its way, as from a real connection."""
    return httpx.Response(200, stream=httpx.ByteStream(content))


def moved(to: str) -> httpx.Response:
    return httpx.Response(302, headers={"location": to})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00:ec2::254",
        "ff02::1",
        "ff0e::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:db8::1",
        "no address",
    ],
)
def test_an_address_around_here_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


async def test_the_connection_goes_to_the_address_that_was_checked(tmp_path: Path) -> None:
    site = Site(media_example=PUBLIC)
    await site.web().fetch("https://media.example/a.png#part", into=tmp_path / "file", most_bytes=10)
    assert site.asked == [(PUBLIC, "media.example", "media.example")]
    assert (tmp_path / "file").read_bytes() == b"file"


@pytest.mark.parametrize("addresses", ["10.0.0.1", [PUBLIC, "127.0.0.1"], ["::1"]])
async def test_a_host_with_an_address_around_here_is_refused(tmp_path: Path, addresses: str | list[str]) -> None:
    site = Site(inside_example=addresses)
    with pytest.raises(WebRefusedError):
        await site.web().fetch("https://inside.example/", into=tmp_path / "file", most_bytes=10)
    assert site.asked == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]", "localhost"]
)
async def test_no_spelling_of_this_computer_is_fetched_from(tmp_path: Path, host: str) -> None:
    with pytest.raises((WebRefusedError, WebFailedError)):
        await Web().fetch(f"https://{host}:1/", into=tmp_path / "file", most_bytes=10)
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://media.example/a.png",
        "ftp://media.example/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "/etc/passwd",
        "C:\\file.png",
        "upload",
        "https://",
        "https:///a.png",
        "https://user:secret@media.example/a.png",
        "https://media.example:port/",
    ],
)
async def test_what_is_no_public_https_address_is_refused(tmp_path: Path, url: str) -> None:
    site = Site(media_example=PUBLIC)
    with pytest.raises(WebRefusedError):
        await site.web().fetch(url, into=tmp_path / "file", most_bytes=10)
    assert site.asked == []


@pytest.mark.parametrize(
    "to", ["https://inside.example/", "http://media.example/b", "//inside.example/", "file:///etc/passwd"]
)
async def test_a_redirect_is_checked_like_a_first_address(tmp_path: Path, to: str) -> None:
    site = Site(media_example=PUBLIC, inside_example="169.254.169.254")
    site.answers["media.example/a"] = moved(to)
    with pytest.raises(WebRefusedError):
        await site.web().fetch("https://media.example/a", into=tmp_path / "file", most_bytes=10)
    assert len(site.asked) == 1


async def test_a_redirect_is_followed_to_another_public_host(tmp_path: Path) -> None:
    site = Site(media_example=PUBLIC, cdn_example="8.8.8.8")
    site.answers["media.example/a"] = moved("https://cdn.example/b")
    await site.web().fetch("https://media.example/a", into=tmp_path / "file", most_bytes=10)
    assert site.asked == [(PUBLIC, "media.example", "media.example"), ("8.8.8.8", "cdn.example", "cdn.example")]


async def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    site = Site(media_example=PUBLIC)
    site.answers["media.example/a"] = moved("/a")
    with pytest.raises(WebFailedError, match="more than 5 times"):
        await site.web().fetch("https://media.example/a", into=tmp_path / "file", most_bytes=10)
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx.Response(404), "status 404"),
        (httpx.Response(206, content=b"part"), "status 206"),
        (sent(b"12345678901"), "longer than 10 bytes"),
        (httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"\x1f\x8b")), "compressed"),
    ],
    ids=["missing", "partial", "long", "compressed"],
)
async def test_an_answer_that_is_no_such_file_fails(tmp_path: Path, answer: httpx.Response, says: str) -> None:
    site = Site(media_example=PUBLIC)
    site.answers["media.example/a"] = answer
    with pytest.raises(WebFailedError, match=says):
        await site.web().fetch("https://media.example/a", into=tmp_path / "file", most_bytes=10)


async def test_an_unknown_host_fails(tmp_path: Path) -> None:
    with pytest.raises(WebFailedError, match="not found"):
        await Site().web().fetch("https://nowhere.example/", into=tmp_path / "file", most_bytes=10)


async def test_an_allowed_host_is_fetched_from_over_a_real_connection(tmp_path: Path) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfile") as port:
        web = Web(allowed_hosts=frozenset({f"127.0.0.1:{port}"}))
        await web.fetch(f"http://127.0.0.1:{port}/a", into=tmp_path / "file", most_bytes=10)
        assert (tmp_path / "file").read_bytes() == b"file"
        with pytest.raises(WebRefusedError):
            await web.fetch(f"http://localhost:{port}/a", into=tmp_path / "other", most_bytes=10)


async def test_the_next_address_is_tried_when_one_cannot_be_connected_to(tmp_path: Path) -> None:
    site = Site(media_example=[PUBLIC, "8.8.8.8"])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == PUBLIC:
            raise httpx.ConnectError("unreachable")
        return site.answer(request)

    web = Web(resolve=site.resolve, transport=httpx.MockTransport(answer))
    await web.fetch("https://media.example/a", into=tmp_path / "file", most_bytes=10)
    assert [host for host, _, _ in site.asked] == ["8.8.8.8"]


async def test_a_source_that_never_ends_its_answer_is_given_up(tmp_path: Path) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfi") as port:
        web = Web(allowed_hosts=frozenset({"127.0.0.1"}), timeout_seconds=0.2)
        with anyio.fail_after(5), pytest.raises(WebFailedError, match=r"within 0\.2 s"):
            await web.fetch(f"http://127.0.0.1:{port}/a", into=tmp_path / "file", most_bytes=10)


@asynccontextmanager
async def serving(answer: bytes) -> AsyncIterator[int]:
    """Yields the port of a server that answers each connection with some bytes and then keeps still."""

    async def meet(stream: anyio.abc.SocketStream) -> None:
        async with stream:
            await stream.receive()
            await stream.send(answer)
            await anyio.sleep_forever()

    [listener] = (await anyio.create_tcp_listener(local_host="127.0.0.1")).listeners
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, meet)
        yield listener.extra(anyio.abc.SocketAttribute.local_port)
        tasks.cancel_scope.cancel()
