"""What a check found before a program ran, and how it is told to the host, whatever the program's language."""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from code_sandbox._worker.failures import failure
from code_sandbox._worker.table import Complaint

TOLD = 50
"""Problems of one report at most; the host refuses more."""
COUNTED = 200
"""A check may stop at that many: looking for what was meant takes its time."""
REPORT_BYTES = 40_000
"""All their texts together: a report fits into a frame however small the program's own limits are."""
TEXT_CHARACTERS = 1_000

Kind = Literal["CheckError", "PolicyError", "SyntaxError"]


class Problem(NamedTuple):
    """One thing to mend before the program can run."""

    line: int | None
    message: str
    hint: str | None = None
    """What to write instead."""
    signature: str | None = None
    """Of the method that is meant."""
    kind: Kind = "CheckError"


class ProblemsError(Exception):
    """The program was not run. Carries what was found, in any order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0)


def problem_of(complaint: Complaint, *, line: int | None) -> Problem:
    """Returns a complaint with its place."""
    return Problem(line, complaint.message, complaint.hint, complaint.signature)


def failure_of(problems: list[Problem]) -> dict[str, Any]:
    """Returns the failure as the host reads it: each signature once, and no more than a frame can hold.

    A single problem is the failure itself; of several the first gives the line.
    """
    told = _told(problems)
    first, kinds = problems[0], {each.kind for each in problems}
    message, hint = first.message, first.hint
    if len(problems) > 1:
        more = f"; the first {len(told)} are told" if len(told) < len(problems) else ""
        count = f"{len(problems)}" if len(problems) < COUNTED else f"{COUNTED} or more"
        message, hint = f"{count} problems were found before the run{more}", None
    kind = first.kind if len(kinds) == 1 else "CheckError"
    return failure(kind, message, line=first.line, hint=hint, problems=told)


def _told(problems: list[Problem]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    signatures: set[str] = set()
    bytes_left = REPORT_BYTES
    for problem in problems[:TOLD]:
        signature = problem.signature if problem.signature not in signatures else None
        texts = [text[:TEXT_CHARACTERS] if text else None for text in (problem.message, problem.hint, signature)]
        bytes_left -= sum(len(repr(text).encode("utf-8", "replace")) for text in texts if text)
        if bytes_left < 0:
            break
        if signature is not None:
            signatures.add(signature)
        told.append({"message": texts[0], "line": problem.line, "hint": texts[1], "signature": texts[2]})
    return told
