"""`def f[T]`, `class K[T]` and `type X = ...` bind names in scopes of their own (3.12)."""

import pytest

PROGRAMS = [
    "def f[_getattr_](x): pass",
    "class K[_getattr_]: pass",
    "type _getattr_ = int",
    "type X[T: (lambda: T).__globals__] = int",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_type_parameters_are_no_road(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name in ("PolicyError", "SyntaxError")


async def test_what_is_refused_is_not_undefined_besides(attempt):
    outcome = await attempt("def f[T](x: T) -> T:\n    return isinstance(x, T)\nclass K[T]:\n    x = T")
    assert "is not defined" not in repr(outcome.failure)
