"""A small library that programs of these tests call, and a way to run them against real workers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import anyio
import pytest
from sandbox.sandboxes import Sandboxes

from code_sandbox import JSON, Call, CallFailed, Exposure, Limits, Method, Outcome, Page, Parameter

EXPOSURE = Exposure(
    methods=(
        Method(
            path="client.books.create",
            parameters=(
                Parameter(name="title", required=True),
                Parameter(name="page_count"),
                Parameter(name="tags"),
            ),
            signature="client.books.create(*, title: str, page_count: int = 1, tags: list[str] = [])",
        ),
        Method(
            path="client.books.retrieve",
            parameters=(Parameter(name="book_id", required=True, positional=True),),
            signature="client.books.retrieve(book_id: str)",
        ),
        Method(
            path="client.books.list",
            parameters=(Parameter(name="shelf"), Parameter(name="cursor"), Parameter(name="limit")),
            paged=True,
            signature="client.books.list(*, shelf: str | None = None, limit: int = 2)",
        ),
        Method(
            path="client.books.list_pages",
            aliases=("client.books.allPages",),
            parameters=(Parameter(name="book_id", required=True, positional=True), Parameter(name="limit")),
        ),
        Method(path="client.books.wait"),
        Method(path="show", parameters=(Parameter(name="output", required=True, positional=True),)),
    ),
    errors={"APIError": None, "NotFoundError": "APIError"},
)

BOOKS: list[JSON] = [{"book_id": f"book_{number}", "title": f"Book {number}"} for number in range(5)]


async def answer(call: Call) -> JSON | Page:
    """A library of five books."""
    arguments = call.arguments
    match call.path:
        case "client.books.list":
            start, size = int(str(arguments.get("cursor") or 0)), int(str(arguments.get("limit") or 2))
            items = BOOKS[start : start + size]
            next_arguments: dict[str, JSON] | None = (
                {"cursor": str(start + size)} if start + size < len(BOOKS) else None
            )
            meta: JSON = {"next_cursor": next_arguments["cursor"] if next_arguments else None}
            return Page(items=items, body={"books": items, "meta": meta}, next_arguments=next_arguments)
        case "client.books.retrieve" if arguments["book_id"] == "book_404":
            raise CallFailed(
                "NotFoundError", "no such book", {"status": 404, "code": "not_found", "request_id": "req_7"}
            )
        case "client.books.retrieve" if arguments["book_id"] == "book_500":
            raise RuntimeError("the password is hunter2")
        case "client.books.wait":
            await anyio.sleep_forever()
    return {"path": call.path, "number": call.number, "arguments": arguments}


Run = Callable[..., Awaitable[Outcome]]


@pytest.fixture
def exposure() -> Exposure:
    return EXPOSURE


@pytest.fixture(scope="session")
async def sandboxes() -> AsyncIterator[Sandboxes]:
    sandboxes = Sandboxes(EXPOSURE)
    yield sandboxes
    await sandboxes.close()


@pytest.fixture
async def run(sandboxes: Sandboxes) -> Run:
    """Runs a program against the library; keywords are limits."""

    async def run_program(program: str, *, on_print: Any = None, **limits: Any) -> Outcome:
        sandbox = await sandboxes.of(Limits(**{"wall_seconds": 20.0, "cpu_seconds": 3.0, **limits}))
        return await sandbox.run(program, answer=answer, on_print=on_print)

    return run_program
