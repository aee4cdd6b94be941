"""The one way out of the studio: files come from public addresses and webhooks go to them, and nowhere else."""

import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import anyio
import httpx

from flora_mcp.internet import is_private_name, is_public
from flora_mcp.studio.errors import WebFailedError, WebRefusedError

MOST_REDIRECTS = 5

DELIVERY_SECONDS = 10.0
"""How long a receiver may take to answer a webhook (docs:webhooks)."""

FETCH_SECONDS = 30.0

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host, as `getaddrinfo` writes them."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Asks the system's resolver."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Web:
    """Goes where users say, who must not reach through it what only this computer can reach.

    A host is resolved once, each of its addresses must be public, and the connection goes to an address
    that was checked; a redirect is checked like a first address. No proxy is used: it would resolve again.

    Args:
        allowed_hosts: `host` or `host:port` that are gone to whatever their address, also without TLS.
        resolve: What turns names into addresses.
        transport: What connects.
        timeout_seconds: For a whole fetch, redirects included.
    """

    def __init__(
        self,
        *,
        allowed_hosts: frozenset[str] = frozenset(),
        resolve: Resolve = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout_seconds: float = FETCH_SECONDS,
    ) -> None:
        self._allowed_hosts = allowed_hosts
        self._resolve = resolve
        self._transport = transport
        self._timeout_seconds = timeout_seconds

    async def fetch(self, url: str, *, into: Path, most_bytes: int) -> None:
        """Writes what an address answers into a new file, as it was sent.

        Raises:
            WebRefusedError: The address is none that the studio fetches from.
            WebFailedError: It did not answer with a file of at most `most_bytes` in time.
        """
        timeout = httpx.Timeout(self._timeout_seconds)
        try:
            with anyio.fail_after(self._timeout_seconds):
                async with httpx.AsyncClient(transport=self._transport, trust_env=False, timeout=timeout) as client:
                    await self._follow(client, _parsed(url), into=into, most_bytes=most_bytes)
        except (TimeoutError, httpx.TimeoutException) as exc:
            raise WebFailedError(f"The source did not send the file within {self._timeout_seconds:g} s.") from exc
        except httpx.HTTPError as exc:
            raise WebFailedError(f"The source could not be fetched: {exc or type(exc).__name__}.") from exc

    def check_callback(self, url: str) -> None:
        """Looks at an address that webhooks are to go to, without asking for it.

        Raises:
            WebRefusedError: It is not HTTPS, or is this computer's or a private network's by its name (docs:webhooks);
                what the name leads to is looked at with each delivery.
        """
        found = _parsed(url)
        port = found.port or (443 if found.scheme == "https" else 80)
        if self._allows(found.host, port):
            return
        if found.scheme != "https":
            raise WebRefusedError(f"{_shown(found)!r} is not HTTPS; use an address that begins with 'https://'.")
        if is_private_name(found.host):
            raise WebRefusedError(
                f"{found.host[:80]!r} is not a public host; use an address that the internet reaches."
            )

    async def deliver(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Posts an event and returns the status of the answer; follows no redirect (docs:webhooks).

        Raises:
            WebRefusedError: The address is none that the studio goes to.
            WebFailedError: There was no answer within `DELIVERY_SECONDS`.
        """
        timeout = httpx.Timeout(DELIVERY_SECONDS)
        try:
            with anyio.fail_after(DELIVERY_SECONDS):
                async with httpx.AsyncClient(transport=self._transport, trust_env=False, timeout=timeout) as client:
                    parsed = _parsed(url)
                    answer = await _connect(
                        client, parsed, await self._addresses(parsed), method="POST", headers=headers, content=content
                    )
                    await answer.aclose()
                    return answer.status_code
        except (TimeoutError, httpx.TimeoutException) as exc:
            raise WebFailedError(f"The receiver did not answer within {DELIVERY_SECONDS:g} s.") from exc
        except httpx.HTTPError as exc:
            raise WebFailedError(f"The receiver could not be reached: {exc or type(exc).__name__}.") from exc

    async def _follow(self, client: httpx.AsyncClient, url: httpx.URL, *, into: Path, most_bytes: int) -> None:
        for _ in range(MOST_REDIRECTS + 1):
            addresses = await self._addresses(url)
            answer = await _connect(client, url, addresses)
            try:
                if answer.has_redirect_location:
                    url = _parsed(str(url.join(answer.headers["location"])))
                    continue
                await _store(answer, into=into, most_bytes=most_bytes)
            finally:
                await answer.aclose()
            return
        raise WebFailedError(f"The source was redirected more than {MOST_REDIRECTS} times.")

    async def _addresses(self, url: httpx.URL) -> Sequence[str]:
        """Returns where to connect to for a URL, checked."""
        port = url.port or (443 if url.scheme == "https" else 80)
        allowed = self._allows(url.host, port)
        if url.scheme != "https" and not allowed:
            raise WebRefusedError(f"{_shown(url)!r} is not public HTTPS; use an address that begins with 'https://'.")
        try:
            addresses = await self._resolve(url.host, port)
        except (OSError, UnicodeError) as exc:
            raise WebFailedError(f"The host {url.host[:80]!r} was not found.") from exc
        if not addresses:
            raise WebFailedError(f"The host {url.host[:80]!r} has no address.")
        if not allowed and not all(is_public(address) for address in addresses):
            # Not told: which address it has. Who asks might be mapping a network from outside.
            raise WebRefusedError(f"{url.host[:80]!r} is not a public host; use a public address.")
        return addresses

    def _allows(self, host: str, port: int) -> bool:
        return not self._allowed_hosts.isdisjoint({host, f"{host}:{port}"})


def _parsed(url: str) -> httpx.URL:
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL as exc:
        raise WebRefusedError(f"{url[:80]!r} is no URL: {exc}.") from exc
    if found.scheme not in {"http", "https"} or not found.host:
        raise WebRefusedError(f"{url[:80]!r} is no public HTTPS URL; use one that begins with 'https://'.")
    if found.userinfo:
        raise WebRefusedError("The URL holds a user name; use an address that needs none.")
    return found


def _shown(url: httpx.URL) -> str:
    return str(url)[:80]


async def _connect(
    client: httpx.AsyncClient,
    url: httpx.URL,
    addresses: Sequence[str],
    *,
    method: str = "GET",
    headers: Mapping[str, str] = MappingProxyType({}),
    content: bytes | None = None,
) -> httpx.Response:
    """Asks the first address that can be connected to; the certificate must still be the host's."""
    headers = {"host": url.netloc.decode("ascii"), "accept": "*/*", "accept-encoding": "identity", **headers}
    failure: httpx.ConnectError | httpx.ConnectTimeout | None = None
    for address in addresses:
        pinned = url.copy_with(host=address, fragment=None)
        request = client.build_request(
            method, pinned, headers=headers, content=content, extensions={"sni_hostname": url.host}
        )
        try:
            return await client.send(request, stream=True, follow_redirects=False)
        except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
            failure = exc
    assert failure is not None
    raise failure


async def _store(answer: httpx.Response, *, into: Path, most_bytes: int) -> None:
    if answer.status_code != 200:
        raise WebFailedError(f"The source answered with status {answer.status_code} instead of a file.")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        # A few bytes could unfold to any number of them.
        raise WebFailedError("The source sent the file compressed, unasked; use an address that sends it plain.")
    size_bytes = 0
    async with await anyio.open_file(into, "xb") as file:
        async for chunk in answer.aiter_raw():
            size_bytes += len(chunk)
            if size_bytes > most_bytes:
                raise WebFailedError(f"The source is longer than {most_bytes} bytes; use a signed upload.")
            await file.write(chunk)
