"""Says of a method that a program missed whether the settings forbid it."""

import re

from code_sandbox import Failure
from flora_mcp.flora import METHODS, Rules

_MISSED = re.compile(r"\bclient((?:\.\w+)*) has no ['\"](\w+)['\"]")

NAMED = 3
"""Methods that are explained; a program that misses a whole group would name them all."""


def explanations(failure: Failure, rules: Rules) -> list[str]:
    """Returns a sentence for each forbidden method that the program called, and that was therefore not there."""
    told = [(failure.message, failure.source_line or "")]
    told += [(problem.message, problem.source_line or "") for problem in failure.problems]
    found: list[str] = []
    for message, source in told:
        for group, name in _MISSED.findall(message):
            found += _forbidden(f"{group}.{name}".lstrip("."), source, rules)
    return list(dict.fromkeys(found))[:NAMED]


def _forbidden(missed: str, source: str, rules: Rules) -> list[str]:
    near = [
        entry
        for entry in METHODS
        if not rules.permits(entry)
        and any(path == missed or path.startswith(f"{missed}.") for path in (entry.path, entry.camel_path))
    ]
    called = [entry for entry in near if entry.path in source or entry.camel_path in source]
    return [rules.refusal(entry.path) or "" for entry in called or near]
