"""Stack traces are made of frames, and in some engines frames lead to functions, arguments and `this`."""

import pytest

PROGRAMS = {
    """
const seen = new Set();
Error.prepareStackTrace = (error, frames) => {
  for (const frame of frames) {
    for (const name of ['getFunction', 'getThis', 'getEvalOrigin']) {
      if (typeof frame[name] === 'function') seen.add(typeof frame[name]());
    }
  }
  return 'mine';
};
await client.books.create({ title: 'a' });
try { client.books.create({ title: NaN }) } catch (e) { e.stack }
seen.delete('undefined');
return [...seen].filter((type) => type === 'function' || type === 'object');
""": [],
    "Error.stackTraceLimit = Infinity; return typeof new Error('x').stack": "string",
    "Error.captureStackTrace = () => { throw 1 }; return (await client.books.create({ title: 'a' })).path": (
        "client.books.create"
    ),
    "Object.defineProperty(Error.prototype, 'stack', { set() { throw 1 } });"
    " try { client.books.create({ title: NaN }) } catch (e) { return e !== 1 }": True,
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_a_stack_is_text(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]


async def test_a_stack_names_no_place_of_the_host(javascript):
    outcome = await javascript("const e = new Error('x'); console.log(e.stack, e); throw e")
    for text in (outcome.printed, repr(outcome.failure)):
        assert "/" not in text.replace("</", "").replace("<program>", "")
