"""Expressions that take exponential time, or a deep stack."""

import pytest

PROGRAMS = [
    "/(a+)+$/.test('a'.repeat(50) + 'b')",
    "/(a|a)*$/.test('a'.repeat(50) + 'b')",
    "/(.*)*x/.test('a'.repeat(50))",
    "/^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60))",
    "'a'.repeat(50).replace(/(a*)*b/g, '')",
    "'a'.repeat(50).match(/(?:(?=(a+))a+)+b/u)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_time_ends_at_the_limit(javascript, program):
    outcome = await javascript(f"const x = 1;\nreturn {program}", cpu_seconds=0.1)
    assert (outcome.status, outcome.failure.limit) == ("limit", "cpu_seconds"), outcome


async def test_a_deep_expression_is_an_error(javascript):
    outcome = await javascript("return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('a')")
    assert outcome.status == "failed"
