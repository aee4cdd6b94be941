"""Programs in JavaScript that try to get out."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from code_sandbox import Outcome

Javascript = Callable[..., Awaitable[Outcome]]


@pytest.fixture
def javascript(attempt: Any) -> Javascript:
    """Runs a program as JavaScript, with the canaries around it. Keywords are limits."""

    async def run(program: str, **limits: Any) -> Outcome:
        outcome: Outcome = await attempt(f"```js\n{program}\n```", **limits)
        return outcome

    return run
