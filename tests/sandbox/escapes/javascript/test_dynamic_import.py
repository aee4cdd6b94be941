"""`import()` made from text is not seen by the check before the run. There is no loader behind it."""

import pytest

PROGRAMS = [
    "return await eval(\"import('os')\")",
    "return await eval(\"import('std')\")",
    "return await eval(\"import('@FILE@')\")",
    "return await new Function('name', 'return import(name)')('@FILE@')",
    "return await (async () => {}).constructor('return await import(\"/etc/passwd\")')()",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_nothing_is_loaded(javascript, program):
    outcome = await javascript(program)
    assert outcome.status == "failed"
    assert outcome.calls == ()


@pytest.mark.parametrize("program", ["import('os')", "import os from 'os'", "require('fs')", "export * from 'std'"])
async def test_what_is_written_out_is_refused_before_the_run(javascript, program):
    outcome = await javascript(f"console.log('ran');\n{program}")
    assert (outcome.failure.type_name, outcome.printed) == ("CheckError", "")
