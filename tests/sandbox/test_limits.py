"""Each bound ends a program cleanly, by its own name."""

import pytest

from code_sandbox import Limits

RUNAWAYS = {
    "endless loop": ("while True: pass", "cpu_seconds", 1),
    "endless loop in a function": ("def f():\n    while True: pass\nf()", "cpu_seconds", 2),
    "endless loop that catches everything": (
        "while True:\n    try:\n        while True: pass\n    except: pass",
        "cpu_seconds",
        3,
    ),
    "endless loop that returns from finally": (
        "def f():\n    while True:\n        try:\n            while True: pass\n"
        "        finally:\n            continue\nf()",
        "cpu_seconds",
        None,
    ),
    "endless loop that swallows in __exit__": (
        "class K:\n    def __enter__(self): pass\n    def __exit__(self, *e): return True\n"
        "while True:\n    with K():\n        while True: pass",
        "cpu_seconds",
        None,
    ),
    "endless loop of awaits": ("while True: await asyncio.sleep(0)", "cpu_seconds", 1),
    "endless generator": ("import itertools\nsum(itertools.count())", "cpu_seconds", None),
    "huge power": ("x = 10 ** 10 ** 9", "cpu_seconds", 1),
    "regular expression": ("import re\nre.match('(a+)+$', 'a' * 40 + 'b')", "cpu_seconds", 2),
    "endless repr": ("class K:\n    def __repr__(self):\n        while True: pass\n[K()]", "cpu_seconds", 3),
    "slow comparison in a result": (
        "class K:\n    def __eq__(self, other):\n        while True: pass\nK() in [K()]",
        "cpu_seconds",
        3,
    ),
    "many strings": ("x = []\nwhile True: x.append('a' * 10**6)", "memory_bytes", 2),
    "one string": ("x = 'a' * 10**10", "memory_bytes", 1),
    "many lists": ("x = []\nwhile True: x.append([])", "memory_bytes", None),
    "string format": ("'{:>9999999999}'.format(1)", "memory_bytes", 1),
    "doubling string": ("x = 'a'\nwhile True: x += x", "memory_bytes", 2),
    "prints": ("while True: print('x' * 1000)", "printed_bytes", 1),
    "one print": ("print('x' * 10_000_000)", "printed_bytes", 1),
    "result": ("'x' * 2_000_000", "result_bytes", None),
    "result of control characters": ("'\\x01' * 200_000", "result_bytes", None),
    "result of many values": ("[0] * 200_000", "result_bytes", None),
    "result that repeats itself": ("x = 'a' * 1000\nfor _ in range(9): x = [x] * 9\nx", "result_bytes", None),
    "calls": ("while True: await client.books.create(title='a')", "calls", 1),
    "calls that nobody awaits": ("while True: client.books.create(title='a')", "calls", 1),
}


@pytest.mark.parametrize("name", RUNAWAYS.keys())
async def test_a_runaway_ends_at_its_limit(run, name):
    program, limit, line = RUNAWAYS[name]
    cpu_seconds = 0.1 if limit == "cpu_seconds" else 5.0
    outcome = await run(program, cpu_seconds=cpu_seconds, memory_bytes=64 * 2**20, calls=100)
    assert (outcome.status, outcome.value) == ("limit", None)
    assert (outcome.failure.type_name, outcome.failure.limit) == ("LimitReached", limit)
    assert f"({limit} = " in outcome.failure.message
    assert line is None or outcome.failure.line == line


async def test_the_limit_of_real_time_names_what_was_waited_for(run):
    outcome = await run("print('a')\nawait client.books.wait()", wall_seconds=0.5)
    assert (outcome.status, outcome.failure.limit) == ("limit", "wall_seconds")
    assert outcome.failure.hint == "It was waiting for client.books.wait."
    assert outcome.printed == "a\n"
    assert [(call.path, call.failed) for call in outcome.calls] == [("client.books.wait", True)]


async def test_a_program_that_sleeps_ends_at_the_limit_of_real_time(run):
    outcome = await run("import time\ntime.sleep(1000)", wall_seconds=0.5)
    assert outcome.failure.limit == "wall_seconds"


@pytest.mark.parametrize(
    ("program", "limit"),
    [("x = '" + "a" * 70_000 + "'", "program_bytes"), ("\n".join(["x = 1 + 1"] * 5_000), "program_nodes")],
)
async def test_a_program_that_is_too_large_is_not_run(run, program, limit):
    outcome = await run(f"print('ran')\n{program}")
    assert (outcome.status, outcome.failure.limit, outcome.printed) == ("limit", limit, "")


async def test_prints_are_kept_from_the_beginning_and_the_program_goes_on(run):
    texts = []
    outcome = await run("for n in range(100): print(n)\nreturn 'on'", printed_bytes=50, on_print=texts.append)
    whole = "".join(f"{number}\n" for number in range(100))
    assert outcome.value == "on"
    assert outcome.printed == f"{whole[:50]}[240 more bytes were printed and cut: printed_bytes = 50]"
    assert outcome.printed_cut_bytes == len(whole) - 50 == 240
    assert "".join(texts) == whole[:50]


async def test_no_printed_line_is_cut_in_two(run):
    outcome = await run("for n in range(100, 200): print(n)", printed_bytes=50)
    kept = "".join(f"{number}\n" for number in range(100, 112))
    assert outcome.printed == f"{kept}[352 more bytes were printed and cut: printed_bytes = 50]"
    assert outcome.printed_cut_bytes == 352


async def test_a_long_line_is_kept_as_far_as_it_came(run):
    outcome = await run("print('a')\nprint('b' * 100)", printed_bytes=20)
    assert outcome.printed == f"a\n{'b' * 18}\n[83 more bytes were printed and cut: printed_bytes = 20]"


@pytest.mark.parametrize("printed_bytes", [10, 11, 12, 13])
async def test_no_printed_character_is_cut_in_two(run, printed_bytes):
    outcome = await run("print('😀' * 5, end='')", printed_bytes=printed_bytes)
    count = printed_bytes // 4
    mark = f"[{20 - 4 * count} more bytes were printed and cut: printed_bytes = {printed_bytes}]"
    assert outcome.printed == f"{'😀' * count}\n{mark}"


async def test_many_prints_all_arrive_in_order(run):
    outcome = await run("for n in range(5000): print(n)")
    assert outcome.printed == "".join(f"{number}\n" for number in range(5000))


async def test_prints_of_control_characters_arrive(run):
    outcome = await run("print('\\x01' * 200_000, end='')")
    assert outcome.printed == "\x01" * 200_000


async def test_calls_above_those_in_flight_wait_in_the_worker(run):
    outcome = await run(
        "len(await asyncio.gather(*[client.books.create(title='a') for _ in range(50)]))",
        calls_in_flight=2,
    )
    assert outcome.value == 50


async def test_an_answer_that_is_too_large_fails_its_call_only(run):
    outcome = await run(
        "try:\n    await client.books.create(title='a' * 900)\nexcept Exception as e:\n    return type(e).__name__",
        answer_bytes=500,
    )
    assert outcome.value == "AnswerTooLarge"
    assert outcome.calls[0].failed


async def test_arguments_that_are_too_large_are_refused_before_they_are_sent(run):
    outcome = await run("await client.books.create(title='a' * 2_000_000)")
    assert (outcome.failure.type_name, outcome.calls) == ("TypeError", ())


async def test_memory_of_an_earlier_error_does_not_end_the_program(run):
    outcome = await run("try:\n    x = 'a' * 10**10\nexcept MemoryError:\n    x = 'less'\nx", memory_bytes=64 * 2**20)
    assert outcome.value == "less"


CRASHES = {
    "recursion": ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
    "nested repr": ("x = []\nfor _ in range(100_000): x = [x]\nrepr(x)", "RecursionError"),
    "nested maps": ("x = [1]\nfor _ in range(300_000): x = map(abs, x)\nlist(x)", "WorkerCrashed"),
    "deep source": ("x = " + "-" * 50_000 + "1", ("RecursionError", "MemoryError", "SyntaxError", "LimitReached")),
    "deep brackets": ("x = " + "(" * 1_000 + ")" * 1_000, "SyntaxError"),
    "digits": ("str(10**5000)", "ValueError"),
}


@pytest.mark.parametrize("name", CRASHES.keys())
async def test_exhausting_the_interpreter_ends_in_a_clear_error(run, name):
    program, expected = CRASHES[name]
    outcome = await run(program)
    assert outcome.status in ("failed", "limit")
    assert outcome.failure.type_name in ((expected,) if isinstance(expected, str) else expected)
    assert outcome.failure.hint or outcome.failure.message


async def test_what_was_printed_and_called_before_a_crash_is_kept(run):
    outcome = await run(
        "print('a')\nawait client.books.create(title='a')\nx = [1]\nfor _ in range(300_000): x = map(abs, x)\nlist(x)"
    )
    assert outcome.failure.type_name == "WorkerCrashed"
    assert (outcome.printed, len(outcome.calls)) == ("a\n", 1)


async def test_use_is_measured(run):
    outcome = await run("x = 'a' * 30_000_000\nlen(x)")
    assert outcome.peak_memory_bytes > 30_000_000
    assert 0 < outcome.cpu_seconds < 3
    assert outcome.wall_seconds > 0


def test_limits_must_be_positive():
    with pytest.raises(ValueError, match="calls=0"):
        Limits(calls=0)
