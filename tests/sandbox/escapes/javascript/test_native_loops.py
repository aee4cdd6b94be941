"""Loops inside the engine itself do not look at its clock. The kernel ends them."""

import pytest

PROGRAMS = [
    "Array(1e9).join('ab')",
    "const x = []; x.length = 4e9; x.sort()",
    "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
    "(3n ** 1000000n).toString()",
    "'a'.repeat(2 ** 28).indexOf('b'.repeat(2 ** 20))",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_end_at_a_limit_or_by_themselves(javascript, program):
    outcome = await javascript(f"const t = 1;\n{program};\nreturn 1", cpu_seconds=1.0)
    if outcome.status == "failed":
        assert outcome.failure.type_name == "RangeError"
    elif outcome.status == "limit":
        assert outcome.failure.limit in ("cpu_seconds", "memory_bytes")
