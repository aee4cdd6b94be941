"""A property's getter runs whenever the runtime reads the attribute: while a value becomes JSON, while an error is
told.
"""

PROGRAM = """
class K:
    def __init__(self): self.x = 1
    @property
    def body(self): return 1 / 0
    @property
    def items(self): return 1 / 0
    @property
    def isoformat(self): return 1 / 0
return K()
"""


async def test_a_getter_that_fails_while_the_value_is_shown_changes_nothing(attempt):
    await attempt.returns({"x": 1}, PROGRAM)


A_GETTER_OF_THE_RUNTIME_GETS = """
class K:
    x = property(getattr(int, '__getattribute__', None) or (lambda self: getattr(self, '__dict__x')))
K().x
"""


async def test_a_getter_of_the_runtime_gets_no_more_than_the_program(attempt):
    await attempt.raises("AttributeError", A_GETTER_OF_THE_RUNTIME_GETS)
