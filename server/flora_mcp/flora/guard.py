"""What stands before and after every call: the user's rules, the check of parameters, and the purse."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

import anyio

from flora_mcp.flora.checks import Catalogue, Shelf, problems_of_action, problems_of_generation
from flora_mcp.flora.checks.catalogue import RECENT_SECONDS
from flora_mcp.flora.errors import (
    FieldError,
    FloraError,
    InvalidArgumentError,
    InvalidParamsError,
    MethodForbiddenError,
    OutcomeUncertainError,
)
from flora_mcp.flora.operations import Operation, operation_of
from flora_mcp.flora.requests import Request
from flora_mcp.flora.spending import PaidCall, Prices, Spending, Start
from flora_mcp.flora.types import NodeRuns, RunStart, RunState, Shape

Answered = TypeVar("Answered", bound=Shape)
Item = TypeVar("Item")

Method = Callable[..., object]

AS_ASKED = "parameters not checked, as asked (strict=False)"
UNREADABLE = "parameters not checked: the catalogue cannot be read"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a method may not be called."""

    method: str
    setting: str
    message: str


class Guard:
    """One for all resources of a client; a program reaches FLORA only through it.

    Args:
        refusal: Says why a method may not be called; None when it may.
        name: Tells a method's path.
        catalogue: What parameters are checked against.
        checks_params: False lets every call through as with `strict=False`.
        prices: Where quotes come from.
        spending: The purse.
    """

    def __init__(
        self,
        *,
        refusal: Callable[[Method], Refusal | None],
        name: Callable[[Method], str],
        catalogue: Catalogue,
        checks_params: bool,
        prices: Prices,
        spending: Spending,
    ) -> None:
        self._refusal = refusal
        self._name = name
        self._catalogue = catalogue
        self._checks_params = checks_params
        self._prices = prices
        self._spending = spending
        self._canvas = anyio.Lock()

    def permit(self, method: Method) -> None:
        """Raises:
        MethodForbiddenError: the settings forbid the method.
        """
        refused = self._refusal(method)
        if refused is not None:
            raise MethodForbiddenError(refused.message, method=refused.method, setting=refused.setting)

    async def check(
        self, operation: Operation, arguments: Mapping[str, object], wrong: Mapping[str, str], *, strict: bool
    ) -> str:
        """Checks a call as a whole; returns a note when its parameters could not be, or should not be checked.

        Args:
            operation: What is called.
            arguments: All of them.
            wrong: What is wrong with the form of some.
            strict: False leaves it at the form.

        Raises:
            InvalidParamsError: the model or action does not take this; problems of form are in it too.
            InvalidArgumentError: only the form is wrong.
        """
        note = ""
        if operation.subject in {"model", "action"}:
            note = await self._check_schema(operation, arguments, wrong, strict=strict)
        if wrong:
            message = "; ".join(f"{name}={text}" for name, text in wrong.items())
            raise InvalidArgumentError(message, argument=next(iter(wrong)))
        return note

    async def pay(
        self,
        method: Method,
        arguments: Mapping[str, object],
        request: Request,
        *,
        note: str,
        send: Callable[[], Awaitable[Answered]],
    ) -> Answered:
        """Sends a call that can be billed, with its money set aside before.

        Raises:
            SpendCapError: it does not fit under the cap; nothing was sent.
            FloraError: as `send`.
        """
        operation, spending = operation_of(method), self._spending
        assert request.creation is not None
        price = await self._prices.of(operation.subject, arguments, ask=spending.capped)
        workspace_id = arguments.get("workspace_id")
        call = PaidCall(
            method=self._name(method),
            price=price,
            workspace_id=workspace_id if isinstance(workspace_id, str) else None,
            idempotency_key=request.creation.idempotency_key,
            content=_fingerprint(request),
            note=note,
        )
        unpriced = spending.capped and price.usd is None
        one_by_one: AbstractAsyncContextManager[object] = spending.unpriced if unpriced else nullcontext()
        async with one_by_one:
            charge = await spending.reserve(call)
            try:
                answer = await send()
            except OutcomeUncertainError:
                await spending.doubted(charge)
                raise
            except FloraError:
                await spending.released(charge)
                raise
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await spending.doubted(charge)
                raise
            with anyio.CancelScope(shield=True):  # what is paid for is not lost by a cancelled call
                await spending.accepted(charge, _starts(answer))
                await self.observe([answer])
        return answer

    async def observe(self, answers: Iterable[object]) -> None:
        """Takes in what answers tell of runs that have ended."""
        states = [answer for answer in answers if isinstance(answer, RunState) and answer.ended]
        if states:
            await self._spending.observe(states)

    def turn(self, operation: Operation) -> AbstractAsyncContextManager[object]:
        """Keeps changes of a canvas apart from runs of its nodes under a cap: their price is read just before."""
        concerned = operation.subject == "nodes" or (operation.writes and "/canvas" in operation.path)
        return self._canvas if concerned and self._spending.capped else nullcontext()

    async def _check_schema(
        self, operation: Operation, arguments: Mapping[str, object], wrong: Mapping[str, str], *, strict: bool
    ) -> str:
        formed = {name: value for name, value in arguments.items() if name not in wrong and value is not None}
        generation = operation.subject == "model"
        if generation and not formed.get("model") and not formed.get("params"):
            return ""
        if not self._checks_params or not strict:
            return AS_ASKED
        try:
            if generation:
                fields = await _found(self._catalogue.models, lambda models: problems_of_generation(formed, models))
            else:
                fields = await _found(self._catalogue.actions, lambda actions: problems_of_action(formed, actions))
        except FloraError as exc:
            log.info("%s goes unchecked: %s", operation.path, exc)
            return UNREADABLE
        if fields:
            misshapen = [FieldError(field=name, message=text, code="wrong_form") for name, text in wrong.items()]
            raise InvalidParamsError(fields=[*misshapen, *fields])
        return ""


async def _found(shelf: Shelf[Item], problems: Callable[[tuple[Item, ...]], list[FieldError]]) -> list[FieldError]:
    """Returns the problems by a list that is recent if there are any."""
    found = problems(await shelf.items())
    return problems(await shelf.items(at_most_seconds=RECENT_SECONDS)) if found else found


def _starts(answer: object) -> list[Start]:
    if isinstance(answer, NodeRuns):
        return [Start(run_id=run.run_id, quote_usd=run.charged_cost) for run in answer.runs if run.run_id is not None]
    assert isinstance(answer, RunStart | RunState)
    return [Start(run_id=answer.run_id, quote_usd=answer.charged_cost)]


def _fingerprint(request: Request) -> str:
    content = request.content if isinstance(request.content, bytes) else b""
    return hashlib.sha256(request.path.encode() + b"\0" + content).hexdigest()
