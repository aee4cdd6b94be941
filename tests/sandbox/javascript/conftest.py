"""Runs programs in JavaScript against the library of the neighbouring tests."""

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
            signature="client.books.create(*, title: str)",
            javascript_signature="client.books.create(options: { title: string, page_count?: number })",
        ),
        Method(
            path="client.books.retrieve",
            parameters=(Parameter(name="book_id", required=True, positional=True),),
            javascript_signature="client.books.retrieve(bookId: string)",
        ),
        Method(
            path="client.books.list",
            parameters=(Parameter(name="shelf"), Parameter(name="cursor"), Parameter(name="limit")),
            paged=True,
        ),
        Method(
            path="client.books.list_pages",
            aliases=("client.books.listPages",),
            parameters=(Parameter(name="book_id", required=True, positional=True), Parameter(name="limit")),
            javascript_signature="client.books.listPages(bookId: string, options?: { limit?: number })",
        ),
        Method(path="client.books.wait"),
        Method(path="show", parameters=(Parameter(name="output", required=True, positional=True),)),
    ),
    errors={"APIError": None, "NotFoundError": "APIError"},
)

BOOKS: list[JSON] = [{"book_id": f"book_{number}", "title": f"Book {number}"} for number in range(5)]


async def library(call: Call) -> JSON | Page:
    """A library of five books."""
    arguments = call.arguments
    match call.path:
        case "client.books.list":
            start, size = int(str(arguments.get("cursor") or 0)), int(str(arguments.get("limit") or 2))
            more = start + size < len(BOOKS)
            following: dict[str, JSON] | None = {"cursor": str(start + size)} if more else None
            items = BOOKS[start : start + size]
            meta: JSON = {"next_cursor": following["cursor"] if following else None}
            return Page(items=items, body={"books": items, "meta": meta}, next_arguments=following)
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


@pytest.fixture(scope="session")
async def sandboxes() -> AsyncIterator[Sandboxes]:
    sandboxes = Sandboxes(EXPOSURE)
    yield sandboxes
    await sandboxes.close()


@pytest.fixture
async def run(sandboxes: Sandboxes) -> Run:
    """Runs a program as JavaScript; keywords are limits."""

    async def run_program(
        program: str, *, language: Any = "javascript", on_print: Any = None, **limits: Any
    ) -> Outcome:
        sandbox = await sandboxes.of(Limits(**{"wall_seconds": 20.0, "cpu_seconds": 5.0, **limits}))
        with anyio.fail_after(60):
            return await sandbox.run(program, answer=library, on_print=on_print, language=language)

    return run_program
