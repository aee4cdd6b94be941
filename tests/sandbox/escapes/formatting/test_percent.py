"""`%` takes values by key and calls `__getitem__`; it reads no attributes."""


async def test_a_dotted_key_is_a_key(attempt):
    await attempt.raises("KeyError", "'%(x.__class__)s' % {'x': 1}")


PROGRAM = """
class K:
    def __getitem__(self, key): return key
return '%(x.__class__)s' % K()
"""


async def test_a_mapping_of_the_program_is_asked_for_the_key(attempt):
    await attempt.returns("x.__class__", PROGRAM)
