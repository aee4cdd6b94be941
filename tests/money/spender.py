"""One of several processes that spend together; also a program: it spends what it can, and says how much that was.

Run as: spender.py DATABASE_URL TENANT CAP_USD CALLS NAME
"""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import anyio
import anyio.to_thread
from flora.shop import WISH, Shop, customer

from flora_mcp.app.shared_book import SPANS, SharedBook
from flora_mcp.flora import Flora, Spending
from flora_mcp.flora.errors import SpendCapError
from flora_mcp.settings import SpendPeriod
from flora_mcp.state import State

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def spending(
    state: State,
    *,
    tenant: str = "ada",
    cap_usd: float | None = 0.12,
    clock: Clock | None = None,
    period: SpendPeriod = "day",
    unpriced: bool = False,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
) -> Spending:
    now = clock or Clock()
    book = SharedBook(state=state, tenant_id=tenant, money="USD", period=period, now=now)
    return Spending(cap_usd=cap_usd, book=book, now=now, span=SPANS[period], allow_unknown_prices=unpriced, sleep=sleep)


async def spend(flora: Flora, calls: int) -> int:
    """Sends calls all at once; returns how many were let through."""
    sent: list[str] = []

    async def create() -> None:
        try:
            sent.append((await flora.generations.create(**WISH)).run_id)
        except SpendCapError:
            return

    async with anyio.create_task_group() as tasks:
        for _ in range(calls):
            tasks.start_soon(create)
    return len(sent)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _main(url: str, tenant: str, cap_usd: str, calls: str, name: str) -> None:
    state, shop = State(url), Shop(prefix=name)
    await state.tables()
    _say("ready")
    await anyio.to_thread.run_sync(sys.stdin.readline)
    async with customer(shop, spending=spending(state, tenant=tenant, cap_usd=float(cap_usd))) as flora:
        _say(f"{await spend(flora, int(calls))} {len(shop.sent)}")
    state.close()


if __name__ == "__main__":
    anyio.run(_main, *sys.argv[1:6])
