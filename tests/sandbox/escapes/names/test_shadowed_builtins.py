"""A program may rebind the names of builtins. The guards and the runtime must not look them up where it did."""

PROGRAM = """
getattr_ = getattr
isinstance = lambda *a: True
type = str = vars = hasattr = lambda *a: getattr_
getattr_((), '__len__')
"""


async def test_the_guards_keep_theirs(attempt):
    await attempt.raises("AttributeError", PROGRAM)


A_BARE_EXCEPT_DOES_NOT_CATCH = """
Exception = asyncio.CancelledError
while True:
    try:
        client.books.create(title='a')
    except:
        pass
"""


async def test_a_bare_except_does_not_catch_limits(attempt):
    await attempt.stopped("calls", A_BARE_EXCEPT_DOES_NOT_CATCH, calls=2)
