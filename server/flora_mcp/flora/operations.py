"""What a resource's method does on the wire, written beside the method and read by the method table."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar, get_type_hints

Method = TypeVar("Method", bound=Callable[..., Any])

MARK = "flora_operation"

Subject = Literal["", "model", "technique", "nodes", "action", "action node"]
"""What a paid call runs."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One endpoint as one method uses it; stands as a decorator above the method."""

    verb: str = ""
    """Empty for a method that asks FLORA nothing."""
    path: str = ""
    """Relative to the base URL; `{name}` is an argument of the method."""
    items: str | None = None
    """The key of a paged answer's items."""
    creates: str | None = None
    """What it makes, in a word; such a request carries an idempotency key."""
    find: str = ""
    """The call that shows whether it was made; `{name!r}` is an argument."""
    paid: bool = False
    """It spends credits."""
    subject: Subject = ""
    """What decides its price; a model or an action also says which parameters there are."""
    twin: str | None = None
    """Another method that does the same: who forbids one forbids both."""
    key_in_body: bool = False
    """The idempotency key goes into the body as well: the endpoint reads it there."""
    host_only: bool = False
    """It takes bytes, files or secrets, which a program does not have: it cannot be called by name."""
    deprecated: str | None = None
    """The method to use instead."""

    @property
    def writes(self) -> bool:
        """It changes something at FLORA."""
        return self.verb not in {"", "GET"}

    def __call__(self, method: Method) -> Method:
        """Marks a resource's method, as a decorator."""
        setattr(method, MARK, self)
        return method


def operation_of(method: Callable[..., object]) -> Operation:
    """Returns the operation of a marked method."""
    found = getattr(method, MARK)
    assert isinstance(found, Operation)
    return found


@cache
def hints_of(method: Callable[..., object]) -> dict[str, Any]:
    """Returns the parameters' annotations with their constraints, and the answer's under `return`."""
    return get_type_hints(method, include_extras=True)


@cache
def parameters_of(method: Callable[..., object]) -> tuple[inspect.Parameter, ...]:
    """Returns the parameters that a caller gives, without `self`."""
    return tuple(inspect.signature(method).parameters.values())[1:]
