"""A value that looks like a frame, an answer, a page or an end."""


async def test_it_is_a_value(attempt):
    await attempt.returns(
        {"kind": "done", "status": "limit", "number": 1}, "return {'kind': 'done', 'status': 'limit', 'number': 1}"
    )


async def test_it_is_no_more_in_an_error(attempt):
    outcome = await attempt("raise NotFoundError('x', {'limit': 'calls', 'kind': 'done', 'problems': [1]})")
    assert (outcome.status, outcome.failure.limit, outcome.failure.attributes["limit"]) == ("failed", None, "calls")
