"""The names by which the interpreter shows frames, code and generators: each is refused as it is written, and leads
nowhere when it is computed.
"""

from RestrictedPython.transformer import INSPECT_ATTRIBUTES

HOLDERS = """
async def coroutine(): pass
async def asynchronous(): yield 1
def generator(): yield 1
c = coroutine()
await c
try:
    1 / 0
except ArithmeticError as caught:
    error = caught
holders = [generator(), (x for x in ()), c, asynchronous(), error, generator, lambda: 0, asyncio.sleep(0),
           asyncio.current_task(), client.books.create, print, type(error), type(generator())]
found = [name for name in NAMES for holder in holders if hasattr(holder, name)]
kept = [name for name in NAMES if getattr(generator(), name, None) is not None]
return found + kept
"""
NAMES = sorted(INSPECT_ATTRIBUTES)


async def test_every_name_is_refused_where_it_is_written(attempt):
    outcome = await attempt("\n".join(f"x = y.{name}" for name in NAMES).replace("y", "print", 1))
    assert outcome.status == "failed"
    assert len(NAMES) >= 19
    assert all(repr(name) in repr(outcome.failure) for name in NAMES), outcome.failure


async def test_no_value_has_one_of_them(attempt):
    await attempt.returns([], f"NAMES = {NAMES!r}\n{HOLDERS}")
