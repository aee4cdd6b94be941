"""Composes filters of system calls, as the kernel's small machine runs them. Pure: nothing is installed here."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

ALLOW = 0x7FFF0000
KILL = 0x80000000
"""Ends the whole process with SIGSYS."""
ERRNO = 0x00050000
"""The call is not made, and returns the error in the lower 16 bits."""

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
"""x86-64 has a second set of calls above this number. No table lists them."""

LOAD = 0x20
JUMP_EQUAL = 0x15
JUMP_ABOVE_OR_EQUAL = 0x35
JUMP_ANY_BIT = 0x45
AND = 0x54
RETURN = 0x06

NUMBER_OFFSET = 0
ARCHITECTURE_OFFSET = 4
ARGUMENTS_OFFSET = 16
WORD = 0xFFFFFFFF

Instruction = tuple[int, int, int, int]
"""Operation, jump if true, jump if false, operand."""
FAIL = -1
"""A jump to the end of the rule, filled in when its length is known."""


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """An argument that is one of some numbers. The upper half of an argument is not looked at, here and below:

    the kernel takes these arguments for numbers of 32 bits, or refuses what is in the upper half itself.
    """

    argument: int
    values: tuple[int, ...]

    def code(self) -> list[Instruction]:
        """Returns the instructions of the check."""
        last = len(self.values) - 1
        tests = [
            (JUMP_EQUAL, last - place, 0 if place < last else FAIL, value) for place, value in enumerate(self.values)
        ]
        return [_load_argument(self.argument), *tests]


@dataclass(frozen=True, kw_only=True)
class Below:
    """An argument that is from 0 to below a bound."""

    argument: int
    bound: int

    def code(self) -> list[Instruction]:
        """Returns the instructions of the check."""
        return [_load_argument(self.argument), (JUMP_ABOVE_OR_EQUAL, FAIL, 0, self.bound)]


@dataclass(frozen=True, kw_only=True)
class Bits:
    """An argument that has all of the required bits, and none but the allowed ones."""

    argument: int
    allowed: int
    required: int = 0

    def code(self) -> list[Instruction]:
        """Returns the instructions of the check."""
        code = [_load_argument(self.argument), (JUMP_ANY_BIT, FAIL, 0, WORD & ~self.allowed)]
        if self.required:
            code += [(AND, 0, 0, self.required), (JUMP_EQUAL, 0, FAIL, self.required)]
        return code


Check = OneOf | Below | Bits


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What becomes of some calls."""

    calls: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    """All must hold."""
    then: int = ALLOW
    otherwise: int = KILL


def compose(rules: Sequence[Rule], *, machine: str, numbers: Mapping[str, int]) -> list[Instruction]:
    """Returns the filter: foreign architectures and all calls without a rule end the process.

    Args:
        rules: In the order in which they are looked at; put the frequent ones first.
        machine: A key of `ARCHITECTURES`.
        numbers: Of the calls. A call that the machine does not have is left out.
    """
    code: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE_OFFSET),
        (JUMP_EQUAL, 1, 0, ARCHITECTURES[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_OFFSET),
    ]
    if machine == "x86_64":
        code += [(JUMP_ABOVE_OR_EQUAL, 0, 1, X32_BIT), (RETURN, 0, 0, KILL)]
    for rule in rules:
        present = [numbers[call] for call in rule.calls if call in numbers]
        code += _checked(rule, present) if rule.checks else _plain(rule, present)
    return [*code, (RETURN, 0, 0, KILL)]


def pack(code: Iterable[Instruction]) -> bytes:
    """Returns the filter as the kernel reads it."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _plain(rule: Rule, numbers: Sequence[int]) -> list[Instruction]:
    last = len(numbers) - 1
    jumps = [(JUMP_EQUAL, last - place, 0 if place < last else 1, number) for place, number in enumerate(numbers)]
    return [*jumps, (RETURN, 0, 0, rule.then)] if jumps else []


def _checked(rule: Rule, numbers: Sequence[int]) -> list[Instruction]:
    body = [instruction for check in rule.checks for instruction in check.code()]
    end = len(body) + 1
    ways = [_filled(instruction, end - place - 1) for place, instruction in enumerate(body)]
    ways += [(RETURN, 0, 0, rule.then), (RETURN, 0, 0, rule.otherwise)]
    # The check overwrites the number, so every call has a body of its own.
    return [each for number in numbers for each in ((JUMP_EQUAL, 0, len(ways), number), *ways)]


def _filled(instruction: Instruction, distance: int) -> Instruction:
    operation, if_true, if_false, operand = instruction
    return operation, distance if if_true == FAIL else if_true, distance if if_false == FAIL else if_false, operand


def _load_argument(index: int) -> Instruction:
    return LOAD, 0, 0, ARGUMENTS_OFFSET + 8 * index
