"""`__eq__` and `__hash__` run inside dictionary look-ups, also those of the runtime."""

PROGRAM = """
d = {}
class K:
    def __hash__(self): return 1
    def __eq__(self, other):
        d.clear()
        return False
for i in range(100):
    d[K()] = i
    d.get(K())
return len(d)
"""


async def test_a_key_that_changes_its_dictionary_is_survived(attempt):
    outcome = await attempt(PROGRAM)
    assert outcome.status in ("completed", "failed")
    assert outcome.failure is None or outcome.failure.type_name != "WorkerCrashed"


A_KEY_THAT_IS_EQUAL_TO = """
class K:
    def __hash__(self): return hash('with_traceback')
    def __eq__(self, other): return True
record = await client.books.create(title='a')
record[K()] = 1
getattr(record, 'get_stack')
"""


async def test_a_key_that_is_equal_to_everything_opens_no_attribute(attempt):
    await attempt.raises("AttributeError", A_KEY_THAT_IS_EQUAL_TO)


A_LIST_THAT_SHRINKS_WHILE_IT = """
x = [3, 2, 1]
x.sort(key=lambda v: x.append(1) or v)
"""


async def test_a_list_that_shrinks_while_it_is_sorted_is_survived(attempt):
    await attempt.raises("ValueError", A_LIST_THAT_SHRINKS_WHILE_IT)
