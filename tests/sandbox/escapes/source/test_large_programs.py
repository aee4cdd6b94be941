"""Sources that are small enough as text and enormous as a tree."""

import pytest


@pytest.mark.parametrize("statement", ["x=1;", "-1;", "[];", "f();", "x.y;", "''or 1;", "{1:1};"])
async def test_too_many_nodes_are_refused(attempt, statement):
    outcome = await attempt("return 1\n" + statement * (60_000 // len(statement)))
    assert (outcome.status, outcome.failure.limit) == ("limit", "program_nodes")


@pytest.mark.parametrize("separator", ["\n", ";", "\r"])
async def test_too_long_a_text_never_reaches_a_worker(attempt, separator):
    outcome = await attempt(separator.join(["x=1"] * 20_000))
    assert (outcome.status, outcome.failure.limit) == ("limit", "program_bytes")
    assert outcome.cpu_seconds == 0
