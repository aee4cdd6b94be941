"""Advice on memory can take a page away from the whole machine, or share it with others' pages."""

import pytest

SOURCES = {
    "take offline": 'result = syscall("madvise", mapped(4096), 4096, 101)',
    "merge with others": 'result = syscall("madvise", mapped(4096), 4096, 12)',
    "poison nothing": 'result = syscall("madvise", mapped(4096), 0, 100)',
    "install a guard": 'result = syscall("madvise", mapped(4096), 4096, 102)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_advice_harms_the_machine(raw, idea):
    await raw.refused(SOURCES[idea], also=("EINVAL",))
