"""Each bound ends a program in JavaScript by the name that it has for Python."""

import pytest

MEMORY = 64 * 2**20

RUNAWAYS = {
    "endless loop": ("for (;;)\n  Math.abs(1);", "cpu_seconds", 2),
    "endless loop in a function": ("function f() {\n  for (;;) Math.abs(1);\n}\nf()", "cpu_seconds", 2),
    "endless loop that calls nothing": ("let n = 0;\nfor (;;) n++;", "cpu_seconds", None),
    "endless loop that catches everything": (
        "for (;;) {\n  try {\n    for (;;) Math.abs(1);\n  } catch {} finally { continue }\n}",
        "cpu_seconds",
        None,
    ),
    "endless awaits": ("for (;;) await null", "cpu_seconds", None),
    "endless chain of promises": ("const f = () => Promise.resolve().then(f);\nawait f()", "cpu_seconds", None),
    "endless microtasks": (
        "const f = () => queueMicrotask(f);\nf();\nawait new Promise(() => {})",
        "cpu_seconds",
        None,
    ),
    "endless timers": ("setInterval(() => {}, 0);\nfor (;;) await null", "cpu_seconds", None),
    "regular expression": ("/(a+)+$/.test('a'.repeat(40) + 'b')", "cpu_seconds", 1),
    "endless toJSON": ("return { toJSON() { for (;;) {} } }", "cpu_seconds", None),
    "endless getter in the result": ("return { get a() { for (;;) {} } }", "cpu_seconds", None),
    "endless then in the result": ("return { then() { for (;;) {} } }", "cpu_seconds", None),
    "endless traps in the result": ("return new Proxy({}, { ownKeys() { for (;;) {} } })", "cpu_seconds", None),
    "endless message of an error": ("throw { get message() { for (;;) {} } }", "cpu_seconds", None),
    "native loop without an end": ("const x = 1; Array(1e9).join('ab')", "cpu_seconds", None),
    "sorting of nothing": ("const x = []; x.length = 4e9; x.sort()", "cpu_seconds", None),
    "many lists": ("const x = [];\nfor (;;) x.push([])", "memory_bytes", None),
    "many strings": ("const x = [];\nfor (;;) x.push('a'.repeat(1e6) + x.length)", "memory_bytes", 2),
    "one string": ("'a'.repeat(2 ** 29)", "memory_bytes", 1),
    "one buffer": ("new Uint8Array(1e9)", "memory_bytes", 1),
    "prints": ("for (;;) console.log('x'.repeat(1000))", "printed_bytes", None),
    "one print": ("console.log('x'.repeat(10_000_000))", "printed_bytes", None),
    "prints that catch everything": ("for (;;) try { console.log('x'.repeat(1e5)) } catch {}", "printed_bytes", None),
    "result": ("'x'.repeat(2_000_000)", "result_bytes", None),
    "result of control characters": ("'\\u0001'.repeat(200_000)", "result_bytes", None),
    "result of wide characters": ("'\\u{1F600}'.repeat(300_000)", "result_bytes", None),
    "result of many values": ("Array(200_000).fill(0)", "result_bytes", None),
    "result that repeats itself": (
        "let x = 'a'.repeat(1000); for (let i = 0; i < 9; i++) x = Array(9).fill(x); return x",
        "result_bytes",
        None,
    ),
    "calls": ("for (;;) await client.books.create({ title: 'a' })", "calls", None),
    "calls that nobody awaits": ("for (;;) client.books.create({ title: 'a' })", "calls", None),
    "pages": ("for (;;) for await (const x of client.books.list({ limit: 1 })) 0", "calls", None),
}


@pytest.mark.parametrize("name", RUNAWAYS.keys())
async def test_a_runaway_ends_at_its_limit(run, name):
    program, limit, line = RUNAWAYS[name]
    cpu_seconds = 0.1 if limit == "cpu_seconds" else 5.0
    if "catch" in name and limit != "cpu_seconds":
        cpu_seconds = 1.0
    outcome = await run(program, cpu_seconds=cpu_seconds, memory_bytes=MEMORY, calls=100)
    assert (outcome.status, outcome.value) == ("limit", None)
    assert (outcome.failure.type_name, outcome.failure.limit) == ("LimitReached", limit), outcome.failure
    assert f"({limit} = " in outcome.failure.message
    assert line is None or outcome.failure.line == line


async def test_the_limit_of_real_time_names_what_was_waited_for(run):
    outcome = await run("console.log('a');\nawait client.books.wait()", wall_seconds=0.7)
    assert (outcome.failure.limit, outcome.failure.hint) == ("wall_seconds", "It was waiting for client.books.wait.")
    assert outcome.printed == "a\n"


async def test_a_program_that_sleeps_ends_at_the_limit_of_real_time(run):
    outcome = await run("await new Promise((resolve) => setTimeout(resolve, 1e6))", wall_seconds=0.7)
    assert outcome.failure.limit == "wall_seconds"


@pytest.mark.parametrize(
    ("program", "limit"),
    [("const x = '" + "a" * 70_000 + "'", "program_bytes"), ("\n".join(["x=1+1;"] * 6_000), "program_nodes")],
)
async def test_a_program_that_is_too_large_is_not_run(run, program, limit):
    outcome = await run(f"console.log('ran');\n{program}", program_nodes=10_000)
    assert (outcome.status, outcome.failure.limit, outcome.printed) == ("limit", limit, "")


async def test_prints_are_kept_from_the_beginning_and_the_program_goes_on(run):
    outcome = await run("for (let n = 0; n < 100; n++) console.log(n);\nreturn 'on'", printed_bytes=50)
    whole = "".join(f"{number}\n" for number in range(100))
    assert outcome.value == "on"
    assert outcome.printed == f"{whole[:50]}[240 more bytes were printed and cut: printed_bytes = 50]"


async def test_prints_before_a_limit_are_kept(run):
    outcome = await run("console.log('a');\nfor (;;) {}", cpu_seconds=0.1)
    assert (outcome.failure.limit, outcome.printed) == ("cpu_seconds", "a\n")


async def test_an_answer_that_is_too_large_fails_its_call_only(run):
    outcome = await run(
        "try { await client.books.create({ title: 'a'.repeat(900) }) } catch (e) { return e.name }", answer_bytes=500
    )
    assert outcome.value == "AnswerTooLarge"


async def test_arguments_that_are_too_large_are_refused_before_they_are_sent(run):
    outcome = await run("const x = 1;\nawait client.books.create({ title: 'a'.repeat(2_000_000) })")
    assert (outcome.failure.type_name, outcome.failure.line, outcome.calls) == ("TypeError", 2, ())


async def test_a_large_answer_is_taken_whole(run):
    outcome = await run(
        "(await client.books.create({ title: 'a', tags: Array(3000).fill({ a: { b: 'c' } }) })).arguments.tags.length"
    )
    assert outcome.value == 3000


async def test_memory_of_an_earlier_error_does_not_end_the_program(run):
    outcome = await run("try { const x = []; for (;;) x.push([]) } catch { }\nreturn 'less'", memory_bytes=MEMORY)
    assert outcome.value == "less"


async def test_memory_that_is_not_held_is_free_again(run):
    outcome = await run(
        "let n = 0; for (let i = 0; i < 300; i++) n += 'a'.repeat(1e6).length; return n", memory_bytes=MEMORY
    )
    assert outcome.value == 300_000_000


EXHAUSTED = {
    "recursion": "function f() { return f() + 1 }\nf()",
    "deep value": "let x = []; for (let i = 0; i < 1e5; i++) x = [x];\nJSON.stringify(x)",
    "deep JSON": "JSON.parse('['.repeat(1e6))",
    "huge integer": "2n ** 100000000n",
    "string": "let x = 'a'; for (;;) x += x",
    "brackets": "x = " + "[" * 20_000 + "]" * 20_000,
    "open brackets": "x = " + "(" * 20_000,
    "blocks": "{" * 20_000,
    "signs": "x = " + "!" * 50_000 + "1",
    "templates": "`${" * 5_000,
    "functions": "()=>{" * 8_000,
    "marks": "a" + "!" * 40_000,
    "path": "client" + ".b" * 10_000,
    "casts": "x as " * 5_000 + "y",
    "conditions": "a?b:" * 8_000 + "1",
    "classes": "class A{" * 5_000,
    "source": "eval('('.repeat(1e6))",
}


@pytest.mark.parametrize("name", EXHAUSTED.keys())
async def test_exhausting_the_interpreter_ends_in_a_clear_error(run, name):
    outcome = await run(EXHAUSTED[name])
    assert outcome.status in ("failed", "limit")
    assert outcome.failure.type_name in (
        "RangeError",
        "InternalError",
        "SyntaxError",
        "LimitReached",
        "CheckError",
        "ReferenceError",
    ), outcome.failure
    assert outcome.failure.message


async def test_deep_values_are_cut_in_the_result(run):
    outcome = await run("let x = []; for (let i = 0; i < 1e5; i++) x = [x]; return x")
    assert outcome.status == "completed"
    assert "nested too deeply" in repr(outcome.value)
