"""The only module that knows the HTTP library: turns a `Request` or a URL into an `Answer`."""

from __future__ import annotations

import logging
import platform
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from typing import Any

import anyio
import httpx

from flora_mcp import __version__
from flora_mcp.flora._public import Resolve, check_public_name, public_addresses, resolve
from flora_mcp.flora.answers import Answer
from flora_mcp.flora.errors import (
    APIConnectionError,
    APIConnectionTimeoutError,
    ArgumentError,
    InvalidArgumentError,
    MediaError,
    MediaTooLargeError,
    UnreadableAnswerError,
)
from flora_mcp.flora.files import File
from flora_mcp.flora.forms import Form
from flora_mcp.flora.requests import Request

CONNECT_SECONDS = 10.0
"""How long a connection may take to come about."""

ANSWER_BYTES = 32 * 1024 * 1024
"""The largest answer of the API that is read."""

ERROR_BYTES = 64 * 1024
"""As much of an unsuccessful answer is read; the rest is dropped."""

KEY_BYTES = 8
"""A shorter key could be an ordinary word of the answer; FLORA's are far longer."""

MAX_REDIRECTS = 5

DELIVERY_SECONDS = 3600.0
"""How long one file may take to leave; a connection that stands still ends sooner, after the client's timeout."""

USER_AGENT = f"flora-mcp/{__version__} (Python {platform.python_version()})"

PLAIN = {"accept-encoding": "identity"}
"""Asks for bytes as they are stored: a compressed answer could unpack to any size."""

Transport = httpx.AsyncBaseTransport
"""Stands in for the network: a proxy, a recorder, a test."""

ASGIApp = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]
"""An application that answers the base URL's origin in process."""

# Raised before the request left: whatever it asked for was not done.
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)

# A redirect to an address that is none makes the library raise the second, although it follows no redirect.
UNANSWERED = (httpx.RequestError, httpx.InvalidURL)

log = logging.getLogger(__name__)


class Connection:
    """Exchanges with FLORA and with the hosts of its media; the key goes to FLORA only."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str | None,
        app: ASGIApp | None,
        transport: Transport | None,
        timeout_seconds: float,
        resolve: Resolve = resolve,
    ) -> None:
        self._base_url = _checked_base(base_url)
        self._key = _checked_key(api_key)
        self._app = app
        self._transport = transport
        self._timeout_seconds = timeout_seconds
        self._home: httpx.AsyncClient | None = None
        self._network: httpx.AsyncClient | None = None
        self._public: httpx.AsyncClient | None = None
        self._resolve = resolve

    @property
    def origin(self) -> str:
        """Scheme, host and port of the base URL."""
        return f"{self._base_url.scheme}://{self._base_url.netloc.decode('ascii')}"

    async def aclose(self) -> None:
        """Closes every connection."""
        async with AsyncExitStack() as stack:
            for client in (self._home, self._network, self._public):
                if client is not None:
                    stack.push_async_callback(client.aclose)

    async def exchange(self, request: Request) -> Answer:
        """Sends one request to FLORA, once, and follows no redirect.

        Raises:
            APIConnectionError: no answer came, or none within the timeout.
            UnreadableAnswerError: the answer is longer than `ANSWER_BYTES`.
        """
        query = f"?{request.query}" if request.query else ""
        url = _joined(f"{self._base_url}{request.path}{query}")
        headers = {"accept": "application/json", **request.headers}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        body = request.content
        if isinstance(body, Form):
            headers.update(_form_headers(body))
        elif body is not None:
            headers["content-type"] = "application/json"
        built = self._client(url).build_request(
            request.verb, url, headers=headers, content=body.chunks() if isinstance(body, Form) else body
        )
        return await self._sent(built, name=request.name, seconds=self._timeout_seconds)

    async def deliver(self, verb: str, url: str, body: Form | File) -> Answer:
        """Sends a file to an address that FLORA named, once; follows no redirect and sends no key.

        Raises:
            APIConnectionError: no answer came.
            MediaError: the address is not http(s).
        """
        target = _checked_media(url, url)
        if isinstance(body, Form):
            headers = _form_headers(body)
        else:
            headers = {"content-length": str(body.size_bytes)}
            if body.content_type:
                headers["content-type"] = body.content_type
        built = self._client(target).build_request(verb, target, headers=headers, content=body.chunks())
        # The address is a signed one: whoever reads it in a message could use it.
        return await self._sent(built, name=f"{verb} to {target.host}", seconds=DELIVERY_SECONDS)

    async def _sent(self, built: httpx.Request, *, name: str, seconds: float) -> Answer:
        client = self._client(built.url)
        try:
            with anyio.fail_after(seconds):
                response = await client.send(built, stream=True)
                try:
                    content = await _read(response, max_bytes=ANSWER_BYTES)
                finally:
                    await response.aclose()
        except TimeoutError as exc:
            raise APIConnectionTimeoutError(f"{name}: no answer within {seconds:g} seconds.") from exc
        except httpx.TimeoutException as exc:
            raise APIConnectionTimeoutError(
                f"{name}: timed out ({type(exc).__name__}).", sent=not isinstance(exc, UNSENT)
            ) from exc
        except UNANSWERED as exc:
            raise APIConnectionError(
                f"{name}: the connection to {built.url.host} failed ({_reason(exc)}).",
                sent=not isinstance(exc, UNSENT),
            ) from exc
        answer = _answer(response, self._masked(content or b""))
        if content is None:
            raise UnreadableAnswerError(
                f"{answer.status} to {name}: the answer is longer than {ANSWER_BYTES} bytes. "
                f"Ask for less, such as a smaller limit.",
                status=answer.status,
                request_id=answer.request_id,
            )
        return answer

    async def fetch(self, url: str, *, max_bytes: int, public_only: bool) -> Answer:
        """Gets a URL, once, following redirects; sends no key to anyone.

        Args:
            url: Where the bytes are.
            max_bytes: More are refused.
            public_only: Whoever named the address must not reach through us what only this computer can reach: but
                for the base URL's origin only https is followed, to hosts all of whose addresses are public.

        Raises:
            APIConnectionError: no answer came, or it stopped coming for the timeout.
            MediaError: the address is not http(s), or it redirects too often.
            MediaTooLargeError: there are more than `max_bytes` bytes.
        """
        try:
            return await self._follow(url, max_bytes=max_bytes, public_only=public_only)
        except httpx.TimeoutException as exc:
            raise APIConnectionTimeoutError(f"GET {url}: timed out ({type(exc).__name__}).") from exc
        except UNANSWERED as exc:
            raise APIConnectionError(f"GET {url}: the connection failed ({_reason(exc)}).") from exc

    def _masked(self, content: bytes) -> bytes:
        """Returns an answer without the key, should a server repeat it: answers end up in messages to a model."""
        return content.replace(self._key.encode(), b"***") if self._key and len(self._key) >= KEY_BYTES else content

    async def _follow(self, url: str, *, max_bytes: int, public_only: bool) -> Answer:
        target = _checked_media(url, url)
        for _ in range(MAX_REDIRECTS + 1):
            guarded = public_only and _origin(target) != _origin(self._base_url)
            response = await (self._ask_public(target, url) if guarded else self._ask(target))
            try:
                if not response.has_redirect_location:
                    content = await _read(response, max_bytes=max_bytes)
                    if content is None:
                        raise MediaTooLargeError(
                            f"{url!r} holds more than the accepted {max_bytes} bytes. "
                            f"Open the URL in a browser, or raise the limit.",
                            url=url,
                            max_bytes=max_bytes,
                        )
                    return _answer(response, content)
            finally:
                await response.aclose()
            target = _checked_media(str(target.join(response.headers["location"])), url)
        raise MediaError(
            f"{url!r} redirects more than {MAX_REDIRECTS} times. Read the run again for a fresh URL.", url=url
        )

    async def _ask(self, target: httpx.URL) -> httpx.Response:
        client = self._client(target)
        return await client.send(client.build_request("GET", target, headers=PLAIN), stream=True)

    async def _ask_public(self, target: httpx.URL, url: str) -> httpx.Response:
        """Connects to an address that was checked: the name could lead elsewhere when it is asked for again.

        No proxy is used, which would ask for it; the certificate must still be the host's.
        """
        check_public_name(target.scheme, target.host, target.userinfo, url=url)
        addresses = await public_addresses(target.host, target.port or 443, url=url, resolve=self._resolve)
        if self._public is None:
            self._public = self._opened(trust_env=False)
        headers = {**PLAIN, "host": target.netloc.decode("ascii")}
        for number, address in enumerate(addresses, start=1):
            pinned = target.copy_with(host=address, fragment=None)
            request = self._public.build_request(
                "GET", pinned, headers=headers, extensions={"sni_hostname": target.host}
            )
            try:
                return await self._public.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise AssertionError("a host has at least one address")

    def _client(self, url: httpx.URL) -> httpx.AsyncClient:
        """Returns the client for a URL; made on first use, because a TLS context costs tens of milliseconds."""
        if self._app is not None and _origin(url) == _origin(self._base_url):
            if self._home is None:
                self._home = self._opened(
                    transport=httpx.ASGITransport(app=_logged(self._app), raise_app_exceptions=False)
                )
            return self._home
        if self._network is None:
            self._network = self._opened()
        return self._network

    def _opened(self, *, transport: Transport | None = None, trust_env: bool = True) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=transport or self._transport,
            timeout=httpx.Timeout(self._timeout_seconds, connect=min(CONNECT_SECONDS, self._timeout_seconds)),
            headers={"user-agent": USER_AGENT},
            trust_env=trust_env,
        )


def _logged(app: ASGIApp) -> ASGIApp:
    """Returns the app with its crashes logged: the transport turns them into a bare 500, as a server would."""

    async def logged(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except Exception:  # the border that a server would be: logged here, hidden from the caller
            log.exception("the application in process failed on %s %s", scope["method"], scope["path"])
            raise

    return logged


async def _read(response: httpx.Response, *, max_bytes: int) -> bytes | None:
    """Returns the body, or None when a success is longer than allowed; other answers are cut."""
    limit = max_bytes if response.is_success else ERROR_BYTES
    declared = response.headers.get("content-length", "")
    if response.is_success and declared.isdecimal() and int(declared) > limit:
        return None
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > limit:
            return None if response.is_success else bytes(content[:limit])
    return bytes(content)


def _answer(response: httpx.Response, content: bytes) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, content=content)


def _form_headers(form: Form) -> dict[str, str]:
    return {"content-type": form.content_type, "content-length": str(form.size_bytes)}


def _reason(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}" if str(exc) else type(exc).__name__


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _joined(address: str) -> httpx.URL:
    try:
        return httpx.URL(address)
    except httpx.InvalidURL as exc:
        # All parts are encoded and checked, so only the length is left to be wrong.
        raise InvalidArgumentError(f"the arguments make no address ({exc}). Shorten them.") from exc


def _checked_media(target: str, url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(target)
    except httpx.InvalidURL as exc:
        raise MediaError(f"{target!r} is no URL ({exc}). Pass an output's url.", url=url) from exc
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise MediaError(
            f"{target!r} cannot be fetched: accepted are http:// and https:// addresses. Pass an output's url.", url=url
        )
    return parsed


def _checked_base(base_url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(base_url.rstrip("/"))
    except httpx.InvalidURL as exc:
        raise InvalidArgumentError(f"base_url={base_url!r} is no URL ({exc}).", argument="base_url") from exc
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.query or parsed.fragment or parsed.userinfo:
        raise InvalidArgumentError(
            f"base_url={base_url!r}: accepted is an http(s) address without a query or a password, "
            f"such as 'https://app.flora.ai/api/v1'.",
            argument="base_url",
        )
    return parsed


def _checked_key(api_key: str | None) -> str | None:
    key = (api_key or "").strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        # The value stays out of the message: it is a secret, if a damaged one.
        raise ArgumentError(
            "api_key holds spaces or characters that no key has. Copy the key again from FLORA's settings.",
            argument="api_key",
        )
    return key or None
