"""Keeps the loop of the host responsive when a crowd of programs has something to say at once."""

import asyncio
from collections import deque

TASKS_PER_TURN = 16
"""Each takes up to a millisecond, so that a turn of the loop stays far below what anybody notices."""


class Turnstile:
    """Lets a few tasks go on in each turn of the loop, in their order; the others go on in the next ones.

    Those that pass are counted across turns, so that nothing has to happen in a turn without a crowd.
    """

    def __init__(self, *, tasks_per_turn: int = TASKS_PER_TURN) -> None:
        self._tasks_per_turn = tasks_per_turn
        self._passed = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._turns: asyncio.Handle | None = None

    async def enter(self) -> None:
        """Returns at once, or in a later turn if so many tasks have passed since the last pause."""
        if self._passed < self._tasks_per_turn and not self._waiting:
            self._passed += 1
            return
        loop = asyncio.get_running_loop()
        if self._turns is None:
            self._turns = loop.call_soon(self._turn)
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        await turn

    def _turn(self) -> None:
        self._turns = None
        self._passed = 0
        while self._waiting and self._passed < self._tasks_per_turn:
            turn = self._waiting.popleft()
            # One that was cancelled takes nobody's place.
            if not turn.done():
                turn.set_result(None)
                self._passed += 1
        if self._waiting:
            self._turns = asyncio.get_running_loop().call_soon(self._turn)
