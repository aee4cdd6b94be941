"""A second set of path rules could at best narrow the first; even asking is not to be had."""

import pytest

SOURCES = {
    "version": 'result = syscall("landlock_create_ruleset", None, 0, 1)',
    "an empty set": 'result = syscall("landlock_create_ruleset", struct.pack("QQ", 0x1FFF, 0), 16, 0)',
    "restrict": 'result = syscall("landlock_restrict_self", 0, 0)',
    "a rule": 'result = syscall("landlock_add_rule", 0, 1, struct.pack("=Qi", 1, 0), 0)',
}
GETS_THROUGH_UNLOCKED = ("version",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_rules_for_paths_are_made(raw, idea):
    await raw.refused(SOURCES[idea])
