"""What the tests of this folder stand on: plain Python does run, with real builtins, in a worker that is locked in."""

import sys

import pytest

from code_sandbox import Limits, Sandbox
from code_sandbox._processes.fresh import FreshProcess
from code_sandbox._testing import FRESH_ENTRY, NOTHING_EXPOSED, execute_raw

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its workers are made for POSIX")

LIMITS = Limits(cpu_seconds=3.0, wall_seconds=20.0)


async def test_real_builtins_and_modules_are_there():
    names = "socket ctypes mmap resource threading signal io struct inspect pathlib"
    program = f"result = [module.__name__ for module in ({names.replace(' ', ', ')})] + [type(open).__name__]"
    outcome = await execute_raw(program, limits=LIMITS)
    assert outcome.value == [*names.split(), "builtin_function_or_method"]


async def test_no_policy_is_in_force():
    program = "result = [each.__name__ for each in ().__class__.__mro__], eval('1 + 1'), type(sys._getframe()).__name__"
    outcome = await execute_raw(program, limits=LIMITS)
    assert outcome.value == [["tuple", "object"], 2, "frame"]


async def test_an_error_names_its_line():
    outcome = await execute_raw("a = 1\nraise ValueError(f'{a} is wrong')", limits=LIMITS)
    assert outcome.failure is not None
    failure = outcome.failure
    assert (failure.type_name, failure.message, failure.line) == ("ValueError", "1 is wrong", 2)


async def test_a_limit_ends_a_raw_program():
    outcome = await execute_raw("while True:\n    pass", limits=Limits(cpu_seconds=0.2, wall_seconds=20.0))
    assert (outcome.status, outcome.failure and outcome.failure.limit) == ("limit", "cpu_seconds")


async def test_a_raw_program_forges_frames(exposure):
    heard = []

    async def answer(call):
        heard.append(call.arguments)
        return "the answer"

    program = (
        'channel.send({"kind": "call", "number": 1, "path": "client.books.create", "arguments": {"title": "x"}})\n'
        'channel.send({"kind": "print", "text": "printed", "cut": 0})\n'
        'result = channel.receive(None)["value"]'
    )
    printed = []
    outcome = await execute_raw(program, exposure=exposure, answer=answer, on_print=printed.append, limits=LIMITS)
    assert (outcome.value, heard, printed) == ("the answer", [{"title": "x"}], ["printed"])


async def test_a_fresh_raw_process_is_locked_in_too():
    isolation = FreshProcess(entry=FRESH_ENTRY)
    async with Sandbox(exposure=NOTHING_EXPOSED, limits=LIMITS, isolation=isolation) as sandbox:
        protection = await sandbox.isolation()
        if "seccomp" in protection.missing:
            pytest.skip(f"seccomp: {protection.missing['seccomp']}")
        outcome = await sandbox.run("result = socket.socket().fileno()", answer=None)
    assert protection.level == "strong"
    assert outcome.failure is not None
    assert "SIGSYS" in outcome.failure.message
